"""Every emoji can be drawn."""

from __future__ import annotations

import re

from bot.sandbox.rendering.emoji import EMOJI, emoji_html
from bot.sandbox.rendering.emoji_svg import EMOJI_SVG
from tests.repository import ROOT


def test_every_emoji_can_be_drawn() -> None:
    for name in {*EMOJI, *EMOJI_SVG}:
        html = emoji_html(name)
        assert html is not None
        assert f'data-emoji="{name}"' in html
    assert not set(EMOJI) & set(EMOJI_SVG)


def test_every_emoji_that_the_bot_uses_is_drawn_without_a_font() -> None:
    sources = (ROOT / "bot" / "slack" / "views").rglob("*.py")
    named = re.compile(r"[\s\"'(]:([a-z][a-z0-9_+-]+):[\s\"'*]")
    used = {name for path in sources for name in named.findall(path.read_text())}
    assert len(used) > 20
    assert sorted(used - set(EMOJI_SVG)) == []
