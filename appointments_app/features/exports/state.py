"""The export dialog: what was chosen in it, kept until the browser is closed."""

import reflex as rx

from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Invalid
from appointments_app.features.exports.schemas import FIELD_TITLES, FILE_TYPES, ORDERS
from appointments_app.features.session.gate import requires

ALL_FIELDS = ",".join(FIELD_TITLES)


class ExportDialog(rx.State):
    """What the dialog shows."""

    fields: str = rx.SessionStorage(ALL_FIELDS, name="export-fields")
    order: str = rx.SessionStorage("asc", name="export-order")
    file_type: str = rx.SessionStorage("xlsx", name="export-type")

    @rx.event
    @requires(Permission.EXPORT)
    async def begin(self, is_open: bool):
        """The dialog opens: forget choices that are not on offer; the browser may hold those of another version."""
        if is_open:
            self.fields = ",".join(field for field in FIELD_TITLES if field in self.fields.split(","))
            self.order = self.order if self.order in ORDERS else ORDERS[0]
            self.file_type = self.file_type if self.file_type in FILE_TYPES else next(iter(FILE_TYPES))

    @rx.event
    @requires(Permission.EXPORT)
    async def choose_field(self, name: str, is_chosen: bool):
        """Put a field in or leave it out; columns keep their order."""
        others = set(self.fields.split(",")) - {str(name)}
        chosen = others | {str(name)} if is_chosen else others
        self.fields = ",".join(field for field in FIELD_TITLES if field in chosen)

    @rx.event
    @requires(Permission.EXPORT)
    async def choose_all(self, is_chosen: bool):
        """Put every field in, or none."""
        self.fields = ALL_FIELDS if is_chosen else ""

    @rx.event
    @requires(Permission.EXPORT)
    async def choose_order(self, order: str):
        """Earliest or latest appointment first."""
        if str(order) not in ORDERS:
            raise Invalid()
        self.order = str(order)

    @rx.event
    @requires(Permission.EXPORT)
    async def choose_file_type(self, file_type: str):
        """Choose the kind of file."""
        if str(file_type) not in FILE_TYPES:
            raise Invalid()
        self.file_type = str(file_type)
