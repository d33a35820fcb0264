"""Files that somebody asked for come once, whatever became of the process that acknowledged the request."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import select

from bot.domain.access import Caller
from bot.domain.outbox import outbox
from bot.domain.privacy import erasure, export, export_orders
from bot.domain.tables import ExportOrder
from bot.slack.delivery.exporting import upload_of
from bot.slack.uploads import NotSent, Uploads
from tests.scenarios.conftest import text_of
from tests.slack.delivery.conftest import Sending

PRIYA = Caller(1, "U0PRIYA")
DEAD = "a process that was killed"
COMPLETE = "files.completeUploadExternal"


def acknowledged(sending: Sending) -> int:
    """A process has noted Priya's request, acknowledged it, and was killed."""
    order_id = sending.database.write_now(
        export_orders.begin, caller=PRIYA, kind=export.RECORD, by=DEAD, now=sending.clock.now()
    )
    assert order_id is not None
    return order_id


async def uploads(sending: Sending, order_id: int) -> None:
    """That process comes as far as this before it is killed."""
    assert sending.client.session is not None
    made = sending.database.read_now(
        export_orders.make, caller=PRIYA, kind=export.RECORD, team="", now=sending.clock.now()
    )
    await Uploads(
        session=sending.client.session,
        api_url=sending.client.base_url,
        database=sending.database,
        clock=sending.clock,
    ).send(sending.client, upload_of(made, PRIYA, export.RECORD, order_id))


def with_files(sending: Sending) -> int:
    """How many messages in Priya's DM have files."""
    return sum(bool(message.files) for message in sending.workspace.messages("D0PRIYA"))


def nothing_waits(sending: Sending) -> bool:
    waits = any(item.surface == outbox.EXPORT for item in sending.items())
    return not waits and not sending.database.read_now(
        lambda session: session.exec(select(ExportOrder)).all()
    )


async def test_what_was_acknowledged_comes_after_the_crash(sending: Sending) -> None:
    acknowledged(sending)
    await sending.send(after=179)
    assert with_files(sending) == 0
    await sending.send(after=1)
    assert with_files(sending) == 1
    await sending.send(after=600)
    assert with_files(sending) == 1
    assert nothing_waits(sending)


async def test_files_that_came_before_the_crash_do_not_come_again(sending: Sending) -> None:
    await uploads(sending, acknowledged(sending))
    assert with_files(sending) == 1
    await sending.send(after=180)
    assert with_files(sending) == 1
    assert nothing_waits(sending)


async def test_files_whose_bytes_alone_left_before_the_crash_come(sending: Sending) -> None:
    order_id = acknowledged(sending)
    sending.workspace.faults.next_call("500", COMPLETE)
    with pytest.raises(NotSent, match="http_500"):
        await uploads(sending, order_id)
    await sending.send(after=180)
    assert with_files(sending) == 1
    assert nothing_waits(sending)


@pytest.mark.parametrize("kind", ["lost", "500", "429"])
async def test_slacks_trouble_is_waited_for_and_doubles_nothing(
    sending: Sending, kind: str
) -> None:
    acknowledged(sending)
    sending.workspace.faults.next_call(kind, COMPLETE)
    await sending.send(after=180)
    for _ in range(3):
        await sending.send(after=60)
    assert with_files(sending) == 1
    assert nothing_waits(sending)


async def test_where_there_can_be_no_files_the_person_is_told(sending: Sending) -> None:
    granted = sending.workspace.manifest
    without = tuple(scope for scope in granted.scopes if scope != "files:write")
    sending.workspace.manifest = replace(granted, scopes=without)
    acknowledged(sending)
    await sending.send(after=180)
    for _ in range(2):
        await sending.send(after=600)
    said = [text_of(message) for message in sending.workspace.messages("D0PRIYA")]
    assert sum("`basecoach export member U0PRIYA`" in text for text in said) == 1


async def test_nothing_comes_to_somebody_who_was_deleted_meanwhile(sending: Sending) -> None:
    await sending.send()  # her welcome
    acknowledged(sending)
    sending.database.write_now(erasure.erase, slack_user_id="U0PRIYA", now=sending.clock.now())
    for _ in range(4):
        await sending.send(after=180)
    assert sending.workspace.messages("D0PRIYA") == []
