"""The mid-week line: where a rep's goals stand on Thursday morning, for a rep who chose to be told.

At most one line goes out for a rep and week, in the rep's working hours of the Thursday. None goes out to a rep
who is away on that day, or where the log meets every goal already: that would spend a message of the rep's budget
on saying nothing new. A line for which the message budget has no room is dropped, and Home counts it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session, col

from bot.database import any_of, columns, insert_all, lock_due, rows, table
from bot.domain.access import Caller, members_by_id, rep
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import Scheduled, Zoned, schedule_of, teams_of, zone_of
from bot.domain.metrics import metrics, targets
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import budget, outbox, surfaces
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.home import GoalShown
from bot.domain.shown.midweek import MidweekChoice, MidweekShown
from bot.domain.tables import Enrolment, Member, MidweekLine
from bot.rules import weeks
from bot.rules.weeks import WEEK

BATCH = 200

THURSDAY = timedelta(days=3)

IS_DUE = (columns(Enrolment).midweek_at <= sa.bindparam("now")) & columns(Enrolment).ended_on.is_(
    None
)


def choose(session: Session, *, caller: Caller, wanted: bool, now: datetime) -> MidweekChoice:
    """Switch the caller's mid-week line on or off; raises Refusal for somebody who is no rep."""
    member, enrolment, team = rep(session, caller, lock=True)
    if not wanted:
        enrolment.midweek_at = None
    elif enrolment.midweek_at is None:
        week = weeks.week_of(now, zone_of(member))
        opens = _opens(week, team, member)
        enrolment.midweek_at = opens if opens > now else _opens(week + WEEK, team, member)
    session.flush()
    surfaces.home_changed(session, member=member, now=now)
    return MidweekChoice(enrolment.midweek_at, reader_of(member, team))


def chosen(session: Session, *, caller: Caller) -> MidweekChoice:
    """Return what the caller has chosen; raises Refusal for somebody who is no rep."""
    member, enrolment, team = rep(session, caller)
    return MidweekChoice(enrolment.midweek_at, reader_of(member, team))


class _Due(NamedTuple):
    """A rep who may be sent a line now."""

    member: Member
    team: Any
    week: date


