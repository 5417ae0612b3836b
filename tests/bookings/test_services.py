"""Services as the settings keep them: what they refer to is there, and stays theirs."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from sqlalchemy import update

from appointments_app.db.models import Action
from appointments_app.domain.errors import Invalid
from appointments_app.features.services import service
from tests.bookings.conftest import Salon


def test_what_is_not_there_any_more_is_refused_at_its_field(salon: Salon):
    form = asdict(service.open_service(salon.uow, actor=salon.practice.ada, service_id=str(salon.cut)))
    for field, gone in (("action", "4711"), ("staff", ["4711"])):
        with pytest.raises(Invalid) as refusal:
            service.save(
                salon.uow, actor=salon.practice.ada, service_id=str(salon.cut), form=form | {field: gone}, version=1
            )
        assert set(refusal.value.fields) == {field}


def test_a_service_keeps_its_action_though_it_is_not_on_offer_any_more(salon: Salon):
    with salon.uow.begin() as tx:
        tx.execute(update(Action).values(active=False))
    opened = service.open_service(salon.uow, actor=salon.practice.ada, service_id=str(salon.cut))
    assert [one.id for one in opened.actions] == [opened.action] == [str(salon.practice.call)]
