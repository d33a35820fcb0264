"""The sender claims what is due and brings each row to an end, whatever becomes of another one."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlmodel import Session

from bot.domain.outbox import outbox
from bot.slack.delivery import sender
from bot.slack.delivery.sender import Sender
from tests.scenarios.conftest import unhurried
from tests.slack.delivery.conftest import Sending


def another(sending: Sending, *, holds: bool = False) -> Sender:
    """One more sender at the same outbox."""
    return Sender(
        database=sending.database,
        client=sending.client,
        clock=sending.clock,
        pace=unhurried(),
        holds=lambda: holds,
    )


async def test_two_senders_post_each_row_once(sending: Sending) -> None:
    await sending.send()
    await another(sending).send_due()
    assert sending.calls("chat.postMessage") == 2


async def test_while_the_clock_is_not_trusted_nothing_is_claimed(sending: Sending) -> None:
    await another(sending, holds=True).send_due()
    assert sending.workspace.calls == []
    assert {item.claimed_by for item in sending.items()} == {None}


async def test_what_is_due_later_is_left_alone(sending: Sending) -> None:
    def later(session: Session) -> None:
        outbox.mark_stale(
            session,
            workspace_id=1,
            surface=outbox.HOME,
            subject_id=1,
            now=sending.clock.now(),
            not_before=sending.clock.now().replace(hour=23),
        )

    sending.database.write_now(later)
    await sending.send()
    assert sending.calls("views.publish") == 0


async def test_a_row_that_cannot_be_drawn_holds_up_nobody_and_comes_back(
    sending: Sending, caplog: pytest.LogCaptureFixture
) -> None:
    def unheard_of(session: Session) -> None:
        outbox.mark_stale(
            session, workspace_id=1, surface="telegram", subject_id=1, now=sending.clock.now()
        )

    sending.database.write_now(unheard_of)
    await sending.send()
    assert [len(person.messages()) for person in (sending.priya, sending.sam)] == [1, 1]
    item = sending.items()[-1]
    assert (item.attempts, item.claimed_by) == (1, None)
    assert item.due_at is not None
    assert item.due_at > sending.clock.now()
    assert "delivery failed" in caplog.text


async def test_a_sender_that_stops_puts_back_what_it_has_not_begun(sending: Sending) -> None:
    stopped = another(sending)
    stopped.stop()
    await stopped.send_due()
    assert sending.workspace.calls == []
    assert {item.claimed_by for item in sending.items()} == {None}
    assert {item.due_at for item in sending.items()} == {sending.clock.now()}
    assert {item.attempts for item in sending.items()} == {0}
    await stopped.run()  # it ends at once
    await sending.send()
    assert sending.calls("chat.postMessage") == 2


async def test_while_slack_is_slow_a_claim_takes_no_more_rows_than_can_begin(
    sending: Sending, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "CONCURRENCY", 1)
    monkeypatch.setattr(sender, "SWIFT", timedelta(0))  # any answer counts as slow
    slow = another(sending)
    await slow.send_due()
    updates = []
    for _ in range(2):
        sending.database.write_now(welcomes_changed, now=sending.clock.now())
        await slow.send_due()
        updates.append(sending.calls("chat.update"))
    assert updates == [2, 3]
    assert {item.claimed_by for item in sending.items()} == {None}


def welcomes_changed(session: Session, *, now: datetime) -> None:
    """Both welcomes have to be updated."""
    outbox.mark_many_stale(
        session, workspace_id=1, surface=outbox.WELCOME, subject_ids=[1, 2], now=now
    )
