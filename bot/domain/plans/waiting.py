"""A version that waits for somebody, and what becomes of it when another one takes its place."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session

from bot.domain.outbox import outbox
from bot.domain.plans.rows import waiting_of
from bot.domain.tables import Member, Plan, PlanState


def give_way(session: Session, *, member: Member, now: datetime) -> None:
    """Let the version that waits, if there is one, be replaced; its messages say so."""
    waiting = waiting_of(session, member.id)
    if waiting is None:
        return
    waiting.state, waiting.decided_at = PlanState.REPLACED, now
    session.flush()
    shown_again(session, waiting, now=now)


def withdraw(session: Session, *, member: Member, reason: str, now: datetime) -> None:
    """Let the version that waits, if there is one, wait no longer, as its rep left the team that it was for.

    What is signed stays signed: the targets are the rep's.
    """
    waiting = waiting_of(session, member.id)
    if waiting is None:
        return
    waiting.state, waiting.decided_at, waiting.reason = PlanState.DECLINED, now, reason
    session.flush()
    shown_again(session, waiting, now=now)


def shown_again(session: Session, plan: Plan, *, now: datetime) -> None:
    """Bring up to date the messages about a version that were ever wanted."""
    for surface in (outbox.PLAN, outbox.PLAN_REPLY):
        outbox.mark_stale_if_known(
            session,
            workspace_id=plan.workspace_id,
            surface=surface,
            subject_id=plan.id,
            now=now,
        )


def tell_coach(session: Session, plan: Plan, *, now: datetime) -> None:
    """Have the version's message stand in the coach channel, from now on if it did not."""
    outbox.mark_stale(
        session,
        workspace_id=plan.workspace_id,
        surface=outbox.PLAN,
        subject_id=plan.id,
        now=now,
    )


def tell_rep(session: Session, plan: Plan, *, now: datetime) -> None:
    """Have the version's message stand in the rep's DM, from now on if it did not."""
    outbox.mark_stale(
        session,
        workspace_id=plan.workspace_id,
        surface=outbox.PLAN_REPLY,
        subject_id=plan.id,
        now=now,
    )
