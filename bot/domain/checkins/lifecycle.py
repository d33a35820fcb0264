"""The states of a check-in: due → scheduled → open → answered or unanswered; or away, and then nothing is asked.

The tick calls the `…_due` functions. They are level-triggered: each reads from the database which check-ins are
due, takes a batch, and advances it in the same transaction as the outbox rows. A missed beat loses nothing: the
next one does its work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import any_of, columns, insert_all, rows, signal, table, update_all
from bot.domain.calendars import days_off
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import Scheduled, schedule_of, teams_of, zone_of
from bot.domain.coaching import alerts
from bot.domain.metrics import metrics, targets
from bot.domain.outbox import outbox, surfaces
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
from bot.rules.absences import Calendar
from bot.rules.weeks import WEEK

BATCH = 500

CATCH_UP = timedelta(hours=48)
"""How late a check-in may still go out. A later one is skipped and shown as not asked."""

PUNCTUAL = timedelta(minutes=15)
"""A check-in that is late by no more than this counts as punctual; a later one also waits for working hours."""

LATE_ANSWERS = timedelta(days=14)
"""How long after the deadline answers are still accepted, marked as late."""

MAX_REMINDERS = 2

IS_OVERDUE = (columns(CheckIn).state == CheckInState.SCHEDULED.value) & (
    columns(CheckIn).due_at < sa.bindparam("too_late")
)
IS_CLOSING = (columns(CheckIn).state == CheckInState.OPEN.value) & (
    columns(CheckIn).deadline_at <= sa.bindparam("now")
)

NO_TARGETS = "no_targets"
NOT_SENT = "not_sent"
UNREACHABLE = "unreachable"
LEFT = "left"


def skip_undelivered(session: Session, *, now: datetime) -> int:
    """Give up check-ins that could not be delivered in time; an undelivered check-in is never counted."""
    stuck = session.exec(
        select(CheckIn, OutboxItem)
        .join(OutboxItem, col(OutboxItem.subject_id) == col(CheckIn.id))
        .where(
            IS_OVERDUE,
            OutboxItem.surface == outbox.CHECK_IN,
            col(OutboxItem.ts).is_(None),
            col(OutboxItem.claimed_by).is_(None),
            col(OutboxItem.unknown_since).is_(None),
        )
        .limit(BATCH)
        .with_for_update(skip_locked=True),
        params={"too_late": now - CATCH_UP},
    ).all()
    for check_in, item in stuck:
        check_in.state, check_in.skipped_because = CheckInState.SKIPPED, NOT_SENT
        item.due_at = None
        member = session.get_one(Member, check_in.member_id)
        surfaces.homes_changed(session, member=member, now=now)
    session.flush()
    return len(stuck)


class Waiting(NamedTuple):
    """A check-in that was not delivered yet, with its rep's zone."""

    id: int
    workspace_id: int
    member_id: int
    team_id: int
    week: date
    due_at: datetime
    state: str
    timezone: str


def delivered(session: Session, *, check_in_id: int, at: datetime) -> None:
    """Record that the rep received the check-in at `at`; the deadline and the reminders are computed from it.

    A second call for the same check-in changes nothing.
    """
    deliver(session, waiting_for_delivery(session, [check_in_id]), at={check_in_id: at})
    session.expire_all()


def found(
    session: Session, *, answer_id: int, token: str, channel: str, ts: str, now: datetime
) -> None:
    """Adopt the message that a rep answered in: if it was not known whether it was posted, it is known now.

    `token` comes from the message's metadata; a message without the row's token is not adopted.
    """
    item = session.exec(
        select(OutboxItem)
        .join(Answer, col(Answer.check_in_id) == col(OutboxItem.subject_id))
        .where(
            OutboxItem.workspace_id == Answer.workspace_id,
            OutboxItem.surface == outbox.CHECK_IN,
            OutboxItem.token == token,
            Answer.id == answer_id,
        )
    ).one_or_none()
    if item is None or item.ts is not None or not channel or not ts:
        return
    item.channel, item.ts, item.posted_at = channel, ts, moment_of(ts)
    item.unknown_since, item.lookbacks, item.claimed_by = None, 0, None
    item.lane = outbox.Lane.UPDATE
    item.rendered_version = max(item.rendered_version, 1)
    item.due_at = now
    signal(session, outbox.SIGNAL)
    delivered(session, check_in_id=item.subject_id, at=moment_of(ts))


