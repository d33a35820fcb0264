"""Reminders of an open check-in.

A rep gets at most two, in the working hours of a working day; more come only when the rep asks for them. One that
has no room in the week's message budget is dropped, unless the rep asked for it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import any_of, columns, lock_due, rows, table
from bot.domain.access import Caller, deny, known_member
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.checkins import showing
from bot.domain.metrics import records
from bot.domain.outbox import budget, outbox, surfaces
from bot.domain.outbox.budget import Budget
from bot.domain.refusals import Refusal
from bot.domain.shown.budget import Spent
from bot.domain.shown.checkins import ReminderShown
from bot.domain.shown.reader import Reader
from bot.domain.tables import CheckIn, CheckInState, Member, Reminder, Team
from bot.rules import absences, weeks
from bot.rules.absences import Calendar
from bot.rules.days import show_time
from bot.rules.weeks import WEEK

BATCH = 500

IS_DUE = columns(Reminder).due_at <= sa.bindparam("now")


def remind_due(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Send the due reminders to reps who have not answered, inside working hours on a working day.

    A reminder for which the rep's message budget has no room is dropped.
    """
    due = lock_due(
        session,
        Reminder,
        IS_DUE,
        by=col(Reminder.due_at),
        limit=BATCH,
        now=now,
        only=only,
        without=without,
    )
    if not due:
        return 0
    about = {reminder.check_in_id for reminder in due}
    check_ins = session.exec(select(CheckIn).where(col(CheckIn.id).in_(about))).all()
    calendar_of = calendars.of_check_ins(session, check_ins, (now - WEEK).date())
    latest = {reminder.check_in_id: reminder for reminder in due}
    left = budget.read(session, {one.member_id for one in check_ins}, now=now, to_take=True)
    changed: dict[int, set[int]] = defaultdict(set)
    for reminder in due:
        check_in = session.get_one(CheckIn, reminder.check_in_id)
        if check_in.state != CheckInState.OPEN or latest[check_in.id] is not reminder:
            reminder.due_at = None
            continue
        member = session.get_one(Member, check_in.member_id)
        team = session.get_one(Team, check_in.team_id)
        calendar, schedule, zone = calendar_of[check_in.id], schedule_of(team), zone_of(member)
        moment = absences.into_working_day(now, calendar=calendar, schedule=schedule, zone=zone)
        if moment > now:
            too_late = check_in.deadline_at is not None and moment >= check_in.deadline_at
            reminder.due_at = None if too_late else moment
            continue
        reminder.due_at = None
        changed[check_in.workspace_id].add(member.id)
        if not (reminder.asked_for or left.take(member.id, now)):
            reminder.dropped_at = now
            continue
        reminder.sent_at = now
        outbox.mark_stale(
            session,
            workspace_id=check_in.workspace_id,
            surface=outbox.REMINDER,
            subject_id=reminder.id,
            now=now,
        )
    session.flush()
    surfaces.own_homes_changed(session, members_of=changed, now=now)
    return len(due)


def snooze(
    session: Session, *, caller: Caller, check_in_id: int, choice: weeks.Snooze, now: datetime
) -> tuple[datetime, Reader]:
    """Remind the rep again later, because the rep asked for it; return the moment and the reader.

    Raises Refusal where the check-in can't be snoozed.

    The next planned reminder moves to that moment; if none is left, one is added.
    """
    member = known_member(session, caller)
    check_in, deadline_at = _to_snooze(session, member, check_in_id)
    team = session.get_one(Team, check_in.team_id)
    zone = zone_of(member)
    moment = absences.into_working_day(
        weeks.snooze(choice, now=now, schedule=schedule_of(team), zone=zone),
        calendar=calendars.around(session, member, team, now),
        schedule=schedule_of(team),
        zone=zone,
    )
    if moment >= deadline_at:
        closes = deadline_at.astimezone(zone)
        raise Refusal(
            f"The check-in closes {weeks.weekday_name(closes.weekday())} "
            f"at {show_time(closes.time(), member.locale)}, "
            "before that. Answer now, or snooze for less."
        )
    reminders = session.exec(
        select(Reminder).where(Reminder.check_in_id == check_in.id).order_by(col(Reminder.number))
    ).all()
    _move_next(session, check_in, reminders, moment)
    for reminder in reminders:
        if reminder.sent_at is not None:
            outbox.mark_stale_if_known(
                session,
                workspace_id=check_in.workspace_id,
                surface=outbox.REMINDER,
                subject_id=reminder.id,
                now=now,
            )
    session.flush()
    return moment, records.reader_of(member, team)


