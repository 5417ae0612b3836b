"""The templates that come with the program, in English and Arabic.

An Arabic SMS begins with an Arabic word: by the first letter a phone decides that it reads from right to left.
"""

from __future__ import annotations

from appointments_app.domain.message import Channel
from appointments_app.domain.template import ReadyMade, Slug, Text
from appointments_app.domain.words import N_

_FOR = "{% if action %} for {{action}}{% endif %}"
_WITH = "{% if staff %} with {{staff}}{% endif %}"
_FOR_AR = "{% if action %} ({{action}}){% endif %}"
_WITH_AR = "{% if staff %} مع {{staff}}{% endif %}"
_WHEN = "{{appointment.date}} at {{appointment.time}}"
_WHEN_AR = "{{appointment.date}} الساعة {{appointment.time}}"
_FACTS = """Date: {{appointment.date}}
Time: {{appointment.time}} ({{appointment.duration}})
{% if action %}What: {{action}}
{% endif %}{% if staff %}With: {{staff}}
{% endif %}"""
_FACTS_AR = """التاريخ: {{appointment.date}}
الوقت: {{appointment.time}} ({{appointment.duration}})
{% if action %}الغرض: {{action}}
{% endif %}{% if staff %}مع: {{staff}}
{% endif %}"""
_CONFIRM = """{% if confirm_link %}
Will you come? Please confirm here:
{{confirm_link}}
{% endif %}"""
_CONFIRM_AR = """{% if confirm_link %}
هل ستحضر؟ نرجو التأكيد من هنا:
{{confirm_link}}
{% endif %}"""
_END = "\n{{business.name}}"
_CONFIRM_SHORT = "{% if confirm_link %} Please confirm: {{confirm_link}}{% endif %}"
_CONFIRM_SHORT_AR = "{% if confirm_link %} نرجو التأكيد: {{confirm_link}}{% endif %}"
_AND_WERE = "{% if others %}, and so were others after it ({{others}}){% endif %}"
_AND_ARE = "{% if others %}, and so are others after it ({{others}}){% endif %}"
_AND_AR = "{% if others %}، وكذلك مواعيد بعده ({{others}}){% endif %}"
"""For what happened to several at once, such as a series."""