def send_due(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Send the lines that are due, and plan the next ones; return how many were looked at."""
    due = lock_due(
        session,
        Enrolment,
        IS_DUE,
        by=col(Enrolment.midweek_at),
        limit=BATCH,
        now=now,
        only=only,
        without=without,
    )
    if not due:
        return 0
    members = members_by_id(session, {one.member_id for one in due})
    teams = teams_of(session, {one.team_id for one in due})
    wanted = [
        _Due(members[one.member_id], teams[one.team_id], week)
        for one in due
        if (week := _plan_next(one, members[one.member_id], teams[one.team_id], now)) is not None
    ]
    _send(session, wanted, now)
    session.flush()
    return len(due)


def _plan_next(enrolment: Enrolment, member: Member, team: Any, now: datetime) -> date | None:
    """Plan the rep's next line; return the week that is told about now, or None where none is.

    The rep may have moved to another zone, or the bot may have been down, since this one was planned.
    """
    week = weeks.week_of(now, zone_of(member))
    opens = _opens(week, team, member)
    if now < opens:
        enrolment.midweek_at = opens
        return None
    enrolment.midweek_at = _opens(week + WEEK, team, member)
    return week if now < _closes(week, team, member) and member.inactive_because is None else None


def _send(session: Session, due: Sequence[_Due], now: datetime) -> None:
    """Send the line to those who work today, miss something of a goal, and have room for a message."""
    if not due:
        return
    sent = set(
        rows(
            session,
            _SENT,
            members=[one.member.id for one in due],
            since=min(one.week for one in due),
        )
    )
    new = [one for one in due if (one.member.id, one.week) not in sent]
    standing = _standing(session, [(one.member.id, one.week, one.team) for one in new])
    going = [one for one in new if _is_news(standing.get(one.member.id))]
    if not going:
        return
    left = budget.read(session, {one.member.id for one in going}, now=now, to_take=True)
    lines = [
        {
            "workspace_id": one.member.workspace_id,
            "member_id": one.member.id,
            "week": one.week,
            "sent_at": now,
            "dropped_at": None if left.take(one.member.id, now) else now,
        }
        for one in going
    ]
    insert_all(session, table(MidweekLine), lines)
    going_weeks = {(one.member.id, one.week) for one in going}
    kept = rows(
        session,
        _NEW,
        members=[one.member.id for one in going],
        since=min(one.week for one in going),
    )
    outbox.add_all(
        session,
        [
            outbox.New(workspace_id, outbox.MIDWEEK, line_id, now)
            for line_id, workspace_id, member_id, week in kept
            if (member_id, week) in going_weeks
        ],
        now=now,
    )
    of_workspaces: dict[int, list[int]] = defaultdict(list)
    for one in going:  # Home shows what is left of the budget
        of_workspaces[one.member.workspace_id].append(one.member.id)
    surfaces.own_homes_changed(session, members_of=of_workspaces, now=now)


class _Standing(NamedTuple):
    """Where a rep's goals of a week stand."""

    goals: tuple[GoalShown, ...]
    days_left: int
    is_at_work: bool
    """Whether the rep works on the week's Thursday, and is asked about the week."""


def _is_news(standing: _Standing | None) -> bool:
    if standing is None or not standing.is_at_work:
        return False
    return any(goal.logged is not None and goal.logged < goal.target for goal in standing.goals)


def _standing(session: Session, wanted: Sequence[tuple[int, date, Any]]) -> dict[int, _Standing]:
    """Return where the goals stand, by member id, for (member id, week, team); the log counts them."""
    if not wanted:
        return {}
    week_of = {member_id: week for member_id, week, _ in wanted}
    since = min(week_of.values())
    calendar_of = calendars.of_reps(
        session, {member_id: team for member_id, _, team in wanted}, since
    )
    asked = targets.in_weeks(session, week_of)
    logged = metrics.numbers_of(
        session,
        {
            (member_id, week_of[member_id]): [metric for metric, _ in pairs]
            for member_id, pairs in asked.items()
        },
    )
    found = {}
    for member_id, week, _ in wanted:
        calendar = calendar_of[member_id]
        work = calendar.week(week)
        thursday = week + THURSDAY
        rest = [thursday + timedelta(days=n) for n in range(4)]
        found[member_id] = _Standing(
            goals=tuple(
                calendars.goal_shown(metric, full, work, logged[key])
                for metric, full in asked.get(member_id, ())
                if (key := (member_id, week, metric.id)) in logged
            ),
            days_left=sum(calendar.works(day) for day in rest),
            is_at_work=work.is_asked and calendar.works(thursday),
        )
    return found


@dataclass(frozen=True)
class Showing:
    """A line with the rep to whom it is sent."""

    shown: MidweekShown
    to: Addressee
    latest: datetime
    """It must not be posted after this moment: by then the Thursday is over."""


def show_all(
    session: Session, line_ids: Collection[int], *, now: datetime
) -> dict[int, Showing | None]:
    """Return the lines in their current state, by id; a line that does not exist is left out.

    There is None for a rep who is in no team any more, wants no line any more, or is away on that Thursday.
    """
    found = [_Line(*row) for row in rows(session, _LINES, ids=list(line_ids))]
    going = [(one, one.team_id) for one in found if one.team_id is not None]
    teams = teams_of(session, {team_id for _, team_id in going})
    members = members_by_id(session, {one.member_id for one, _ in going})
    by_week: dict[date, list[tuple[int, date, Any]]] = defaultdict(list)
    for one, team_id in going:
        by_week[one.week].append((one.member_id, one.week, teams[team_id]))
    standing = {week: _standing(session, wanted) for week, wanted in by_week.items()}
    shown: dict[int, Showing | None] = {one.id: None for one in found}
    for one, team_id in going:
        member, team = members[one.member_id], teams[team_id]
        stands = standing[one.week][one.member_id]
        if stands.is_at_work:
            shown[one.id] = Showing(
                MidweekShown(one.week, stands.goals, stands.days_left, reader_of(member, team)),
                Addressee.of(member),
                _closes(one.week, team, member),
            )
    return shown


class _Line(NamedTuple):
    """A line, with the team in which its rep still wants one."""

    id: int
    member_id: int
    week: date
    team_id: int | None


def _opens(week: date, team: Scheduled, member: Zoned) -> datetime:
    """Return when the rep's working hours begin on the Thursday of the week."""
    return weeks.local_to_utc(week + THURSDAY, schedule_of(team).working_from, zone_of(member))


def _closes(week: date, team: Scheduled, member: Zoned) -> datetime:
    return weeks.local_to_utc(week + THURSDAY, schedule_of(team).working_until, zone_of(member))


_LINE, _ENROLMENT = columns(MidweekLine), columns(Enrolment)

_OF_MEMBERS = _LINE.member_id.in_(any_of("members")) & (_LINE.week >= sa.bindparam("since"))

_SENT = sa.select(_LINE.member_id, _LINE.week).where(_OF_MEMBERS)

_NEW = sa.select(_LINE.id, _LINE.workspace_id, _LINE.member_id, _LINE.week).where(
    _OF_MEMBERS, _LINE.dropped_at.is_(None)
)

_WANTS_ONE = (
    (_ENROLMENT.member_id == _LINE.member_id)
    & _ENROLMENT.ended_on.is_(None)
    & _ENROLMENT.midweek_at.is_not(None)
)

_LINES = (
    sa.select(_LINE.id, _LINE.member_id, _LINE.week, _ENROLMENT.team_id)
    .join_from(table(MidweekLine), table(Enrolment), _WANTS_ONE, isouter=True)
    .where(_LINE.id.in_(any_of("ids")))
)
