"""Updates existing check-ins after days off were recorded or taken back.

Answers and their history stay as they are; only the target that they are compared with changes. A check-in that is
closed for good stays as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session, col, or_, select

from bot.domain.calendars import days_off
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.open_weeks import LATE_ANSWERS
from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.checkins import lifecycle as checkins
from bot.domain.coaching import alerts
from bot.domain.metrics import targets
from bot.domain.metrics.targets import TargetMetric
from bot.domain.outbox import outbox, surfaces
from bot.domain.tables import (
    Answer,
    CheckIn,
    CheckInState,
    Member,
    OutboxItem,
    Team,
    Verdict,
)
from bot.rules import absences, weeks
from bot.rules.absences import Calendar, WorkWeek
from bot.rules.verdicts import verdict as verdict_of

_ASKED = frozenset({CheckInState.OPEN, CheckInState.ANSWERED, CheckInState.UNANSWERED})
_PENDING = [CheckInState.SCHEDULED, CheckInState.OPEN, CheckInState.UNANSWERED]


def can_still_change(check_in: CheckIn, now: datetime) -> bool:
    """Return whether days away can still be recorded for the check-in's week: while it takes late answers."""
    return now <= (check_in.deadline_at or check_in.due_at) + LATE_ANSWERS


def days_off_changed(session: Session, *, member: Member, since: date, now: datetime) -> None:
    """Update the check-ins of a member whose days off from `since` on have changed."""
    found = session.exec(
        select(CheckIn)
        .where(
            CheckIn.member_id == member.id,
            CheckIn.state != CheckInState.SKIPPED,
            or_(CheckIn.week >= weeks.monday_of(since), col(CheckIn.state).in_(_PENDING)),
        )
        .order_by(col(CheckIn.week))
        .with_for_update()
    ).all()
    check_ins = [check_in for check_in in found if can_still_change(check_in, now)]
    if check_ins:
        first = min(check_in.week for check_in in check_ins)
        calendar_of = calendars.of_check_ins(session, check_ins, first)
        for check_in in check_ins:
            _bring_into_line(session, check_in, member, calendar_of[check_in.id], now)
    session.flush()


def _bring_into_line(
    session: Session, check_in: CheckIn, member: Member, calendar: Calendar, now: datetime
) -> None:
    # Only a week that was shorter from the beginning stays so: the rep may have left and come back since.
    calendar = replace(calendar, begins=check_in.joined_on)
    work = calendar.week(check_in.week)
    answers = session.exec(
        select(Answer).where(Answer.check_in_id == check_in.id).order_by(col(Answer.position))
    ).all()
    days_off.count(check_in, work)
    for answer in answers:
        _judge(answer, work)
    if work.left <= 0:
        _mark_away(session, check_in, now)
    else:
        if check_in.state == CheckInState.AWAY:
            _reopen(session, check_in, answers, member, calendar, now)
        _adjust_times(session, check_in, member, calendar, now)
        _ensure_alert(session, check_in, answers, now)
    session.flush()
    surfaces.check_in_changed(session, check_in=check_in, now=now)


def _judge(answer: Answer, work: WorkWeek) -> None:
    if work.left > 0:  # a week without a working day left gets no verdict
        full = answer.full_target if answer.full_target is not None else answer.target
        answer.target = absences.target_of(full, answer.unit, work)
        answer.full_target = full if work.off else None
    if answer.number is not None and answer.verdict is not None:
        answer.verdict = verdict_of(answer.number, answer.target)


def _mark_away(session: Session, check_in: CheckIn, now: datetime) -> None:
    """Mark the rep away for this week: nothing is asked about it (any more), and nothing in it is a miss."""
    if check_in.state == CheckInState.SCHEDULED:
        item = _outbox_item(session, check_in)
        if item is not None and item.claimed_by is None and item.unknown_since is None:
            item.due_at = None
    check_in.state = CheckInState.AWAY
    checkins.cancel_reminders(session, [check_in.id])


