"""What is tried beside waiting: another place for what concerns coaches, one row for everybody's trouble."""

from __future__ import annotations

import itertools

import pytest
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.domain.outbox import outbox
from bot.domain.tables import Alert, CheckIn, Enrolment, OutboxItem
from bot.sandbox.people import Person
from bot.slack.delivery.pacing import Pace
from bot.slack.delivery.sender import Sender
from tests.slack.delivery.conftest import Sending
from tests.slack.delivery.due import only_alerts

POST = "chat.postMessage"


def alerts(sending: Sending, count: int) -> None:
    """So many alerts about Priya's weeks are due now, and nothing else."""
    sending.database.write_now(only_alerts, count=count, now=sending.clock.now())


async def test_an_alert_that_its_channel_does_not_take_goes_to_one_coach_and_then_the_other(
    sending: Sending,
) -> None:
    alerts(sending, 1)
    sending.workspace.faults.next_call("error", POST, 12, code="msg_too_long")
    for _ in range(6):  # each try is one with blocks and one in plain text
        await sending.send(after=900)
    channels = [
        call.arguments["channel"] for call in sending.workspace.calls if call.method == POST
    ]
    assert channels == ["C0COACH"] * 6 + ["U0DANA"] * 6
    await sending.send(after=900)
    assert len(Person(sending.workspace, "U0MORGAN").messages()) == 1
    assert sending.items()[0].failed_reason is None

    def changed(session: Session) -> None:
        (item,) = session.exec(select(OutboxItem)).all()
        outbox.mark_stale(
            session,
            workspace_id=item.workspace_id,
            surface=item.surface,
            subject_id=item.subject_id,
            now=sending.clock.now(),
        )

    sending.database.write_now(changed)
    await sending.send()
    (item,) = sending.items()  # it stays with Morgan: nothing was withdrawn
    assert (item.channel, item.due_at) == (Person(sending.workspace, "U0MORGAN").dm, None)


@pytest.mark.parametrize(("minutes", "posts"), [(30, 1), (60, 2)])
async def test_a_look_that_slack_refuses_is_waited_for_but_not_for_ever(
    sending: Sending, minutes: int, posts: int
) -> None:
    alerts(sending, 1)
    sending.workspace.faults.next_call("lost", POST)
    sending.workspace.faults.refuse(100, "error", "conversations.history", code="an_odd_code")
    await sending.send()
    for _ in range(minutes):
        await sending.send(after=60)
    sending.workspace.faults.clear()
    for _ in range(20):
        await sending.send(after=60)
    assert sending.calls(POST) == posts
    assert sending.items()[0].ts is not None


async def test_an_alert_that_may_stand_is_withdrawn_though_its_rep_left_before_that_was_known(
    sending: Sending,
) -> None:
    alerts(sending, 1)
    sending.workspace.faults.next_call("lost", POST)
    await sending.send()
    assert sending.items()[0].unknown_since is not None

    def leave(session: Session) -> None:
        alert = session.exec(select(Alert)).one()
        rep_id = session.get_one(CheckIn, alert.check_in_id).member_id
        enrolment = session.exec(select(Enrolment).where(Enrolment.member_id == rep_id)).one()
        enrolment.ended_on = sending.clock.now().date()

    sending.database.write_now(leave)
    await sending.send(after=60)  # found
    await sending.send()  # moved
    await sending.send()  # withdrawn
    (message,) = Person(sending.workspace, "U0DANA").messages("C0COACH")
    assert message.text == "This is no longer here."
    assert [item.surface for item in sending.items()] == [outbox.WITHDRAWN]


async def test_where_everybody_is_refused_one_row_asks_and_all_follow_when_it_is_taken(
    sending: Sending,
) -> None:
    alerts(sending, 0)

    def many(session: Session) -> None:
        for member_id in range(1, 6):  # a row for each person: five places
            new = outbox.New(1, outbox.HOME, member_id, sending.clock.now())
            outbox.add_all(session, [new], now=sending.clock.now())

    sending.database.write_now(many)
    method = "views.publish"
    sending.workspace.faults.refuse(100, "error", method, code="team_access_not_granted")
    await sending.send()
    assert sending.calls(method) == 5
    await sending.send(after=14)
    assert sending.calls(method) == 5
    for pause, calls in ((1, 6), (29, 6), (1, 7), (59, 7), (1, 8)):
        await sending.send(after=pause)
        assert sending.calls(method) == calls
    sending.workspace.faults.clear()
    await sending.send(after=120)  # one is taken
    assert sending.calls(method) == 9
    await sending.send()
    assert sending.calls(method) == 13
    assert all(item.due_at is None for item in sending.items() if item.surface == outbox.HOME)


async def test_twenty_alerts_in_one_channel_keep_a_second_between_them(
    sending: Sending, clock: SettableClock
) -> None:
    alerts(sending, 20)
    sender = Sender(database=sending.database, client=sending.client, clock=clock, pace=Pace())
    begun = clock.now()
    for _ in range(65):
        await sender.send_due()
        clock.move(0.35)
    posted = sorted(call.at for call in sending.workspace.calls if call.method == POST)
    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(posted)]
    assert len(posted) == 20
    assert min(gaps) >= 1
    assert max(gaps) <= 1.4  # one look at the clock later than need be
    assert (posted[-1] - begun).total_seconds() <= 20 * 1.1
