"""The set-up checklist: what is missing until every rep is asked and every miss is reported."""

from __future__ import annotations

from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.calendars.schedules import zone_of
from bot.domain.metrics import targets
from bot.domain.outbox import given_up
from bot.domain.outbox.given_up import GivenUp
from bot.domain.people.enrolled import DEACTIVATED
from bot.domain.shown.setup import Checklist, Missing
from bot.domain.tables import Enrolment, Member, Team
from bot.rules.weeks import week_of

NAMED = 3
"""How many names a sentence contains before it only counts the rest."""


class TeamFacts(NamedTuple):
    """A team with its coach."""

    workspace_id: int
    id: int
    name: str
    coach_channel: str | None
    channel_problem: str | None
    coach: str
    coach_inactive: str | None


class RepFacts(NamedTuple):
    """A rep with the week that the next check-in asks about."""

    workspace_id: int
    id: int
    name: str
    timezone: str
    timezone_missing: bool
    inactive_because: str | None
    team_id: int
    next_week: date | None

    def asked_about(self, now: datetime) -> date:
        """Return the week whose targets the rep needs."""
        return self.next_week or week_of(now, zone_of(self))


@dataclass(frozen=True)
class SetUp:
    """The teams and the reps of workspaces, each in the order of names."""

    teams: Sequence[TeamFacts]
    reps: Sequence[RepFacts]
    asked: Container[int]
    """The ids of the reps who have a target in the week that they are asked about next."""


def checklist(session: Session, *, workspace_id: int, now: datetime) -> Checklist:
    """Return what the set-up lacks, the most important first; for an admin of the workspace."""
    return checklists(session, [workspace_id], now=now)[workspace_id]


def checklists(
    session: Session,
    workspace_ids: Collection[int],
    *,
    now: datetime,
    known: SetUp | None = None,
) -> dict[int, Checklist]:
    """Do what `checklist` does for many workspaces, by id, with four statements; one if the set-up is `known`."""
    if not workspace_ids:
        return {}
    found = known or _set_up(session, workspace_ids, now)
    lost = given_up.given_up(session, list(workspace_ids), now=now)
    return {
        workspace_id: _checklist(
            [team for team in found.teams if team.workspace_id == workspace_id],
            [rep for rep in found.reps if rep.workspace_id == workspace_id],
            found.asked,
            lost[workspace_id],
        )
        for workspace_id in workspace_ids
    }


def _set_up(session: Session, workspace_ids: Collection[int], now: datetime) -> SetUp:
    ids = list(workspace_ids)
    teams = [TeamFacts(*row) for row in rows(session, _TEAMS, workspaces=ids)]
    reps = [RepFacts(*row) for row in rows(session, _REPS, workspaces=ids)]
    asked = targets.in_weeks(session, {rep.id: rep.asked_about(now) for rep in reps})
    return SetUp(teams, reps, asked)


def _checklist(
    teams: Sequence[TeamFacts],
    reps: Sequence[RepFacts],
    asked: Container[int],
    lost: Sequence[GivenUp],
) -> Checklist:
    missing: list[Missing] = []
    if not teams:
        missing.append(
            Missing(
                "no_team", "There is no team yet. Create one with its coach and schedule.", "team"
            )
        )
    with_reps = {rep.team_id for rep in reps}
    for team in teams:
        missing += _of_team(team, team.id in with_reps)
    missing += _of_deliveries(lost)
    missing += _of_reps(reps, asked)
    return Checklist(teams=len(teams), reps=len(reps), missing=tuple(missing))


def _of_deliveries(lost: Sequence[GivenUp]) -> list[Missing]:
    """Return what was given up lately, one entry for each reason."""
    by_reason: dict[str, list[GivenUp]] = {}
    for one in lost:
        by_reason.setdefault(one.reason, []).append(one)
    return [
        Missing(
            "given_up",
            f"Not delivered ({given_up.why(reason)}): {given_up.named(of_reason)}. "
            f"{given_up.remedy(reason)}",
            None,
        )
        for reason, of_reason in by_reason.items()
    ]


def _of_team(team: TeamFacts, has_reps: bool) -> list[Missing]:
    missing: list[Missing] = []
    if team.coach_inactive is not None:
        text = f"{team.coach}, who coaches {team.name}, is deactivated. Choose another coach."
        missing.append(Missing("inactive_coach", text, "team", team.id))
    if team.channel_problem is not None:
        text = (
            f"The last alert could not be posted to the coach channel of {team.name}. "
            "Invite Basecoach there again, or choose another channel."
        )
        missing.append(Missing("channel_problem", text, "team", team.id))
    elif team.coach_channel is None:
        text = (
            f"{team.name} has no coach channel, so misses go to {team.coach} in a DM. Choose one."
        )
        missing.append(Missing("no_channel", text, "team", team.id))
    if not has_reps:
        missing.append(
            Missing("no_reps", f"{team.name} has no reps yet. Enrol them.", "enrol", team.id)
        )
    return missing


def _of_reps(reps: Sequence[RepFacts], asked: Container[int]) -> list[Missing]:
    """Return what the reps lack; `asked` holds those who have a target."""
    missing: list[Missing] = []
    active = [rep for rep in reps if rep.inactive_because != DEACTIVATED]
    without = [rep for rep in active if rep.id not in asked]
    if without:
        who, has = _named(without), "have" if len(without) > 1 else "has"
        missing.append(
            Missing(
                "no_targets",
                f"{who} {has} no targets and will not be asked anything. Set them.",
                "targets",
                without[0].id,
            )
        )
    for member in [rep for rep in active if rep.timezone_missing][:10]:
        missing.append(
            Missing(
                "no_zone",
                f"Slack gives no time zone for {member.name}, who is asked by {member.timezone}. "
                "Choose one.",
                "zone",
                member.id,
            )
        )
    gone = [rep for rep in reps if rep.inactive_because == DEACTIVATED]
    if gone:
        who = _named(gone)
        is_gone = "is deactivated and is" if len(gone) == 1 else "are deactivated and are"
        text = f"{who} {is_gone} not asked any more. Take them out of their team when they left."
        missing.append(Missing("inactive_reps", text, "reps"))
    return missing


def _named(members: Sequence[RepFacts]) -> str:
    names = [member.name for member in members[:NAMED]]
    if len(members) > NAMED:
        return f"{', '.join(names)} and {len(members) - NAMED} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]


_TEAM, _MEMBER, _ENROLMENT = columns(Team), columns(Member), columns(Enrolment)

_TEAMS = (
    sa.select(
        _TEAM.workspace_id,
        _TEAM.id,
        _TEAM.name,
        _TEAM.coach_channel,
        _TEAM.channel_problem,
        _MEMBER.name,
        _MEMBER.inactive_because,
    )
    .join_from(table(Team), table(Member), _MEMBER.id == _TEAM.coach_id)
    .where(_TEAM.workspace_id.in_(any_of("workspaces")))
    .order_by(_TEAM.name)
)

_REPS = (
    sa.select(
        _ENROLMENT.workspace_id,
        _MEMBER.id,
        _MEMBER.name,
        _MEMBER.timezone,
        _MEMBER.timezone_missing,
        _MEMBER.inactive_because,
        _ENROLMENT.team_id,
        _ENROLMENT.next_week,
    )
    .join_from(table(Enrolment), table(Member), _MEMBER.id == _ENROLMENT.member_id)
    .where(_ENROLMENT.workspace_id.in_(any_of("workspaces")), _ENROLMENT.ended_on.is_(None))
    .order_by(_MEMBER.name, _MEMBER.id)
)
