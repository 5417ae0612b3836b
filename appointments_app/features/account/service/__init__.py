"""One's own account: details, the second step of signing in, browsers one is signed in with, a forgotten password."""

from appointments_app.features.account.service.browsers import (
    BrowserRow,
    list_browsers,
    sign_out_browser,
    sign_out_others,
)
from appointments_app.features.account.service.details import AccountForm, open_account, save_details
from appointments_app.features.account.service.notices import tell_of_new_browser
from appointments_app.features.account.service.reset import ask_for_reset, can_be_sent, count_request, reset_password
from appointments_app.features.account.service.second_step import (
    Offer,
    SecondStep,
    begin,
    confirm,
    finish,
    new_codes,
    offer_to_waiting,
    second_step_of,
    turn_off,
)

__all__ = [
    "AccountForm",
    "BrowserRow",
    "Offer",
    "SecondStep",
    "ask_for_reset",
    "begin",
    "can_be_sent",
    "confirm",
    "count_request",
    "finish",
    "list_browsers",
    "new_codes",
    "offer_to_waiting",
    "open_account",
    "reset_password",
    "save_details",
    "second_step_of",
    "sign_out_browser",
    "sign_out_others",
    "tell_of_new_browser",
    "turn_off",
]
