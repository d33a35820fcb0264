"""Reads what Homes show of the coaching loop: for many reps at once, with one statement for each kind of row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from statistics import median

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.calendars.schedules import zone_of
from bot.domain.coaching import agreements
from bot.domain.conversations import habits
from bot.domain.homes.rows import CheckInRow, Rep, Viewer
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
    still_open = (now - agreements.STILL_OPEN).date()
    return {
        person.id: Loop(
            steps=tuple(
                sorted(
                    (
                        one
                        for one in agreed.get(person.id, ())
                        if one.kept is None and one.due_on is not None and one.due_on >= still_open
                    ),
                    key=lambda one: one.due_on or date.max,
                )
            ),
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
    found = []
    for asked in check_in.asked:
        number = logged.get((check_in.member_id, check_in.week, asked.id))
        if asked.number is not None and number is not None and number != asked.number:
            found.append(Difference(asked.name, asked.unit, asked.number, number))
    return tuple(found)


def left_alerts(session: Session, workspace_ids: Collection[int]) -> dict[int, list[LeftAlerts]]:
    """Return the alerts that nobody took and that went to the admins, by workspace and team."""
    found: dict[int, list[LeftAlerts]] = defaultdict(list)
    for workspace_id, *facts in rows(session, _LEFT, workspaces=list(workspace_ids)):
        found[workspace_id].append(LeftAlerts(*facts))
    return found


def shares(
    session: Session, workspace_ids: Collection[int], *, now: datetime
) -> dict[int, list[CoachShare]]:
    """Return how often and how fast each coach acts, by workspace, in the order of names; two statements."""
    asked = {"workspaces": list(workspace_ids), "since": now - LOOKED_BACK}
    acted: dict[tuple[int, int, str], list[tuple[datetime, datetime | None, datetime | None]]]
    acted = defaultdict(list)
    for workspace_id, coach_id, coach, *moments in rows(session, _OF_ALERTS, **asked):
        acted[workspace_id, coach_id, coach].append((moments[0], moments[1], moments[2]))
    said = {row[0]: row[1:] for row in rows(session, _SAID, **asked)}
    found: dict[int, list[CoachShare]] = defaultdict(list)
    for (workspace_id, coach_id, coach), alerts in acted.items():
        reps, answered, talked, helped = said.get(coach_id, (0, 0, 0, 0))
        if reps < FEWEST:
            answered = talked = helped = 0
        waited = [
            Decimal(f"{(taken - raised) / timedelta(hours=1):.1f}")
            for raised, taken, _ in alerts
            if taken is not None
        ]
        found[workspace_id].append(
            CoachShare(
                coach,
                alerts=len(alerts),
                taken=len(waited),
                done=sum(done is not None for _, _, done in alerts),
                hours=median(waited) if waited else None,
                asked=answered,
                talked=talked,
                helped=helped,
            )
        )
    return found


_ALERT, _AGREEMENT = columns(Alert), columns(Agreement)
_CHECK_IN, _MEMBER, _TEAM = columns(CheckIn), columns(Member), columns(Team)
_ENROLMENT = columns(Enrolment)

_LEFT = (
    sa.select(
        _ALERT.workspace_id,
        _TEAM.name,
        _MEMBER.slack_user_id,
        sa.func.count(),
        sa.func.min(_ALERT.created_at, type_=_ALERT.created_at.type),
    )
    .join_from(table(Alert), table(Team), _TEAM.id == _ALERT.team_id)
    .join(table(Member), _MEMBER.id == _TEAM.coach_id)
    .join(table(CheckIn), _CHECK_IN.id == _ALERT.check_in_id)
    .join(
        table(Enrolment),
        (_ENROLMENT.member_id == _CHECK_IN.member_id)
        & (_ENROLMENT.team_id == _ALERT.team_id)
        & _ENROLMENT.ended_on.is_(None),
    )
    .where(
        _ALERT.workspace_id.in_(any_of("workspaces")),
        _ALERT.left_at.is_not(None),
        _ALERT.taken_at.is_(None),
        _ALERT.done_at.is_(None),
    )
    .group_by(_ALERT.workspace_id, _TEAM.id, _TEAM.name, _MEMBER.slack_user_id)
    .order_by(_TEAM.name)
)

_OF_ALERTS = (
    sa.select(
        _ALERT.workspace_id,
        _MEMBER.id,
        _MEMBER.slack_user_id,
        sa.func.coalesce(_ALERT.waits_since, _ALERT.created_at),
        _ALERT.taken_at,
        _ALERT.done_at,
    )
    .join_from(table(Alert), table(Team), _TEAM.id == _ALERT.team_id)
    .join(
        table(Member),
        _MEMBER.id == sa.func.coalesce(_ALERT.done_by, _ALERT.taken_by, _TEAM.coach_id),
    )
    .where(
        _ALERT.workspace_id.in_(any_of("workspaces")), _ALERT.created_at >= sa.bindparam("since")
    )
    .order_by(_MEMBER.name, _MEMBER.id)
)

_SAID = (
    sa.select(
        _AGREEMENT.coach_id,
        sa.func.count(sa.distinct(_AGREEMENT.member_id)),
        sa.func.count(),
        sa.func.count(sa.case((_AGREEMENT.talked == "yes", 1))),
        sa.func.count(sa.case((_AGREEMENT.helped == "yes", 1))),
    )
    .where(
        _AGREEMENT.workspace_id.in_(any_of("workspaces")),
        _AGREEMENT.agreed_at >= sa.bindparam("since"),
        _AGREEMENT.talked.is_not(None),
    )
    .group_by(_AGREEMENT.coach_id)
)
