"""What people typed can't command a terminal."""

from __future__ import annotations

import pytest

from bot.rules.terminal import printable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zoë O’Neil, 山田", "Zoë O’Neil, 山田"),
        ("\x1b[31mred\x07", "\ufffd[31mred\ufffd"),
        ("one\r\ntwo", "one\ufffd\ufffdtwo"),
        ("left\u202eright", "left\ufffdright"),
    ],
)
def test_control_characters_are_replaced(text: str, shown: str) -> None:
    assert printable(text) == shown
