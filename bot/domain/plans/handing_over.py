"""What becomes of a rep's plans when the rep moves to another team.

A version that waits goes on to the new coach. It can't if its amounts are in another currency than the new team's,
or if it has goals about metrics that the new team does not have: then it is withdrawn and says why.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from bot.database import any_of
from bot.domain.metrics.metrics import metrics_for
from bot.domain.plans.rows import WAITING
from bot.domain.plans.waiting import tell_rep, withdraw_these
from bot.domain.tables import Goal, Plan, Team


@dataclass(frozen=True)
class Move:
    """A rep who moves from one team to another."""

    member_id: int
    name: str
    from_team: Team
    to_team: Team


def reps_moved(session: Session, *, moves: Collection[Move], now: datetime) -> None:
    """Hand the reps' versions over to their new teams, and withdraw those that can't count there."""
    move_of = {move.member_id: move for move in moves}
    plans = session.exec(_OF_REPS, params={"members": list(move_of)}).all()
    for plan in plans:
        plan.team_id = move_of[plan.member_id].to_team.id
    session.flush()
    waiting = [plan for plan in plans if plan.state in WAITING]
    if not waiting:
        return
    known = {
        team.id: {metric.id for metric in metrics_for(session, team)}
        for team in {move.to_team.id: move.to_team for move in moves}.values()
    }
    about: dict[int, set[int]] = {}
    for plan_id, metric_id in session.exec(_GOALS, params={"plans": [one.id for one in waiting]}):
        if metric_id is not None:
            about.setdefault(plan_id, set()).add(metric_id)
    for plan in waiting:
        move = move_of[plan.member_id]
        moved = f"{move.name} moved to {move.to_team.name}"
        if plan.currency != move.to_team.currency:
            reason = (
                f"{moved}, which counts in {move.to_team.currency}, "
                f"and this plan’s amounts are in {plan.currency}."
            )
        elif about.get(plan.id, set()) - known[move.to_team.id]:
            reason = f"{moved}, which does not count everything that this plan has goals for."
        else:
            continue
        withdraw_these(session, [plan], reason=reason, now=now)
        tell_rep(session, plan, now=now)


_OF_REPS = select(Plan).where(col(Plan.member_id).in_(any_of("members")))
_GOALS = select(Goal.plan_id, Goal.metric_id).where(col(Goal.plan_id).in_(any_of("plans")))
