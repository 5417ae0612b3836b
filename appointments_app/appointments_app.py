"""The app: every page with its address, the API, and what stands in front of every event."""

import contextlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import reflex as rx
from reflex.utils.prerequisites import get_web_dir
from reflex_base.utils.format import format_event_handler, format_route
from starlette.applications import Starlette
from starlette.types import ASGIApp

from appointments_app import routes, runtime
from appointments_app.api.auth import AUTH_ROUTES
from appointments_app.api.calendar import CALENDAR_ROUTES
from appointments_app.api.consent import CONSENT_ROUTES
from appointments_app.api.exports import EXPORT_ROUTES
from appointments_app.api.gateways import GATEWAY_ROUTES
from appointments_app.api.health import HEALTH_ROUTES
from appointments_app.api.imports import IMPORT_ROUTES
from appointments_app.api.live import LIVE_ROUTES, watch
from appointments_app.api.portal import PORTAL_ROUTES
from appointments_app.api.privacy import PRIVACY_ROUTES
from appointments_app.api.security import Security
from appointments_app.domain import passwords
from appointments_app.domain.access import Permission
from appointments_app.domain.words import N_
from appointments_app.features.account.page import account_page, forgot_page, reset_page, second_step_page
from appointments_app.features.account.state import AccountPage, Doorstep, ForgottenPassword, OwnBrowsers, OwnSecondStep
from appointments_app.features.appointments.form_page import appointment_page, new_appointment_page
from appointments_app.features.appointments.page import appointments_page
from appointments_app.features.appointments.state.actions import ActionsList
from appointments_app.features.appointments.state.form import BookingForm
from appointments_app.features.appointments.state.list import AppointmentList
from appointments_app.features.appointments.state.new_client import NewClient
from appointments_app.features.appointments.state.record import AppointmentRecord
from appointments_app.features.bookings.page import (
    booking_page,
    bookings_page,
    free_starts_page,
    new_booking_page,
    print_booking_page,
)
from appointments_app.features.bookings.state.free import FreeStarts
from appointments_app.features.bookings.state.list import BookingsPage
from appointments_app.features.bookings.state.new_client import NewBookedClient
from appointments_app.features.bookings.state.record import BookingPage
from appointments_app.features.bookings.state.wizard import Wizard
from appointments_app.features.calendar.page import calendar_page
from appointments_app.features.calendar.state.page import CalendarPage
from appointments_app.features.channels.page import channels_page
from appointments_app.features.channels.state import ChannelsPage
from appointments_app.features.client_file.page import client_page
from appointments_app.features.client_file.state import ClientFile
from appointments_app.features.clients.page import client_form_page, clients_page
from appointments_app.features.clients.state.form import ClientForm
from appointments_app.features.clients.state.list import ClientList
from appointments_app.features.consent.state import Wishes
from appointments_app.features.imports.page import import_page, imports_page
from appointments_app.features.imports.state import ImportPage, ImportsPage
from appointments_app.features.messages.page import messages_page
from appointments_app.features.messages.state import AppointmentMessages, MessageList
from appointments_app.features.overview.page import today_page
from appointments_app.features.overview.state import Today
from appointments_app.features.portal.page import client_settings_page
from appointments_app.features.portal.state import ClientSettingsPage
from appointments_app.features.privacy.page import privacy_page
from appointments_app.features.privacy.state import PrivacyPage
from appointments_app.features.reminders.page import reminder_page, reminders_page
from appointments_app.features.reminders.state import ReminderForm, ReminderRules
from appointments_app.features.roles.page import roles_page
from appointments_app.features.roles.state import RolesPage
from appointments_app.features.services.page import (
    booking_rules_page,
    service_page,
    services_page,
    working_hours_page,
)
from appointments_app.features.services.state.hours import WorkingHours
from appointments_app.features.services.state.rules import RulesPage
from appointments_app.features.services.state.services import ServiceEditor, ServiceList
from appointments_app.features.session.components import closed_page, offline_notice
from appointments_app.features.session.gate import Gate, needed_by
from appointments_app.features.session.page import not_found_page, set_up_page, sign_in_page
from appointments_app.features.session.state import Entrance, Shell, refuse
from appointments_app.features.settings.page import closed_days_page, settings_page
from appointments_app.features.settings.state import ClosedDays, SettingsPage
from appointments_app.features.staff.page import staff_member_page, staff_page
from appointments_app.features.staff.state import StaffForm, StaffPage
from appointments_app.features.templates.page import template_page, templates_page
from appointments_app.features.templates.state import TemplateEditor, TemplateList
from appointments_app.features.work_orders.page import order_form_page, work_order_page, work_orders_page
from appointments_app.features.work_orders.state.form import OrderForm
from appointments_app.features.work_orders.state.list import OrderList
from appointments_app.features.work_orders.state.new_client import NewOrderClient
from appointments_app.features.work_orders.state.record import OrderRecord
from appointments_app.jobs.worker import work
from appointments_app.settings import SECONDS_FOR_HANDLERS
from appointments_app.ui.i18n import PRELOAD, t
from appointments_app.ui.parts.client_only import client_only, page_title


