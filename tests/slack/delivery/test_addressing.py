"""Where a message goes: to the coach channel, else to a coach, and nowhere that it does not belong."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.shown.addressee import Addressee
from bot.domain.shown.places import NOWHERE, place_of
from bot.slack.delivery.addressing import (
    Misplaced,
    NobodyYet,
    Rendered,
    RenderRequest,
    ToChannel,
    ToMember,
    to,
    to_coaches,
)
from bot.slack.views.blocks import Message

MESSAGE: Message = {"text": "Priya sends a plan", "blocks": []}
DANA = Addressee(3, "U0DANA", "D0DANA", None)
GONE = Addressee(4, "U0GONE", "D0GONE", "deactivated")
PLACE = place_of([DANA], "C0COACH", None)
IN_DM = place_of([DANA], "C0COACH", "is_archived")


def sent(place: object, *, stands_in: str | None = None, is_open: bool = True) -> Rendered | None:
    wanted = RenderRequest("plan", 7, datetime(2026, 11, 20, tzinfo=UTC), stands_in)
    return to_coaches(place, lambda: MESSAGE, wanted, is_open=is_open)  # type: ignore[arg-type]


def test_coaches_are_addressed_in_their_channel_else_directly() -> None:
    assert sent(PLACE) == ToChannel("C0COACH", MESSAGE)
    assert sent(IN_DM) == ToMember(3, "U0DANA", "D0DANA", MESSAGE)
    assert sent(PLACE, stands_in="C0COACH") == ToChannel("C0COACH", MESSAGE)


def test_what_stands_elsewhere_is_misplaced_and_what_is_open_waits_for_a_coach() -> None:
    assert sent(PLACE, stands_in="C0OLD") == Misplaced(is_open=True)
    assert sent(PLACE, stands_in="C0OLD", is_open=False) == Misplaced(is_open=False)
    assert sent(NOWHERE) == NobodyYet()
    assert sent(NOWHERE, is_open=False) is None


def test_nobody_who_is_gone_is_written_to() -> None:
    assert to(GONE, MESSAGE) is None
