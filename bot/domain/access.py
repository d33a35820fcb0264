"""Finds the person behind a payload, and decides what they may see and do.

A Slack payload says only which user pressed which button. Every use case takes that user as a Caller, looks the
person up in its own transaction, and asks this module. Ids inside payloads can't be trusted and are checked again.
"""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol, TypeVar

from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, or_, select

from bot.database import columns
from bot.domain.refusals import Refusal
from bot.domain.shown.places import may_coach
from bot.domain.tables import Enrolment, Member, Team

log = logging.getLogger(__name__)

Row = TypeVar("Row", bound=SQLModel)

NOT_ENROLLED = (
    "You are not in a sales team yet. Ask your coach or a workspace admin to enrol you with /coach."
)


def own_key(member_id: int, request_key: str) -> str:
    """Return the key under which a request of this member is stored, unlike that of anybody else.

    Such a key makes a repeated request harmless. Slack makes the keys, but a button or a form carries some of
    them, so anybody may send one a second time.
    """
    return f"{member_id}:{request_key}"


@dataclass(frozen=True)
class Caller:
    """The person behind a payload."""

    workspace_id: int
    slack_user_id: str


def member_of(session: Session, caller: Caller) -> Member | None:
    """Return the caller's row, or None for a person whom the bot does not know."""
    return session.exec(
        select(Member).where(
            Member.workspace_id == caller.workspace_id, Member.slack_user_id == caller.slack_user_id
        )
    ).one_or_none()


def member_by_slack_id(session: Session, workspace_id: int, slack_user_id: str) -> Member | None:
    """Return the member with this Slack id in this workspace, or None if the bot does not know them."""
    return session.exec(
        select(Member).where(
            Member.workspace_id == workspace_id, Member.slack_user_id == slack_user_id
        )
    ).one_or_none()


def known_member(session: Session, caller: Caller) -> Member:
    """Return the caller's row; raises Refusal for a person whom the bot does not know."""
    member = member_of(session, caller)
    if member is None:
        raise Refusal(NOT_ENROLLED)
    return member


def locked(session: Session, model: type[Row], id: int, *, caller: Caller) -> Row | None:
    """Return a row of the caller's workspace, locked until the transaction ends; None if it has no such row."""
    facts = columns(model)
    return session.exec(
        select(model)
        .where(facts.id == id, facts.workspace_id == caller.workspace_id)
        .with_for_update()
    ).one_or_none()


def slack_id_of(session: Session, member_id: int | None) -> str | None:
    """Return the member's Slack user id; None for nobody."""
    return session.get_one(Member, member_id).slack_user_id if member_id is not None else None


def enrolment_of(session: Session, member_id: int) -> Enrolment | None:
    """Return the member's current enrolment, or None for a member who is not a rep (any more)."""
    return session.exec(
        select(Enrolment).where(Enrolment.member_id == member_id, col(Enrolment.ended_on).is_(None))
    ).one_or_none()


def enrolled(session: Session, teams: Collection[Team]) -> list[tuple[Member, Enrolment]]:
    """Return the present reps of these teams, each with their enrolment, by name; one statement."""
    return list(
        session.exec(
            select(Member, Enrolment)
            .join(Enrolment, col(Enrolment.member_id) == col(Member.id))
            .where(
                col(Enrolment.team_id).in_([team.id for team in teams]),
                col(Enrolment.ended_on).is_(None),
            )
            .order_by(col(Member.name), col(Member.id))
        )
    )


def members_by_id(session: Session, ids: Collection[int]) -> dict[int, Member]:
    """Return the members with these ids, by id; one statement."""
    found = session.exec(select(Member).where(col(Member.id).in_(ids)))
    return {member.id: member for member in found}


def reps_of(session: Session, team: Team) -> list[Member]:
    """Return the present reps of the team, by name."""
    return [member for member, _ in enrolled(session, [team])]


def rep(session: Session, caller: Caller, *, lock: bool = False) -> tuple[Member, Enrolment, Team]:
    """Return the caller, their enrolment and their team, by one statement; `lock` locks the caller's row.

    Raises Refusal if the caller is not a rep.
    """
    found = session.exec(
        _LOCKED_REP if lock else _REP,
        params={"of_workspace": caller.workspace_id, "user": caller.slack_user_id},
    ).one_or_none()
    if found is None:
        raise Refusal(NOT_ENROLLED)
    return found


