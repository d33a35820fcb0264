"""The outbox: what was given up may still arrive, and must not be the last that people see."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain import workspaces
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.outbox import CHECK_IN, RESPONSE_FIRST, Lane
from bot.domain.outbox.sending import SETTLES_AFTER, Claimed
from bot.domain.tables import OutboxItem
from tests.conftest import FRIDAY

SUBJECT = 7


class Row:
    """One check-in's row, and the use cases around it at moments after FRIDAY, in seconds."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.workspace_id = workspaces.install(
            session, slack_team_id="T1", name="Harbor", bot_user_id="U0BOT", now=FRIDAY
        )
        outbox.mark_stale(session, **self._subject, now=FRIDAY)
        posted = self.claim(0, lane=Lane.POST)
        self._mark(posted, 0, channel="D1", ts="1.0")

    @property
    def _subject(self) -> dict[str, Any]:
        return {"workspace_id": self.workspace_id, "surface": CHECK_IN, "subject_id": SUBJECT}

    @property
    def item(self) -> OutboxItem:
        return self.session.exec(select(OutboxItem)).one()

    @property
    def due_in(self) -> float | None:
        """Seconds after FRIDAY."""
        due_at = self.item.due_at
        return None if due_at is None else (due_at - FRIDAY).total_seconds()

    def claim(self, at: float, *, lane: Lane = Lane.UPDATE, sender: str = "s") -> Claimed:
        (claimed,) = self._claim(at, lane, sender)
        return claimed

    def claims_nothing(self, at: float) -> bool:
        return not self._claim(at, Lane.UPDATE, "s")

    def _claim(self, at: float, lane: Lane, sender: str) -> list[Claimed]:
        now = FRIDAY + timedelta(seconds=at)
        return sending.claim(self.session, sender=sender, lane=lane, now=now, limit=9)

    def press(self, at: float) -> int:
        """An answer whose press will be redrawn through its response_url; the version that is wanted now."""
        now = FRIDAY + timedelta(seconds=at)
        outbox.mark_many_stale(
            self.session,
            workspace_id=self.workspace_id,
            surface=CHECK_IN,
            subject_ids=[SUBJECT],
            now=now,
            not_before=now + RESPONSE_FIRST,
        )
        self.session.expire_all()
        return self.item.desired_version

    def change(self, at: float) -> int:
        """Something else about the week is different."""
        outbox.mark_stale_if_known(
            self.session, **self._subject, now=FRIDAY + timedelta(seconds=at)
        )
        return self.item.desired_version

    def redrawn(self, version: int, at: float) -> None:
        now = FRIDAY + timedelta(seconds=at)
        told = sending.Redrawn(**self._subject, version=version, now=now)
        sending.mark_redrawn(self.session, [told])
        self.session.expire_all()

    def not_redrawn(self, began: float) -> None:
        sending.not_redrawn(self.session, **self._subject, began=FRIDAY + timedelta(seconds=began))

    def shown(self, claimed: Claimed, at: float, *, sender: str = "s") -> None:
        self._mark(claimed, at, channel=None, ts=None, sender=sender)

    def _mark(
        self, claimed: Claimed, at: float, *, channel: str | None, ts: str | None, sender: str = "s"
    ) -> None:
        now = FRIDAY + timedelta(seconds=at)
        sending.mark_shown(
            self.session, [sending.Report(claimed, sender, now, channel=channel, ts=ts)]
        )
        self.session.expire_all()

    def gave_up(self, claimed: Claimed, began: float, *, again_at: float) -> None:
        """The update timed out: perhaps it arrives later."""
        sending.put_back(
            self.session,
            claimed=claimed,
            sender="s",
            due_at=FRIDAY + timedelta(seconds=again_at),
            counts=True,
            may_arrive_since=FRIDAY + timedelta(seconds=began),
        )


Story = Callable[[Row], None]
SETTLED = SETTLES_AFTER.total_seconds()


def test_an_update_that_was_given_up_is_followed_by_one_more(tell: Callable[[Story], None]) -> None:
    @tell
    def story(row: Row) -> None:
        row.change(100)
        row.gave_up(row.claim(100), 100, again_at=112)
        row.shown(row.claim(112), 113)
        assert row.due_in == 100 + SETTLED
        row.shown(row.claim(100 + SETTLED), 191)
        assert row.due_in is None


def test_a_change_meanwhile_is_drawn_at_once_and_the_follow_up_stays(
    tell: Callable[[Story], None],
) -> None:
    @tell
    def story(row: Row) -> None:
        row.change(100)
        row.gave_up(row.claim(100), 100, again_at=112)
        row.shown(row.claim(112), 113)
        row.change(120)
        row.shown(row.claim(120), 121)
        assert row.due_in == 100 + SETTLED


def test_a_redrawn_press_leaves_nothing_to_do(tell: Callable[[Story], None]) -> None:
    @tell
    def story(row: Row) -> None:
        row.redrawn(row.press(100), 101)
        assert row.due_in is None
        assert row.claims_nothing(10_000)


def test_two_presses_that_overlap_leave_nothing_to_do_once_both_are_redrawn(
    tell: Callable[[Story], None],
) -> None:
    @tell
    def story(row: Row) -> None:
        first, second = row.press(100), row.press(101)
        row.redrawn(first, 101)
        assert row.due_in == 101
        row.redrawn(second, 102)
        assert row.due_in is None


def test_an_answer_to_a_press_that_was_given_up_is_followed_by_one_more_update(
    tell: Callable[[Story], None],
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
    tell: Callable[[Story], None],
) -> None:
    @tell
    def story(row: Row) -> None:
        row.press(100)
        row.shown(row.claim(103), 104)
        assert row.due_in == 100 + SETTLED


def test_an_answer_that_overtakes_an_update_in_hand_is_followed_by_one_more(
    tell: Callable[[Story], None],
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
    tell: Callable[[Story], None],
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


def test_a_press_does_not_hurry_a_post_of_unknown_outcome(tell: Callable[[Story], None]) -> None:
    @tell
    def story(row: Row) -> None:
        row.change(100)
        sending.forget_post(
            row.session,
            claimed=row.claim(100),
            sender="s",
            now=FRIDAY + timedelta(seconds=100),
        )
        sending.mark_unknown(
            row.session,
            claimed=row.claim(100, lane=Lane.POST),
            sender="s",
            since=FRIDAY + timedelta(seconds=100),
            due_at=FRIDAY + timedelta(seconds=160),
            looked=True,
        )
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


@pytest.fixture
def tell(database: Database) -> Iterator[Callable[[Story], None]]:
    """Runs a story on a row that is posted and shown."""
    told: list[Story] = []

    def write(story: Story) -> None:
        told.append(story)
        database.write_now(lambda session: story(Row(session)))

    yield write
    assert told
