"""Every emoji can be drawn."""

from __future__ import annotations

from bot.sandbox.rendering.emoji import EMOJI, emoji_html
from bot.sandbox.rendering.emoji_svg import EMOJI_SVG


def test_every_emoji_can_be_drawn() -> None:
    for name in {*EMOJI, *EMOJI_SVG}:
        html = emoji_html(name)
        assert html is not None
        assert f'data-emoji="{name}"' in html
    assert not set(EMOJI) & set(EMOJI_SVG)
