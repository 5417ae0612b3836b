"""Every address of the app, and the builders of those that carry an id."""

from __future__ import annotations

SIGN_IN = "/sign-in"
SETUP = "/setup"
HOME = "/"
APPOINTMENTS = "/appointments"
NEW_APPOINTMENT = "/appointments/new"
APPOINTMENT = "/appointments/[appointment_id]"
CLIENTS = "/clients"
CLIENT = "/clients/[client_id]"
STAFF = "/staff"
SETTINGS = "/settings"
ACCOUNT = "/account"

SIGN_IN_POST = "/auth/sign-in"
SIGN_OUT_POST = "/auth/sign-out"
SET_UP_POST = "/auth/set-up"
LANGUAGE_POST = "/auth/language"
EXPORT = "/api/export"
LIVE = "/api/live"


def appointment(appointment_id: int | str) -> str:
    """Return the address of one appointment."""
    return f"{APPOINTMENTS}/{appointment_id}"


def client(client_id: int | str, tab: str = "") -> str:
    """Return the address of a client's file, opened at ``tab``."""
    return f"{CLIENTS}/{client_id}" + (f"?show={tab}" if tab else "")


def new_appointment(client_id: int | str = "") -> str:
    """Return the address of the empty form, for one client if given."""
    return NEW_APPOINTMENT + (f"?client={client_id}" if client_id else "")
