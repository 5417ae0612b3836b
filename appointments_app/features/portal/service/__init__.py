"""Use-cases of clients: confirm by link, sign in, see and change what is theirs; and what staff let them do."""

from appointments_app.features.portal.service.booking import (
    Choosing,
    Held,
    Wanted,
    book,
    choose,
    hold,
    look_over,
)
from appointments_app.features.portal.service.door import (
    PasswordState,
    actor_for,
    is_open,
    link_speaks,
    look_on,
    send_link,
    set_password,
    sign_in_by_link,
    sign_in_by_password,
    sign_out,
    ways,
)
from appointments_app.features.portal.service.facts import BusinessFacts, business_facts
from appointments_app.features.portal.service.link import LinkPage, Standing, confirm_by_link, open_link
from appointments_app.features.portal.service.mine import (
    Page,
    ask_other_time,
    calendar_event,
    cancel,
    confirm,
    open_one,
    past,
    upcoming,
)
from appointments_app.features.portal.service.profile import choose_messages, open_profile, save_profile
from appointments_app.features.portal.service.rules import RulesForm, open_rules, save_rules

__all__ = [
    "BusinessFacts",
    "Choosing",
    "Held",
    "LinkPage",
    "Page",
    "PasswordState",
    "RulesForm",
    "Standing",
    "Wanted",
    "actor_for",
    "ask_other_time",
    "book",
    "business_facts",
    "calendar_event",
    "cancel",
    "choose",
    "choose_messages",
    "confirm",
    "confirm_by_link",
    "hold",
    "is_open",
    "link_speaks",
    "look_on",
    "look_over",
    "open_link",
    "open_one",
    "open_profile",
    "open_rules",
    "past",
    "save_profile",
    "save_rules",
    "send_link",
    "set_password",
    "sign_in_by_link",
    "sign_in_by_password",
    "sign_out",
    "upcoming",
    "ways",
]