def _to_snooze(session: Session, member: Member, check_in_id: int) -> tuple[CheckIn, datetime]:
    """Return the member's own open check-in, its row locked, and its deadline; raise Refusal for any other."""
    check_in = session.exec(
        select(CheckIn)
        .where(CheckIn.id == check_in_id, CheckIn.workspace_id == member.workspace_id)
        .with_for_update()
    ).one_or_none()
    if check_in is None or check_in.member_id != member.id:
        if check_in is not None:
            deny(member, "snooze", "check-in", check_in.id)
        raise Refusal("This check-in belongs to somebody else, so only they can snooze it.")
    if check_in.state != CheckInState.OPEN or check_in.deadline_at is None:
        raise Refusal("There is nothing to snooze: this check-in is no longer open.")
    return check_in, check_in.deadline_at


def _move_next(
    session: Session, check_in: CheckIn, reminders: Sequence[Reminder], moment: datetime
) -> None:
    """Move the next planned reminder to the moment, or add one; cancel planned reminders that follow too soon."""
    pending = [r for r in reminders if r.due_at is not None]
    if pending:
        pending[0].due_at, pending[0].asked_for = moment, True
        for other in pending[1:]:
            if other.due_at is not None and other.due_at <= moment + weeks.REMINDER_SPACING:
                other.due_at = None
    else:
        session.add(
            Reminder(
                workspace_id=check_in.workspace_id,
                check_in_id=check_in.id,
                number=max((r.number for r in reminders), default=0) + 1,
                due_at=moment,
                asked_for=True,
            )
        )


@dataclass(frozen=True)
class Showing:
    """A reminder as its rep sees it, with the facts that decide where and when it may be posted."""

    shown: ReminderShown
    check_in: showing.Showing
    calendar: Calendar
    """The rep's calendar, from a week before today on."""


class _Facts(NamedTuple):
    """A reminder with its check-in, and when the next one of that check-in goes out."""

    reminder_id: int
    id: int
    member_id: int
    team_id: int
    next_reminder_at: datetime | None
    next_is_asked_for: bool

    @property
    def needs_room_at(self) -> datetime | None:
        """When the next one goes out if the message budget has room for it; None if it needs no room."""
        return None if self.next_is_asked_for else self.next_reminder_at


def show(session: Session, reminder_id: int, *, now: datetime) -> ReminderShown:
    """Return the reminder in its current state."""
    return show_all(session, [reminder_id], now=now)[reminder_id].shown


def show_all(
    session: Session, reminder_ids: Collection[int], *, now: datetime
) -> dict[int, Showing]:
    """Return the reminders in their current state, by id; a reminder that does not exist is left out."""
    found = [_Facts(*row) for row in rows(session, _FACTS, ids=list(reminder_ids))]
    if not found:
        return {}
    check_ins = showing.show_all(session, [facts.id for facts in found], now=now)
    calendar_of = calendars.of_check_ins(session, found, now.date() - WEEK - timedelta(days=1))
    need_room = {facts.member_id for facts in found if facts.needs_room_at is not None}
    left = budget.read(session, need_room, now=now)
    return {
        facts.reminder_id: Showing(
            shown=ReminderShown(
                reminder_id=facts.reminder_id,
                check_in=check_ins[facts.id].shown,
                open_questions=sum(q.verdict is None for q in check_ins[facts.id].shown.questions),
                next_reminder_at=facts.next_reminder_at,
                no_room=_no_room(facts, left),
            ),
            check_in=check_ins[facts.id],
            calendar=calendar_of[facts.id],
        )
        for facts in found
    }


def _no_room(facts: _Facts, left: Budget) -> Spent | None:
    """Return what the rep has had in the week of the next reminder, if there is no room for it."""
    if facts.needs_room_at is None:
        return None
    spent = left.spent(facts.member_id, facts.needs_room_at)
    return spent if spent.is_all else None


_REMINDER, _CHECK_IN, _OTHER = columns(Reminder), columns(CheckIn), table(Reminder).alias()

_FACTS = (
    sa.select(
        _REMINDER.id,
        _CHECK_IN.id,
        _CHECK_IN.member_id,
        _CHECK_IN.team_id,
        sa.select(sa.func.min(_OTHER.c.due_at))
        .where(_OTHER.c.check_in_id == _REMINDER.check_in_id)
        .scalar_subquery(),
        sa.exists().where(
            _OTHER.c.check_in_id == _REMINDER.check_in_id,
            _OTHER.c.due_at.is_not(None),
            _OTHER.c.asked_for.is_(True),
        ),
    )
    .join_from(table(Reminder), table(CheckIn), _CHECK_IN.id == _REMINDER.check_in_id)
    .where(_REMINDER.id.in_(any_of("ids")))
)
