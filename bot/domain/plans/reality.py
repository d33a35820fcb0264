"""A rep's signed plan against what happened: its ratios against the log, its weekly numbers against six weeks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from bot.domain.plans import in_force, measures
from bot.domain.plans.rows import ratio_rows
from bot.domain.shown.card import PlanAgainst, RatioAgainst
from bot.domain.tables import Member, Plan, PlanRatio, Team
from bot.rules.reality import PlanWeek, became_measured, disproof


@dataclass(frozen=True)
class AnsweredWeek:
    """A week that the rep answered, with what was done and asked."""

    week: date
    numbers: PlanWeek


def of_rep(
    session: Session,
    *,
    rep: Member,
    team: Team,
    answered: Sequence[AnsweredWeek],
    week: date,
    today: date,
) -> PlanAgainst | None:
    """Return the plan that counts in `week` against reality; None for a rep without one.

    `answered` has the rep's weeks, oldest first; those from before the plan counted are left out.
    """
    plan = in_force.in_force(session, rep.id, week)
    if plan is None or plan.from_week is None:
        return None
    now = measures.measure(session, member=rep, team=team, today=today)
    begun = plan.from_week
    found = disproof([one.numbers for one in answered if one.week >= begun])
    ratios = []
    for step, row in ratio_rows(session, plan.id).items():
        measured = now.ratios[step]
        is_measured = became_measured(planned=row.provenance, now=measured.provenance)
        ratios.append(
            RatioAgainst(
                step=step,
                planned=row.percent,
                provenance=row.provenance,
                now=measured,
                became_measured=is_measured,
                is_new=is_measured and row.measured_told_at is None,
            )
        )
    return PlanAgainst(
        plan_id=plan.id,
        ends_on=plan.ends_on,
        ratios=tuple(ratios),
        disproof=found,
        is_new=found is not None and plan.disproved_told_at is None,
    )


def told(session: Session, *, shown: PlanAgainst, now: datetime) -> None:
    """Record that a coach has read what the card says once; it is said as news no more."""
    if shown.is_new:
        plan = session.get_one(Plan, shown.plan_id)
        plan.disproved_told_at = plan.disproved_told_at or now
    steps = [ratio.step.value for ratio in shown.ratios if ratio.is_new]
    if steps:
        for row in session.exec(
            select(PlanRatio).where(
                PlanRatio.plan_id == shown.plan_id, col(PlanRatio.step).in_(steps)
            )
        ):
            row.measured_told_at = row.measured_told_at or now
    session.flush()
