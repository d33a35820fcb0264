"""The life of a check-in: due → scheduled → open → answered or unanswered; or away, where nothing is asked.

The `…_due` functions are the tick. They are level-triggered: each looks at what the database says is due, takes
a batch, and advances it in the same transaction as the outbox rows. Beats that were missed cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from sqlmodel import Session, col, select

from bot.domain import alerts, calendars, days_off, metrics, outbox, records, surfaces, targets
from bot.domain.schedules import schedule_of, zone_of
from bot.domain.shown.checkins import CheckInShown, QuestionShown
from bot.domain.tables import (
    Answer,
    CheckIn,
    CheckInState,
    Enrolment,
    Member,
    Metric,
    OutboxItem,
    Reminder,
    Source,
    Team,
)
from bot.rules import absences, weeks

BATCH = 500

CATCH_UP = timedelta(hours=48)
"""How late a check-in may still go out. A later one is skipped and shown as not asked."""

PUNCTUAL = timedelta(minutes=15)
"""Lateness up to this is none; beyond it a check-in also waits for working hours."""

LATE_ANSWERS = timedelta(days=14)
"""How long after the deadline answers are still taken, as late."""

MAX_REMINDERS = 2

NO_TARGETS = "no_targets"
NOT_SENT = "not_sent"
UNREACHABLE = "unreachable"
LEFT = "left"


def skip_undelivered(session: Session, *, now: datetime) -> int:
    """Give up check-ins that could not be delivered in time; what was not delivered is never counted."""
    stuck = session.exec(
        select(CheckIn, OutboxItem)
        .join(OutboxItem, col(OutboxItem.subject_id) == col(CheckIn.id))
        .where(
            CheckIn.state == CheckInState.SCHEDULED,
            CheckIn.due_at < now - CATCH_UP,
            OutboxItem.surface == outbox.CHECK_IN,
            col(OutboxItem.ts).is_(None),
            col(OutboxItem.claimed_by).is_(None),
            col(OutboxItem.uncertain_since).is_(None),
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    for check_in, item in stuck:
        check_in.state, check_in.skipped_because = CheckInState.SKIPPED, NOT_SENT
        item.due_at = None
        member = session.get_one(Member, check_in.member_id)
        surfaces.homes_changed(session, member=member, now=now)
    session.flush()
    return len(stuck)


def delivered(session: Session, *, check_in_id: int, at: datetime) -> None:
    """The rep has it since `at`: the deadline and the reminders count from here. Repeating it is harmless."""
    check_in = session.get_one(CheckIn, check_in_id)
    if check_in.state == CheckInState.AWAY and check_in.delivered_at is None:
        # It was on its way when the week was marked: what stands in Slack now says so when it is redrawn.
        check_in.delivered_at = at
        session.flush()
    if check_in.state != CheckInState.SCHEDULED:
        return
    member = session.get_one(Member, check_in.member_id)
    team = session.get_one(Team, check_in.team_id)
    schedule, zone = schedule_of(team), zone_of(member)
    calendar = calendars.around(session, member, team, at)
    check_in.state = CheckInState.OPEN
    check_in.delivered_at = at
    check_in.deadline_at = deadline = days_off.deadline_of(
        check_in, member, team, calendar, delivered_at=at
    )
    moments = [
        absences.after_days_off(moment, calendar=calendar, zone=zone)
        for moment in weeks.reminder_times(
            delivered_at=at, deadline=deadline, zone=zone, schedule=schedule
        )
    ]
    in_time = sorted({moment for moment in moments if moment < deadline})
    for number, due_at in enumerate(in_time[:MAX_REMINDERS], start=1):
        session.add(
            Reminder(
                workspace_id=check_in.workspace_id,
                check_in_id=check_in.id,
                number=number,
                due_at=due_at,
            )
        )
    if at > check_in.due_at + PUNCTUAL:
        # The deadline moved with the delivery; the message that was posted could only guess it.
        outbox.want_again(
            session,
            workspace_id=check_in.workspace_id,
            surface=outbox.CHECK_IN,
            subject_id=check_in.id,
            now=at,
        )
    surfaces.homes_changed(session, member=member, now=at)
    session.flush()


def unreachable(session: Session, *, check_in_id: int, now: datetime) -> None:
    """The rep can't be written to: the week was not asked."""
    check_in = session.get_one(CheckIn, check_in_id)
    if check_in.state == CheckInState.SCHEDULED:
        check_in.state, check_in.skipped_because = CheckInState.SKIPPED, UNREACHABLE
        surfaces.homes_changed(session, member=session.get_one(Member, check_in.member_id), now=now)
        session.flush()


def close_due(session: Session, *, now: datetime) -> int:
    """Close the check-ins whose deadline has passed with a question open, and alert their coaches."""
    due = session.exec(
        select(CheckIn)
        .where(CheckIn.state == CheckInState.OPEN, col(CheckIn.deadline_at) <= now)
        .order_by(col(CheckIn.deadline_at))
        .limit(BATCH)
        .with_for_update(skip_locked=True)
    ).all()
    calendar_of = calendars.of_check_ins(session, due, (now - CATCH_UP).date()) if due else {}
    for check_in in due:
        member = session.get_one(Member, check_in.member_id)
        if member.inactive_because is not None:
            _withdraw(session, check_in, because=UNREACHABLE, now=now)
            continue
        calendar = calendar_of[check_in.id]
        if days_off.move_deadline(session, check_in, member, calendar, now=now):
            continue
        check_in.state = CheckInState.UNANSWERED
        cancel_reminders(session, check_in)
        alerts.ensure(session, check_in=check_in, now=now)
        surfaces.check_in_changed(session, check_in=check_in, now=now)
        surfaces.homes_changed(session, member=member, now=now)
    session.flush()
    return len(due)


