"""What becomes of a row whose call Slack did not simply take: through the SDK, against the sandbox's faults."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, col, select

from bot.domain.access import Caller
from bot.domain.homes import homes
from bot.domain.outbox import outbox
from bot.domain.tables import Member, OutboxItem, Workspace
from tests.slack.delivery.conftest import Sending

POST = "chat.postMessage"


def member(sending: Sending, user: str = "U0PRIYA") -> Member:
    return sending.database.read_now(
        lambda session: session.exec(select(Member).where(Member.slack_user_id == user)).one()
    )


async def fail_once(
    sending: Sending, code: str, *, method: str = POST, times: int = 1
) -> OutboxItem:
    """Priya's call is refused with the code; her row afterwards."""
    sending.workspace.faults.next_call("error", method, times, code=code)
    await sending.send()
    return sending.items()[0]


async def test_everybody_gets_their_message_and_it_is_noted(sending: Sending) -> None:
    assert sending.sender.last_delivery_at is None
    await sending.send()
    for item, person in zip(sending.items(), (sending.priya, sending.sam), strict=True):
        (message,) = person.messages()
        assert (item.ts, item.channel, item.due_at) == (message.ts, person.dm, None)
    assert member(sending).dm_channel == sending.priya.dm
    assert sending.sender.last_delivery_at == sending.clock.now()


@pytest.mark.parametrize("code", ["message_limit_exceeded", "team_added_to_org", "missing_scope"])
async def test_what_was_refused_once_waits_a_little_and_comes(sending: Sending, code: str) -> None:
    now = sending.clock.now()
    item = await fail_once(sending, code)
    assert (item.failed_reason, item.refused_because) == (None, code)
    assert (item.attempts, item.due_at) == (1, now + timedelta(seconds=15))
    assert len(sending.sam.messages()) == 1
    await sending.send(after=14)
    assert sending.priya.messages() == []
    await sending.send(after=1)
    assert len(sending.priya.messages()) == 1
    assert sending.items()[0].refused_because is None


@pytest.mark.parametrize("code", ["token_revoked", "invalid_auth"])
async def test_a_dead_token_is_remembered_and_no_row_is_given_up(
    sending: Sending, code: str
) -> None:
    sending.workspace.faults.refuse(100, "error", "auth.test", code=code)
    item = await fail_once(sending, code)
    assert (item.failed_reason, item.attempts) == (None, 0)
    reason = sending.database.read_now(
        lambda session: session.exec(select(Workspace)).one().disconnected_reason
    )
    assert reason == code
    calls = len(sending.workspace.calls)
    await sending.send(after=7_200)
    assert len(sending.workspace.calls) == calls  # Slack is left alone until it takes the token
    sending.workspace.faults.clear()
    await sending.sender.ask_about_token()
    await sending.send()
    assert len(sending.priya.messages()) == 1


async def test_429_is_waited_out_and_counts_as_no_failure(sending: Sending) -> None:
    sending.workspace.faults.next_call("429", POST, retry_after=7)
    now = sending.clock.now()
    await sending.send()
    item = sending.items()[0]
    assert (item.failed_reason, item.attempts, item.due_at) == (
        None,
        0,
        now + timedelta(seconds=7),
    )
    before = sending.calls(POST)
    await sending.send(after=6)
    assert sending.calls(POST) == before  # nobody calls the method meanwhile
    await sending.send(after=1)
    assert [len(person.messages()) for person in (sending.priya, sending.sam)] == [1, 1]


async def test_what_was_certainly_not_done_is_tried_again_soon_and_is_counted(
    sending: Sending,
) -> None:
    now = sending.clock.now()
    item = await fail_once(sending, "request_timeout")
    assert (item.unknown_since, item.attempts, item.due_at) == (
        None,
        1,
        now + timedelta(seconds=2),
    )
    await sending.send(after=2)
    assert len(sending.priya.messages()) == 1
    assert sending.calls("conversations.history") == 0


async def test_what_was_perhaps_done_is_looked_for_twice_before_it_is_sent_again(
    sending: Sending,
) -> None:
    now = sending.clock.now()
    item = await fail_once(sending, "internal_error")
    assert (item.unknown_since, item.due_at) == (now, now + timedelta(seconds=60))
    await sending.send(after=60)
    assert (sending.calls("conversations.history"), sending.priya.messages()) == (1, [])
    await sending.send(after=60)
    assert sending.calls("conversations.history") == 2
    assert len(sending.priya.messages()) == 1


@pytest.mark.parametrize("code", ["user_disabled", "cannot_dm_bot", "channel_not_found"])
async def test_somebody_who_is_gone_is_noted_and_holds_up_nobody(
    sending: Sending, code: str
) -> None:
    sending.workspace.deactivate("U0PRIYA")
    item = await fail_once(sending, code)
    assert (item.failed_reason, item.due_at) == ("deactivated", None)
    assert member(sending).inactive_because == "deactivated"
    assert len(sending.sam.messages()) == 1


