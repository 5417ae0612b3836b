"""What a rule says, in English and Arabic."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from appointments_app.domain.recurrence import Frequency, Rule
from appointments_app.runtime import describe_rule

TUESDAY = "2026-03-24"


@pytest.mark.parametrize(
    ("rule", "day", "english", "arabic"),
    [
        (Rule(Frequency.DAILY), TUESDAY, "Every day, without end", "كل يوم، بلا نهاية"),
        (Rule(Frequency.DAILY, 10, count=1), TUESDAY, "Every 10 days, once", "كل ١٠ أيام، مرة واحدة"),
        (Rule(Frequency.DAILY, 11, count=2), TUESDAY, "Every 11 days, 2 times", "كل ١١ يومًا، مرتين"),
        (Rule(Frequency.DAILY, 100, count=12), TUESDAY, "Every 100 days, 12 times", "كل ١٠٠ يوم، ١٢ مرة"),
        (Rule(Frequency.WEEKLY), TUESDAY, "Every week on Tuesday, without end", "كل أسبوع يوم الثلاثاء، بلا نهاية"),
        (
            Rule(Frequency.WEEKLY, 2, (0, 3)),
            TUESDAY,
            "Every 2 weeks on Monday and Thursday, without end",
            "كل أسبوعين يومي الاثنين والخميس، بلا نهاية",
        ),
        (
            Rule(Frequency.WEEKLY, 3, (0, 2, 4), until=date(2027, 3, 3)),
            TUESDAY,
            "Every 3 weeks on Monday, Wednesday and Friday, until 3 March 2027",
            "كل ٣ أسابيع أيام الاثنين والأربعاء والجمعة، حتى ٣ مارس ٢٠٢٧",
        ),
        (
            Rule(Frequency.MONTHLY, count=5),
            TUESDAY,
            "Every month on day 24, 5 times",
            "كل شهر في اليوم ٢٤، ٥ مرات",
        ),
        (
            Rule(Frequency.MONTHLY, 2),
            "2026-01-31",
            "Every 2 months on day 31 (or the last day), without end",
            "كل شهرين في اليوم ٣١ (أو اليوم الأخير)، بلا نهاية",
        ),
        (
            Rule(Frequency.MONTHLY, month_day=31),
            "2026-02-28",
            "Every month on day 31 (or the last day), without end",
            "كل شهر في اليوم ٣١ (أو اليوم الأخير)، بلا نهاية",
        ),
        (
            Rule(Frequency.MONTHLY, nth=-1),
            "2026-03-27",
            "Every month on the last Friday, without end",
            "كل شهر في يوم الجمعة الأخير، بلا نهاية",
        ),
        (
            Rule(Frequency.MONTHLY, 3, nth=4),
            TUESDAY,
            "Every 3 months on the fourth Tuesday, without end",
            "كل ٣ أشهر في يوم الثلاثاء الرابع، بلا نهاية",
        ),
        (Rule(Frequency.YEARLY), TUESDAY, "Every year on 24 March, without end", "كل سنة في ٢٤ مارس، بلا نهاية"),
        (
            Rule(Frequency.YEARLY, 2),
            "2024-02-29",
            "Every 2 years on 29 February (or the day before), without end",
            "كل سنتين في ٢٩ فبراير (أو اليوم السابق)، بلا نهاية",
        ),
        (None, TUESDAY, "By a rule of another calendar program", "وفق قاعدة من برنامج تقويم آخر"),
    ],
)
def test_r12_a_rule_is_said_back(rule: Rule | None, day: str, english: str, arabic: str):
    dtstart = datetime.fromisoformat(f"{day}T10:00")
    assert describe_rule("en", rule, dtstart) == english
    assert describe_rule("ar", rule, dtstart) == arabic


@pytest.mark.parametrize("language", ["en", "ar"])
def test_r12_each_weekday_of_a_month_is_said_differently(language: str):
    dtstart = datetime.fromisoformat(f"{TUESDAY}T10:00")
    said = {describe_rule(language, Rule(Frequency.MONTHLY, nth=each), dtstart) for each in (1, 2, 3, 4, -1)}
    assert len(said) == 5
