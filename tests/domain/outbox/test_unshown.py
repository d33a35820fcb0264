"""What becomes of a row that was not shown: it is put back, looked for, given up, or posted afresh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.database import Database
from bot.domain.outbox import sending
from bot.domain.outbox.outbox import Lane
from tests.domain.outbox.outbox_rows import WAITS
from tests.domain.outbox.posted import moment
from tests.domain.outbox.senders import BEHIND, LATER, NOW, Senders


@pytest.fixture
def rows(database: Database) -> Senders:
    return Senders(database)


PUT_BACK = {"due_at": LATER, "counts": True}


@pytest.mark.parametrize(("counts", "attempts"), [(True, 3), (False, 2)])
def test_what_was_certainly_not_posted_is_as_it_was_and_due_later(
    rows: Senders, counts: bool, attempts: int
) -> None:
    id = rows.add(1, **WAITS, attempts=2, unknown_since=moment(20), lookbacks=2)
    before = rows.row(id)
    claimed = rows.one()
    named = {"claimed": claimed, "sender": "s", "due_at": LATER}
    assert rows.do(sending.put_back, **named, counts=counts) == 1
    changes = {"due_at": LATER, "attempts": attempts}
    assert rows.row(id) == {**before, **changes}


def test_a_post_that_was_refused_is_in_doubt_only_for_what_came_before(rows: Senders) -> None:
    """Its sender died once, so it came back as unknown; this time the claim says what is known."""
    id = rows.add(1, **WAITS)
    claimed = rows.one()
    rows.one(moment(280), sender="other")
    sure = replace(claimed, unknown_since=None, lookbacks=0)
    rows.do(sending.put_back, claimed=sure, sender="other", **PUT_BACK)
    assert rows.row(id)["unknown_since"] is None


def test_an_update_that_was_given_up_may_still_arrive(rows: Senders) -> None:
    id = rows.add(1, **BEHIND)
    before = rows.row(id)
    claimed = rows.one(lane=Lane.UPDATE)
    named = {"claimed": claimed, "sender": "s", **PUT_BACK}
    rows.do(sending.put_back, **named, may_arrive_since=moment(105))
    assert rows.changed(id, before) == {
        "due_at": LATER,
        "attempts": 1,
        "unknown_since": moment(105),
        "redraws_in_flight": 1,
    }


def test_an_update_that_certainly_failed_leaves_an_earlier_doubt_alone(rows: Senders) -> None:
    id = rows.add(1, **BEHIND, unknown_since=moment(80), redraws_in_flight=1)
    claimed = rows.one(lane=Lane.UPDATE)
    rows.do(sending.put_back, claimed=claimed, sender="s", **PUT_BACK)
    row = rows.row(id)
    assert (row["unknown_since"], row["redraws_in_flight"]) == (moment(80), 1)


def test_no_number_of_refusals_ends_a_row_and_the_last_one_is_known(rows: Senders) -> None:
    id = rows.add(1, **WAITS, attempts=500, refused_because="timeout")
    named = {"claimed": rows.one(), "sender": "s", **PUT_BACK}
    rows.do(sending.put_back, **named, refused_because="invalid_blocks")
    row = rows.row(id)
    assert (row["failed_reason"], row["due_at"], row["attempts"]) == (None, LATER, 501)
    assert row["refused_because"] == "invalid_blocks"


@pytest.mark.parametrize(
    ("looked", "before", "since", "lookbacks"),
    [
        (False, {"lookbacks": 2}, moment(105), 0),
        (False, {"lookbacks": 2, "unknown_since": moment(20)}, moment(20), 0),
        (True, {"lookbacks": 2, "unknown_since": moment(20)}, moment(20), 3),
    ],
)
def test_a_post_of_unknown_outcome_is_looked_for_later(
    rows: Senders, looked: bool, before: dict[str, Any], since: object, lookbacks: int
) -> None:
    id = rows.add(1, **WAITS, **before)
    was = rows.row(id)
    named = {"claimed": rows.one(), "sender": "s", "since": moment(105), "due_at": LATER}
    assert rows.do(sending.mark_unknown, **named, looked=looked) == 1
    assert rows.row(id) == {
        **was,
        "due_at": LATER,
        "unknown_since": since,
        "lookbacks": lookbacks,
    }


def test_what_is_given_up_says_why_and_is_not_tried_again(rows: Senders) -> None:
    doubt = {"unknown_since": moment(20), "lookbacks": 2, "redraws_in_flight": 1}
    id = rows.add(1, **BEHIND, **doubt)
    before = rows.row(id)
    claimed = rows.one(lane=Lane.UPDATE)
    rows.do(sending.give_up, claimed=claimed, sender="s", because="invalid_blocks", now=moment(105))
    assert rows.changed(id, before) == {
        "due_at": None,
        "failed_reason": "invalid_blocks",
        "rendered_version": 5,
        "unknown_since": None,
        "lookbacks": 0,
        "redraws_in_flight": 0,
    }


def test_what_is_given_up_keeps_a_newer_version_that_was_shown(rows: Senders) -> None:
    id = rows.add(1, **{**BEHIND, "rendered_version": 9})
    claimed = rows.one(lane=Lane.UPDATE)
    rows.do(sending.give_up, claimed=claimed, sender="s", because="x", now=moment(105))
    assert rows.row(id)["rendered_version"] == 9


def test_a_message_that_is_gone_is_posted_afresh_under_another_token(rows: Senders) -> None:
    doubt = {"unknown_since": moment(20), "lookbacks": 2, "redraws_in_flight": 1}
    id = rows.add(1, **BEHIND, **doubt)
    before = rows.row(id)
    claimed = rows.one(lane=Lane.UPDATE)
    rows.do(sending.forget_post, claimed=claimed, sender="s", now=LATER)
    changes = rows.changed(id, before)
    assert len(changes.pop("token")) == 32
    assert changes == {
        "lane": "post",
        "channel": None,
        "ts": None,
        "posted_at": None,
        "due_at": LATER,
        "unknown_since": None,
        "lookbacks": 0,
        "redraws_in_flight": 0,
    }
    assert rows.one(LATER).ts is None


REPORTS: list[tuple[Callable[..., object], dict[str, Any]]] = [
    (sending.put_back, PUT_BACK),
    (sending.mark_unknown, {"since": NOW, "due_at": LATER, "looked": True}),
    (sending.give_up, {"because": "x", "now": moment(105)}),
    (sending.forget_post, {"now": LATER}),
]


@pytest.mark.parametrize(("use_case", "given"), REPORTS)
def test_who_has_lost_a_row_can_change_nothing_about_it(
    rows: Senders, use_case: Callable[..., object], given: dict[str, Any]
) -> None:
    id = rows.add(1, **WAITS)
    claimed = rows.one()
    rows.one(moment(280), sender="other")
    before = rows.row(id)
    assert rows.do(use_case, claimed=claimed, sender="s", **given) == 0
    assert rows.changed(id, before) == {}
    rows.remove(id)
    assert rows.do(use_case, claimed=claimed, sender="other", **given) == 0
