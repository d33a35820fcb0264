"""The protocol of claims and reports: who may work on a row, for how long, and what each report makes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.database import Database
from bot.domain.outbox import sending
from bot.domain.outbox.outbox import ALERT, HOME, Lane
from bot.domain.outbox.sending import Claimed, Redrawn, Report
from tests.domain.outbox.outbox_rows import STANDS, WAITS
from tests.domain.outbox.posted import moment
from tests.domain.outbox.senders import BEHIND, LATER, NOW, Senders


@pytest.fixture
def rows(database: Database) -> Senders:
    return Senders(database)


# Claims.


def test_a_lane_says_when_it_has_something_to_do_next(rows: Senders) -> None:
    rows.add(1, **STANDS)
    rows.add(2, **{**WAITS, "due_at": moment(700)})
    rows.add(3, **{**WAITS, "due_at": moment(600)})
    rows.add(4, **BEHIND)
    found = {lane: rows.database.read_now(sending.next_due_at, lane) for lane in Lane}
    assert found == {Lane.POST: moment(600), Lane.UPDATE: moment(90), Lane.PUBLISH: None}


def test_a_claim_takes_what_is_due_in_a_lane_the_oldest_first(rows: Senders) -> None:
    for subject, due_at in ((1, NOW), (2, moment(50)), (3, moment(101)), (4, moment(50))):
        rows.add(subject, **{**WAITS, "due_at": due_at})
    rows.add(5, **BEHIND)
    rows.add(6, **{**WAITS, "due_at": None})
    assert [one.subject_id for one in rows.claim(limit=2)] == [2, 4]
    assert [one.subject_id for one in rows.claim()] == [1]
    assert rows.claim() == []


def test_a_claim_says_all_that_the_sender_has_to_know(rows: Senders) -> None:
    id = rows.add(3, **BEHIND, attempts=2, unknown_since=moment(10), lookbacks=1, token="abc")
    before = rows.row(id)
    assert rows.claim(lane=Lane.UPDATE) == [
        Claimed(
            id=id,
            workspace_id=rows.workspace_id,
            surface=ALERT,
            subject_id=3,
            desired_version=5,
            token="abc",
            channel="C1",
            ts="1.0",
            attempts=2,
            unknown_since=moment(10),
            lookbacks=1,
        )
    ]
    assert rows.changed(id, before) == {"claimed_by": "s", "due_at": NOW + timedelta(seconds=180)}


def test_nobody_else_gets_a_row_before_its_lease_has_ended(rows: Senders) -> None:
    id = rows.add(1, **WAITS)
    rows.one()
    assert rows.claim(moment(279), sender="other") == []
    assert rows.one(moment(280), sender="other").id == id
    assert rows.row(id)["claimed_by"] == "other"


def test_a_post_whose_sender_died_comes_back_as_unknown_since_its_claim(rows: Senders) -> None:
    id = rows.add(1, **WAITS, lookbacks=1)
    assert rows.one().unknown_since is None
    again = rows.one(moment(280), sender="other")
    assert (again.unknown_since, again.lookbacks) == (NOW, 0)
    row = rows.row(id)
    assert (row["unknown_since"], row["lookbacks"]) == (NOW, 0)


def test_a_post_that_was_unknown_before_stays_so_since_then(rows: Senders) -> None:
    rows.add(1, **WAITS, unknown_since=moment(20), lookbacks=1)
    assert (rows.one().unknown_since, rows.one(moment(280)).unknown_since) == (
        moment(20),
        moment(20),
    )


def test_an_update_whose_sender_died_is_simply_done_again(rows: Senders) -> None:
    rows.add(1, **BEHIND)
    rows.one(lane=Lane.UPDATE)
    assert rows.one(moment(280), lane=Lane.UPDATE).unknown_since is None


def test_nothing_is_sent_to_a_workspace_whose_token_is_dead(rows: Senders) -> None:
    rows.add(1, **WAITS)
    rows.add(2, **WAITS, workspace_id=rows.elsewhere)
    rows.disconnect()
    assert [one.subject_id for one in rows.claim()] == [2]


# Shown.


def test_a_message_that_was_posted_stands_from_then_on(rows: Senders) -> None:
    id = rows.add(1, **WAITS, attempts=2, rendered_version=0)
    claimed = rows.one()
    before = rows.row(id)
    assert rows.posted(claimed)
    assert rows.changed(id, before) == {
        "lane": "update",
        "channel": "C7",
        "ts": "7.0",
        "posted_at": LATER,
        "rendered_version": 1,
        "attempts": 0,
        "claimed_by": None,
        "due_at": None,
    }


def test_a_home_that_was_published_is_published_the_next_time_too(rows: Senders) -> None:
    id = rows.add(1, surface=HOME, lane=Lane.PUBLISH.value, due_at=NOW)
    before = rows.row(id)
    rows.report(Report(rows.one(lane=Lane.PUBLISH), "s", LATER))
    assert rows.changed(id, before) == {"rendered_version": 1, "due_at": None}


def test_a_message_that_had_to_be_posted_again_is_looked_after_in_five_minutes(
    rows: Senders,
) -> None:
    id = rows.add(1, **WAITS, unknown_since=moment(20), lookbacks=1)
    assert rows.posted(rows.one())
    row = rows.row(id)
    assert row["duplicate_check_at"] == LATER + timedelta(minutes=5)
    assert (row["unknown_since"], row["lookbacks"], row["due_at"]) == (None, 0, None)


def test_a_second_copy_changes_nothing(rows: Senders) -> None:
    id = rows.add(1, **WAITS)
    claimed = rows.one()
    rows.posted(claimed)
    before = rows.row(id)
    assert not rows.posted(claimed, moment(150), ts="8.0")
    assert rows.changed(id, before) == {}
    assert rows.posted(claimed, moment(150), ts="7.0")
    assert rows.row(id)["ts"] == "7.0"


def test_what_is_wanted_meanwhile_is_due_at_once_and_the_senders_are_told(rows: Senders) -> None:
    id = rows.add(1, **BEHIND)
    claimed = rows.one(lane=Lane.UPDATE)
    outdated = replace(claimed, desired_version=4)
    assert rows.do(sending.mark_shown, reports=[Report(outdated, "s", LATER)]) == 1
    row = rows.row(id)
    assert (row["rendered_version"], row["due_at"], row["claimed_by"]) == (4, LATER, None)
    claimed = rows.one(LATER, lane=Lane.UPDATE)
    assert rows.do(sending.mark_shown, reports=[Report(claimed, "s", LATER)]) == 0
    row = rows.row(id)
    assert (row["rendered_version"], row["due_at"], row["claimed_by"]) == (5, None, None)


def test_an_older_version_never_takes_the_place_of_a_newer_one(rows: Senders) -> None:
    id = rows.add(1, **{**BEHIND, "rendered_version": 3})
    claimed = rows.one(lane=Lane.UPDATE)
    rows.report(Report(replace(claimed, desired_version=2), "s", LATER))
    assert rows.row(id)["rendered_version"] == 3


def test_who_reports_after_the_lease_leaves_the_row_to_its_sender(rows: Senders) -> None:
    id = rows.add(1, **BEHIND)
    late = rows.one(lane=Lane.UPDATE)
    rows.one(moment(280), lane=Lane.UPDATE, sender="other")
    before = rows.row(id)
    assert rows.report(Report(late, "s", moment(290))) == [True]
    assert rows.changed(id, before) == {"desired_version": 6, "rendered_version": 5}


def test_each_of_many_reports_has_its_outcome(rows: Senders) -> None:
    ids = [rows.add(n, **WAITS) for n in (1, 2, 3)]
    first, second, third = rows.claim()
    rows.posted(second, ts="2.0")
    reports = [
        Report(claimed, "s", LATER, channel="C7", ts=ts)
        for claimed, ts in ((third, "30.0"), (second, "20.0"), (first, "10.0"))
    ]
    assert rows.report(*reports) == [True, False, True]
    assert [rows.row(id)["ts"] for id in ids] == ["10.0", "2.0", "30.0"]


# What a response_url has shown.


def redrawn(rows: Senders, version: int, **more: Any) -> Redrawn:
    facts = {"workspace_id": rows.workspace_id, "surface": ALERT, "subject_id": 1, "now": LATER}
    return Redrawn(**{**facts, "version": version, **more})


PRESSED: dict[str, Any] = {
    **BEHIND,
    "due_at": moment(103),
    "unknown_since": NOW,
    "redraws_in_flight": 1,
}


def test_a_redraw_of_what_is_wanted_leaves_nothing_to_do(rows: Senders) -> None:
    id = rows.add(1, **PRESSED)
    before = rows.row(id)
    assert rows.do(sending.mark_redrawn, redrawn=[redrawn(rows, 5)]) == 0
    assert rows.changed(id, before) == {
        "rendered_version": 5,
        "due_at": None,
        "unknown_since": None,
        "redraws_in_flight": 0,
    }


def test_a_redraw_of_an_older_version_is_followed_by_the_sender_at_once(rows: Senders) -> None:
    id = rows.add(1, **{**PRESSED, "redraws_in_flight": 2})
    before = rows.row(id)
    assert rows.do(sending.mark_redrawn, redrawn=[redrawn(rows, 4)]) == 1
    assert rows.changed(id, before) == {"due_at": LATER, "redraws_in_flight": 1}


def test_a_redraw_for_several_presses_counts_for_all_of_them(rows: Senders) -> None:
    id = rows.add(1, **{**PRESSED, "redraws_in_flight": 3})
    rows.do(sending.mark_redrawn, redrawn=[redrawn(rows, 5, presses=2)])
    row = rows.row(id)
    assert (row["redraws_in_flight"], row["unknown_since"]) == (1, NOW)
    assert row["due_at"] == NOW + timedelta(seconds=90)
    rows.do(sending.mark_redrawn, redrawn=[redrawn(rows, 5, presses=9)])
    row = rows.row(id)
    assert (row["redraws_in_flight"], row["unknown_since"], row["due_at"]) == (0, None, None)


@pytest.mark.parametrize(
    "state",
    [
        {**PRESSED, "claimed_by": "s"},
        {**WAITS, "desired_version": 5},
        {**PRESSED, "surface": HOME},
        {**PRESSED, "subject_id": 2},
    ],
)
def test_a_redraw_is_noted_of_its_own_free_row_only(rows: Senders, state: dict[str, Any]) -> None:
    id = rows.add(**{"subject_id": 1, **state})
    before = rows.row(id)
    assert rows.do(sending.mark_redrawn, redrawn=[redrawn(rows, 5), redrawn(rows, 4)]) == 0
    assert rows.changed(id, before) == {}


def test_many_redraws_are_noted_together(rows: Senders) -> None:
    ids = [rows.add(n, **PRESSED) for n in (1, 2)]
    told = [redrawn(rows, 5, subject_id=n) for n in (1, 2)]
    assert rows.database.write_now(sending.mark_redrawn, told) == [None, None]
    assert [rows.row(id)["rendered_version"] for id in ids] == [5, 5]


@pytest.mark.parametrize(
    ("state", "changes"),
    [
        (STANDS, {"unknown_since": NOW, "redraws_in_flight": 1, "due_at": moment(190)}),
        ({**PRESSED, "unknown_since": moment(99)}, {"unknown_since": NOW, "redraws_in_flight": 2}),
        ({**PRESSED, "unknown_since": moment(120)}, {"redraws_in_flight": 2}),
        (WAITS, {}),
    ],
)
def test_a_redraw_of_unknown_outcome_may_still_arrive(
    rows: Senders, state: dict[str, Any], changes: dict[str, Any]
) -> None:
    id = rows.add(1, **state)
    before = rows.row(id)
    named = {"workspace_id": rows.workspace_id, "surface": ALERT}
    rows.database.write_now(sending.not_redrawn, **named, subject_id=1, began=NOW)
    rows.database.write_now(sending.not_redrawn, **named, subject_id=2, began=NOW)
    assert rows.changed(id, before) == changes


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


def test_who_has_lost_a_row_can_not_have_it_posted_afresh(rows: Senders) -> None:
    id = rows.add(1, **WAITS)
    claimed = rows.one()
    rows.one(moment(280), sender="other")
    before = rows.row(id)
    rows.do(sending.forget_post, claimed=claimed, sender="s", now=LATER)
    assert rows.changed(id, before) == {}
