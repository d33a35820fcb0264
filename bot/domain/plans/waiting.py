"""Versions that wait for a decision: replaces and withdraws them, and keeps their messages up to date."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain.outbox import outbox
from bot.domain.plans.rows import WAITING, waiting_of
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
    withdraw_all(session, reasons={member.id: reason}, now=now)


def withdraw_all(session: Session, *, reasons: Mapping[int, str], now: datetime) -> None:
    """Do what `withdraw` does for several members of one workspace; `reasons` has the reasons by member id."""
    waiting = session.exec(
        select(Plan).where(col(Plan.member_id).in_(reasons), col(Plan.state).in_(WAITING))
    ).all()
    for plan in waiting:
        withdraw_these(session, [plan], reason=reasons[plan.member_id], now=now)


def withdraw_these(
    session: Session, plans: Collection[Plan], *, reason: str, now: datetime
) -> None:
    """Withdraw these versions of one workspace: nobody declined them, and the reason says what happened."""
    for plan in plans:
        plan.state, plan.decided_at, plan.decided_by = PlanState.DECLINED, now, None
        plan.reason = reason
    session.flush()
    if plans:
        shown_again(session, *plans, now=now)


def shown_again(session: Session, *plans: Plan, now: datetime) -> None:
    """Mark the messages about versions of one workspace stale, if they have rows."""
    for surface in (outbox.PLAN, outbox.PLAN_REPLY):
        outbox.mark_many_stale(
            session,
            workspace_id=plans[0].workspace_id,
            surface=surface,
            subject_ids=[plan.id for plan in plans],
            now=now,
        )


def accounts_shown_again(session: Session, *, member: Member, now: datetime) -> None:
    """Mark the messages about the ends of the rep's plans stale: they offer a fresh start until it is made."""
    told = session.exec(
        select(Plan.id).where(
            Plan.member_id == member.id,
            col(Plan.ended_at).is_not(None) | col(Plan.reached_at).is_not(None),
        )
    ).all()
    for surface in outbox.PLAN_EVENTS if told else ():
        outbox.mark_many_stale(
            session,
            workspace_id=member.workspace_id,
            surface=surface,
            subject_ids=told,
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
