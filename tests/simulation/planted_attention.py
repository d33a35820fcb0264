"""The faults that are planted in what asks for attention: its hours, its number, and that it comes at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.calendars import reading_hours
from bot.domain.outbox.budget import Budget
from tests.simulation.planted import Mutant, Patch


def _comes_at_night() -> list[Patch]:
    def at_once(_: Any, wanted: Sequence[reading_hours.Reading]) -> list[datetime]:
        return [one.now for one in wanted]

    return [(reading_hours, "opening", at_once)]


def _never_at_work() -> list[Patch]:
    def tomorrow(_: Any, wanted: Sequence[reading_hours.Reading]) -> list[datetime]:
        return [one.now + timedelta(days=1) for one in wanted]

    return [(reading_hours, "opening", tomorrow)]


def _budget_is_ignored() -> list[Patch]:
    def takes(_: Budget, member_id: int, at: datetime) -> bool:
        return True

    return [(Budget, "take", takes)]


MUTANTS = (
    Mutant("an alert comes at night", _comes_at_night, habits={"never": 1}),
    Mutant("an alert is never posted", _never_at_work, habits={"never": 1}),
    Mutant(
        "a ping over the budget", _budget_is_ignored, {"weekly_messages": 1}, habits={"never": 1}
    ),
)