def _reopen(
    session: Session,
    check_in: CheckIn,
    answers: Sequence[Answer],
    member: Member,
    calendar: Calendar,
    now: datetime,
) -> None:
    """Reopen a week that has working days after all: asked questions count again, the others are asked now."""
    if check_in.delivered_at is not None:
        complete = bool(answers) and all(answer.verdict for answer in answers)
        is_open = check_in.deadline_at is None or check_in.deadline_at > now
        unanswered = CheckInState.OPEN if is_open else CheckInState.UNANSWERED
        check_in.state = CheckInState.ANSWERED if complete else unanswered
        return
    if not answers:
        wanted = targets.in_force(session, [check_in.member_id], check_in.week)
        work = calendar.week(check_in.week)
        made = [
            _question(check_in, position, metric, full, work)
            for position, (metric, full) in enumerate(wanted.get(check_in.member_id, []))
        ]
        session.add_all(made)
        if not made:
            check_in.state, check_in.skipped_because = CheckInState.SKIPPED, checkins.NO_TARGETS
            return
    check_in.state = CheckInState.SCHEDULED
    if check_in.due_at < now:
        schedule = schedule_of(session.get_one(Team, check_in.team_id))
        check_in.due_at = absences.into_working_time(
            now, calendar=calendar, schedule=schedule, zone=zone_of(member)
        )
    outbox.mark_stale(
        session,
        workspace_id=check_in.workspace_id,
        surface=outbox.CHECK_IN,
        subject_id=check_in.id,
        now=now,
        not_before=check_in.due_at,
    )


def _question(
    check_in: CheckIn, position: int, metric: TargetMetric, full: Decimal, work: WorkWeek
) -> Answer:
    return Answer(
        workspace_id=check_in.workspace_id,
        check_in_id=check_in.id,
        metric_id=metric.id,
        position=position,
        name=metric.name,
        unit=metric.unit,
        question=metric.question,
        source=metric.source,
        target=absences.target_of(full, metric.unit, work),
        full_target=full if work.off else None,
    )


def _adjust_times(
    session: Session, check_in: CheckIn, member: Member, calendar: Calendar, now: datetime
) -> None:
    """Move the check-in's due time, or its deadline, so that it is not on a day off."""
    if check_in.state == CheckInState.SCHEDULED:
        _mind_delivery(session, check_in, member, calendar, now)
    elif check_in.state in {CheckInState.OPEN, CheckInState.UNANSWERED} and (
        days_off.move_deadline(session, check_in, member, calendar, now=now)
    ):
        # A rep who was away is not treated as silent and can answer on the first day back.
        check_in.state = CheckInState.OPEN


def _mind_delivery(
    session: Session, check_in: CheckIn, member: Member, calendar: Calendar, now: datetime
) -> None:
    team = session.get_one(Team, check_in.team_id)
    schedule, zone = schedule_of(team), zone_of(member)
    due = weeks.due_at(check_in.week, schedule, zone)
    wanted = absences.send_at(due, calendar=calendar, schedule=schedule, zone=zone)
    waited = check_in.due_at.astimezone(zone).date() > due.astimezone(zone).date()
    if calendar.is_off(check_in.due_at.astimezone(zone).date()):
        wanted = max(wanted, check_in.due_at)
    elif not waited:
        return
    if wanted < now:
        wanted = absences.into_working_time(now, calendar=calendar, schedule=schedule, zone=zone)
    wanted = absences.send_at(wanted, calendar=calendar, schedule=schedule, zone=zone)
    if wanted == check_in.due_at:
        return
    check_in.due_at = wanted
    item = _outbox_item(session, check_in)
    if item is not None and item.claimed_by is None and item.unknown_since is None:
        outbox.mark_stale(
            session,
            workspace_id=check_in.workspace_id,
            surface=outbox.CHECK_IN,
            subject_id=check_in.id,
            now=now,
            not_before=wanted,
        )


def _ensure_alert(
    session: Session, check_in: CheckIn, answers: Sequence[Answer], now: datetime
) -> None:
    """Raise the alert if the week became a miss because days off were taken back."""
    missed = check_in.state == CheckInState.ANSWERED and any(
        answer.verdict == Verdict.NO for answer in answers
    )
    if missed or check_in.state == CheckInState.UNANSWERED:
        alerts.ensure(session, check_ins=[check_in], now=now)


def _outbox_item(session: Session, check_in: CheckIn) -> OutboxItem | None:
    return session.exec(
        select(OutboxItem).where(
            OutboxItem.workspace_id == check_in.workspace_id,
            OutboxItem.surface == outbox.CHECK_IN,
            OutboxItem.subject_id == check_in.id,
        )
    ).one_or_none()
