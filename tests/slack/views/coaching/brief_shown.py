"""Briefs as the views are handed them, and the words of their tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from bot.domain.shown.briefs import BriefShown, Number, RepShown
from bot.domain.shown.reader import Reader
from bot.rules.acts import Act
from bot.rules.briefs import RepWeek, Result, Waits
from bot.slack.views.blocks import Message

READER = Reader("Europe/London", "en_US", "USD")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
NOTHING = Waits(0, None, 0, None)


def number(name: str, answered: int | None, *, logged: int | None = None) -> Number:
    said = Decimal(answered) if answered is not None else None
    log = Decimal(logged) if logged is not None else None
    return Number(
        name, "count", Decimal(20), said, log, met=answered is not None and answered >= 20
    )


def rep(n: int, result: Result = Result.MET, **facts: Any) -> RepShown:
    act = Act.COACH if result is Result.MISSED else None
    shown = RepShown(
        check_in_id=n,
        rep=f"U0{n}",
        week=RepWeek(f"Rep {n:02}", result, act),
        numbers=(number("Conversations", 12 if act else 22),),
        because="conversations 12 of 20" if act else None,
    )
    return replace(shown, **facts)


def brief(*reps: RepShown, **facts: Any) -> BriefShown:
    shown = BriefShown(
        7, "Harbor & Sons", date(2026, 11, 16), "U0DANA", READER, 0, reps, NOTHING, NOTHING
    )
    return replace(shown, **facts)


def table_of(message: Message) -> list[list[str]]:
    tables = [block for block in message["blocks"] if block["type"] == "table"]
    return [[_words(cell) for cell in row] for row in tables[0]["rows"]] if tables else []


def _words(cell: dict[str, Any]) -> str:
    if cell["type"] == "raw_text":
        return str(cell["text"])
    return str(cell["elements"][0]["elements"][0]["text"])
