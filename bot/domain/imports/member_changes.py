"""Writes what was decided about many lines of members, with a number of statements that is constant."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from bot.database import any_of, columns, insert_all, rows, table, update_all
from bot.domain.handover import handover
from bot.domain.imports.member_facts import Facts
from bot.domain.imports.member_lines import Decision
from bot.domain.metrics.metrics import MONEY
from bot.domain.outbox import outbox, surfaces
from bot.domain.people.enrolled import Enrolled
from bot.domain.plans import targets as plan_targets
from bot.domain.shown.places import may_coach
from bot.domain.tables import Enrolment, Member, Team

SEEN_IN_SET_UP = {"name", "timezone", "inactive_because"}
"""The columns of a member that the Homes of admins and coaches show."""


def write_members(
    session: Session,
    decisions: Sequence[Decision],
    *,
    workspace_id: int,
    facts: Facts,
    now: datetime,
) -> None:
    """Write people, enrolments and targets, and mark every surface that shows them stale.

    `facts` are those that the decisions rest on. Raises IntegrityError if one of the people was created since.
    """
    ids = _write_people(session, decisions, workspace_id, now)
    _end_in_old_teams(session, decisions, ids, workspace_id, facts, now)
    _write_enrolments(session, decisions, ids, workspace_id, facts, now)
    joined = {
        ids[one.slack_user_id]: one.enrolled.team_id
        for one in decisions
        if one.before is None or (one.before.ended_on is not None and not one.moves)
    }
    if joined:
        handover.reps_joined(
            session, workspace_id=workspace_id, team_of=joined, by_id=None, now=now
        )
    after: dict[int, date] = {}
    for decision in decisions:
        if decision.amounts:
            member_id = ids[decision.slack_user_id]
            facts.targets.save(member_id, decision.amounts, decision.from_week)
            after[member_id] = decision.from_week
    plan_targets.keep_signed(
        session,
        workspace_id=workspace_id,
        changes=facts.targets,
        signed=facts.signed,
        after=after,
    )
    facts.targets.write(session, workspace_id=workspace_id, set_by=None, now=now)
    _mark_homes(session, decisions, ids, workspace_id, now)


def _write_people(
    session: Session, decisions: Sequence[Decision], workspace_id: int, now: datetime
) -> dict[str, int]:
    """Write the members; return the ids of all, by Slack id."""
    new = [decision for decision in decisions if decision.known is None]
    ids = {d.slack_user_id: d.known.id for d in decisions if d.known is not None}
    update_all(
        session,
        table(Member),
        [{"id": ids[d.slack_user_id], **d.person} for d in decisions if d.changes],
    )
    for decision in decisions:
        if not decision.changes.isdisjoint({"is_guest", "inactive_because"}):
            _stand_differently(session, decision, now)
    if new:
        insert_all(
            session,
            table(Member),
            [
                {
                    "workspace_id": workspace_id,
                    "slack_user_id": decision.slack_user_id,
                    "created_at": now,
                    **decision.person,
                }
                for decision in new
            ],
        )
        users = [decision.slack_user_id for decision in new]
        ids |= dict(rows(session, _NEW_MEMBERS, of_workspace=workspace_id, users=users))
    return ids


def _stand_differently(session: Session, decision: Decision, now: datetime) -> None:
    """Hand over what a coach holds who is a guest now, or whose account was deactivated."""
    before = decision.known
    could = may_coach(is_guest=before.is_guest, inactive_because=before.inactive_because)
    member = session.get_one(Member, before.id, populate_existing=True)
    handover.standing_changed(session, member=member, could_coach=could, now=now)


def _end_in_old_teams(
    session: Session,
    decisions: Sequence[Decision],
    ids: dict[str, int],
    workspace_id: int,
    facts: Facts,
    now: datetime,
) -> None:
    """Hand over what belongs to the teams that people leave, and end targets of no use in their new teams."""
    moving = {ids[decision.slack_user_id]: decision for decision in decisions if decision.moves}
    if not moving:
        return
    # The coaches of the old team are found only while the rep is in it.
    surfaces.reps_homes_changed(session, workspace_id=workspace_id, member_ids=moving, now=now)
    teams = {
        team.id: team
        for team in session.exec(select(Team).where(Team.workspace_id == workspace_id))
    }
    moves = [
        handover.Move(
            member_id,
            one.person["name"],
            teams[one.before.team_id],
            teams[one.enrolled.team_id],
        )
        for member_id, one in moving.items()
        if one.before is not None
    ]
    other_money = handover.reps_moved(session, moves=moves, by_id=None, now=now)
    money = [row.id for row in facts.built_in.values() if row.unit == MONEY]
    for move in moves:
        dropped = [*facts.own_metrics.get(move.from_team.id, ())]
        if move.member_id in other_money:
            dropped += money
        this_week = moving[move.member_id].this_week
        facts.targets.save(move.member_id, dict.fromkeys(dropped), this_week)


def _write_enrolments(
    session: Session,
    decisions: Sequence[Decision],
    ids: dict[str, int],
    workspace_id: int,
    facts: Facts,
    now: datetime,
) -> None:
    changed: list[dict[str, Any]] = []
    new: list[dict[str, Any]] = []
    for decision in decisions:
        member_id = ids[decision.slack_user_id]
        if decision.before is None:
            new.append(
                {
                    "workspace_id": workspace_id,
                    "member_id": member_id,
                    **_columns(decision.enrolled),
                }
            )
        elif decision.before != decision.enrolled:
            enrolment_id, _ = facts.enrolments[member_id]
            changed.append({"id": enrolment_id, **_columns(decision.enrolled)})
    update_all(session, table(Enrolment), changed)
    if new:
        insert_all(session, table(Enrolment), new)
        made = rows(session, _NEW_ENROLMENTS, members=[row["member_id"] for row in new])
        welcomes = [
            outbox.New(workspace_id, outbox.WELCOME, enrolment_id, now) for (enrolment_id,) in made
        ]
        outbox.add_all(session, welcomes, now=now)


def _columns(enrolled: Enrolled) -> dict[str, Any]:
    return {
        "team_id": enrolled.team_id,
        "enrolled_on": enrolled.enrolled_on,
        "ended_on": enrolled.ended_on,
        "next_week": enrolled.next_week,
        "next_due_at": enrolled.next_due_at,
    }


def _mark_homes(
    session: Session,
    decisions: Sequence[Decision],
    ids: dict[str, int],
    workspace_id: int,
    now: datetime,
) -> None:
    shown = {"is_admin", "locale", *SEEN_IN_SET_UP}
    changed = {
        ids[one.slack_user_id]
        for one in decisions
        if one.before != one.enrolled or not one.changes.isdisjoint(shown)
    }
    renamed = [ids[one.slack_user_id] for one in decisions if "name" in one.changes]
    if renamed:  # reps read the name of their coach
        changed |= {rep for (rep,) in rows(session, _COACHED, coaches=renamed)}
    if changed:
        surfaces.reps_homes_changed(session, workspace_id=workspace_id, member_ids=changed, now=now)
    if any(one.known is None or not one.changes.isdisjoint(SEEN_IN_SET_UP) for one in decisions):
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)


_MEMBER, _ENROLMENT, _TEAM = columns(Member), columns(Enrolment), columns(Team)

_NEW_MEMBERS = sa.select(_MEMBER.slack_user_id, _MEMBER.id).where(
    _MEMBER.workspace_id == sa.bindparam("of_workspace"), _MEMBER.slack_user_id.in_(any_of("users"))
)
_NEW_ENROLMENTS = (
    sa.select(_ENROLMENT.id)
    .where(_ENROLMENT.member_id.in_(any_of("members")))
    .order_by(_ENROLMENT.id)
)
_COACHED = (
    sa.select(_ENROLMENT.member_id)
    .join_from(table(Enrolment), table(Team), _TEAM.id == _ENROLMENT.team_id)
    .where(
        _ENROLMENT.ended_on.is_(None),
        _TEAM.coach_id.in_(any_of("coaches")) | _TEAM.second_coach_id.in_(any_of("coaches")),
    )
)
