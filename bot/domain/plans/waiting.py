"""Versions that wait for a decision: replaces and withdraws them, and keeps their messages up to date."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.outbox import outbox
from bot.domain.plans.rows import waiting_of
from bot.domain.tables import Member, Plan, PlanState


def give_way(session: Session, *, member: Member, now: datetime) -> None:
    """Replace the version that waits, if there is one; its messages then say so."""
    waiting = waiting_of(session, member.id)
    if waiting is None:
        return
    waiting.state, waiting.decided_at = PlanState.REPLACED, now
    session.flush()
    shown_again(session, waiting, now=now)


def withdraw(session: Session, *, member: Member, reason: str, now: datetime) -> None:
    """Withdraw the version that waits, if there is one, because its rep left the team that it was for.

    A signed version stays signed, because its targets belong to the rep.
    """
    waiting = waiting_of(session, member.id)
    if waiting is None:
        return
    waiting.state, waiting.decided_at, waiting.reason = PlanState.DECLINED, now, reason
    session.flush()
    shown_again(session, waiting, now=now)


def shown_again(session: Session, plan: Plan, *, now: datetime) -> None:
    """Mark the messages about a version stale, if they have rows."""
    for surface in (outbox.PLAN, outbox.PLAN_REPLY):
        outbox.mark_stale_if_known(
            session,
            workspace_id=plan.workspace_id,
            surface=surface,
            subject_id=plan.id,
            now=now,
        )


def tell_coach(session: Session, plan: Plan, *, now: datetime) -> None:
    """Have the version's message shown in the coach channel; it is posted if it does not exist yet."""
    outbox.mark_stale(
        session,
        workspace_id=plan.workspace_id,
        surface=outbox.PLAN,
        subject_id=plan.id,
        now=now,
    )


def tell_rep(session: Session, plan: Plan, *, now: datetime) -> None:
    """Have the version's message shown in the rep's DM; it is posted if it does not exist yet."""
    outbox.mark_stale(
        session,
        workspace_id=plan.workspace_id,
        surface=outbox.PLAN_REPLY,
        subject_id=plan.id,
        now=now,
    )
