"""The steps of the wizard."""

from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.pickers import Choice
from appointments_app.features.appointments.components.new_client import new_client_dialog, new_client_entry
from appointments_app.features.bookings.components.words import free_days, price, taken_notice
from appointments_app.features.bookings.service import ANYONE, Step
from appointments_app.features.bookings.state.new_client import NewBookedClient
from appointments_app.features.bookings.state.wizard import Wizard
from appointments_app.features.session.components import keep_typed
from appointments_app.features.session.state import Shell
from appointments_app.ui.blocks import button, colour_dot, empty, link_button
from appointments_app.ui.fields import long_text_field, tick
from appointments_app.ui.i18n import fmt, t
from appointments_app.ui.parts.dates import date_field
from appointments_app.ui.parts.pickers import combobox

ORDER = list(Step)
SERVICE: Any = Wizard.service


def step_word(step: Step) -> rx.Var[str]:
    """Return the name of a step."""
    return {
        Step.SERVICE: t("Service"),
        Step.STAFF: t("Staff"),
        Step.TIME: t("Date and time"),
        Step.CLIENT: t("Client"),
        Step.COMPLETE: t("Complete"),
    }[step]


def steps() -> rx.Component:
    """The steps in a row: those that are done lead back."""
    chosen = {
        Step.SERVICE: SERVICE.id != 0,
        Step.STAFF: Wizard.staff != "",
        Step.TIME: Wizard.start_at != "",
        Step.CLIENT: Wizard.client.id != "",
        Step.COMPLETE: rx.Var.create(False),
    }
    return rx.el.ol(*(_step(step, chosen[step]) for step in ORDER), class_name="steps", aria_label=t("Steps"))


def _step(step: Step, is_chosen: Any) -> rx.Component:
    number = rx.el.span(fmt.number(ORDER.index(step) + 1), class_name="step-number", aria_hidden="true")
    mark = rx.cond(is_chosen, rx.icon("check", size=14, class_name="step-number", aria_hidden="true"), number)
    link = rx.link(mark, step_word(step), href=Wizard.step_links[step.value], underline="none", class_name="step")
    here = rx.el.span(number, step_word(step), class_name="step", custom_attrs={"aria-current": "step"})
    later = rx.el.span(number, step_word(step), class_name="step muted")
    return rx.el.li(rx.cond(Wizard.step == step.value, here, rx.cond(is_chosen, link, later)))


def chosen() -> rx.Component:
    """What was chosen so far, with price and duration."""
    service = SERVICE
    facts = [
        _fact(t("Service"), rx.el.span(service.name, dir="auto"), service.id != 0),
        _fact(t("Duration"), fmt.duration(service.minutes), service.id != 0),
        _fact(t("Price"), price(service.price, service.currency), service.id != 0),
        _fact(t("Staff"), rx.cond(Wizard.staff == ANYONE, t("Anyone"), Wizard.staff_name), Wizard.staff != ""),
        _fact(t("When"), fmt.span(Wizard.start_at, Wizard.end_at, Shell.time_zone), Wizard.start_at != ""),
        _fact(t("Client"), rx.el.span(Wizard.client.name, dir="auto"), Wizard.client.id != ""),
    ]
    return rx.cond(service.id != 0, rx.el.dl(*facts, class_name="facts card"), rx.fragment())


def _fact(label: Any, value: Any, is_known: Any) -> rx.Component:
    return rx.cond(is_known, rx.fragment(rx.el.dt(label), rx.el.dd(value)), rx.fragment())


def open_step() -> rx.Component:
    """The step that is open."""
    shown = {
        Step.SERVICE: _services(),
        Step.STAFF: _staff(),
        Step.TIME: _time(),
        Step.CLIENT: _client(),
        Step.COMPLETE: _complete(),
    }
    body = rx.match(Wizard.step, *((step.value, part) for step, part in shown.items()), rx.fragment())
    foot = rx.el.div(
        rx.cond(
            Wizard.step == Step.SERVICE.value,
            rx.fragment(),
            link_button(t("Back"), Wizard.back_link, icon="arrow-left"),
        ),
        link_button(t("Cancel"), routes.BOOKINGS),
        class_name="form-foot",
    )
    return rx.el.section(
        body, rx.cond(Wizard.step == Step.COMPLETE.value, rx.fragment(), foot), class_name="card stack loose"
    )


def _services() -> rx.Component:
    settings = link_button(t("Services"), routes.SERVICES)
    nothing = empty("scissors", t("No services yet"), t("Services are set up in the settings."), settings)
    return rx.fragment(
        rx.el.h2(t("Which service?")),
        rx.cond(
            Wizard.services.length() > 0,
            rx.el.div(rx.foreach(Wizard.services, _service), class_name="choices"),
            nothing,
        ),
    )


