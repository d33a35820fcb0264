"""What is tried beside waiting: another place for what concerns coaches, one row for everybody's trouble."""

from __future__ import annotations

import itertools
from datetime import timedelta

from sqlmodel import Session, col, select

from bot.clock import SettableClock
from bot.domain.outbox import outbox
from bot.domain.tables import Alert, CheckIn, Enrolment, OutboxItem
from bot.sandbox.people import Person
from bot.slack.delivery.pacing import Pace
from bot.slack.delivery.sender import Sender
from tests.slack.delivery.conftest import Sending

POST = "chat.postMessage"


def alerts(sending: Sending, count: int) -> None:
    """So many alerts about Priya's weeks are due now, and nothing else."""

    def work(session: Session) -> None:
        now = sending.clock.now()
        for item in session.exec(select(OutboxItem)):
            session.delete(item)
        enrolment = session.exec(select(Enrolment).order_by(col(Enrolment.id)).limit(1)).one()
        for number in range(count):
            check_in = CheckIn(
                workspace_id=enrolment.workspace_id,
                member_id=enrolment.member_id,
                team_id=enrolment.team_id,
                week=now.date() - timedelta(days=now.weekday(), weeks=number + 1),
                state="unanswered",
                due_at=now,
                delivered_at=now,
                deadline_at=now,
            )
            session.add(check_in)
            session.flush()
            alert = Alert(
                workspace_id=check_in.workspace_id,
                check_in_id=check_in.id,
                team_id=check_in.team_id,
                created_at=now,
            )
            session.add(alert)
            session.flush()
            new = outbox.New(check_in.workspace_id, outbox.ALERT, alert.id, now)
            outbox.add_all(session, [new], now=now)

    sending.database.write_now(work)


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


async def test_sixty_alerts_in_one_channel_keep_a_second_between_them(
    sending: Sending, clock: SettableClock
) -> None:
    alerts(sending, 60)
    sender = Sender(database=sending.database, client=sending.client, clock=clock, pace=Pace())
    begun = clock.now()
    for _ in range(190):
        await sender.send_due()
        clock.move(0.35)
    posted = sorted(call.at for call in sending.workspace.calls if call.method == POST)
    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(posted)]
    assert len(posted) == 60
    assert min(gaps) >= 1
    assert max(gaps) <= 1.4  # one look at the clock later than need be
    assert (posted[-1] - begun).total_seconds() <= 60 * 1.1
