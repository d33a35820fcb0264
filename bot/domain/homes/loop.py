"""Reads what Homes show of the coaching loop: for many reps at once, with one statement for each kind of row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.calendars.schedules import zone_of
from bot.domain.coaching import agreements
from bot.domain.conversations import habits
from bot.domain.homes.rows import CheckInRow, Rep, TeamRow, Viewer
from bot.domain.metrics import carried
from bot.domain.metrics.metrics import Logged
from bot.domain.shown.loop import CoachShare, Difference, LeftAlerts, Loop
from bot.domain.tables import Agreement, Alert, CheckIn, Enrolment, Member, Team

LOOKED_BACK = timedelta(weeks=12)
"""The period of the shares."""

FEWEST = 3
"""With answers of fewer reps a share would tell what somebody said, so there is none."""


def of_people(
    session: Session, people: Collection[Rep | Viewer], *, now: datetime
) -> dict[int, Loop]:
    """Return what the loop holds about each person, by member id, as they read it themselves; one statement."""
    ids = list({person.id for person in people})
    agreed = agreements.since(session, ids, since=now - LOOKED_BACK)
    return {
        person.id: Loop(
            steps=agreements.open_steps(agreed.get(person.id, ()), now),
            last=agreed[person.id][-1] if person.id in agreed else None,
            advice_id=person.advice_id,
            advice_since=person.advice_since,
        )
        for person in people
    }


def for_coaches(
    session: Session,
    reps: Collection[Rep],
    loops: Mapping[int, Loop],
    lasts: Mapping[int, CheckInRow | None],
    logged: Logged,
) -> dict[int, Loop]:
    """Return the same for the reps' coaches, who also read what the log does not carry; one statement."""
    weeks = {
        rep.id: (last.week, zone_of(rep)) for rep in reps if (last := lasts[rep.id]) is not None
    }
    found = habits.of_weeks(session, weeks)
    coached = {}
    for rep in reps:
        last = lasts[rep.id]
        coached[rep.id] = replace(
            loops[rep.id],
            check_in_id=last.id if last is not None else None,
            differences=_differences(last, logged) if last is not None else (),
            nodded_by=last.nodded_by if last is not None else None,
            habits=tuple(found.get(rep.id, ())),
        )
    return coached


def _differences(check_in: CheckInRow, logged: Logged) -> tuple[Difference, ...]:
    """Return the answers that are not what the log says now, whatever their verdict."""
    compared = (
        carried.difference(asked, logged.get((check_in.member_id, check_in.week, asked.id)))
        for asked in check_in.asked
    )
    return tuple(filter(None, compared))


@dataclass(frozen=True)
class OfAdmins:
    """What admins read of the loop, by workspace."""

    left: Mapping[int, Sequence[LeftAlerts]]
    """The alerts that nobody took and that went to the admins, by team, in the order of the teams' names."""

    shares: Mapping[int, Sequence[CoachShare]]
    """How often and how fast each coach acts, in the order of the coaches' names."""


def for_admins(
    session: Session, workspace_ids: Collection[int], teams: Mapping[int, TeamRow], *, now: datetime
) -> OfAdmins:
    """Return what the admins of these workspaces read of the loop; one statement, or none for nobody.

    `teams` has the workspaces' teams, by id and in the order of names.
    """
    if not workspace_ids:
        return OfAdmins({}, {})
    since = now - LOOKED_BACK
    asked = {"workspaces": list(workspace_ids), "since": since}
    found = [_AlertRow(*row) for row in rows(session, _ALERTS, **asked)]
    return OfAdmins(
        _left([alert for alert in found if alert.is_left], teams),
        _shares([alert for alert in found if alert.created_at >= since]),
    )


def _left(alerts: Iterable[_AlertRow], teams: Mapping[int, TeamRow]) -> dict[int, list[LeftAlerts]]:
    since: dict[int, list[datetime]] = defaultdict(list)
    for alert in alerts:
        since[alert.team_id].append(alert.created_at)
    found: dict[int, list[LeftAlerts]] = defaultdict(list)
    for team in teams.values():
        if moments := since.get(team.id):
            left = LeftAlerts(team.name, team.coach, len(moments), min(moments))
            found[team.workspace_id].append(left)
    return found


