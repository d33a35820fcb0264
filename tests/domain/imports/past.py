"""A history to import, and what the log holds then."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain.imports.importing import ImportPreview
from bot.domain.tables import (
    Conversation,
    Member,
    Opportunity,
)

HEADER = "user,date,company,base,outcome,amount,close\n"
Import = Callable[..., ImportPreview]


def log_of(database: Database, user: str = "U0PRIYA") -> list[tuple[Any, ...]]:
    """The rep's live conversations as held: company, day, base, outcome, moves, skipped 2nd, went back."""

    def read(session: Session) -> list[tuple[Any, ...]]:
        found = session.exec(
            select(Opportunity.company, Conversation)
            .join(Conversation, col(Conversation.opportunity_id) == col(Opportunity.id))
            .join(Member, col(Member.id) == col(Conversation.member_id))
            .where(Member.slack_user_id == user, col(Conversation.undone_at).is_(None))
            .order_by(col(Conversation.held_on), col(Conversation.id))
        )
        return [
            (name, c.held_on, c.base, c.outcome, c.moves, c.skipped_second, c.went_back)
            for name, c in found
        ]

    return database.read_now(read)


def deals_of(database: Database) -> list[tuple[str, int, str]]:
    """Each opportunity that has conversations, with where it stands."""

    def read(session: Session) -> list[tuple[str, int, str]]:
        used = select(Conversation.opportunity_id).where(col(Conversation.undone_at).is_(None))
        found = session.exec(
            select(Opportunity).where(col(Opportunity.id).in_(used)).order_by(col(Opportunity.id))
        )
        return sorted((o.company, o.base, o.status) for o in found)

    return database.read_now(read)


def counts(plan: ImportPreview) -> tuple[int, int, int]:
    """New, there already, rejected."""
    return plan.count("created"), plan.count("unchanged"), len(plan.problems)  # type: ignore[arg-type]
