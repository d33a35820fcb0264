"""Orders to delete are carried out in Slack, whatever stands in their way."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.outbox import outbox
from bot.domain.privacy import erasure
from tests.slack.delivery.conftest import Sending


def erase(sending: Sending, user: str = "U0PRIYA") -> None:
    sending.database.write_now(erasure.erase, slack_user_id=user, now=sending.clock.now())


def orders(sending: Sending) -> list[str]:
    return [item.surface for item in sending.items() if item.surface in outbox.ERASED]


async def test_a_message_is_deleted_and_its_order_ends(sending: Sending) -> None:
    await sending.send()
    assert len(sending.priya.messages()) == 1
    erase(sending)
    await sending.send()
    assert sending.priya.messages() == []
    assert len(sending.sam.messages()) == 1
    assert orders(sending) == []


async def test_a_message_that_somebody_deleted_before_is_as_good(sending: Sending) -> None:
    await sending.send()
    sending.workspace.delete_message(sending.priya.messages()[0])
    erase(sending)
    await sending.send()
    assert orders(sending) == []


@pytest.mark.parametrize("fault", ["429", "500", "lost"])
async def test_a_call_that_fails_is_made_again(sending: Sending, fault: str) -> None:
    await sending.send()
    erase(sending)
    sending.workspace.faults.next_call(fault, method="chat.delete")
    await sending.send()
    assert len(orders(sending)) == 1
    await sending.send(after=timedelta(minutes=2).total_seconds())
    assert orders(sending) == sending.priya.messages() == []


async def test_a_refusal_waits_and_is_named(sending: Sending) -> None:
    await sending.send()
    erase(sending)
    for _ in range(3):
        sending.workspace.faults.next_call(
            "error", method="chat.delete", code="cant_delete_message"
        )
        await sending.send(after=120)
    (item,) = [item for item in sending.items() if item.surface in outbox.ERASED]
    assert (item.refused_because, item.attempts) == ("cant_delete_message", 3)
    await sending.send(after=3_600)
    assert orders(sending) == []


async def test_a_post_whose_answer_was_lost_is_found_and_deleted(sending: Sending) -> None:
    sending.workspace.faults.next_call("lost", method="chat.postMessage")
    await sending.send()
    assert len(sending.priya.messages()) + len(sending.sam.messages()) == 2
    for user in ("U0PRIYA", "U0SAM"):
        erase(sending, user)
    await sending.send(after=61)
    await sending.send(after=61)
    await sending.send(after=61)
    assert sending.priya.messages() == sending.sam.messages() == []
    assert orders(sending) == []


async def test_a_post_that_never_came_about_is_looked_for_twice(sending: Sending) -> None:
    sending.workspace.faults.next_call("500", method="chat.postMessage")
    sending.workspace.faults.next_call("500", method="chat.postMessage")
    await sending.send()
    erase(sending)
    await sending.send(after=61)
    assert len(orders(sending)) == 1
    await sending.send(after=61)
    assert orders(sending) == []