def _shares(alerts: Iterable[_AlertRow]) -> dict[int, list[CoachShare]]:
    acted: dict[int, list[_AlertRow]] = defaultdict(list)
    for alert in alerts:
        acted[alert.coach_id].append(alert)
    found: dict[int, list[CoachShare]] = defaultdict(list)
    for of_coach in acted.values():
        first = of_coach[0]
        waited = [
            Decimal(f"{(alert.taken_at - alert.waits_since) / timedelta(hours=1):.1f}")
            for alert in of_coach
            if alert.taken_at is not None
        ]
        told = (first.reps or 0) >= FEWEST
        found[first.workspace_id].append(
            CoachShare(
                first.coach,
                alerts=len(of_coach),
                taken=len(waited),
                done=sum(alert.done_at is not None for alert in of_coach),
                hours=median(waited) if waited else None,
                asked=(first.asked or 0) if told else 0,
                talked=(first.talked or 0) if told else 0,
                helped=(first.helped or 0) if told else 0,
            )
        )
    return found


class _AlertRow(NamedTuple):
    """An alert with the coach who has it, and what reps said of their talks with that coach."""

    workspace_id: int
    created_at: datetime
    waits_since: datetime
    taken_at: datetime | None
    done_at: datetime | None
    team_id: int
    coach_id: int
    coach: str
    is_left: bool
    reps: int | None
    asked: int | None
    talked: int | None
    helped: int | None


_ALERT, _AGREEMENT = columns(Alert), columns(Agreement)
_CHECK_IN, _MEMBER, _TEAM = columns(CheckIn), columns(Member), columns(Team)
_ENROLMENT = columns(Enrolment)

_IS_LEFT = (
    _ALERT.left_at.is_not(None)
    & _ALERT.taken_at.is_(None)
    & _ALERT.done_at.is_(None)
    & sa.exists().where(
        _ENROLMENT.member_id == _CHECK_IN.member_id,
        _ENROLMENT.team_id == _ALERT.team_id,
        _ENROLMENT.ended_on.is_(None),
    )
)

_SAID = (
    sa.select(
        _AGREEMENT.coach_id,
        sa.func.count(sa.distinct(_AGREEMENT.member_id)).label("reps"),
        sa.func.count().label("asked"),
        sa.func.count(sa.case((_AGREEMENT.talked == "yes", 1))).label("talked"),
        sa.func.count(sa.case((_AGREEMENT.helped == "yes", 1))).label("helped"),
    )
    .where(
        _AGREEMENT.workspace_id.in_(any_of("workspaces")),
        _AGREEMENT.agreed_at >= sa.bindparam("since"),
        _AGREEMENT.talked.is_not(None),
    )
    .group_by(_AGREEMENT.coach_id)
    .subquery()
)

_ALERTS = (
    sa.select(
        _ALERT.workspace_id,
        _ALERT.created_at,
        sa.func.coalesce(_ALERT.waits_since, _ALERT.created_at),
        _ALERT.taken_at,
        _ALERT.done_at,
        _ALERT.team_id,
        _MEMBER.id,
        _MEMBER.slack_user_id,
        _IS_LEFT,
        _SAID.c.reps,
        _SAID.c.asked,
        _SAID.c.talked,
        _SAID.c.helped,
    )
    .join_from(table(Alert), table(Team), _TEAM.id == _ALERT.team_id)
    .join(table(CheckIn), _CHECK_IN.id == _ALERT.check_in_id)
    .join(
        table(Member),
        _MEMBER.id == sa.func.coalesce(_ALERT.done_by, _ALERT.taken_by, _TEAM.coach_id),
    )
    .outerjoin(_SAID, _SAID.c.coach_id == _MEMBER.id)
    .where(
        _ALERT.workspace_id.in_(any_of("workspaces")),
        (_ALERT.created_at >= sa.bindparam("since")) | _IS_LEFT,
    )
    .order_by(_MEMBER.name, _MEMBER.id)
)
