"""The outbox: what was given up may still arrive, and must not be the last that people see."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from bot.database import Database
from bot.domain.outbox import outbox, sending, unshown
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import SETTLES_AFTER, Claimed
from tests.conftest import FRIDAY
from tests.domain.outbox.posted import Row, Tell

SETTLED = SETTLES_AFTER.total_seconds()


def test_an_update_that_was_given_up_is_followed_by_one_more(tell: Tell) -> None:
    @tell
    def story(row: Row) -> None:
        row.change(100)
        row.gave_up(row.claim(100), 100, again_at=112)
        row.shown(row.claim(112), 113)
        assert row.due_in == 100 + SETTLED
        row.shown(row.claim(100 + SETTLED), 191)
        assert row.due_in is None


def test_a_change_meanwhile_is_drawn_at_once_and_the_follow_up_stays(
    tell: Tell,
) -> None:
    @tell
    def story(row: Row) -> None:
        row.change(100)
        row.gave_up(row.claim(100), 100, again_at=112)
        row.shown(row.claim(112), 113)
        row.change(120)
        row.shown(row.claim(120), 121)
        assert row.due_in == 100 + SETTLED


def test_a_redrawn_press_leaves_nothing_to_do(tell: Tell) -> None:
    @tell
    def story(row: Row) -> None:
        row.redrawn(row.press(100), 101)
        assert row.due_in is None
        assert row.claims_nothing(10_000)


def test_two_presses_that_overlap_leave_nothing_to_do_once_both_are_redrawn(
    tell: Tell,
) -> None:
    @tell
    def story(row: Row) -> None:
        first, second = row.press(100), row.press(101)
        row.redrawn(first, 101)
        assert row.due_in == 101
        row.redrawn(second, 102)
        assert row.due_in is None


def test_an_answer_to_a_press_that_was_given_up_is_followed_by_one_more_update(
    tell: Tell,
) -> None:
    """The press before it may be shown last: its answer comes half a minute late."""

    @tell
    def story(row: Row) -> None:
        row.press(100)
        row.not_redrawn(100)
        row.shown(row.claim(103), 104)
        row.redrawn(row.press(110), 111)
        assert row.due_in == 110 + SETTLED
        row.shown(row.claim(110 + SETTLED), 201)
        assert row.due_in is None


def test_an_answer_of_a_process_that_died_is_followed_by_one_more_update(
    tell: Tell,
) -> None:
    @tell
    def story(row: Row) -> None:
        row.press(100)
        row.shown(row.claim(103), 104)
        assert row.due_in == 100 + SETTLED


def test_an_answer_that_overtakes_an_update_in_hand_is_followed_by_one_more(
    tell: Tell,
) -> None:
    @tell
    def story(row: Row) -> None:
        version = row.press(100)
        row.change(102)
        claimed = row.claim(102)
        row.redrawn(version, 103)
        row.shown(claimed, 103)
        assert row.due_in == 100 + SETTLED


def test_what_a_sender_drew_after_its_lease_had_ended_is_drawn_once_more(
    tell: Tell,
) -> None:
    @tell
    def story(row: Row) -> None:
        row.change(100)
        late = row.claim(100, sender="slept")
        row.change(150)
        row.shown(row.claim(300), 301)
        assert row.due_in is None
        row.shown(late, 302, sender="slept")
        assert row.due_in == 302


def test_a_press_does_not_hurry_a_post_of_unknown_outcome(tell: Tell) -> None:
    @tell
    def story(row: Row) -> None:
        row.change(100)
        sending.forget_post(
            row.session,
            claimed=row.claim(100),
            sender="s",
            now=FRIDAY + timedelta(seconds=100),
        )
        report = unshown.Unknown(
            claimed=row.claim(100, lane=Lane.POST),
            sender="s",
            since=FRIDAY + timedelta(seconds=100),
            due_at=FRIDAY + timedelta(seconds=160),
            looked=True,
        )
        unshown.mark_unknown(row.session, [report])
        row.session.expire_all()
        row.redrawn(row.press(110), 111)
        row.change(112)
        assert (row.due_in, row.item.lookbacks) == (160, 1)


def test_the_sender_is_told_of_a_row_that_is_due_before_its_lease_ends(database: Database) -> None:
    told: list[str] = []
    database.subscribe(outbox.SIGNAL, lambda: told.append("due"))

    def change_and_claim(session: Session) -> tuple[Row, Claimed]:
        row = Row(session)
        row.change(100)
        return row, row.claim(100)

    row, claimed = database.write_now(change_and_claim)
    before = len(told)

    def give_up(session: Session) -> None:
        row.session = session
        row.gave_up(claimed, 100, again_at=102)

    database.write_now(give_up)
    assert len(told) == before + 1
