"""Imports: the page where files come in, and the page of one of them."""

import asyncio
from dataclasses import dataclass, field
from functools import partial

import reflex as rx

from appointments_app import routes
from appointments_app.db.queries.imports import RunRow
from appointments_app.domain.access import Permission
from appointments_app.domain.errors import Cancelled, Invalid, NotFound
from appointments_app.domain.importing import Kind, Outcome
from appointments_app.domain.listing import address
from appointments_app.features.imports import service
from appointments_app.features.imports.service import ColumnView, RunView
from appointments_app.features.session.gate import perform, perform_apart, requires
from appointments_app.features.session.long_work import LongWork
from appointments_app.features.session.state import say, tr, trn

WORK = {"check": service.check, "import": service.carry_out, "undo": service.undo}
COUNTED = {"create": "created", "update": "updated", "skip": "skipped", "refuse": "refused"}


class ImportsPage(rx.State):
    """Where files come in: what the next one holds, and what became of earlier ones."""

    ready: bool = False
    kind: str = Kind.CLIENTS.value
    runs: rx.Field[list[RunRow]] = rx.field(default_factory=list)

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show the imports; the address says what the next file holds."""
        asked = self.router.url.query_parameters.get("kind", "")
        self.kind = asked if asked in Kind._value2member_map_ else Kind.CLIENTS.value
        self.runs, self.ready = await perform(service.list_runs), True

    @rx.event
    @requires(Permission.SETTINGS)
    async def uploaded(self, run_id: int):
        """A file has come in: go to its page."""
        return rx.redirect(routes.import_run(run_id))


@dataclass
class CellView:
    """One cell of a row, and what is wrong with it."""

    text: str
    why: str = ""


@dataclass
class RowView:
    """One row of the file; ``why`` is about the row as a whole."""

    number: int
    why: str = ""
    cells: list[CellView] = field(default_factory=list)


class ImportPage(LongWork, rx.State):
    """One file: its columns and options, what its rows would become, the import, what came of it."""

    ready: bool = False
    missing: bool = False
    view: RunView = RunView()
    error: str = ""
    order_error: str = ""
    minutes_error: str = ""
    begins_error: str = ""
    outcome: str = ""
    page: int = 0
    pages: int = 1
    tabs: dict[str, str] = {}
    previous: str = ""
    following: str = ""
    refused_link: str = ""
    shown: rx.Field[list[ColumnView]] = rx.field(default_factory=list)
    rows: rx.Field[list[RowView]] = rx.field(default_factory=list)
    doing: str = ""
    asking: bool = False

    @rx.event
    @requires(Permission.SETTINGS)
    async def load(self):
        """Show the import that the address names."""
        wanted = int(routes.id_in(routes.path_of(self.router.url.path), routes.IMPORTS) or 0)
        if wanted != self.view.id:
            self.error = self.order_error = self.minutes_error = self.begins_error = ""
        self.missing, self.asking = False, False
        try:
            self._show(await perform(service.open_run, run_id=wanted))
        except NotFound:
            self.missing, self.ready = True, True
            return
        self.running = self._is_alive()
        await self._show_rows()
        self.ready = True

    @rx.event
    @requires(Permission.SETTINGS)
    async def take_column(self, place: int, key: str):
        """Take a column for something else."""
        self.error = ""
        self._show(await perform(service.choose_field, run_id=self.view.id, place=place, field=str(key)))

    @rx.event
    @requires(Permission.SETTINGS)
    async def choose(self, name: str, value: str):
        """Change an option that has several values."""
        await self._choose(str(name), str(value))

    @rx.event
    @requires(Permission.SETTINGS)
    async def tick(self, name: str, is_on: bool):
        """Change an option that is on or off."""
        await self._choose(str(name), bool(is_on))

    @rx.event(background=True)
    @requires(Permission.SETTINGS)
    async def check(self):
        """Find out what the import would do."""
        await self._work("check")
        return ImportPage.load

    @rx.event(background=True)
    @requires(Permission.SETTINGS)
    async def carry_out(self):
        """Import; Stop takes everything back."""
        await self._work("import")
        return ImportPage.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def stop(self):
        """Stop what is being done; nothing will have changed."""
        self._halt()

    @rx.event
    @requires(Permission.SETTINGS)
    async def ask(self, is_open: bool):
        """Open or close the question before an import is undone."""
        self.asking = bool(is_open)

    @rx.event(background=True)
    @requires(Permission.SETTINGS)
    async def undo(self):
        """Take the import back."""
        async with self:
            self.asking = False
        await self._work("undo")
        return ImportPage.load

    @rx.event
    @requires(Permission.SETTINGS)
    async def forget(self):
        """Remove the file without importing it."""
        await perform(service.forget, run_id=self.view.id)
        return rx.redirect(address(routes.IMPORTS, {"kind": self.view.kind}))

    async def _choose(self, name: str, value: object) -> None:
        self.error = self.order_error = self.minutes_error = self.begins_error = ""
        try:
            self._show(await perform(service.choose_option, run_id=self.view.id, name=name, value=value))
        except Invalid as refusal:
            self.minutes_error = tr(refusal.fields.get("minutes", ""))
            self.begins_error = tr(refusal.fields.get("day_begins", ""))
            if not self.minutes_error and not self.begins_error:
                raise

    def _show(self, view: RunView) -> None:
        self.view, self.error = view, tr(view.lacking) if view.lacking else self.error
        if not view.checked and not view.finished_at:
            self.rows, self.outcome = [], ""

    async def _show_rows(self) -> None:
        """Show the page of rows that the address asks for, of the outcome it asks for or the first that has any."""
        if not self.view.checked and not self.view.finished_at:
            return
        query = self.router.url.query_parameters
        there = [one.value for one in (Outcome.REFUSE, *Outcome) if self.view.counts[COUNTED[one.value]]]
        self.outcome = query.get("show", "") if query.get("show") in COUNTED else next(iter(there), "create")
        written = query.get("page", "")
        self.page = int(written) if written.isascii() and written.isdigit() and len(written) < 7 else 0
        self.pages = max(1, -(-self.view.counts[COUNTED[self.outcome]] // service.PAGE))
        here = routes.import_run(self.view.id)
        self.refused_link = routes.refused_rows(self.view.id)
        self.tabs = {name: address(here, {"show": name}) for name in COUNTED}
        self.previous = self._at(here, self.page - 1) if self.page else ""
        self.following = self._at(here, self.page + 1) if self.page + 1 < self.pages else ""
        found = await perform(service.rows, run_id=self.view.id, outcome=self.outcome, page=self.page)
        wrong = {place for row in found for place in row.reasons}
        self.shown = [one for one in self.view.columns if one.field or one.place in wrong]
        self.rows = [self._row(row) for row in found]

    def _at(self, here: str, page: int) -> str:
        return address(here, {"show": self.outcome, **({"page": str(page)} if page else {})})

    def _row(self, row: service.ReportRow) -> RowView:
        reasons = {place: tr(why) for place, why in row.reasons.items()}
        cells = [
            CellView(
                service.shown(row.cells[one.place]) if one.place < len(row.cells) else "", reasons.get(one.place, "")
            )
            for one in self.shown
        ]
        return RowView(row.number, reasons.get(-1, ""), cells)

    async def _work(self, what: str) -> None:
        """Do the work in a thread, and show how far it is until it is done or stopped."""
        async with self:
            if not self._begins(0):
                return
            self.doing, self.error, self.order_error = what, "", ""
            run_id, size = self.view.id, self.view.size
        work = await self._carry_out(partial(perform_apart, WORK[what], size=size, run_id=run_id))
        async with self:
            await self._finish(what, work)

    async def _finish(self, what: str, work: asyncio.Task) -> None:
        try:
            result = work.result()
        except Cancelled as stopped:
            await say(self, tr(stopped.message), kind="info")
        except Invalid as refusal:
            self.order_error = tr(refusal.fields.get("order", ""))
            self.error = "" if self.order_error else tr(refusal.message)
        else:
            if what == "import":
                count = result.created + result.updated
                await say(self, trn("{n} row was imported.", "{n} rows were imported.", count))
            elif what == "undo":
                await self._say_undone(result)

    async def _say_undone(self, undone: service.Undone) -> None:
        await say(self, tr("The import was undone."))
        if undone.kept:
            kept = trn(
                "{n} record was changed since, and stays.", "{n} records were changed since, and stay.", undone.kept
            )
            await say(self, kept, kind="info")
