"""Every address of the app, and the builders of those that carry an id."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

SIGN_IN = "/sign-in"
SETUP = "/setup"
HOME = "/"
TODAY = "/today"
DIARY = "/calendar"
APPOINTMENTS = "/appointments"
NEW_APPOINTMENT = "/appointments/new"
APPOINTMENT = "/appointments/[appointment_id]"
CLIENTS = "/clients"
NEW_CLIENT = "/clients/new"
CLIENT = "/clients/[client_id]"
EDIT_CLIENT = "/clients/[client_id]/edit"
CLIENT_SETTINGS = "/client-settings"
WORK_ORDERS = "/work-orders"
NEW_WORK_ORDER = "/work-orders/new"
WORK_ORDER = "/work-orders/[order_id]"
EDIT_WORK_ORDER = "/work-orders/[order_id]/edit"
MESSAGES = "/messages"
STAFF = "/staff"
NEW_STAFF = "/staff/new"
STAFF_MEMBER = "/staff/[staff_id]"
SETTINGS = "/settings"
REMINDERS = "/settings/reminders"
NEW_REMINDER = "/settings/reminders/new"
REMINDER = "/settings/reminders/[rule_id]"
CLOSED_DAYS = "/settings/closed-days"
SERVICES = "/settings/services"
NEW_SERVICE = "/settings/services/new"
SERVICE = "/settings/services/[service_id]"
WORKING_HOURS = "/settings/working-hours"
BOOKING_RULES = "/settings/booking-rules"
BOOKINGS = "/bookings"
NEW_BOOKING = "/bookings/new"
FREE_STARTS = "/bookings/free"
BOOKING = "/bookings/[booking_id]"
PRINT_BOOKING = "/bookings/[booking_id]/print"
ROLES = "/settings/roles"
IMPORTS = "/settings/import"
IMPORT_RUN = "/settings/import/[run_id]"
CHANNELS = "/settings/channels"
PRIVACY = "/settings/privacy"
TEMPLATES = "/settings/templates"
NEW_TEMPLATE = "/settings/templates/new"
TEMPLATE = "/settings/templates/[template_id]"
ACCOUNT = "/account"
SECOND_STEP = "/sign-in/second-step"
FORGOT = "/forgot"
RESET = "/reset"
NOT_FOUND = "404"
"""What the server shows for an address that is none of these."""

SIGN_IN_POST = "/auth/sign-in"
SIGN_OUT_POST = "/auth/sign-out"
SECOND_STEP_POST = "/auth/second-step"
FORGOT_POST = "/auth/forgot"
RESET_POST = "/auth/reset"
SET_UP_POST = "/auth/set-up"
LANGUAGE_POST = "/auth/language"
EXPORT = "/api/export"
LIVE = "/api/live"
CALENDAR = "/api/calendar"
CLIENT_DATA = "/api/clients"
CONFIRM = "/c"
"""Where links to confirm lead: short, for they stand in SMS."""
PORTAL = "/portal"
PORTAL_ENTER = "/portal/enter"
"""Where links that sign a client in lead."""
PORTAL_AS = "/portal/as"
"""Where a staff member looks on as a client."""
IMPORT = "/api/import"
UNSUBSCRIBE = "/unsubscribe"
"""Where the links in e-mails lead that stop them."""
INCOMING_SMS = "/api/sms"


def appointment(appointment_id: int | str) -> str:
    """Return the address of one appointment."""
    return f"{APPOINTMENTS}/{appointment_id}"


def client(client_id: int | str, tab: str = "") -> str:
    """Return the address of a client's file, opened at ``tab``."""
    return f"{CLIENTS}/{client_id}" + (f"?show={tab}" if tab else "")


def edit_client(client_id: int | str) -> str:
    """Return the address of a client's form."""
    return f"{CLIENTS}/{client_id}/edit"


def diary(day: str, view: str, query: Mapping[str, str]) -> str:
    """Return the address of the calendar at a day, in a view."""
    return f"{DIARY}?{urlencode({**query, 'date': day, 'view': view})}"


def booking(booking_id: int | str) -> str:
    """Return the address of one booking."""
    return f"{BOOKINGS}/{booking_id}"


def print_booking(booking_id: int | str) -> str:
    """Return the address of a booking as it is printed."""
    return f"{BOOKINGS}/{booking_id}/print"


def service(service_id: int | str) -> str:
    """Return the address of one service."""
    return f"{SERVICES}/{service_id}"


def new_appointment(client_id: int | str = "", *, work_order: int | str = "") -> str:
    """Return the address of the empty form, for one client or one work order if given."""
    if work_order:
        return f"{NEW_APPOINTMENT}?work_order={work_order}"
    return NEW_APPOINTMENT + (f"?client={client_id}" if client_id else "")


def refused_rows(run_id: int | str) -> str:
    """Return where the rows of an import that were refused can be fetched."""
    return f"{IMPORT}/{run_id}/refused"


def import_run(run_id: int | str) -> str:
    """Return the address of one import."""
    return f"{IMPORTS}/{run_id}"


def work_order(order_id: int | str) -> str:
    """Return the address of one work order."""
    return f"{WORK_ORDERS}/{order_id}"


def new_work_order(client_id: int | str = "") -> str:
    """Return the address of the empty form of a work order, for one client if given."""
    return NEW_WORK_ORDER + (f"?client={client_id}" if client_id else "")


def edit_work_order(order_id: int | str) -> str:
    """Return the address of a work order's form."""
    return f"{WORK_ORDERS}/{order_id}/edit"


def path_of(path: str) -> str:
    """Return a path as the app writes it: without the slash that the server adds at its end."""
    return path.rstrip("/") or HOME


def id_in(path: str, folder: str) -> str:
    """Return the record's id in a path such as ``/clients/17``, or '' when there is none."""
    start, _, rest = path.partition(f"{folder}/")
    first = rest.split("/", 1)[0]
    return first if not start and first.isascii() and first.isdigit() and len(first) < 16 else ""


def named_in(path: str, folder: str) -> str:
    """Return what a path such as ``/staff/17`` names, an id or not; '' for ``new`` and the folder itself."""
    start, _, rest = path_of(path).partition(f"{folder}/")
    name = rest.split("/", 1)[0]
    return "" if start or name == "new" else name
