"""How far the change of one occurrence reaches: this one, it and those that follow, or all (R29)."""

import reflex as rx

from appointments_app import routes
from appointments_app.domain.access import Permission
from appointments_app.domain.series import LeftAlone, Range
from appointments_app.features.appointments import service
from appointments_app.features.appointments.state.list import AppointmentList, tell
from appointments_app.features.session.gate import perform, requires


class ReachQuestion(rx.State):
    """The question, before a changed form is saved or an occurrence is deleted."""

    is_open: bool = False
    is_delete: bool = False
    only_series: bool = False
    at_first: str = Range.THIS.value
    settled: int = 0
    by_hand: int = 0
    _left: dict[str, LeftAlone] = {}
    _appointment_id: int = 0

    @rx.event
    @requires(Permission.VIEW)
    async def show(self, is_open: bool):
        """Close the question; nothing was changed."""
        self.is_open = bool(is_open)

    @rx.event
    @requires(Permission.VIEW)
    async def choose(self, reach: str):
        """Choose how far, and show what that leaves alone."""
        left = self._left.get(service.read_reach(reach), LeftAlone())
        self.settled, self.by_hand = left.settled, left.by_hand

    @rx.event
    @requires(Permission.DELETE)
    async def ask_delete(self, appointment_id: int):
        """Ask before an occurrence is deleted."""
        left = await perform(service.ask_delete, appointment_id=appointment_id)
        if not left:  # its series has ended before it: there is nothing to choose
            return AppointmentList.mark(appointment_id, "delete")
        self._ask(left, only_series=False)
        self.is_delete, self._appointment_id = True, appointment_id
        return None

    @rx.event
    @requires(Permission.DELETE)
    async def delete(self, values: dict):
        """Delete as far as it was said; Undo brings everything back."""
        self.is_open = False
        result = await perform(service.delete_occurrence, appointment_id=self._appointment_id, **answer_in(values))
        await tell(self, "delete", result)
        if routes.id_in(self.router.url.path, routes.APPOINTMENTS):
            return rx.redirect(routes.APPOINTMENTS)
        return AppointmentList.load

    def _ask(self, left: dict[str, LeftAlone], *, only_series: bool) -> None:
        self._left, self.only_series, self.is_delete, self.is_open = left, only_series, False, True
        first = Range.FOLLOWING if only_series else Range.THIS
        alone = left.get(first, LeftAlone())
        self.at_first, self.settled, self.by_hand = first.value, alone.settled, alone.by_hand


def answer_in(values: object) -> dict[str, object]:
    """Return the answer that the question's form holds, as use-cases take it."""
    said = values if isinstance(values, dict) else {}
    ticked = {name: said.get(name) in ("on", True) for name in ("settled", "by_hand")}
    return {"reach": str(said.get("reach", "")), **ticked}
