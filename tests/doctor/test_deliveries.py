"""What was sent and what could not be, as the database has it, each with its remedy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.domain.outbox import outbox
from bot.domain.tables import (
    Alert,
    AuditEntry,
    CheckIn,
    Enrolment,
    Member,
    Notice,
    OutboxItem,
    Plan,
    Team,
    Withdrawal,
    Workspace,
)
from tests.doctor.office import WEEK, Office


def undelivered(
    surface: str, because: str | None, *, state: str = "open", days: int = 1, attempts: int = 10
) -> Callable[[Session], None]:
    """A row about Priya that was given up, `days` ago."""

    def work(session: Session) -> None:
        now = datetime.now(UTC) - timedelta(days=days)
        enrolment = session.exec(select(Enrolment)).one()
        check_in = CheckIn(
            workspace_id=enrolment.workspace_id,
            member_id=enrolment.member_id,
            team_id=enrolment.team_id,
            week=WEEK,
            state=state,
            due_at=now,
        )
        session.add(check_in)
        session.flush()
        subject = check_in.id
        if surface == outbox.ALERT:
            alert = Alert(
                workspace_id=enrolment.workspace_id,
                check_in_id=check_in.id,
                team_id=enrolment.team_id,
                created_at=now,
            )
            session.add(alert)
            session.flush()
            subject = alert.id
        elif surface in {outbox.PLAN, outbox.PLAN_REPLY}:
            plan = Plan(
                workspace_id=enrolment.workspace_id,
                member_id=enrolment.member_id,
                team_id=enrolment.team_id,
                currency="USD",
                period="dates",
                begins_on=WEEK,
                ends_on=WEEK,
                goal=Decimal(1),
                closed=Decimal(0),
                created_at=now,
            )
            session.add(plan)
            session.flush()
            subject = plan.id
        elif surface == outbox.HOME:
            subject = enrolment.member_id
        elif surface == outbox.NOTICE:
            team = session.get_one(Team, enrolment.team_id)
            entry = AuditEntry(
                workspace_id=team.workspace_id, at=now, what="coach_changed", team_id=team.id
            )
            session.add(entry)
            session.flush()
            notice = Notice(
                workspace_id=team.workspace_id, audit_id=entry.id, member_id=team.coach_id
            )
            session.add(notice)
            session.flush()
            subject = notice.id
        elif surface == outbox.WITHDRAWN:
            withdrawal = Withdrawal(
                workspace_id=enrolment.workspace_id,
                surface=outbox.CHECK_IN,
                subject_id=check_in.id,
                at=now,
            )
            session.add(withdrawal)
            session.flush()
            subject = withdrawal.id
        outbox.mark_stale(
            session,
            workspace_id=enrolment.workspace_id,
            surface=surface,
            subject_id=subject,
            now=now,
            not_before=datetime.now(UTC) + timedelta(days=1),
        )
        session.flush()
        item = session.exec(select(OutboxItem).where(OutboxItem.surface == surface)).one()
        item.attempts, item.failed_reason = attempts, because
        if because is not None:
            item.due_at = None

    return work


OURS = "This is a fault of Basecoach: report it with the log lines about it."
TELL = "Choose a coach who can be written to, and a channel that works, with /coach."
PASSES = "This is Slack's or the network's trouble: look at slack-status.com if it lasts."
UNKNOWN = (
    "Look a_code_of_tomorrow up in Slack's documentation of chat.postMessage; it is a rule of the "
    "workspace's, or a fault of Slack's."
)
ACCOUNT = "See to their Slack account, or take them out of their team with /coach."


async def test_an_alert_that_its_channel_did_not_take_is_named_though_the_coach_has_it(
    any_office: Office,
) -> None:
    any_office.change(undelivered(outbox.ALERT, None, attempts=0))

    def stands_in(channel: str) -> Callable[[Session], None]:
        def work(session: Session) -> None:
            now = datetime.now(UTC)
            item = session.exec(select(OutboxItem).where(OutboxItem.surface == outbox.ALERT)).one()
            item.channel, item.ts, item.posted_at, item.due_at = channel, "1.2", now, None
            team = session.exec(select(Team)).one()
            session.get_one(Member, team.coach_id).dm_channel = "D0DANA"

        return work

    any_office.change(stands_in("C0COACH"))
    assert await any_office.lines("note", "Deliveries") == []
    any_office.change(stands_in("D0DANA"))
    (note,) = await any_office.lines("note", "Deliveries")
    assert note.startswith(
        "An alert stands in direct messages, because #coach-dana did not take it: Priya Nair. "
    )
    assert "msg_too_long and invalid_blocks are faults of Basecoach: report them." in note


@pytest.mark.parametrize(
    ("work", "level", "words"),
    [
        (
            undelivered(outbox.CHECK_IN, "invalid_blocks"),
            "mend",
            "A check-in was given up (Slack says invalid_blocks): Priya Nair. "
            f"Ask them to type /checkin. {OURS}",
        ),
        (
            undelivered(outbox.CHECK_IN, "user_not_found", state="skipped"),
            "mend",
            f"A check-in was given up (Slack says user_not_found): Priya Nair. {ACCOUNT}",
        ),
        (
            undelivered(outbox.CHECK_IN, "timeout", state="skipped"),
            "note",
            f"A check-in was given up (Slack says timeout): Priya Nair. {PASSES}",
        ),
        (
            undelivered(outbox.NOTICE, "a_code_of_tomorrow"),
            "note",
            "A line about a change of hands was given up (Slack says a_code_of_tomorrow): "
            f"Dana Whitfield. {UNKNOWN}",
        ),
        (
            undelivered(outbox.WITHDRAWN, "a_code_of_tomorrow"),
            "note",
            "A withdrawn message was given up (Slack says a_code_of_tomorrow): "
            f"Priya Nair. {UNKNOWN}",
        ),
        (
            undelivered(outbox.ALERT, "invalid_blocks"),
            "mend",
            f"An alert did not reach the coach (Slack says invalid_blocks), about Priya Nair. {OURS}",
        ),
        (
            undelivered(outbox.PLAN, "invalid_blocks"),
            "mend",
            f"A plan did not reach the coach (Slack says invalid_blocks), about Priya Nair. {OURS}",
        ),
        (
            undelivered(outbox.PLAN_REPLY, "invalid_blocks"),
            "note",
            f"The answer to a plan was given up (Slack says invalid_blocks): Priya Nair. {OURS}",
        ),
        (
            undelivered(outbox.ALERT, "nothing to show"),
            "mend",
            "An alert did not reach the coach (its coach can't be written to), "
            f"about Priya Nair. {TELL}",
        ),
        (
            undelivered(outbox.HOME, "not_enabled"),
            "note",
            "A Home was given up (Slack says not_enabled): Priya Nair. Install the app again with "
            "what `basecoach manifest` prints, and approve all its scopes.",
        ),
        (
            undelivered(outbox.CHECK_IN, None, attempts=7),
            "note",
            "A check-in failed 7 times and is being tried again: Priya Nair.",
        ),
    ],
)
async def test_what_could_not_be_delivered(
    any_office: Office, work: Callable[[Session], None], level: str, words: str
) -> None:
    any_office.change(work)
    assert await any_office.lines(level, "Deliveries") == [words]


async def test_what_a_later_check_in_shows_to_be_mended_is_no_more_than_told(
    any_office: Office,
) -> None:
    any_office.change(undelivered(outbox.CHECK_IN, "missing_scope", state="skipped"))
    assert len(await any_office.lines("mend", "Deliveries")) == 1

    def asked_a_week_later(session: Session) -> None:
        (first,) = session.exec(select(CheckIn))
        now = datetime.now(UTC)
        known = first.model_dump(exclude={"id"}) | {"state": "open", "delivered_at": now}
        session.add(CheckIn(**known | {"week": WEEK + timedelta(days=7), "due_at": now}))

    any_office.change(asked_a_week_later)
    assert await any_office.lines("mend", "Deliveries") == []
    (note,) = await any_office.lines("note", "Deliveries")
    assert note.startswith("A check-in was given up (Slack says missing_scope): Priya Nair.")


@pytest.mark.parametrize(
    "work",
    [
        undelivered(outbox.CHECK_IN, "nothing to show", state="skipped"),
        undelivered(outbox.ALERT, "invalid_blocks", days=60),
    ],
)
async def test_what_is_as_it_should_be_or_long_past_is_not_told(
    any_office: Office, work: Callable[[Session], None]
) -> None:
    any_office.change(work)
    assert await any_office.lines("ok", "Deliveries") == ["Everything that was due was sent."]


async def test_what_has_been_waiting(any_office: Office) -> None:
    def work(session: Session) -> None:
        for item in session.exec(select(OutboxItem)):
            session.delete(item)
        outbox.mark_stale(
            session,
            workspace_id=session.exec(select(Workspace.id)).one(),
            surface=outbox.HOME,
            subject_id=1,
            now=datetime.now(UTC),
            not_before=datetime(2026, 1, 5, 9, 0, tzinfo=UTC),
        )

    any_office.change(work)
    assert await any_office.lines("note", "Deliveries") == [
        "1 message is due since 2026-01-05 09:00 UTC. They go out as soon as `basecoach run` "
        "is at work and Slack answers."
    ]