def moment_of(ts: str) -> datetime:
    """The moment in a message's `ts`."""
    return datetime.fromtimestamp(float(ts), tz=UTC)


def waiting_for_delivery(session: Session, check_in_ids: Collection[int]) -> list[Waiting]:
    """Return those of the check-ins, also withdrawn ones, that were not delivered yet; their rows are locked."""
    if not check_in_ids:
        return []
    return [Waiting(*row) for row in rows(session, _WAITING, ids=list(check_in_ids))]


def deliver(session: Session, waiting: Sequence[Waiting], *, at: Mapping[int, datetime]) -> None:
    """Open the check-ins that have a moment of delivery in `at`; their deadline and reminders follow from it.

    A check-in that was withdrawn while its message was being sent stays withdrawn; the message is marked stale.
    """
    waiting = [check_in for check_in in waiting if check_in.id in at]
    if not waiting:
        return
    teams = teams_of(session, {check_in.team_id for check_in in waiting})
    calendar_of = calendars.of_check_ins(
        session, waiting, min(at.values()).date() - WEEK - timedelta(days=1), teams=teams
    )
    opened: list[dict[str, Any]] = []
    withdrawn: list[dict[str, Any]] = []
    reminders: list[dict[str, Any]] = []
    for check_in in waiting:
        moment, zone = at[check_in.id], zone_of(check_in)
        if check_in.state != CheckInState.SCHEDULED:
            withdrawn.append({"id": check_in.id, "delivered_at": moment})
            continue
        team, calendar = teams[check_in.team_id], calendar_of[check_in.id]
        deadline = _deadline(check_in, team, calendar, delivered_at=moment)
        opened.append(
            {
                "id": check_in.id,
                "state": CheckInState.OPEN.value,
                "delivered_at": moment,
                "deadline_at": deadline,
            }
        )
        moments = {
            absences.after_days_off(planned, calendar=calendar, zone=zone)
            for planned in weeks.reminder_times(
                delivered_at=moment, deadline=deadline, zone=zone, schedule=schedule_of(team)
            )
        }
        in_time = sorted(planned for planned in moments if planned < deadline)
        reminders += (
            {
                "workspace_id": check_in.workspace_id,
                "check_in_id": check_in.id,
                "number": number,
                "due_at": due_at,
            }
            for number, due_at in enumerate(in_time[:MAX_REMINDERS], start=1)
        )
    update_all(session, table(CheckIn), withdrawn)
    update_all(session, table(CheckIn), opened)
    insert_all(session, table(Reminder), reminders)
    _show_delivered(session, waiting, at)


def _show_delivered(
    session: Session, check_ins: Sequence[Waiting], at: Mapping[int, datetime]
) -> None:
    now = max(at.values())
    workspaces: dict[int, list[Waiting]] = defaultdict(list)
    for check_in in check_ins:
        workspaces[check_in.workspace_id].append(check_in)
    for workspace_id, of_workspace in workspaces.items():
        # A late delivery moves the deadline, which the posted message could not know. The message of a check-in
        # that was withdrawn while it was being sent still asks.
        outdated = [
            one.id
            for one in of_workspace
            if at[one.id] > one.due_at + PUNCTUAL or one.state != CheckInState.SCHEDULED
        ]
        if outdated:
            outbox.mark_many_stale(
                session,
                workspace_id=workspace_id,
                surface=outbox.CHECK_IN,
                subject_ids=outdated,
                now=now,
            )
        surfaces.reps_homes_changed(
            session,
            workspace_id=workspace_id,
            member_ids=[one.member_id for one in of_workspace],
            now=now,
        )


