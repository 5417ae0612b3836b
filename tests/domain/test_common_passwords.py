"""Passwords that are tried first are refused however they are dressed up; others are not."""

from __future__ import annotations

import pytest

from appointments_app.domain.common_passwords import is_common
from appointments_app.domain.errors import Invalid
from appointments_app.domain.sign_in import check_password

OWN = ("Mona Nile Dental", "mona.fathy@example.com")


@pytest.mark.parametrize(
    "password",
    [
        "password123", "P@ssw0rd2024!", "PASSWORD-2026", "1234567890", "0987654321", "qwertyuiop", "aaaaaaaaaaaa",
        "abcabcabcabc", "iloveyou2023", "Welcome123!", "letmein12345", "1q2w3e4r5t", "adminadmin", "Clinic-2026",
        "summer2025!!", "qazwsxedc123", "01001234567", "nile dental 1", "mona.fathy@example.com", "Dental!Dental",
    ],
)  # fmt: skip
def test_what_is_tried_first_is_refused(password: str):
    assert is_common(password, OWN)
    with pytest.raises(Invalid):
        check_password(password, own_words=OWN)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery", "k7pm-x2qa-9hdt", "blue kettle 42 moon", "ThreeOwlsAtNight", "sunflower-ladder",
        "94710283657713461", "كلمة مرور طويلة جدا", "passwords are hard to like", "zxcv1029plkjhg",
    ],
)  # fmt: skip
def test_what_others_would_not_think_of_is_not(password: str):
    assert not is_common(password, OWN)
    assert check_password(password, own_words=OWN) == password
