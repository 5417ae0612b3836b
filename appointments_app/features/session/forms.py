"""What forms share: the errors at their fields, and the pages with one record of settings."""

from dataclasses import replace
from typing import Any

import reflex as rx

from appointments_app.db.queries.history import ChangeRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Conflict, Invalid
from appointments_app.features.session.gate import requires
from appointments_app.features.session.state import say, tr


def errors_of(refusal: Invalid, blank: dict[str, str]) -> dict[str, str]:
    """Return what a refusal says at each field, in the language of the person; ``blank`` is what there is else."""
    return {**blank, **{field: tr(text) for field, text in refusal.fields.items()}}


def to_first_wrong(refusal: Invalid, *, usual: str = "") -> Any:
    """Return the event that puts the cursor into the first field that is wrong; ``usual`` when it is none of them."""
    return rx.set_focus(f"field-{next(iter(refusal.fields), usual)}")


async def is_too_early(state: rx.State, *, is_ready: bool) -> bool:
    """Return whether Save comes before the form was opened, as it does from a page that outlived a restart; say so.

    Such a form knows neither its record nor its version: stored, it would be a second record, or undo somebody's work.
    """
    if not is_ready:
        text = tr("The program was started anew a moment ago. Look at what you had typed, and save again.")
        await say(state, text, kind="error")
    return not is_ready


class VersionedForm(rx.State, mixin=True):
    """The ``form`` of one record, with its ``version``: what others saved meanwhile is shown, and never lost unseen."""

    changes: rx.Field[list[ChangeRow]] = rx.field(default_factory=list)
    is_conflict: bool = False
    _version: int = 0

    @rx.event
    @requires(Permission.SETTINGS)
    async def insist(self):
        """Save over what somebody else saved meanwhile; comes just before ``save``."""
        self._stand_on_theirs()

    def _stand_on(self, form: Any) -> None:
        """Show a form as it is stored; what is saved from now on is meant to change just that."""
        self.form, self._version = form, form.version
        self.changes, self.is_conflict = [], False

    def _stand_on_theirs(self) -> None:
        self._version, self.is_conflict = self.form.version, False

    def _tell_of(self, refusal: Conflict) -> None:
        """Show what somebody else changed."""
        self.changes, self.is_conflict = refusal.values["changes"], True
        self.form = replace(self.form, version=refusal.values["version"])


class SettingsForm(VersionedForm, rx.State, mixin=True):
    """A page with one record of settings. What is typed stays in the browser until it is saved.

    The page has the ``form``, with its ``version`` and ``last_change``, and the ``errors`` by field.
    """

    ready: bool = False
    form_key: str = ""

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show the settings as they are."""
        await self._load()

    @rx.event
    @requires(Permission.SETTINGS)
    async def save(self, values: dict):
        """Store the form."""
        if await is_too_early(self, is_ready=self.ready):
            return None
        self.errors = dict.fromkeys(self.errors, "")
        given = values if isinstance(values, dict) else {}
        try:
            await self._store(given)
        except Invalid as refusal:
            self.errors = errors_of(refusal, self.errors)
            return to_first_wrong(refusal, usual=next(iter(self.errors)))
        except Conflict as refusal:
            self._tell_of(refusal)
            return None
        await say(self, tr("The settings were saved."))
        await self._load()
        return None

    async def _load(self) -> None:
        self._stand_on(await self._open())
        self.form_key = f"{type(self).__name__}.{self.form.version}"
        self.errors, self.ready = dict.fromkeys(self.errors, ""), True

    async def _open(self) -> Any:
        """Return the form as it is stored."""
        raise NotImplementedError

    async def _store(self, values: dict[str, Any]) -> None:
        """Store what was typed; raises Invalid, Conflict."""
        raise NotImplementedError
