"""Stopping a long bulk action: it works through any process, also when the one that did the work has died."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from appointments_app.domain.errors import Cancelled
from appointments_app.features.appointments import service
from appointments_app.features.appointments.state.bulk import BulkActions
from appointments_app.features.session import long_work
from tests.appointments.test_list import tab
from tests.session.stage import Tab

__all__ = ["tab"]


def _endless(_uow: object, *, progress: Callable[[int, int], bool], **_values: Any) -> None:
    while progress(1, 2):
        time.sleep(0.01)
    raise Cancelled()


async def test_r27_stop_is_kept_with_the_tab_and_ends_the_work(tab: Tab, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(service, "bulk_action", lambda _verb: (_endless, {}))
    await tab.shout(f"{BulkActions.get_full_name()}.run_long", verb="done")
    assert "Stopped. Nothing was changed." in await tab.send(BulkActions.stop)
    assert not (await tab.state(BulkActions)).running


async def test_an_action_whose_process_has_died_is_over_when_somebody_presses_stop(tab: Tab):
    state = await tab.state(BulkActions)
    state.running, state._seen_at = True, time.time()
    await tab.send(BulkActions.stop)
    assert (await tab.state(BulkActions)).running
    state._seen_at -= long_work.SILENCE + 1
    await tab.send(BulkActions.stop)
    assert not (await tab.state(BulkActions)).running