@dataclass(frozen=True)
class Page:
    """One page: its address, what it shows, its title, and the events that fill it."""

    route: str
    show: Callable[[], rx.Component]
    title: str
    on_load: list[Any] = field(default_factory=list)
    needs: Permission | None = None
    """What opening it needs, beside what filling it does."""


PAGES = (
    Page(routes.SIGN_IN, sign_in_page, N_("Sign in"), [Entrance.arrive]),
    Page(routes.SECOND_STEP, second_step_page, N_("Second step"), [Doorstep.arrive]),
    Page(routes.FORGOT, forgot_page, N_("Forgotten password"), [Entrance.arrive, ForgottenPassword.arrive]),
    Page(routes.RESET, reset_page, N_("New password"), [Entrance.arrive]),
    Page(routes.SETUP, set_up_page, N_("Set up"), [Entrance.arrive]),
    Page(routes.HOME, appointments_page, N_("Appointments"), [Shell.enter, AppointmentList.load]),
    Page(routes.TODAY, today_page, N_("Today"), [Shell.enter, Today.load]),
    Page(routes.DIARY, calendar_page, N_("Calendar"), [Shell.enter, CalendarPage.load]),
    Page(routes.APPOINTMENTS, appointments_page, N_("Appointments"), [Shell.enter, AppointmentList.load]),
    Page(
        routes.NEW_APPOINTMENT,
        new_appointment_page,
        N_("New appointment"),
        [Shell.enter, NewClient.load, ActionsList.load, BookingForm.load],
        needs=Permission.ADD,
    ),
    Page(
        routes.APPOINTMENT,
        appointment_page,
        N_("Appointment"),
        [
            Shell.enter,
            NewClient.load,
            ActionsList.load,
            BookingForm.load,
            AppointmentRecord.load,
            AppointmentMessages.load,
        ],
    ),
    Page(routes.CLIENTS, clients_page, N_("Manage Clients"), [Shell.enter, ClientList.load]),
    Page(routes.NEW_CLIENT, client_form_page, N_("New client"), [Shell.enter, ClientForm.load]),
    Page(routes.CLIENT, client_page, N_("Client"), [Shell.enter, Wishes.load, ClientFile.load]),
    Page(routes.EDIT_CLIENT, client_form_page, N_("Edit client"), [Shell.enter, ClientForm.load]),
    Page(routes.WORK_ORDERS, work_orders_page, N_("Work orders"), [Shell.enter, OrderList.load]),
    Page(
        routes.NEW_WORK_ORDER,
        order_form_page,
        N_("New work order"),
        [Shell.enter, NewOrderClient.load, OrderForm.load],
        Permission.ADD,
    ),
    Page(
        routes.WORK_ORDER,
        work_order_page,
        N_("Work order"),
        [Shell.enter, OrderRecord.load, OrderRecord.list_appointments],
    ),
    Page(
        routes.EDIT_WORK_ORDER,
        order_form_page,
        N_("Edit work order"),
        [Shell.enter, NewOrderClient.load, OrderForm.load],
        Permission.EDIT,
    ),
    Page(routes.CLIENT_SETTINGS, client_settings_page, N_("Client settings"), [Shell.enter, ClientSettingsPage.load]),
    Page(routes.MESSAGES, messages_page, N_("Messages"), [Shell.enter, MessageList.load]),
    Page(routes.STAFF, staff_page, N_("Staff"), [Shell.enter, StaffPage.load]),
    Page(routes.NEW_STAFF, staff_member_page, N_("New staff member"), [Shell.enter, StaffForm.load]),
    Page(routes.STAFF_MEMBER, staff_member_page, N_("Staff"), [Shell.enter, StaffForm.load]),
    Page(routes.SETTINGS, settings_page, N_("Settings"), [Shell.enter, SettingsPage.load]),
    Page(routes.CLOSED_DAYS, closed_days_page, N_("Closed days"), [Shell.enter, ClosedDays.load]),
    Page(routes.WORKING_HOURS, working_hours_page, N_("Working hours"), [Shell.enter, WorkingHours.load]),
    Page(routes.SERVICES, services_page, N_("Services"), [Shell.enter, ServiceList.load]),
    Page(routes.NEW_SERVICE, service_page, N_("New service"), [Shell.enter, ServiceEditor.load]),
    Page(routes.SERVICE, service_page, N_("Services"), [Shell.enter, ServiceEditor.load]),
    Page(routes.BOOKING_RULES, booking_rules_page, N_("Booking rules"), [Shell.enter, RulesPage.load]),
    Page(routes.BOOKINGS, bookings_page, N_("Bookings"), [Shell.enter, BookingsPage.load]),
    Page(routes.NEW_BOOKING, new_booking_page, N_("New booking"), [Shell.enter, NewBookedClient.load, Wizard.load]),
    Page(routes.FREE_STARTS, free_starts_page, N_("Free times"), [Shell.enter, FreeStarts.load]),
    Page(routes.BOOKING, booking_page, N_("Booking"), [Shell.enter, BookingPage.load]),
    Page(routes.PRINT_BOOKING, print_booking_page, N_("Booking"), [Shell.enter, BookingPage.load]),
    Page(routes.ROLES, roles_page, N_("Roles"), [Shell.enter, RolesPage.load]),
    Page(
        routes.ACCOUNT,
        account_page,
        N_("Your account"),
        [Shell.enter, AccountPage.load, OwnSecondStep.load, OwnBrowsers.load],
    ),
    Page(routes.IMPORTS, imports_page, N_("Import"), [Shell.enter, ImportsPage.load]),
    Page(routes.IMPORT_RUN, import_page, N_("Import"), [Shell.enter, ImportPage.load]),
    Page(routes.PRIVACY, privacy_page, N_("Privacy"), [Shell.enter, PrivacyPage.load]),
    Page(routes.REMINDERS, reminders_page, N_("Reminders"), [Shell.enter, ReminderRules.load]),
    Page(routes.NEW_REMINDER, reminder_page, N_("New reminder"), [Shell.enter, ReminderForm.load]),
    Page(routes.REMINDER, reminder_page, N_("Reminder"), [Shell.enter, ReminderForm.load]),
    Page(routes.CHANNELS, channels_page, N_("Channels"), [Shell.enter, ChannelsPage.load]),
    Page(routes.TEMPLATES, templates_page, N_("Templates"), [Shell.enter, TemplateList.load]),
    Page(routes.NEW_TEMPLATE, template_page, N_("New template"), [Shell.enter, TemplateEditor.load]),
    Page(routes.TEMPLATE, template_page, N_("Template"), [Shell.enter, TemplateEditor.load]),
    Page(routes.NOT_FOUND, not_found_page, N_("Page not found")),
)


