"""What a column can be, and the names other programs give it, in English and Arabic."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from appointments_app.domain.text import fold
from appointments_app.domain.words import N_


class Kind(StrEnum):
    """What the rows of a file are."""

    CLIENTS = "clients"
    APPOINTMENTS = "appointments"


@dataclass(frozen=True)
class Field:
    """One thing a column can hold. ``several``: more than one column may, and their cells are put together."""

    key: str
    title: str
    names: tuple[str, ...]
    several: bool = False


def _field(key: str, title: str, names: str, *, several: bool = False) -> Field:
    every = (title, *(name.strip() for name in names.split("|")))
    return Field(key, title, tuple(dict.fromkeys(folded for name in every if (folded := plain(name)))), several)


def plain(title: str) -> str:
    """Return a column's title for comparing: folded, with single spaces for everything that is no letter or digit."""
    folded = fold(title)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in folded).split())


_NAME = (
    "full name|client|client name|customer|customer name|patient|patient name|guest|contact|contact name|display name"
)
_NAME += "|fullname|الاسم|الاسم الكامل|اسم العميل|العميل|اسم الزبون|الزبون|اسم المريض|المريض|العملاء"
_FIRST = "first name|firstname|given name|forename|customer first name|client first name|الاسم الأول"
_LAST = "last name|lastname|surname|family name|customer last name|client last name|اسم العائلة|الاسم الأخير|اللقب"
_BUSINESS = "company|business|organisation|organization|company name|firm|اسم المنشأة|المنشأة|الشركة|اسم الشركة|المؤسسة"
_EMAIL = "email|e-mail|e mail|email address|mail|customer email|client email|e-mail address|primary email"
_EMAIL += "|البريد الإلكتروني|البريد|الإيميل|ايميل|بريد"
_PHONE = "phone number|mobile|mobile number|mobile phone|telephone|tel|cell|cell phone|phone 1|customer phone"
_PHONE += "|client phone|contact number|whatsapp|home phone|work phone|الهاتف|رقم الهاتف|الجوال|رقم الجوال|الموبايل"
_PHONE += "|رقم الموبايل|التليفون|المحمول|جوال|هاتف|رقم المحمول|واتساب"
_ADDRESS = "street|street address|address 1|address 2|address line 1|address line 2|city|town|zip|zip code|postcode"
_ADDRESS += "|postal code|state|country|العنوان|المدينة|الشارع|الرمز البريدي|الحي|البلد"
_NOTES = "note|comments|comment|remarks|description|details|memo|الملاحظات|ملاحظات|ملاحظة|الوصف|تعليق|تعليقات|تفاصيل"
_START = "start|start time|starts|start at|begin|begins|from|appointment time|date time|datetime|start datetime"
_START += (
    "|start date and time|appointment|scheduled at|start date time|التاريخ والوقت|البداية|وقت البداية|من|يبدأ|الموعد"
)
_DATE = "day|appointment date|start date|booking date|visit date|التاريخ|اليوم|تاريخ الموعد|تاريخ البداية"
_TIME = "hour|at|start hour|time of day|الوقت|الساعة|وقت الموعد"
_END = "end time|ends|end at|finish|until|to|end datetime|finish time|end date|النهاية|وقت النهاية|الى|ينتهي"
_MINUTES = "duration|length|minutes|mins|duration min|duration minutes|المدة|المدة بالدقائق|مدة الموعد|الدقائق"
_ACTION = "service|appointment type|type|treatment|title|subject|summary|event|what|procedure|reason|categories"
_ACTION += "|الإجراء|الخدمة|نوع الموعد|النوع|العلاج|الموضوع|الغرض"
_STAFF = (
    "staff member|staff members|provider|employee|employees|assigned to|assigned|with|doctor|therapist|stylist|host"
)
_STAFF += "|team member|practitioner|الموظفون|الموظف|الطبيب|المعالج|مقدم الخدمة|المسؤول|مع"
_STATUS = "state|appointment status|booking status|الحالة|حالة الموعد"
_SHARED = "shared|share|visible to client|مشارك مع العميل|المشاركة|مشارك"
_CONFIRMED = "confirmed|confirmation|confirmed on|تاريخ التأكيد|مؤكد|التأكيد"
_CREATED = "created at|booked at|booked on|created on|date created|تاريخ الإنشاء|تاريخ الحجز|أنشئ"
_TAGS = "tag|labels|label|groups|group|category|الوسوم|وسوم|الفئة|المجموعة|التصنيف"
_BIRTH = "date of birth|birthdate|birthday|dob|born|born on|client birth date|patient birth date"
_BIRTH += "|تاريخ الميلاد|تاريخ ميلاد العميل|الميلاد|عيد الميلاد"
_OUTCOME = "result|no show|noshow|attendance|النتيجة|الحضور"
_ZONE = "timezone|time zone name|tz|المنطقة الزمنية"

