"""Recurrence by RFC 5545: rules repeat on the wall of the series' zone, occurrences are instants."""

from appointments_app.domain.recurrence.expansion import (
    MOST_AT_ONCE,
    Occurrence,
    between,
    ends_before,
    last,
    number_of,
    total,
    upcoming,
)
from appointments_app.domain.recurrence.form import Ends, MonthlyBy, monthly_choices, read_rule, rule_form
from appointments_app.domain.recurrence.rule import Frequency, Rule, first

__all__ = [
    "MOST_AT_ONCE",
    "Ends",
    "Frequency",
    "MonthlyBy",
    "Occurrence",
    "Rule",
    "between",
    "ends_before",
    "first",
    "last",
    "monthly_choices",
    "number_of",
    "read_rule",
    "rule_form",
    "total",
    "upcoming",
]
