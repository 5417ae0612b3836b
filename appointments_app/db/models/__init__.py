"""Every table. Importing this module fills ``SQLModel.metadata``."""

from appointments_app.db.models.appointment import Action, Appointment, AppointmentStaff, AppointmentText, Draft
from appointments_app.db.models.booking import Booking, BookingRules, Slot
from appointments_app.db.models.business import Business, ClosedDay
from appointments_app.db.models.change import Change, ChangeLine
from appointments_app.db.models.channel import ChannelSetup, OptOut, Template, TemplateText
from appointments_app.db.models.client import Client, ClientTag, ClientText
from appointments_app.db.models.imports import ImportPart, ImportRun, ImportShape
from appointments_app.db.models.message import (
    Message,
    Outbox,
    ReminderRule,
    ReminderRuleAction,
    ReminderRuleStaff,
    Replanning,
    Worker,
)
from appointments_app.db.models.portal import ClientAccess, ClientLink, ClientRequest, ClientSettings, ClientSignIn
from appointments_app.db.models.series import Series, SeriesStaff
from appointments_app.db.models.service import Leave, OtherHours, Service, ServiceStaff, Shift
from appointments_app.db.models.staff import (
    CustomRole,
    KnownDevice,
    PasswordReset,
    RecoveryCode,
    SetupLink,
    SignIn,
    SignInFailure,
    Staff,
)
from appointments_app.db.models.work_order import Counter, WorkOrder, WorkOrderStaff, WorkOrderTag, WorkOrderText

__all__ = [
    "Action",
    "Appointment",
    "AppointmentStaff",
    "AppointmentText",
    "Booking",
    "BookingRules",
    "Business",
    "Change",
    "ChangeLine",
    "ChannelSetup",
    "Client",
    "ClientAccess",
    "ClientLink",
    "ClientRequest",
    "ClientSettings",
    "ClientSignIn",
    "ClientTag",
    "ClientText",
    "ClosedDay",
    "Counter",
    "CustomRole",
    "Draft",
    "ImportPart",
    "ImportRun",
    "ImportShape",
    "KnownDevice",
    "Leave",
    "Message",
    "OptOut",
    "OtherHours",
    "Outbox",
    "PasswordReset",
    "RecoveryCode",
    "ReminderRule",
    "ReminderRuleAction",
    "ReminderRuleStaff",
    "Replanning",
    "Series",
    "SeriesStaff",
    "Service",
    "ServiceStaff",
    "SetupLink",
    "Shift",
    "SignIn",
    "SignInFailure",
    "Slot",
    "Staff",
    "Template",
    "TemplateText",
    "WorkOrder",
    "WorkOrderStaff",
    "WorkOrderTag",
    "WorkOrderText",
    "Worker",
]
