"""What lists with tabs share: how many there are, and the address that decides what is shown."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from appointments_app import routes
from appointments_app.domain.listing import COUNT_CAP, address
from appointments_app.features.session.gate import perform

_NONE: dict[str, int] = {}
_PLACES = frozenset({"after", "before"})


class Listed(rx.State, mixin=True):
    """A list whose address holds tab, filters, order and place. Who uses it has the ``rows`` and its own ``counts``."""

    ready: bool = False
    tab: str = ""
    size: int = 50
    counts: dict[str, int] = _NONE
    counted: bool = False
    total: int = 0
    total_is_exact: bool = False
    previous_link: str = ""
    next_link: str = ""

    def _wanted(self) -> Any:
        """Return the filter that the address asks for."""
        raise NotImplementedError

    async def _count(self, capped: Any, exact: Any) -> None:
        """Show how many there are: each tab up to "1000+", then the open one exactly. Runs outside ``async with``."""
        async with self:
            wanted = self._wanted()
        counts = await perform(capped, wanted=wanted)
        is_few = counts[wanted.tab] <= COUNT_CAP
        async with self:
            if self._wanted() != wanted:
                return
            self.counts, self.counted = counts, True
            if is_few or not self.total_is_exact:
                self._total_from_counts()
        if is_few:
            return
        total = await perform(exact, wanted=wanted)
        async with self:
            if self._wanted() == wanted:
                self.total, self.total_is_exact = total, True

    def _keep_counts(self, *, same_filters: bool, same_tab: bool) -> None:
        """Keep the numbers until there are newer ones, unless they were of other filters."""
        self.counted = self.counted and same_filters
        if not (same_filters and same_tab):
            self._total_from_counts()

    def _total_from_counts(self) -> None:
        self.total = self.counts[self.tab]
        self.total_is_exact = self.counted and self.total <= COUNT_CAP

    def _go(self, changes: Mapping[str, str], *, replace: bool = False) -> Any:
        """Go to this page with some parameters changed, from its first page on."""
        query = {**self.router.url.query_parameters, **changes}
        kept = {name: value for name, value in query.items() if value and name not in _PLACES}
        return rx.redirect(address(routes.path_of(self.router.url.path), kept), replace=replace)

    def _stay(self, *without: str) -> dict[str, str]:
        """Return the parameters of the address but for the place, and those that are named."""
        query = self.router.url.query_parameters
        return {name: value for name, value in query.items() if name not in _PLACES and name not in without}

    def _link_pages(self, previous: str, following: str) -> None:
        """Work out the addresses of the neighbouring pages."""
        path, stay = routes.path_of(self.router.url.path), self._stay()
        self.previous_link = address(path, stay, {"before": previous}) if previous else ""
        self.next_link = address(path, stay, {"after": following}) if following else ""
