"""What reaches the log: one line an event, no secret, and no line that somebody else wrote."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from bot import logs
from bot.database import Database
from tests.test_failures import Seconds

LOGGERS = ("", "bot", *logs._QUIET)

Lines = Callable[[], list[str]]


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers = root.handlers[:]
    levels = {name: logging.getLogger(name).level for name in LOGGERS}
    yield
    root.handlers[:] = handlers
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


@pytest.fixture
def text() -> Lines:
    return configured("text")


@pytest.fixture
def as_json() -> Callable[[], list[dict[str, Any]]]:
    lines = configured("json")
    return lambda: [json.loads(line) for line in lines()]


def configured(style: str, level: str = "info") -> Lines:
    stream = io.StringIO()
    logs.configure(level=level, style=style, stream=stream)
    return lambda: stream.getvalue().splitlines()


log = logging.getLogger("bot.somewhere")

SECRETS = [
    ("token xoxb-12-34-abCD_e end", "token [secret] end"),
    ("xoxe.xoxb-1-Mi0yLTEyMw", "[secret]"),
    ("xoxp-1-2-3, xapp-1-A0-2-ff", "[secret], [secret]"),
    ("at postgresql://coach:hunter2@db/x", "at postgresql://[secret]@db/x"),
    ("at postgresql://coach:p@ss/wo:rd@db/x", "at postgresql://[secret]@db/x"),
    ("redis://:hunter2@cache", "redis://[secret]@cache"),
    ("host=db password=hunter2 user=coach", "host=db password=[secret] user=coach"),
    (
        "wss://wss.slack.com/link/?ticket=ab-12&app_id=A0",
        "wss://wss.slack.com/link/?ticket=[secret]&app_id=A0",
    ),
    ("to https://hooks.slack.com/actions/T0/12/abcDEF now", "to [secret] now"),
    ("http://127.0.0.1:3333/response/aB-9_z", "http://127.0.0.1:3333[secret]"),
]


@pytest.mark.parametrize(("said", "logged"), SECRETS)
def test_secrets_are_left_out_of_messages_and_facts_in_both_styles(
    said: str, logged: str, text: Lines
) -> None:
    log.warning("trouble: %s", said, extra={"detail": said, "nested": {"deep": [said]}})
    (line,) = text()
    assert f"trouble: {logged}" in line
    lines = configured("json")
    log.warning("trouble: %s", said, extra={"detail": said, "nested": {"deep": [said]}})
    (found,) = map(json.loads, lines())
    assert found["event"] == f"trouble: {logged}"
    assert found["detail"] == logged
    assert found["nested"] == {"deep": [logged]}


def test_what_is_no_secret_stays() -> None:
    for harmless in (
        "http://127.0.0.1:3333/api/ answered",
        "https://slack.com/api/chat.postMessage",
        "U0PRIYA in C0COACH at 1790000000.000100",
        "postgresql://db/basecoach",
    ):
        assert logs.redact(harmless) == harmless


def test_secrets_of_an_exception_are_left_out(text: Lines) -> None:
    try:
        raise ConnectionError("no answer from postgresql://coach:hunter2@db/x")
    except ConnectionError:
        log.exception("the database is away")
    assert "hunter2" not in "\n".join(text())
    assert text()[-1] == "  | ConnectionError: no answer from postgresql://[secret]@db/x"


def test_a_line_of_text(text: Lines) -> None:
    log.info(
        "posted", extra={"row": 7, "channel": "C0COACH", "late": False, "ts": None, "note": ""}
    )
    (line,) = text()
    moment, said = line[:19], line[19:]
    assert moment[4] == moment[7] == "-"
    assert said == " info    bot.somewhere: posted row=7 channel=C0COACH late=false"


def test_a_line_of_json(as_json: Callable[[], list[dict[str, Any]]]) -> None:
    log.info("posted", extra={"row": 7, "late": False, "ratio": float("nan"), "who": {"U1"}})
    (line,) = as_json()
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "logger": "bot.somewhere",
        "event": "posted",
        "row": 7,
        "late": False,
        "ratio": "nan",
        "who": ["U1"],
    }


def test_a_fact_never_takes_the_place_of_what_happened(
    as_json: Callable[[], list[dict[str, Any]]],
) -> None:
    log.warning("nobody listens", extra={"event": "team_join", "level": "info", "at": "noon"})
    (line,) = as_json()
    assert (line["event"], line["level"]) == ("nobody listens", "warning")
    assert (line["event_"], line["level_"], line["at_"]) == ("team_join", "info", "noon")


INJECTED = "Acme\n2026-11-23 09:00:00 error   bot.app: forged\r\n\x1b[2J\u2028\u202e\x85end"


def test_nobody_writes_a_line_of_their_own_into_text(text: Lines) -> None:
    log.info("said %s", INJECTED, extra={"company": INJECTED, "list": [INJECTED]})
    (line,) = text()
    assert line.isprintable()
    assert (
        r"Acme\n2026-11-23 09:00:00 error   bot.app: forged\r\n\x1b[2J\u2028\u202e\x85end" in line
    )


def test_nobody_writes_a_line_of_their_own_into_json(
    as_json: Callable[[], list[dict[str, Any]]],
) -> None:
    log.info("said %s", INJECTED, extra={"company": INJECTED})
    (line,) = as_json()
    assert line["event"] == f"said {INJECTED}"
    assert line["company"] == INJECTED


def test_nobody_adds_facts_to_a_line_of_text(text: Lines) -> None:
    log.info("logged", extra={"company": 'Acme level=error "who"', "user": "U1"})
    (line,) = text()
    assert line.endswith(r'logged company="Acme level=error \"who\"" user=U1')


def test_lines_of_a_traceback_can_be_told_from_lines_of_the_log(text: Lines) -> None:
    try:
        raise ValueError("bad\n2026-11-23 09:00:00 error   bot.app: forged")
    except ValueError:
        log.exception("a listener failed")
    first, *others = text()
    assert first.endswith("a listener failed error=ValueError")
    assert others
    assert all(line.startswith("  | ") for line in others)


@pytest.mark.parametrize("style", ["text", "json"])
def test_a_statement_that_failed_is_logged_without_the_values_that_people_gave(
    style: str, database: Database
) -> None:
    lines = configured(style)

    def fail(session: Session) -> None:
        session.connection().execute(
            sa.text("INSERT INTO workspace (id, slack_team_id, name) VALUES (1, :team, :name)"),
            {"team": "T1", "name": "Hush\nhush"},
        )

    try:
        database.write_now(fail)
    except sa.exc.IntegrityError:
        log.exception("a listener failed")
    said = "\n".join(lines())
    assert "IntegrityError" in said
    assert "INSERT INTO workspace" in said
    assert "Hush" not in said
    assert "hush" not in said


@pytest.mark.parametrize("level", ["debug", "info", "error"])
def test_the_sdk_never_tells_what_it_sends_and_gets(level: str) -> None:
    lines = configured("text", level)
    for name in ("slack_sdk.web.async_client", "slack_bolt.AsyncApp", "aiohttp.access"):
        logging.getLogger(name).debug("body: a secret text")
        logging.getLogger(name).info("body: a secret text")
    assert lines() == []


def test_the_level_is_the_bots(text: Lines) -> None:
    log.debug("not told")
    assert text() == []
    lines = configured("text", "debug")
    log.debug("told")
    assert len(lines()) == 1


# Lines that repeat


def test_a_storm_is_two_lines_and_one_traceback() -> None:
    stream = io.StringIO()
    seconds = Seconds()
    logs.configure(level="info", style="text", stream=stream, monotonic=seconds)
    for number in range(63):
        try:
            raise OperationalError("INSERT", None, sqlite3.OperationalError("disk is full"))
        except OperationalError:
            facts = {"cause": "disk_full", "reference": f"{number:08}", "row": number}
            log.exception("a listener failed", extra=facts)
        log.info("not a warning")
    seconds.now += 60
    log.warning("something else")
    found = [line for line in stream.getvalue().splitlines() if "info " not in line]
    lines = [line for line in found if not line.startswith("  |")]
    assert [line.partition("bot.somewhere: ")[2].partition(" cause")[0] for line in lines] == [
        "a listener failed",
        "a listener failed … 62 more of these in the last minute",
        "something else",
    ]
    assert all('error="OperationalError: disk is full"' in line for line in lines[:2])
    assert sum(line.startswith("  | Traceback") for line in found) == 1
    assert stream.getvalue().count("not a warning") == 63


def test_lines_about_different_things_are_all_written(
    as_json: Callable[[], list[dict[str, Any]]],
) -> None:
    for row in (1, 2, 2):
        log.warning("a row could not be handled", extra={"row": row, "cause": "bug"})
    logging.getLogger().handlers[0].close()  # the process ends
    assert [(line["row"], line.get("more")) for line in as_json()] == [(1, None), (2, None), (2, 1)]


def test_an_error_s_text_that_may_quote_a_person_is_not_a_fact(
    as_json: Callable[[], list[dict[str, Any]]],
) -> None:
    try:
        raise ExceptionGroup("batches failed", [ValueError("what Priya wrote")])
    except ExceptionGroup:
        log.exception("a beat failed")
    (line,) = as_json()
    assert line["error"] == "ValueError"
