"""Orders to delete: what they keep of a row, and when they end."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session

from bot.domain.outbox import erased, outbox, sending
from bot.domain.tables import OutboxItem
from tests.domain.mondays import MONDAY, Mondays

LATER = MONDAY + timedelta(minutes=5)


def take_out(mondays: Mondays, user: str, *places: str) -> int:
    """Have the check-in's message of this rep taken out of Slack."""

    def take(session: Session) -> int:
        item = session.get_one(OutboxItem, known.id)
        return erased.take_out(session, [item], places=places, now=LATER)

    known = mondays.item(outbox.CHECK_IN, mondays.check_in(user).id)
    assert known is not None
    return mondays.write(take)


def order(mondays: Mondays) -> OutboxItem:
    (found,) = mondays.rows(OutboxItem, surface=outbox.ERASED_MESSAGE)
    return found


def test_an_order_keeps_the_place_and_nothing_of_its_subject(mondays: Mondays) -> None:
    mondays.ask()
    before = mondays.item(outbox.CHECK_IN, mondays.check_in("U1").id)
    assert before is not None
    assert mondays.signals(lambda: take_out(mondays, "U1")) == 1
    after = order(mondays)
    assert (after.channel, after.ts, after.token) == (before.channel, before.ts, before.token)
    assert (after.subject_id, after.due_at) == (after.id, LATER)
    assert mondays.database.read_now(erased.waiting) == 1
    assert mondays.database.read_now(erased.was_taken_out, after.id)
    assert mondays.database.read_now(erased.was_taken_out, 10_000)
    other = mondays.item(outbox.CHECK_IN, mondays.check_in("U2").id)
    assert other is not None
    assert not mondays.database.read_now(erased.was_taken_out, other.id)


def test_an_order_ends_when_its_sender_says_so(mondays: Mondays) -> None:
    mondays.ask()
    take_out(mondays, "U1")
    (claimed,) = mondays.claim(LATER, outbox.Lane.UPDATE)
    mondays.write(erased.done, claimed=claimed, sender="another")
    assert order(mondays).id == claimed.id
    mondays.write(erased.done, claimed=claimed, sender="slow")
    assert mondays.rows(OutboxItem, surface=outbox.ERASED_MESSAGE) == []
    assert mondays.database.read_now(erased.waiting) == 0


def test_a_live_row_is_never_ended(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    claimed = mondays.claim(MONDAY)
    for one in claimed:
        mondays.write(erased.done, claimed=one, sender="slow")
    assert len(mondays.rows(OutboxItem, claimed_by="slow")) == len(claimed)


def test_a_post_that_is_reported_after_its_row_is_gone_is_one_to_delete(mondays: Mondays) -> None:
    mondays.beat(MONDAY)
    claimed = mondays.claim(MONDAY)[0]
    mondays.write(lambda session: session.delete(session.get(OutboxItem, claimed.id)))
    report = sending.Report(claimed, "slow", LATER, channel="D1", ts="1.0")
    assert mondays.write(sending.mark_shown, [report]) == [False]


def test_a_file_has_an_order_of_its_own(mondays: Mondays) -> None:
    facts = {"workspace_id": mondays.workspace_id, "now": MONDAY, "due_at": LATER}
    mondays.write(erased.take_out_file, slack_file_id="F1", **facts)
    mondays.write(erased.take_out_file, slack_file_id="F2", **facts)
    found = mondays.rows(OutboxItem, surface=outbox.ERASED_FILE)
    assert [(one.channel, one.due_at, one.lane) for one in found] == [
        ("F1", LATER, "update"),
        ("F2", LATER, "update"),
    ]
