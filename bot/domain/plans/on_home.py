"""The state of reps' plans, for their own Homes and their coaches'."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows
from bot.domain.calendars.schedules import zone_of
from bot.domain.shown.home import PlanInShort
from bot.domain.tables import Plan, PlanState


class Owner(Protocol):
    """A Member, or a row with its id and its zone."""

    @property
    def id(self) -> int: ...
    @property
    def timezone(self) -> str: ...


class _Version(NamedTuple):
    """The columns of a Plan that Home shows, or that say which version it shows."""

    id: int
    member_id: int
    version: int | None
    state: str
    goal: Decimal
    ends_on: date
    from_week: date | None
    conversations: int | None
    base_moves: int | None
    sales: Decimal | None
    rep_agreed_at: datetime | None
    coach_agreed_at: datetime | None
    targets_until: date | None


def in_short(
    session: Session, members: Collection[Owner], *, now: datetime
) -> Mapping[int, PlanInShort]:
    """Return for each member the version that waits, else one that was sent back, else a signed one or a draft."""
    found: dict[int, list[_Version]] = {member.id: [] for member in members}
    for row in rows(session, _NEWEST, members=list(found)) if found else ():
        version = _Version(*row)
        found[version.member_id].append(version)
    return {
        member.id: _in_short(found[member.id], now.astimezone(zone_of(member)).date())
        for member in members
    }


def _in_short(plans: Sequence[_Version], today: date) -> PlanInShort:
    """Choose among the newest version of each state, the newest first."""
    by_state = {plan.state: plan for plan in plans}
    for state in (PlanState.PROPOSED, PlanState.SUGGESTED, PlanState.OFFERED):
        if state in by_state:
            return _waiting(by_state[state])
    versions = [plan for plan in plans if plan.version is not None]
    if versions and versions[0].state == PlanState.SENT_BACK:
        return _line("sent_back", versions[0], waits_for_rep=True)
    signed = by_state.get(PlanState.APPROVED)
    if signed is not None and signed.ends_on >= today:
        return _line("signed", signed)
    if PlanState.DRAFT in by_state:
        return PlanInShort("draft", waits_for_rep=True)
    return _line("ended", signed) if signed is not None else PlanInShort("none")


def _waiting(plan: _Version) -> PlanInShort:
    offered = plan.state == PlanState.OFFERED
    return _line(
        plan.state,
        plan,
        waits_for_rep=plan.state == PlanState.SUGGESTED or (offered and plan.rep_agreed_at is None),
        waits_for_coach=plan.state == PlanState.PROPOSED
        or (offered and plan.coach_agreed_at is None),
    )


def _line(
    state: str, plan: _Version, *, waits_for_rep: bool = False, waits_for_coach: bool = False
) -> PlanInShort:
    return PlanInShort(
        state,
        plan.version,
        plan.goal,
        plan.ends_on,
        plan.from_week,
        plan.conversations,
        plan.base_moves,
        plan.sales,
        waits_for_rep,
        waits_for_coach,
        plan.targets_until,
    )


_PLAN = columns(Plan)

_BY_STATE = (
    sa.select(
        *(_PLAN[name] for name in _Version._fields),
        sa.func.row_number()
        .over(partition_by=(_PLAN.member_id, _PLAN.state), order_by=_PLAN.id.desc())
        .label("newness"),
    )
    .where(_PLAN.member_id.in_(any_of("members")))
    .subquery()
)

_NEWEST = (
    sa.select(*(_BY_STATE.c[name] for name in _Version._fields))
    .where(_BY_STATE.c.newness == 1)
    .order_by(_BY_STATE.c.id.desc())
)
"""Selects the newest version in each state, so that a rep's history does not make this longer."""
