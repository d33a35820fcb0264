"""Reads what an import of members has to know about many lines, with a number of statements that is constant."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, run, table
from bot.domain.calendars import open_weeks
from bot.domain.metrics.target_changes import TargetChanges, read_targets
from bot.domain.people.enrolled import Enrolled
from bot.domain.plans.in_force import signed_of
from bot.domain.tables import Enrolment, Member, Metric, Plan, Team


@dataclass(frozen=True)
class Facts:
    """What the database holds about the people and the teams of some lines."""

    teams: Mapping[int, Any]
    """The rows of all teams of the workspace, by id."""
    team_ids: Mapping[str, int]
    """The ids of the teams, by the key of their name."""
    members: Mapping[str, Any]
    """The rows of the people who are known, by Slack id."""
    enrolments: Mapping[int, tuple[int, Enrolled]]
    """The ids and columns of enrolments, ended ones too, by member id."""
    asked: Mapping[int, date]
    """The latest week about which each member was asked, by member id."""
    built_in: Mapping[str, Any]
    """The rows of the metrics that every team has, by key."""
    own_metrics: Mapping[int, Collection[int]]
    """The ids of the metrics of each team's own, by team id."""
    targets: TargetChanges
    signed: Mapping[int, list[Plan]]
    """The signed plans of each member, by member id."""


def read_facts(
    session: Session, *, workspace_id: int, slack_user_ids: Collection[str], lock: bool
) -> Facts:
    """Return the facts about these people; with `lock` nobody else changes them until the transaction ends."""
    asked_for = {"of_workspace": workspace_id, "users": sorted(slack_user_ids)}
    people = run(session, _LOCKED_MEMBERS if lock else _MEMBERS, **asked_for)
    members = {row.slack_user_id: row for row in people}
    member_ids = [row.id for row in members.values()]
    teams = {row.id: row for row in run(session, _TEAMS, of_workspace=workspace_id)}
    built_in: dict[str, Any] = {}
    own_metrics: defaultdict[int, list[int]] = defaultdict(list)
    for metric in run(session, _METRICS, of_workspace=workspace_id):
        if metric.team_id is not None:
            own_metrics[metric.team_id].append(metric.id)
        elif metric.archived_at is None:
            built_in[metric.key] = metric
    return Facts(
        teams=teams,
        team_ids={row.name_key: row.id for row in teams.values()},
        members=members,
        enrolments={
            row.member_id: (
                row.id,
                Enrolled(
                    team_id=row.team_id,
                    enrolled_on=row.enrolled_on,
                    ended_on=row.ended_on,
                    next_week=row.next_week,
                    next_due_at=row.next_due_at,
                ),
            )
            for row in run(session, _ENROLMENTS, members=member_ids)
        },
        asked=open_weeks.last_asked_weeks(session, member_ids),
        built_in=built_in,
        own_metrics=own_metrics,
        targets=read_targets(session, member_ids),
        signed=signed_of(session, member_ids),
    )


_MEMBER = columns(Member)

_MEMBERS = (
    sa.select(table(Member))
    .where(
        _MEMBER.workspace_id == sa.bindparam("of_workspace"),
        _MEMBER.slack_user_id.in_(any_of("users")),
    )
    .order_by(_MEMBER.id)
)
_LOCKED_MEMBERS = _MEMBERS.with_for_update()
_TEAMS = sa.select(table(Team)).where(columns(Team).workspace_id == sa.bindparam("of_workspace"))
_METRICS = sa.select(table(Metric)).where(
    columns(Metric).workspace_id == sa.bindparam("of_workspace")
)
_ENROLMENTS = sa.select(table(Enrolment)).where(columns(Enrolment).member_id.in_(any_of("members")))
