"""What makes a surface wanted anew, and what becomes of its row in each state that it can be in."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from bot.database import Database
from bot.domain.outbox import outbox
from bot.domain.outbox.outbox import ALERT, HOME, New
from tests.conftest import FRIDAY
from tests.domain.outbox.outbox_rows import STANDS, WAITS, OutboxRows
from tests.domain.outbox.posted import moment

NOW = moment(100)
BY_PRESS = NOW + timedelta(seconds=3)

STATES: dict[str, tuple[dict[str, Any], dict[str, Any], dict[str, Any]]] = {
    "it stands": (
        STANDS,
        {"due_at": NOW},
        {"due_at": BY_PRESS, "unknown_since": NOW, "redraws_in_flight": 1},
    ),
    "it stands, and an earlier redraw may still arrive": (
        {**STANDS, "due_at": moment(150), "unknown_since": moment(60), "redraws_in_flight": 2},
        {"due_at": NOW},
        {"due_at": BY_PRESS, "unknown_since": NOW, "redraws_in_flight": 3},
    ),
    "it stands, and a sender has it in hand": (
        {**STANDS, "due_at": moment(180), "claimed_by": "s", "desired_version": 5},
        {},
        {"unknown_since": NOW, "redraws_in_flight": 1},
    ),
    "it waits to be posted": (WAITS, {"due_at": NOW}, {"due_at": BY_PRESS}),
    "it is being posted": ({**WAITS, "due_at": moment(180), "claimed_by": "s"}, {}, {}),
    "whether it was posted is not known": (
        {**WAITS, "due_at": moment(130), "unknown_since": moment(70), "lookbacks": 1},
        {},
        {},
    ),
    "it was given up": (
        {**STANDS, "failed_reason": "invalid_blocks", "attempts": 10},
        {"due_at": NOW, "failed_reason": None, "attempts": 0},
        {
            "due_at": BY_PRESS,
            "failed_reason": None,
            "attempts": 0,
            "unknown_since": NOW,
            "redraws_in_flight": 1,
        },
    ),
    "it was given up before it was known whether it was posted": (
        {**WAITS, "due_at": None, "unknown_since": FRIDAY, "failed_reason": "x", "attempts": 3},
        {"due_at": NOW, "failed_reason": None, "attempts": 0},
        {"due_at": BY_PRESS, "failed_reason": None, "attempts": 0},
    ),
    "it failed a few times": (
        {**STANDS, "due_at": moment(500), "attempts": 3},
        {"due_at": NOW},
        {"due_at": BY_PRESS, "unknown_since": NOW, "redraws_in_flight": 1},
    ),
}
"""A row; what changes when it is wanted anew; and what changes where a press is about to redraw it."""


@pytest.fixture
def rows(database: Database) -> OutboxRows:
    return OutboxRows(database)


def signals(rows: OutboxRows) -> list[str]:
    told: list[str] = []
    rows.database.subscribe(outbox.SIGNAL, lambda: told.append("told"))
    return told


def test_a_surface_keeps_the_name_and_the_lane_under_which_it_is_stored() -> None:
    """Rows that an earlier version has written are found under them."""
    assert [
        outbox.CHECK_IN,
        outbox.REMINDER,
        outbox.ALERT,
        outbox.HOME,
        outbox.WELCOME,
        outbox.PLAN,
        outbox.PLAN_REPLY,
    ] == ["check_in", "reminder", "alert", "home", "welcome", "plan", "plan_reply"]
    assert [lane.value for lane in outbox.Lane] == ["post", "update", "publish"]


@pytest.mark.parametrize(("surface", "lane"), [(ALERT, "post"), (HOME, "publish")])
@pytest.mark.parametrize("not_before", [None, BY_PRESS])
def test_what_is_wanted_for_the_first_time_is_due(
    rows: OutboxRows, surface: str, lane: str, not_before: datetime | None
) -> None:
    told = signals(rows)
    named = {"workspace_id": rows.workspace_id, "surface": surface, "subject_id": 3}
    rows.database.write_now(outbox.mark_stale, **named, now=NOW, not_before=not_before)
    (row,) = rows.rows()
    assert row.pop("token")
    assert row == {
        **named,
        "id": row["id"],
        "lane": lane,
        "desired_version": 1,
        "rendered_version": 0,
        "due_at": not_before or NOW,
        "claimed_by": None,
        "unknown_since": None,
        "lookbacks": 0,
        "redraws_in_flight": 0,
        "channel": None,
        "ts": None,
        "duplicate_check_at": None,
        "attempts": 0,
        "failed_reason": None,
        "refused_because": None,
        "created_at": NOW,
        "posted_at": None,
    }
    assert told == ["told"]


def test_many_that_are_new_have_a_moment_and_a_token_each(rows: OutboxRows) -> None:
    told = signals(rows)
    new = [New(rows.workspace_id, ALERT, n, moment(n)) for n in range(1, 4)]
    rows.database.write_now(outbox.add_all, new, now=NOW)
    found = rows.rows()
    assert [(row["subject_id"], row["due_at"]) for row in found] == [
        (n, moment(n)) for n in range(1, 4)
    ]
    assert {row["created_at"] for row in found} == {NOW}
    tokens = {row["token"] for row in found}
    assert len(tokens) == 3
    assert {len(token) for token in tokens} == {32}
    assert told == ["told"]


def test_nothing_new_is_no_work(rows: OutboxRows) -> None:
    told = signals(rows)
    rows.database.write_now(outbox.add_all, [], now=NOW)
    assert (rows.rows(), told) == ([], [])


@pytest.mark.parametrize("by_press", [False, True])
@pytest.mark.parametrize("way", ["mark_stale", "mark_stale_if_known", "mark_many_stale"])
def test_what_is_wanted_anew(rows: OutboxRows, by_press: bool, way: str) -> None:
    """All three ways have the same effect on the same row, whatever state it is in."""
    ids = {state: rows.add(n, **before) for n, (state, (before, _, _)) in enumerate(STATES.items())}
    others = [
        rows.add(99, **STANDS),
        rows.add(0, **STANDS, surface=HOME),
        rows.add(0, **STANDS, workspace_id=rows.elsewhere),
    ]
    was = {state: rows.row(id) for state, id in ids.items()}
    others_were, told = [rows.row(other) for other in others], signals(rows)

    def change(session: Session) -> None:
        subjects = list(range(len(STATES)))
        each = [{"subject_id": n} for n in subjects]
        for subject in [{"subject_ids": subjects}] if way == "mark_many_stale" else each:
            getattr(outbox, way)(
                session,
                workspace_id=rows.workspace_id,
                surface=ALERT,
                now=NOW,
                not_before=BY_PRESS if by_press else None,
                **subject,
            )

    rows.database.write_now(change)
    for state, (_, by_itself, pressed) in STATES.items():
        changes = {
            "desired_version": was[state]["desired_version"] + 1,
            **(pressed if by_press else by_itself),
        }
        assert rows.changed(ids[state], was[state]) == changes, state
    assert [rows.row(other) for other in others] == others_were
    assert told == ["told"]


def test_a_press_leaves_the_redraw_to_its_response_url_for_three_seconds() -> None:
    assert timedelta(seconds=3) == outbox.RESPONSE_FIRST


def test_what_was_never_wanted_is_not_wanted_anew(rows: OutboxRows) -> None:
    told = signals(rows)
    named = {"workspace_id": rows.workspace_id, "surface": ALERT}
    rows.database.write_now(outbox.mark_stale_if_known, **named, subject_id=3, now=NOW)
    assert (rows.rows(), told) == ([], [])


def test_of_many_those_count_that_were_wanted_before(rows: OutboxRows) -> None:
    ids = [rows.add(n, **STANDS) for n in (1, 2, 3)]
    named = {"workspace_id": rows.workspace_id, "surface": ALERT}
    marked = rows.database.write_now(
        outbox.mark_many_stale, **named, subject_ids=[2, 3, 4], now=NOW
    )
    assert marked == 2
    assert [rows.row(id)["desired_version"] for id in ids] == [4, 5, 5]


def test_only_what_stands_in_slack_can_be_redrawn(rows: OutboxRows) -> None:
    here, there = rows.workspace_id, rows.elsewhere
    rows.add(1, **STANDS)
    rows.add(2, **WAITS)
    rows.add(3, **{**STANDS, "desired_version": 9})
    rows.add(4, **STANDS)
    rows.add(5, **STANDS, surface=HOME)
    rows.add(1, **STANDS, workspace_id=there)
    rows.add(5, **{**STANDS, "desired_version": 7}, workspace_id=there)
    subjects = [(here, 1), (here, 2), (here, 3), (here, 5), (there, 5)]
    wanted = rows.database.read_now(outbox.versions, surface=ALERT, subjects=subjects)
    assert wanted == {(here, 1): 4, (here, 3): 9, (there, 5): 7}


def test_a_channel_that_takes_messages_again_gets_those_that_wait_at_once(
    rows: OutboxRows,
) -> None:
    told = signals(rows)
    later = {**WAITS, "due_at": moment(900)}
    ids = [
        rows.add(1, **later),
        rows.add(2, **{**later, "claimed_by": "s"}),
        rows.add(3, **STANDS),
        rows.add(4, **{**WAITS, "due_at": moment(50)}),
        rows.add(5, **later),
        rows.add(1, **later, surface=HOME),
    ]
    subjects = [1, 2, 3, 4]
    rows.database.write_now(outbox.make_due_now, surface=ALERT, subject_ids=subjects, now=NOW)
    assert [rows.row(id)["due_at"] for id in ids] == [
        NOW,
        moment(900),
        None,
        moment(50),
        moment(900),
        moment(900),
    ]
    assert told == ["told"]


def test_a_channel_that_has_nothing_to_get_wakes_nobody(rows: OutboxRows) -> None:
    told = signals(rows)
    rows.add(1, **STANDS)
    rows.database.write_now(outbox.make_due_now, surface=ALERT, subject_ids=[1], now=NOW)
    assert told == []


def test_undelivered_is_what_was_given_up_and_what_fails_again_and_again(
    rows: OutboxRows,
) -> None:
    ids = [
        rows.add(1, **STANDS, failed_reason="invalid_blocks"),
        rows.add(2, **WAITS, attempts=4),
        rows.add(3, **WAITS, attempts=3),
        rows.add(4, **STANDS),
        rows.add(5, **STANDS, failed_reason="x", workspace_id=rows.elsewhere),
        rows.add(6, **WAITS, failed_reason="is_archived"),
    ]
    found = rows.database.read_now(outbox.undelivered, rows.workspace_id)
    assert [item.id for item in found] == [ids[0], ids[1], ids[5]]
