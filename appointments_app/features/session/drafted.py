"""What long forms share whose every change the server keeps as a draft, under the form's token."""

import reflex as rx

from appointments_app.db.queries.history import ChangeRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict
from appointments_app.features.session.gate import requires


class DraftedForm(rx.State, mixin=True):
    """A form, new or known, with what somebody else changed meanwhile. Who uses it says what is kept, and saves it."""

    ready: bool = False
    is_missing: bool = False
    form_key: str = ""
    attempt: int = 0
    is_changed: bool = False
    is_conflict: bool = False
    changes: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    _token: str = ""
    _version: int = 0
    _their_version: int = 0
    _since: int = 0
    _saved: bool = False
    _replaced: int = 0

    @rx.event
    @requires(Permission.VIEW)
    async def leave(self, form_key: str):
        """Forget the form when its page is left, unless the next one is open already; the draft is kept."""
        if form_key and form_key == self.form_key:
            self.reset()

    @rx.event
    @requires(Permission.VIEW)
    async def insist(self):
        """Save over what somebody else saved meanwhile; comes just before ``save``."""
        self._version = self._their_version
        self._since = max((change.change_id for change in self.changes), default=self._since)

    def _draw_anew(self, token: str, *, has_news: bool) -> None:
        """Let the fields that the browser keeps itself begin anew, where another form or other values came.

        The first key of a form is the same after a restart of the program, so that what was typed while it was away
        stays on screen.
        """
        is_another = not self.form_key.startswith(f"{token}.")
        if is_another or has_news:
            self._replaced = 0 if is_another else self._replaced + 1
            self.form_key = f"{token}.{self._replaced}"

    def _tell_of(self, refusal: Conflict) -> None:
        """Show what somebody else changed."""
        self.changes, self._their_version = refusal.values["changes"], refusal.values["version"]
        self.is_conflict = True
