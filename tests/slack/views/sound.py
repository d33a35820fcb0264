"""What every view has to be, whatever people typed: taken by Slack, with nothing alive, escaped once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.block_kit.checks import check_message, check_view
from bot.slack.views.blocks import Message, View

ODD = "<!channel> & *b* _i_ ~s~ `c` <http://x|y> <@U0BOSS> <#C0BOSS>"
"""Text from people with everything in it that Slack would read."""
ESCAPED = ("&lt;!channel&gt;", "&lt;http://x|y&gt;", "&lt;@U0BOSS&gt;")
ODD_TEXTS = (ODD, "&lt;!here&gt;", "@everyone", "#general", ">>> quoted", "\u202eemca", "n" * 80)

OWN = re.compile(r"<@(?!U0BOSS)[UW]0\w+>|<#(?!C0BOSS)C0\w+>")
"""The mentions and links that the tests' own ids become."""


def check_sound(surface: Message | View) -> None:
    """Raise AssertionError for a message or a view that is not sound."""
    if "type" in surface:
        assert check_view(surface) == []
    else:
        assert check_message(surface["blocks"]) == []
        assert surface["text"]
        check_nothing_live(surface["text"])
    for text in texts_of(surface, "mrkdwn"):
        check_nothing_live(text)
    for text in texts_of(surface, "plain_text"):
        assert not set(ESCAPED) & set(text.split()), "escaped where Slack reads nothing"


def check_nothing_live(text: str) -> None:
    """Every control, mention and link of Slack's has these signs; only our own may be there."""
    rest = OWN.sub("", text)
    assert "<" not in rest
    assert ">" not in rest
    assert "&amp;amp;" not in rest, "escaped twice"


def texts_of(value: Any, kind: str) -> Iterator[str]:
    """Every text of that kind, wherever it is."""
    if isinstance(value, dict):
        if value.get("type") == kind:
            assert kind != "mrkdwn" or value["verbatim"] is True
            yield value["text"]
        for inner in value.values():
            yield from texts_of(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_of(inner, kind)


def text_of(surface: Message | View) -> str:
    """Everything that a person reads in the blocks."""
    return "\n".join(_texts(surface["blocks"]))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)