def withdraw_open(session: Session, *, member: Member, now: datetime) -> None:
    """The member is no rep any more: what is still open is no longer asked, and never counted."""
    for check_in in session.exec(
        select(CheckIn).where(
            CheckIn.member_id == member.id,
            col(CheckIn.state).in_([CheckInState.SCHEDULED, CheckInState.OPEN]),
        )
    ).all():
        _withdraw(session, check_in, because=LEFT, now=now)
    session.flush()


def _withdraw(session: Session, check_in: CheckIn, *, because: str, now: datetime) -> None:
    check_in.state, check_in.skipped_because = CheckInState.SKIPPED, because
    cancel_reminders(session, check_in)
    outbox.want_again(
        session,
        workspace_id=check_in.workspace_id,
        surface=outbox.CHECK_IN,
        subject_id=check_in.id,
        now=now,
    )


def cancel_reminders(session: Session, check_in: CheckIn) -> None:
    """Nothing is left to remind of; reminders that were sent are redrawn to say so."""
    for reminder in session.exec(select(Reminder).where(Reminder.check_in_id == check_in.id)).all():
        reminder.due_at = None
    session.flush()


def show(session: Session, check_in_id: int, *, now: datetime) -> CheckInShown:
    """The check-in as it is now."""
    check_in = session.get_one(CheckIn, check_in_id)
    member = session.get_one(Member, check_in.member_id)
    team = session.get_one(Team, check_in.team_id)
    enrolment = session.exec(
        select(Enrolment).where(Enrolment.member_id == member.id, col(Enrolment.ended_on).is_(None))
    ).one_or_none()
    answers = session.exec(
        select(Answer).where(Answer.check_in_id == check_in_id).order_by(col(Answer.position))
    ).all()
    second = session.get(Member, team.second_coach_id) if team.second_coach_id else None
    met = records.result_of(check_in, answers) == "met"
    upcoming = enrolment.next_due_at if enrolment else None
    if enrolment is not None and check_in.state in {
        CheckInState.ANSWERED,
        CheckInState.UNANSWERED,
    }:
        own_team = session.get_one(Team, enrolment.team_id)
        upcoming = days_off.next_check_in(session, enrolment, member, own_team, now=now)
    return CheckInShown(
        check_in_id=check_in.id,
        state=check_in.state,
        week=check_in.week,
        name=member.name,
        reader=records.reader_of(member, team),
        questions=questions_of(session, check_in, answers),
        deadline_at=check_in.deadline_at
        or days_off.expected_deadline(session, check_in, member, team, now=now),
        completed_at=check_in.completed_at,
        late=check_in.late,
        work=days_off.work_of(check_in),
        closed_for_good=is_closed_for_good(check_in, now),
        coach=session.get_one(Member, team.coach_id).slack_user_id,
        second_coach=second.slack_user_id if second else None,
        coach_channel=team.coach_channel,
        next_due_at=upcoming,
        streak=records.streak(session, member_id=member.id, last=check_in.week) if met else 0,
    )


def questions_of(
    session: Session, check_in: CheckIn, answers: Sequence[Answer]
) -> tuple[QuestionShown, ...]:
    """The rows of a check-in; what the log says is read anew for those still open."""
    logged = logged_now(session, check_in, answers)
    return tuple(
        QuestionShown(
            answer_id=answer.id,
            name=answer.name,
            unit=answer.unit,
            question=answer.question,
            target=answer.target,
            full_target=answer.full_target,
            logged=logged.get(answer.id) if answer.verdict is None else answer.logged,
            number=answer.number,
            verdict=answer.verdict,
            note=answer.note,
            edited=answer.edited,
            late=answer.late,
        )
        for answer in answers
    )


def logged_now(
    session: Session, check_in: CheckIn, answers: Sequence[Answer]
) -> dict[int, Decimal]:
    """What the log says now, by answer id, for the metrics that are logged."""
    wanted = {a.metric_id for a in answers if a.source != Source.ASKED}
    found = session.exec(select(Metric).where(col(Metric.id).in_(wanted))).all()
    numbers = metrics.logged_numbers(session, [check_in.member_id], [check_in.week], found)
    return {
        a.id: numbers[check_in.member_id, check_in.week, a.metric_id]
        for a in answers
        if a.metric_id in wanted
    }


def is_closed_for_good(check_in: CheckIn, now: datetime) -> bool:
    """Whether answers are no longer taken, not even as late."""
    if check_in.state in {CheckInState.AWAY, CheckInState.SKIPPED}:
        return True
    return check_in.deadline_at is not None and now > check_in.deadline_at + LATE_ANSWERS


def nothing_open(session: Session, member: Member, *, now: datetime) -> str:
    """One sentence for a rep with no check-in to answer: when the next one comes, or what is missing."""
    enrolment = session.exec(
        select(Enrolment).where(Enrolment.member_id == member.id, col(Enrolment.ended_on).is_(None))
    ).one_or_none()
    if enrolment is None or enrolment.next_due_at is None:
        return (
            "You are not in a sales team yet. "
            "Ask your coach or a workspace admin to enrol you with /coach."
        )
    team = session.get_one(Team, enrolment.team_id)
    upcoming = days_off.next_check_in(session, enrolment, member, team, now=now)
    local = (upcoming or enrolment.next_due_at).astimezone(zone_of(member))
    when = f"{weeks.weekday_name(local.weekday())} {local.day} {local:%B} at {local:%H:%M}"
    if not targets.in_force(session, [member.id], enrolment.next_week or local.date()):
        return (
            f"No check-in is open. The next one is due {when}, "
            "but you have no targets yet: ask your coach to set them with /coach."
        )
    return f"No check-in is open. The next one comes {when}."
