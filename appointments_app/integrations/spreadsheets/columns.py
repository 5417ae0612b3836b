"""What a column of an export holds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """The type of every value in one column; a missing value is None in each of them."""

    TEXT = "text"
    DATETIME = "datetime"  # wall-clock local time, without a time zone
    DATE = "date"
    NUMBER = "number"
    BOOL = "bool"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the key the program knows it by, the title people read, the kind of its values."""

    key: str
    title: str
    kind: Kind = Kind.TEXT

    def __post_init__(self) -> None:
        object.__setattr__(self, "kind", Kind(self.kind))