def _service(row: Any) -> rx.Component:
    nobody = row.staff.to(list[Choice]).length() == 0
    facts = rx.el.span(
        rx.el.span(fmt.duration(row.minutes), class_name="num"),
        rx.cond(row.price == "", rx.fragment(), rx.fragment(" · ", fmt.money(row.price, row.currency))),
        rx.cond(nobody, rx.fragment(" · ", t("Nobody performs it")), rx.fragment()),
        class_name="muted",
    )
    return rx.el.button(
        rx.el.span(colour_dot(row.colour), rx.el.span(row.name, class_name="strong", dir="auto"), class_name="row"),
        facts,
        rx.cond(
            row.description != "", rx.el.span(row.description, class_name="muted small", dir="auto"), rx.fragment()
        ),
        type="button",
        class_name="choice",
        disabled=nobody,
        on_click=Wizard.choose("service", row.id.to_string()),
        key=row.id.to_string(),
        custom_attrs={"aria-pressed": rx.cond(SERVICE.id == row.id, "true", "false")},
    )


def _staff() -> rx.Component:
    anyone = _person(ANYONE, rx.fragment(rx.icon("users", size=16, aria_hidden="true"), t("Anyone")))
    people = rx.foreach(
        SERVICE.staff.to(list[Choice]),
        lambda one: _person(
            one.id, rx.fragment(colour_dot(one.colour), rx.el.span(one.name, class_name="strong", dir="auto"))
        ),
    )
    hint = rx.el.p(t("Anyone: whoever is free then and has the least to do that day."), class_name="hint")
    return rx.fragment(rx.el.h2(t("With whom?")), rx.el.div(anyone, people, class_name="choices"), hint)


def _person(staff_id: Any, label: rx.Component) -> rx.Component:
    return rx.el.button(
        rx.el.span(label, class_name="row"),
        type="button",
        class_name="choice",
        on_click=Wizard.choose("staff", staff_id),
        custom_attrs={"aria-pressed": rx.cond(Wizard.staff == staff_id, "true", "false")},
    )


def _time() -> rx.Component:
    nothing = empty(
        "calendar-x",
        t("Nothing is free"),
        t("Nothing is free in the thirty days from there on. Try somebody else, or a later day."),
    )
    later = link_button(t("Later days"), Wizard.later_link, icon="chevron-right")
    jump = date_field(label=t("From"), name="day", value=Wizard.first_day, on_change=Wizard.look_at)
    return rx.fragment(
        rx.el.h2(t("When?")),
        rx.el.div(
            rx.el.div(jump, style={"maxWidth": "220px"}),
            rx.el.p(
                t("Times are in the zone {zone}.", zone=Shell.time_zone.replace("_", " ")),
                class_name="hint",
            ),
            class_name="row wrap",
            style={"alignItems": "flex-end"},
        ),
        rx.cond(
            Wizard.days.length() > 0,
            free_days(Wizard.days, lambda start: Wizard.choose("start", start)),
            nothing,
        ),
        rx.cond(Wizard.later_link != "", rx.el.div(later, class_name="row"), rx.fragment()),
    )


def _client() -> rx.Component:
    picker = combobox(
        label=t("Client"),
        name="client",
        options=Wizard.clients,
        value=Wizard.client.id,
        text=Wizard.client.name,
        auto_focus=True,
        required=True,
        placeholder=t("Search name, phone or e-mail"),
        empty_text=t("Nobody found."),
        footer=new_client_entry(),
        on_search=Wizard.search_clients,
        on_pick=lambda client: Wizard.choose("client", client),
        on_footer=NewBookedClient.ask,
    )
    chosen = rx.el.div(picker, style={"maxWidth": "480px"})
    return rx.fragment(rx.el.h2(t("For whom?")), chosen, new_client_dialog(NewBookedClient))


def _complete() -> rx.Component:
    notes = long_text_field(
        t("Notes"),
        "notes",
        default_value=Wizard.notes,
        on_change=Wizard.keep_notes.debounce(500),
        rows=3,
        key=Wizard.notes_key,
        max_length=10_000,
    )
    return rx.el.form(
        keep_typed("booking"),
        rx.el.h2(t("Book it?")),
        taken_notice(Wizard.is_taken, Wizard.taken, Wizard.take_other),
        notes,
        rx.el.div(
            tick(t("Share with client"), "shared", value="yes", default_checked=True),
            tick(t("Confirmed at once"), "confirmed", value="yes", default_checked=True),
            class_name="row wrap",
            style={"columnGap": "24px"},
        ),
        rx.el.div(
            button(t("Book"), kind="primary", type="submit", icon="check"),
            link_button(t("Back"), Wizard.back_link, icon="arrow-left"),
            link_button(t("Cancel"), routes.BOOKINGS),
            class_name="form-foot",
        ),
        on_submit=Wizard.book,
        no_validate=True,
        class_name="stack loose",
    )
