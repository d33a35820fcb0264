"""What lies behind reps: conversations of the weeks before, and plans that wait for their coach."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlmodel import SQLModel

from bot.domain.tables import Conversation, Opportunity, Plan, PlanRatio

Insert = Callable[[type[SQLModel], Iterator[dict[str, Any]]], None]

WEEK = timedelta(weeks=1)
WEEKS = 30
A_DEAL = 5
"""Conversations with one company: first, second, third base, home, and one about no base."""
FIRST_ID = 10_000_000
"""Deals of the past have ids from here on; those of last week have their rep's number."""


def add_history(
    into: Insert, reps: Sequence[int], *, conversations: int, week: date, now: datetime
) -> None:
    """Each rep's `conversations`, spread over the WEEKS before the `week`, five with each company."""
    deals = conversations // A_DEAL
    both = [(rep, deal) for rep in reps for deal in range(deals)]
    into(Opportunity, (_opportunity(rep, deal, deals, now) for rep, deal in both))
    into(
        Conversation,
        (
            _conversation(rep, deal, deals, step, week, now)
            for rep, deal in both
            for step in range(A_DEAL)
        ),
    )


def _opportunity(rep: int, deal: int, deals: int, now: datetime) -> dict[str, Any]:
    return {
        "id": FIRST_ID + rep * deals + deal,
        "workspace_id": 1,
        "member_id": rep,
        "company": f"Company {deal}",
        "company_key": f"company{deal}",
        "base": 4 if deal % 2 else 2,
        "status": "won" if deal % 2 else "open",
        "created_at": now - WEEKS * WEEK,
    }


def _conversation(
    rep: int, deal: int, deals: int, step: int, week: date, now: datetime
) -> dict[str, Any]:
    """Every other deal was won; the others came to second base."""
    wins = deal % 2 == 1
    base = step if step and (wins or step <= 2) else None
    then = week - (1 + WEEKS * deal // deals) * WEEK
    is_won = wins and step == A_DEAL - 1
    return {
        "workspace_id": 1,
        "member_id": rep,
        "opportunity_id": FIRST_ID + rep * deals + deal,
        "held_on": then + timedelta(days=step),
        "week": then,
        "base": base,
        "close": None,
        "outcome": "won" if is_won else "open",
        "amount": Decimal(5_000) if is_won else None,
        "back_reason": None,
        "moves": int(base is not None),
        "skipped_second": False,
        "went_back": False,
        "request_key": f"past-{rep}-{deal}-{step}",
        "logged_at": now - WEEKS * WEEK,
        "edited_at": None,
        "undone_at": None,
    }


def add_plans(into: Insert, reps: Sequence[int], *, team_size: int, now: datetime) -> None:
    """A plan of each rep, sent to the coach; it has the rep's number as its id."""
    into(Plan, (_plan(rep, (rep - 1) // team_size + 1, now) for rep in reps))
    into(
        PlanRatio,
        (
            _ratio(rep, step, percent)
            for rep in reps
            for step, percent in (("first", 20), ("second", 50), ("third", 50), ("home", 60))
        ),
    )


def _plan(rep: int, team: int, now: datetime) -> dict[str, Any]:
    begins_on = now.date() + timedelta(days=7 - now.weekday())
    return {
        "id": rep,
        "workspace_id": 1,
        "member_id": rep,
        "team_id": team,
        "version": 1,
        "origin": "rep",
        "state": "proposed",
        "currency": "USD",
        "period": "dates",
        "begins_on": begins_on,
        "ends_on": begins_on + 46 * WEEK,
        "goal": Decimal(600_000),
        "closed": Decimal(0),
        "average_sale": Decimal(20_000),
        "working_weeks": Decimal(40),
        "weeks_counted": Decimal(40),
        "conversations": 30,
        "base_moves": 12,
        "sales": Decimal(15_000),
        "created_at": now,
        "proposed_at": now,
        "rep_agreed_at": now,
    }


def _ratio(rep: int, step: str, percent: int) -> dict[str, Any]:
    return {
        "workspace_id": 1,
        "plan_id": rep,
        "step": step,
        "percent": Decimal(percent),
        "provenance": "overruled",
        "found_percent": Decimal(percent),
        "found_provenance": "assumed",
    }