def refused(exception: Exception) -> rx.event.EventSpec | None:
    """Show what a handler raised to the person who caused it."""
    return refuse(exception)


@contextlib.asynccontextmanager
async def share_the_machine() -> AsyncIterator[None]:
    """Take only a part of the machine when there are other processes of this program on it."""
    if runtime.settings().workers > 1:
        passwords.one_at_a_time()
    yield


@contextlib.asynccontextmanager
async def finish_in_peace() -> AsyncIterator[None]:
    """Give running handlers a while when the program is told to stop."""
    app.event_processor.graceful_shutdown_timeout = SECONDS_FOR_HANDLERS
    yield


def needs_of(page: Page) -> frozenset[Permission]:
    """Return what somebody must hold to open a page."""
    return frozenset(filter(None, (page.needs, *map(needed_by, page.on_load))))


def titled(page: Page) -> rx.Component:
    """Return what a page shows to those who may open it, with the title of its browser tab in their language."""
    shown = page.show()
    for permission in needs_of(page):
        shown = closed_page(permission, shown)
    return rx.fragment(shown, client_only(page_title(text=t(page.title)), fallback=rx.fragment()))


def protected(asgi: ASGIApp) -> ASGIApp:
    """Return the whole server behind the layer that no request gets around."""
    return Security(asgi, pages=get_web_dir() / rx.constants.Dirs.STATIC, is_https=runtime.settings().is_https)


API = Starlette(
    routes=[
        *AUTH_ROUTES,
        *HEALTH_ROUTES,
        *LIVE_ROUTES,
        *EXPORT_ROUTES,
        *IMPORT_ROUTES,
        *CALENDAR_ROUTES,
        *PRIVACY_ROUTES,
        *CONSENT_ROUTES,
        *GATEWAY_ROUTES,
        *PORTAL_ROUTES,
    ]
)

app = rx.App(
    stylesheets=["/app.css"],
    head_components=[rx.el.script(PRELOAD), rx.el.link(rel="icon", href="/favicon.svg")],
    api_transformer=[API, protected],
    backend_exception_handler=refused,
    toaster=None,
    extra_app_wraps={(5, "Overlay"): lambda _stateful: offline_notice()},
)
for page in PAGES:
    app.add_page(titled(page), route=page.route, title=page.title, on_load=page.on_load)
app.add_middleware(
    Gate(
        {format_route(page.route): needs_of(page) for page in PAGES},
        {format_event_handler(handler) for page in PAGES for handler in page.on_load},
    )
)
app.register_lifespan_task(watch)
app.register_lifespan_task(work)
app.register_lifespan_task(share_the_machine)
app.register_lifespan_task(finish_in_peace)