CLIENT_FIELDS = (
    _field("name", N_("Name"), _NAME),
    _field("first_name", N_("First name"), _FIRST),
    _field("last_name", N_("Last name"), _LAST),
    _field("business_name", N_("Business name"), _BUSINESS),
    _field("email", N_("E-mail"), _EMAIL),
    _field("phone", N_("Phone"), _PHONE),
    _field("address", N_("Address"), _ADDRESS, several=True),
    _field("notes", N_("Notes"), _NOTES, several=True),
    _field("tags", N_("Tags"), _TAGS, several=True),
    _field("birth_date", N_("Birth date"), _BIRTH),
    _field("language", N_("Language"), "preferred language|locale|lang|اللغة"),
    _field("time_zone", N_("Time zone"), _ZONE),
)
APPOINTMENT_FIELDS = (
    _field("start", N_("Date and time"), _START),
    _field("date", N_("Date"), _DATE),
    _field("time", N_("Time"), _TIME),
    _field("end", N_("End"), _END),
    _field("minutes", N_("Duration (minutes)"), _MINUTES),
    _field("client", N_("Client"), _NAME + "|name|attendee|attendee name"),
    _field("first_name", N_("First name"), _FIRST),
    _field("last_name", N_("Last name"), _LAST),
    _field("business_name", N_("Business name"), _BUSINESS),
    _field("phone", N_("Phone"), _PHONE),
    _field("email", N_("E-mail"), _EMAIL + "|attendee email"),
    _field("action", N_("Action"), _ACTION),
    _field("staff", N_("Staff"), _STAFF),
    _field("status", N_("Status"), _STATUS),
    _field("outcome", N_("Outcome"), _OUTCOME),
    _field("shared", N_("Shared with client"), _SHARED),
    _field("confirmed", N_("Confirmed at"), _CONFIRMED),
    _field("notes", N_("Notes"), _NOTES + "|location|المكان", several=True),
    _field("created", N_("Created"), _CREATED),
    _field("birth_date", N_("Birth date"), _BIRTH),
    _field("time_zone", N_("Time zone"), _ZONE),
)
FIELDS = {Kind.CLIENTS: CLIENT_FIELDS, Kind.APPOINTMENTS: APPOINTMENT_FIELDS}


def missing(kind: Kind, mapped: set[str]) -> str:
    """Return what must still be found before a file of ``kind`` can be read, '' when nothing is."""
    has_name = bool({"name", "client", "first_name", "last_name"} & mapped)
    if kind is Kind.CLIENTS:
        return "" if has_name or "business_name" in mapped else N_("Choose the column that holds the client's name.")
    if not has_name and not {"email", "phone"} & mapped:
        return N_("Choose the column that says who the client is: name, e-mail or phone.")
    if "start" in mapped or {"date", "time"} <= mapped:
        return ""
    if "date" in mapped:
        return N_("Choose the column that holds the time.")
    return N_("Choose the column that holds the date.")