_REP = (
    select(Member, Enrolment, Team)
    .join(Enrolment, col(Enrolment.member_id) == col(Member.id))
    .join(Team, col(Team.id) == col(Enrolment.team_id))
    .where(
        Member.workspace_id == bindparam("of_workspace"),
        Member.slack_user_id == bindparam("user"),
        col(Enrolment.ended_on).is_(None),
    )
)
_LOCKED_REP = _REP.with_for_update(of=Member).execution_options(populate_existing=True)


def coaches(session: Session, member: Member, team: Team) -> bool:
    """Return whether the member coaches the team now, as its coach or second coach.

    A coach who became a guest, or whose account was deactivated, coaches nobody.
    """
    return member.id in {team.coach_id, team.second_coach_id} and may_coach(
        is_guest=member.is_guest, inactive_because=member.inactive_because
    )


def coached_teams(session: Session, member: Member) -> list[Team]:
    """Return the teams that the member coaches now, by name."""
    if not may_coach(is_guest=member.is_guest, inactive_because=member.inactive_because):
        return []
    return list(
        session.exec(
            select(Team)
            .where(
                Team.workspace_id == member.workspace_id,
                or_(Team.coach_id == member.id, Team.second_coach_id == member.id),
            )
            .order_by(Team.name)
        )
    )


def manageable_teams(session: Session, member: Member) -> list[Team]:
    """Return the teams that the member may set up: all for an admin, their own for a coach."""
    if not member.is_admin:
        return coached_teams(session, member)
    return list(
        session.exec(
            select(Team).where(Team.workspace_id == member.workspace_id).order_by(Team.name)
        )
    )


def must_manage(session: Session, member: Member, team: Team) -> None:
    """Raise Refusal unless the member may set the team up."""
    if team.workspace_id == member.workspace_id and (
        member.is_admin or coaches(session, member, team)
    ):
        return
    deny(member, "manage", "team", team.id)
    raise Refusal(
        f"Only the coach of {team.name} or a workspace admin can change it. Ask one of them."
    )


def coaches_rep(session: Session, viewer: Member, member_id: int) -> bool:
    """Return whether the viewer coaches the rep now; nobody coaches a person who is no rep any more."""
    enrolment = enrolment_of(session, member_id)
    if enrolment is None or enrolment.workspace_id != viewer.workspace_id:
        return False
    return coaches(session, viewer, session.get_one(Team, enrolment.team_id))


@dataclass(frozen=True)
class Seen:
    """A rep's record that a person may see."""

    viewer: Member
    rep: Member
    team: Team
    """The rep's present team."""

    @property
    def own(self) -> bool:
        """Whether the record is the viewer's own."""
        return self.viewer.id == self.rep.id


def may_see_record(session: Session, caller: Caller, slack_user_id: str | None = None) -> Seen:
    """Return the rep whose record is asked for, by default the caller; raises Refusal unless they may see it.

    Reps see their own record. Coaches see the whole record of a rep from the day on which they coach the rep, and
    until the day on which they don't. Nobody sees the record of a person who is no rep any more.
    """
    viewer = known_member(session, caller)
    if slack_user_id is None or slack_user_id == viewer.slack_user_id:
        _, _, team = rep(session, caller)
        return Seen(viewer, viewer, team)
    found = member_by_slack_id(session, caller.workspace_id, slack_user_id)
    enrolment = enrolment_of(session, found.id) if found is not None else None
    team_of = session.get_one(Team, enrolment.team_id) if enrolment is not None else None
    if found is None or team_of is None or not coaches(session, viewer, team_of):
        deny(viewer, "see", "record of member", found.id if found is not None else 0)
        raise Refusal("Only a rep and the rep’s present coaches see the rep’s history.")
    return Seen(viewer, found, team_of)


class Known(Protocol):
    """A Member, or a row with its id."""

    @property
    def id(self) -> int: ...


def deny(member: Known, action: str, kind: str, subject_id: int) -> None:
    """Write a refused attempt to the log, with ids only."""
    log.warning(
        "denied",
        extra={"member": member.id, "action": action, "kind": kind, "subject": subject_id},
    )
