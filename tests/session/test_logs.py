"""The log: one JSON object per line, with the request's id and nothing about persons."""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from appointments_app.db.engine import engine_for
from appointments_app.db.unit_of_work import UnitOfWork
from appointments_app.domain.errors import Unavailable
from appointments_app.logs import JsonLines, begin_request, without_secrets

EVENT = "Event(name='x.save', router_data={'headers': {'cookie': 'lang=en; sid=abc'}}, payload={'name': 'Mona'})"


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        (f"Error processing event queue entry for {EVENT} [txid=1]:", "Mona"),
        (f"Error processing event queue entry for {EVENT} [txid=1]:", "abc"),
        ("cookie: lang=en; sid=abc", "abc"),
        ("headers {'authorization': 'Bearer xyz'}", "xyz"),
        ("GET /setup?token=tOkEn HTTP/1.1", "tOkEn"),
        ("{'password': 'pass word'}", "pass word"),
        ("[SQL: INSERT]\n[parameters: ('Mona', 'x')]\n(Background on this error at: …)", "Mona"),
        ("UniqueViolation\nDETAIL:  Key (email)=(mona) already exists.", "mona"),
        ("to mona.adel@example.co.uk failed", "mona"),
        ("$argon2id$v=19$m=65536,t=3,p=4$abc$def", "abc"),
    ],
)
def test_nothing_personal_and_no_secret_is_left(text: str, secret: str):
    assert secret in text and secret not in without_secrets(text)


def _line(**record: object) -> dict[str, object]:
    return json.loads(JsonLines().format(logging.makeLogRecord({"name": "x", "levelname": "ERROR", **record})))


def test_a_line_is_json_with_the_requests_id():
    request = begin_request()
    line = _line(msg="saved %s\nrows", args=(7,), fields={"ms": 3})
    assert line["message"] == "saved 7\nrows" and line["request"] == request and line["ms"] == 3
    assert line["level"] == "error" and str(line["at"]).endswith("+00:00")


def test_an_error_comes_with_its_traceback_without_values():
    try:
        raise ValueError("no such person: mona@example.com")
    except ValueError:
        line = _line(msg="a handler failed", exc_info=sys.exc_info())
    assert "ValueError" in str(line["error"]) and "mona" not in str(line["error"])


@pytest.mark.parametrize(("given", "kept"), [("abc-12345", True), ("a b", False), ("", False), ("x" * 65, False)])
def test_a_proxys_id_is_kept_when_it_looks_like_one(given: str, kept: bool):
    assert (begin_request(given) == given) is kept


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("sqlite:///{folder}/empty.db", "OperationalError (SQLITE_ERROR): no such table: nowhere"),
        ("postgresql://ada:hush@127.0.0.1:1/nowhere", "Connection refused"),
    ],
)
def test_why_the_database_does_not_answer_is_logged_without_what_was_asked(
    url: str, reason: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
):
    with pytest.raises(Unavailable), UnitOfWork(engine_for(url.format(folder=tmp_path))).read() as tx:
        tx.execute(text("SELECT * FROM nowhere WHERE name = :name"), {"name": "Mona"})
    (record,) = caplog.records
    assert record.levelname == "WARNING" and reason in record.message
    assert "Mona" not in record.message and "hush" not in record.message and "SELECT" not in record.message
