"""The cards of the account page."""

from appointments_app.features.account.components.details import details, look, password
from appointments_app.features.account.components.security import browsers, code_field, offered, second_step

__all__ = ["browsers", "code_field", "details", "look", "offered", "password", "second_step"]