READY_MADE = (
    ReadyMade(
        Slug.CLIENT_SMS,
        Channel.SMS,
        N_("Reminder to the client"),
        {
            "en": Text(body="{{business.name}}: your appointment is on " + _WHEN + "." + _CONFIRM_SHORT),
            "ar": Text(body="موعدك لدى {{business.name}} يوم " + _WHEN_AR + "." + _CONFIRM_SHORT_AR),
        },
    ),
    ReadyMade(
        Slug.CLIENT_EMAIL,
        Channel.EMAIL,
        N_("Reminder to the client"),
        {
            "en": Text(
                "Your appointment on " + _WHEN,
                "Dear {{client.name}},\n\nthis is a reminder of your appointment.\n\n" + _FACTS + _CONFIRM + _END,
            ),
            "ar": Text(
                "موعدك يوم " + _WHEN_AR,
                "عزيزنا {{client.name}}،\n\nنذكّرك بموعدك لدينا.\n\n" + _FACTS_AR + _CONFIRM_AR + _END,
            ),
        },
    ),
    ReadyMade(
        Slug.STAFF_EMAIL,
        Channel.EMAIL,
        N_("Reminder to staff"),
        {
            "en": Text(
                "{{appointment.time}} {{client.name}}",
                "{{client.name}} comes on " + _WHEN + ".\n\n" + _FACTS,
            ),
            "ar": Text(
                "{{appointment.time}} {{client.name}}",
                "موعد {{client.name}} يوم " + _WHEN_AR + ".\n\n" + _FACTS_AR,
            ),
        },
    ),
    ReadyMade(
        Slug.STAFF_SMS,
        Channel.SMS,
        N_("Reminder to staff"),
        {
            "en": Text(body="{{appointment.date}}, {{appointment.time}}: {{client.name}}" + _FOR),
            "ar": Text(body="{{appointment.date}}، {{appointment.time}}: {{client.name}}" + _FOR_AR),
        },
    ),
    ReadyMade(
        Slug.CONFIRM_SMS,
        Channel.SMS,
        N_("Please confirm"),
        {
            "en": Text(
                body="{{business.name}}: please confirm your appointment on "
                + _WHEN
                + "{% if confirm_link %}: {{confirm_link}}{% endif %}"
            ),
            "ar": Text(
                body="نرجو تأكيد موعدك لدى {{business.name}} يوم "
                + _WHEN_AR
                + "{% if confirm_link %}: {{confirm_link}}{% endif %}"
            ),
        },
    ),
    ReadyMade(
        Slug.CONFIRM_EMAIL,
        Channel.EMAIL,
        N_("Please confirm"),
        {
            "en": Text(
                "Please confirm: " + _WHEN,
                "Dear {{client.name}},\n\nplease confirm your appointment.\n\n" + _FACTS + _CONFIRM + _END,
            ),
            "ar": Text(
                "نرجو التأكيد: " + _WHEN_AR,
                "عزيزنا {{client.name}}،\n\nنرجو تأكيد موعدك لدينا.\n\n" + _FACTS_AR + _CONFIRM_AR + _END,
            ),
        },
    ),
    ReadyMade(
        Slug.MOVED_SMS,
        Channel.SMS,
        N_("Moved to another time"),
        {
            "en": Text(
                body="{{business.name}}: your appointment was moved to " + _WHEN + _AND_WERE + "." + _CONFIRM_SHORT
            ),
            "ar": Text(body="نُقل موعدك لدى {{business.name}} إلى " + _WHEN_AR + _AND_AR + "." + _CONFIRM_SHORT_AR),
        },
    ),
    ReadyMade(
        Slug.MOVED_EMAIL,
        Channel.EMAIL,
        N_("Moved to another time"),
        {
            "en": Text(
                "Your appointment was moved to " + _WHEN,
                "Dear {{client.name}},\n\nyour appointment"
                + _FOR
                + " was moved"
                + _AND_WERE
                + ". It is now:\n\n"
                + _FACTS
                + _CONFIRM
                + _END,
            ),
            "ar": Text(
                "نُقل موعدك إلى " + _WHEN_AR,
                "عزيزنا {{client.name}}،\n\nنُقل موعدك"
                + _FOR_AR
                + _AND_AR
                + ". وأصبح:\n\n"
                + _FACTS_AR
                + _CONFIRM_AR
                + _END,
            ),
        },
    ),
    ReadyMade(
        Slug.CANCELLED_SMS,
        Channel.SMS,
        N_("Cancelled"),
        {
            "en": Text(body="{{business.name}}: your appointment on " + _WHEN + " was cancelled" + _AND_WERE + "."),
            "ar": Text(body="أُلغي موعدك لدى {{business.name}} يوم " + _WHEN_AR + _AND_AR + "."),
        },
    ),
    ReadyMade(
        Slug.CANCELLED_EMAIL,
        Channel.EMAIL,
        N_("Cancelled"),
        {
            "en": Text(
                "Cancelled: " + _WHEN,
                "Dear {{client.name}},\n\nyour appointment"
                + _WITH
                + " on "
                + _WHEN
                + " was cancelled"
                + _AND_WERE
                + ".\n"
                + _END,
            ),
            "ar": Text(
                "أُلغي الموعد: " + _WHEN_AR,
                "عزيزنا {{client.name}}،\n\nأُلغي موعدك" + _WITH_AR + " يوم " + _WHEN_AR + _AND_AR + ".\n" + _END,
            ),
        },
    ),
    ReadyMade(
        Slug.BOOKED_SMS,
        Channel.SMS,
        N_("Confirmed by us"),
        {
            "en": Text(body="{{business.name}}: your appointment on " + _WHEN + " is confirmed" + _AND_ARE + "."),
            "ar": Text(body="تم تأكيد موعدك لدى {{business.name}} يوم " + _WHEN_AR + _AND_AR + "."),
        },
    ),
    ReadyMade(
        Slug.BOOKED_EMAIL,
        Channel.EMAIL,
        N_("Confirmed by us"),
        {
            "en": Text(
                "Confirmed: " + _WHEN,
                "Dear {{client.name}},\n\nyour appointment is confirmed" + _AND_ARE + ".\n\n" + _FACTS + _END,
            ),
            "ar": Text(
                "تم التأكيد: " + _WHEN_AR,
                "عزيزنا {{client.name}}،\n\nتم تأكيد موعدك لدينا" + _AND_AR + ".\n\n" + _FACTS_AR + _END,
            ),
        },
    ),
)
BY_SLUG = {each.slug: each for each in READY_MADE}


def _alone(text: Text) -> Text:
    """Return a text without its words of others."""
    body = text.body
    for words in (_AND_WERE, _AND_AR):
        body = body.replace(words, "")
    return Text(text.subject, body)


FORMER = {
    slug: {language: _alone(text) for language, text in BY_SLUG[slug].texts.items()}
    for slug in (Slug.MOVED_SMS, Slug.MOVED_EMAIL, Slug.CANCELLED_SMS, Slug.CANCELLED_EMAIL)
}
"""What these said before several appointments could be told of at once."""
