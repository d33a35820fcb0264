"""The states of a check-in: due → scheduled → open → answered or unanswered; or away, and then nothing is asked.

The tick calls the `…_due` functions. They are level-triggered: each reads from the database which check-ins are
due, takes a batch, and advances it in the same transaction as the outbox rows. A missed beat loses nothing: the
next one does its work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import among, any_of, columns, insert_all, lock_due, rows, run, table, update_all
from bot.domain.access import members_by_id
from bot.domain.calendars import days_off
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.open_weeks import LATE_ANSWERS
from bot.domain.calendars.schedules import Scheduled, schedule_of, teams_of, zone_of
from bot.domain.coaching import alerts
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, surfaces
from bot.domain.tables import (
    CheckIn,
    CheckInState,
    Enrolment,
    Member,
    OutboxItem,
    Reminder,
    Team,
    Workspace,
)
from bot.rules import absences, weeks
from bot.rules.absences import Calendar
from bot.rules.days import show_time
from bot.rules.weeks import WEEK

BATCH = 500

CATCH_UP = timedelta(hours=48)
"""How late a check-in may still go out. A later one is skipped and shown as not asked."""

PUNCTUAL = timedelta(minutes=15)
"""A check-in that is late by no more than this counts as punctual; a later one also waits for working hours."""

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
JOINED = "joined"


def skip_undelivered(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Give up check-ins that could not be delivered in time; an undelivered check-in is never counted."""
    stuck = session.exec(
        select(CheckIn, OutboxItem, Workspace.disconnected_reason)
        .join(Workspace, col(Workspace.id) == col(CheckIn.workspace_id))
        .join(OutboxItem, col(OutboxItem.subject_id) == col(CheckIn.id))
        .where(
            IS_OVERDUE,
            *among(col(CheckIn.id), only, without),
            OutboxItem.surface == outbox.CHECK_IN,
            col(OutboxItem.ts).is_(None),
            col(OutboxItem.claimed_by).is_(None),
            col(OutboxItem.unknown_since).is_(None),
        )
        .limit(BATCH)
        .with_for_update(of=[table(CheckIn), table(OutboxItem)], skip_locked=True),
        params={"too_late": now - CATCH_UP},
    ).all()
    for check_in, item, disconnected in stuck:
        check_in.state, check_in.skipped_because = CheckInState.SKIPPED, NOT_SENT
        item.due_at = None
        known = item.failed_reason or disconnected or item.refused_because
        item.failed_reason = known or outbox.TOO_LATE
        member = session.get_one(Member, check_in.member_id)
        surfaces.homes_changed(session, member=member, now=now)
    session.flush()
    for workspace_id in {check_in.workspace_id for check_in, *_ in stuck}:
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)
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


def delivered(session: Session, *, at: Mapping[int, datetime]) -> None:
    """Record when the reps received these check-ins, by id; deadlines and reminders are computed from it.

    A second call for the same check-in changes nothing.
    """
    deliver(session, waiting_for_delivery(session, at), at=at)


def moment_of(ts: str) -> datetime:
    """The moment in a message's `ts`."""
    return datetime.fromtimestamp(float(ts), tz=UTC)


def waiting_for_delivery(session: Session, check_in_ids: Collection[int]) -> list[Waiting]:
    """Return those of the check-ins, also withdrawn ones, that were not delivered yet; their rows are locked."""
    if not check_in_ids:
        return []
    return [Waiting(*row) for row in rows(session, _WAITING, ids=list(check_in_ids))]


@dataclass(frozen=True)
class Windows:
    """When check-ins that wait for their delivery will close, by the moment of the delivery."""

    waiting: Mapping[int, Waiting]
    teams: Mapping[int, Scheduled]
    calendar_of: Mapping[int, Calendar]

    def deadline(self, check_in_id: int, delivered_at: datetime) -> datetime:
        """Return when the check-in closes if it was delivered at this moment."""
        check_in = self.waiting[check_in_id]
        team, calendar = self.teams[check_in.team_id], self.calendar_of[check_in_id]
        return _deadline(check_in, team, calendar, delivered_at=delivered_at)


def windows(session: Session, check_in_ids: Collection[int]) -> Windows:
    """Read what the deadlines of those check-ins depend on that were not delivered yet."""
    waiting = waiting_for_delivery(session, check_in_ids)
    if not waiting:
        return Windows({}, {}, {})
    return Windows(
        {check_in.id: check_in for check_in in waiting},
        teams_of(session, {check_in.team_id for check_in in waiting}),
        calendars.of_check_ins(session, waiting, min(check_in.week for check_in in waiting)),
    )


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
        schedule = schedule_of(team)
        moments = {
            absences.into_working_day(planned, calendar=calendar, schedule=schedule, zone=zone)
            for planned in weeks.reminder_times(
                delivered_at=moment, deadline=deadline, zone=zone, schedule=schedule
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


def close_due(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Close the check-ins whose deadline has passed with a question open, and alert their coaches."""
    due = lock_due(
        session,
        CheckIn,
        IS_CLOSING,
        by=col(CheckIn.deadline_at),
        limit=BATCH,
        now=now,
        only=only,
        without=without,
    )
    if not due:
        return 0
    calendar_of = calendars.of_check_ins(session, due, (now - CATCH_UP).date())
    members = members_by_id(session, {check_in.member_id for check_in in due})
    closed = []
    for check_in in due:
        member = members[check_in.member_id]
        if member.inactive_because is not None:
            _withdraw(session, check_in, because=UNREACHABLE, now=now)
            surfaces.homes_changed(session, member=member, now=now)
        elif not days_off.move_deadline(
            session, check_in, member, calendar_of[check_in.id], now=now
        ):
            closed.append(check_in)
    _close(session, closed, now)
    return len(due)


def _close(session: Session, check_ins: Sequence[CheckIn], now: datetime) -> None:
    if not check_ins:
        return
    reps: dict[int, set[int]] = defaultdict(set)
    for check_in in check_ins:
        check_in.state = CheckInState.UNANSWERED
        reps[check_in.workspace_id].add(check_in.member_id)
    ids = [check_in.id for check_in in check_ins]
    cancel_reminders(session, ids)
    alerts.ensure(session, check_ins=check_ins, now=now)
    surfaces.check_ins_changed(session, check_ins=dict.fromkeys(ids, 0), now=now)
    for workspace_id, member_ids in reps.items():
        surfaces.reps_homes_changed(
            session, workspace_id=workspace_id, member_ids=member_ids, now=now
        )


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
    cancel_reminders(session, [check_in.id])
    surfaces.check_in_withdrawn(session, check_in=check_in, now=now)


def cancel_reminders(session: Session, check_in_ids: Collection[int]) -> None:
    """Cancel the planned reminders of check-ins that need none any more."""
    run(session, _REMIND_NO_MORE, check_ins=list(check_in_ids))


_REMIND_NO_MORE = (
    sa.update(table(Reminder))
    .where(columns(Reminder).check_in_id.in_(any_of("check_ins")))
    .values(due_at=None)
)


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
    at = show_time(local.time(), member.locale)
    when = f"{weeks.weekday_name(local.weekday())} {local.day} {local:%B} at {at}"
    if not targets.in_force(session, [member.id], enrolment.next_week or local.date()):
        return (
            f"No check-in is open. The next one is due {when}, "
            "but you have no targets yet: ask your coach to set them with /coach."
        )
    return f"No check-in is open. The next one comes {when}."