def _deadline(
    check_in: Waiting, team: Scheduled, calendar: Calendar, *, delivered_at: datetime
) -> datetime:
    return days_off.deadline_of(check_in, check_in, team, calendar, delivered_at=delivered_at)


_WAITING = (
    sa.select(
        columns(CheckIn).id,
        columns(CheckIn).workspace_id,
        columns(CheckIn).member_id,
        columns(CheckIn).team_id,
        columns(CheckIn).week,
        columns(CheckIn).due_at,
        columns(CheckIn).state,
        columns(Member).timezone,
    )
    .join_from(table(CheckIn), table(Member), columns(Member).id == columns(CheckIn).member_id)
    .where(
        columns(CheckIn).id.in_(any_of("ids")),
        (columns(CheckIn).state == CheckInState.SCHEDULED.value)
        # The rep was marked away, or left, while the message was being sent; rendered again, it says so.
        | (
            columns(CheckIn).state.in_([CheckInState.AWAY.value, CheckInState.SKIPPED.value])
            & columns(CheckIn).delivered_at.is_(None)
        ),
    )
    .order_by(columns(CheckIn).id)
    .with_for_update(of=table(CheckIn))
)


def unreachable(session: Session, *, check_in_id: int, now: datetime) -> None:
    """Skip the check-in, because Slack can't deliver messages to the rep; the week counts as not asked."""
    check_in = session.get_one(CheckIn, check_in_id)
    if check_in.state == CheckInState.SCHEDULED:
        check_in.state, check_in.skipped_because = CheckInState.SKIPPED, UNREACHABLE
        surfaces.homes_changed(session, member=session.get_one(Member, check_in.member_id), now=now)
        session.flush()


def close_due(session: Session, *, now: datetime) -> int:
    """Close the check-ins whose deadline has passed with a question open, and alert their coaches."""
    due = session.exec(
        select(CheckIn)
        .where(IS_CLOSING)
        .order_by(col(CheckIn.deadline_at))
        .limit(BATCH)
        .with_for_update(skip_locked=True),
        params={"now": now},
    ).all()
    calendar_of = calendars.of_check_ins(session, due, (now - CATCH_UP).date()) if due else {}
    for check_in in due:
        member = session.get_one(Member, check_in.member_id)
        if member.inactive_because is not None:
            _withdraw(session, check_in, because=UNREACHABLE, now=now)
            surfaces.homes_changed(session, member=member, now=now)
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
    """Withdraw the open check-ins of a member who is no longer a rep; they are never counted."""
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
    surfaces.check_in_withdrawn(session, check_in=check_in, now=now)


def cancel_reminders(session: Session, check_in: CheckIn) -> None:
    """Cancel the planned reminders of a check-in that needs none any more."""
    for reminder in session.exec(select(Reminder).where(Reminder.check_in_id == check_in.id)).all():
        reminder.due_at = None
    session.flush()


def logged_now(
    session: Session, check_in: CheckIn, answers: Sequence[Answer]
) -> dict[int, Decimal]:
    """Return the log's current numbers, by answer id, for the metrics that are logged."""
    wanted = {a.metric_id for a in answers if a.source != Source.ASKED}
    found = session.exec(select(Metric).where(col(Metric.id).in_(wanted))).all()
    numbers = metrics.logged_numbers(session, [check_in.member_id], [check_in.week], found)
    return {
        a.id: numbers[check_in.member_id, check_in.week, a.metric_id]
        for a in answers
        if a.metric_id in wanted
    }


def is_closed_for_good(state: str, deadline_at: datetime | None, now: datetime) -> bool:
    """Return whether the check-in accepts no answers any more, not even late ones."""
    if state in {CheckInState.AWAY, CheckInState.SKIPPED}:
        return True
    return deadline_at is not None and now > deadline_at + LATE_ANSWERS


def nothing_open(session: Session, member: Member, *, now: datetime) -> str:
    """Return one sentence for a rep who has no check-in to answer: when the next one comes, or what is missing."""
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
