"""What becomes of a row that was not shown: it is put back, looked for, given up, or posted afresh."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.database import Database
from bot.domain.outbox import outbox, unshown
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import Claimed
from bot.domain.outbox.unshown import Ended, PutBack, Unknown
from tests.counting import counted
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
    report = PutBack(claimed=claimed, sender="s", due_at=LATER, counts=counts)
    assert rows.do(unshown.put_back, reports=[report]) == 1
    changes = {"due_at": LATER, "attempts": attempts}
    assert rows.row(id) == {**before, **changes}


def test_a_post_that_was_refused_is_in_doubt_only_for_what_came_before(rows: Senders) -> None:
    """Its sender died once, so it came back as unknown; this time the claim says what is known."""
    id = rows.add(1, **WAITS)
    claimed = rows.one()
    rows.one(moment(280), sender="other")
    sure = replace(claimed, unknown_since=None, lookbacks=0)
    rows.do(unshown.put_back, reports=[PutBack(claimed=sure, sender="other", **PUT_BACK)])
    assert rows.row(id)["unknown_since"] is None


def test_an_update_that_was_given_up_may_still_arrive(rows: Senders) -> None:
    id = rows.add(1, **BEHIND)
    before = rows.row(id)
    claimed = rows.one(lane=Lane.UPDATE)
    named = {"claimed": claimed, "sender": "s", **PUT_BACK}
    rows.do(unshown.put_back, reports=[PutBack(**named, may_arrive_since=moment(105))])
    assert rows.changed(id, before) == {
        "due_at": LATER,
        "attempts": 1,
        "unknown_since": moment(105),
        "redraws_in_flight": 1,
    }


def test_an_update_that_certainly_failed_leaves_an_earlier_doubt_alone(rows: Senders) -> None:
    id = rows.add(1, **BEHIND, unknown_since=moment(80), redraws_in_flight=1)
    claimed = rows.one(lane=Lane.UPDATE)
    rows.do(unshown.put_back, reports=[PutBack(claimed=claimed, sender="s", **PUT_BACK)])
    row = rows.row(id)
    assert (row["unknown_since"], row["redraws_in_flight"]) == (moment(80), 1)


def test_no_number_of_refusals_ends_a_row_and_the_last_one_is_known(rows: Senders) -> None:
    id = rows.add(1, **WAITS, attempts=500, refused_because="timeout")
    named = {"claimed": rows.one(), "sender": "s", **PUT_BACK}
    rows.do(unshown.put_back, reports=[PutBack(**named, refused_because="invalid_blocks")])
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
    assert rows.do(unshown.mark_unknown, reports=[Unknown(**named, looked=looked)]) == 1
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
    ended = Ended(claimed=claimed, sender="s", because="invalid_blocks", now=moment(105))
    rows.do(unshown.give_up, reports=[ended])
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
    ended = Ended(claimed=claimed, sender="s", because="x", now=moment(105))
    rows.do(unshown.give_up, reports=[ended])
    assert rows.row(id)["rendered_version"] == 9


def put_back(claimed: Claimed) -> PutBack:
    return PutBack(claimed=claimed, sender="s", **PUT_BACK, refused_because="x")


def unknown(claimed: Claimed) -> Unknown:
    return Unknown(claimed=claimed, sender="s", since=NOW, due_at=LATER, looked=True)


def ended(claimed: Claimed) -> Ended:
    return Ended(claimed=claimed, sender="s", because="x", now=moment(105))


REPORTS: list[tuple[Callable[..., object], Callable[[Claimed], object]]] = [
    (unshown.put_back, put_back),
    (unshown.mark_unknown, unknown),
    (unshown.give_up, ended),
]


@pytest.mark.parametrize(("use_case", "report"), REPORTS)
def test_who_has_lost_a_row_can_change_nothing_about_it(
    rows: Senders, use_case: Callable[..., object], report: Callable[[Claimed], object]
) -> None:
    id = rows.add(1, **WAITS)
    claimed = rows.one()
    rows.one(moment(280), sender="other")
    before = rows.row(id)
    assert rows.do(use_case, reports=[report(claimed)]) == 0
    assert rows.changed(id, before) == {}
    rows.remove(id)
    assert rows.do(use_case, reports=[report(claimed)]) == 0


@pytest.mark.parametrize(("use_case", "report"), REPORTS)
def test_reports_about_forty_rows_take_as_many_statements_as_those_about_twenty(
    rows: Senders, use_case: Callable[..., object], report: Callable[[Claimed], object]
) -> None:
    def statements(begin: int, count: int) -> int:
        for subject in range(begin, begin + count):
            rows.add(subject, **WAITS)
        reports = [report(claimed) for claimed in rows.claim(limit=count)]
        assert len(reports) == count
        with counted(rows.database) as said:
            rows.database.write_now(use_case, reports)
        assert not any(row["claimed_by"] for row in rows.rows())
        return len(said)

    assert statements(1, 20) == statements(100, 40) <= 4


def test_only_the_first_of_two_reports_about_a_row_counts(rows: Senders) -> None:
    id = rows.add(1, **WAITS)
    claimed = rows.one()
    rows.do(unshown.put_back, reports=[put_back(claimed), put_back(claimed)])
    assert rows.row(id)["attempts"] == 1


def test_an_opened_home_of_an_admin_is_drawn_anew_when_something_is_given_up(
    rows: Senders,
) -> None:
    home = rows.home_of_an_admin()
    rows.add(1, **WAITS)
    rows.do(unshown.give_up, reports=[ended(rows.one())])
    assert rows.row(home)["desired_version"] == 5
    rows.add(2, **WAITS)
    nobody = Ended(claimed=rows.one(), sender="s", because=outbox.NOTHING_TO_SHOW, now=NOW)
    rows.do(unshown.give_up, reports=[nobody])
    assert rows.row(home)["desired_version"] == 5
