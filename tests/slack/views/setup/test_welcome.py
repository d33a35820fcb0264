"""The welcome: sound for everybody, even for somebody whose name shows nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from bot.domain.shown.welcome import WelcomeShown
from bot.slack.views.setup import done as done
from bot.slack.views.setup.welcome import welcome_message
from tests.slack.views.setup.shown import (
    DUE,
    NASTY,
    READER,
)
from tests.slack.views.sound import check_sound, text_of

WELCOME = WelcomeShown(
    NASTY, NASTY, "U0DANA", DUE, (("<!here>", "<b>", Decimal("3.5")),) * 3, READER
)


@pytest.mark.parametrize("name", [NASTY, "Sam Hill", " ", ""])
@pytest.mark.parametrize("due", [DUE, None])
@pytest.mark.parametrize("goals", [0, 1, 13])
def test_the_welcome_is_sound(name: str, due: datetime | None, goals: int) -> None:
    longest = (("&" * 40, "<" * 20, Decimal("3.5")),)
    check_sound(
        welcome_message(replace(WELCOME, name=name, first_due_at=due, targets=longest * goals))
    )


def test_the_welcome_says_what_is_asked_and_when() -> None:
    said = text_of(welcome_message(WELCOME))
    assert "The next check-in comes *Monday 30 November at 14:00*, your time." in said
    assert "&lt;!here&gt; 3.5 &lt;b&gt; · &lt;!here&gt;" in said
    nothing = text_of(welcome_message(replace(WELCOME, targets=(), first_due_at=None)))
    assert "*Your goals by the week:* not set yet; your coach does that" in nothing