@pytest.mark.parametrize("code", ["user_disabled", "channel_not_found", "is_archived"])
async def test_somebody_who_is_there_gets_the_message_in_a_dm_that_is_opened_anew(
    sending: Sending, code: str
) -> None:
    item = await fail_once(sending, code)
    assert (item.failed_reason, member(sending).inactive_because) == (None, None)
    assert member(sending).dm_channel == sending.priya.dm
    await sending.send(after=15)
    assert len(sending.priya.messages()) == 1


async def test_blocks_that_slack_refuses_come_as_text_at_once_and_as_blocks_when_it_takes_them(
    sending: Sending,
) -> None:
    sending.workspace.faults.refuse(100, "error", "chat.update", code="invalid_blocks")
    item = await fail_once(sending, "invalid_blocks")
    (message,) = sending.priya.messages()
    assert (message.blocks, item.ts, item.rendered_version) == ([], message.ts, 0)
    for after in (0, 15, 30, 60):
        before = sending.calls("chat.update")
        await sending.send(after=after)
        await sending.send()
        assert sending.calls("chat.update") <= before + 1  # with growing pauses
    sending.workspace.faults.clear()
    await sending.send(after=120)
    (message,) = sending.priya.messages()
    assert message.blocks != []
    assert sending.items()[0].due_at is None


def open_home(sending: Sending) -> None:
    sending.database.write_now(homes.opened, caller=Caller(1, "U0PRIYA"), now=sending.clock.now())


async def test_a_home_is_published_to_its_member(sending: Sending) -> None:
    open_home(sending)
    await sending.send()
    assert sending.priya.home is not None
    assert sending.sam.home is None
    item = sending.items()[-1]
    assert (item.surface, item.due_at, item.rendered_version) == ("home", None, 1)


def change(sending: Sending) -> None:
    """Something about Priya's welcome is different."""

    def mark(session: Session) -> None:
        item = session.exec(select(OutboxItem).order_by(col(OutboxItem.id)).limit(1)).one()
        outbox.mark_stale(
            session,
            workspace_id=item.workspace_id,
            surface=item.surface,
            subject_id=item.subject_id,
            now=sending.clock.now(),
        )

    sending.database.write_now(mark)


async def test_a_message_that_somebody_deleted_is_posted_anew(sending: Sending) -> None:
    await sending.send()
    (message,) = sending.priya.messages()
    await sending.client.chat_delete(channel=sending.priya.dm, ts=message.ts)
    change(sending)
    await sending.send()
    assert sending.items()[0].ts is None
    await sending.send()
    (anew,) = sending.priya.messages()
    assert sending.items()[0].ts == anew.ts != message.ts


async def test_a_message_that_stands_is_not_posted_anew_whatever_slack_says(
    sending: Sending,
) -> None:
    await sending.send()
    change(sending)
    item = await fail_once(sending, "message_not_found", method="chat.update")
    assert (item.ts is None, item.failed_reason) == (False, None)
    await sending.send(after=15)
    assert sending.items()[0].due_at is None
    assert len(sending.priya.messages()) == 1


async def test_a_message_that_stands_is_not_forgotten_while_looks_fail(sending: Sending) -> None:
    await sending.send()
    change(sending)
    faults = sending.workspace.faults
    faults.next_call("error", "chat.update", 5, code="cant_update_message")
    faults.next_call("error", "conversations.history", 5, code="internal_error")
    for _ in range(5):
        await sending.send(after=900)
        assert sending.items()[0].ts is not None
    await sending.send(after=900)
    assert sending.items()[0].due_at is None
    assert len(sending.priya.messages()) == 1


async def test_a_redraw_of_unknown_outcome_is_made_again_and_once_more_at_last(
    sending: Sending,
) -> None:
    await sending.send()
    change(sending)
    now = sending.clock.now()
    item = await fail_once(sending, "internal_error", method="chat.update")
    assert (item.attempts, item.due_at) == (1, now + timedelta(seconds=2))
    assert item.unknown_since == now
    await sending.send(after=2)
    assert sending.calls("chat.update") == 2
    await sending.send(after=120)  # by now none can arrive late any more
    assert sending.calls("chat.update") == 3
    await sending.send(after=120)
    assert sending.calls("chat.update") == 3


async def test_a_message_that_stands_where_nothing_can_be_changed_waits(
    sending: Sending,
) -> None:
    await sending.send()
    change(sending)
    now = sending.clock.now()
    item = await fail_once(sending, "is_archived", method="chat.update")
    assert (item.due_at, item.attempts) == (now + timedelta(seconds=15), 1)
    assert member(sending).inactive_because is None


async def test_a_row_without_anything_to_show_is_given_up(sending: Sending) -> None:
    def deactivate(session: Session) -> None:
        found = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
        found.inactive_because = "deactivated"

    sending.database.write_now(deactivate)
    await sending.send()
    assert sending.items()[0].failed_reason == "nothing to show"
    assert (sending.priya.messages(), len(sending.sam.messages())) == ([], 1)
