"""What a line in the bot's direct messages asks for, before it is read as a log or as days off."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from bot.rules.absence_words import UNWELL
from bot.rules.numbers import plain_digits


class Asked(StrEnum):
    """What the line asks for."""

    HELP = "help"
    UNDO = "undo"
    LIST = "list"
    DEALS = "deals"
    PLAN = "plan"
    BACK = "back"
    AWAY = "away"
    LOG = "log"
    MIDWEEK_ON = "midweek on"
    MIDWEEK_OFF = "midweek off"


_WHOLE_LINES: Mapping[str, Asked] = {
    **dict.fromkeys(("help", "?", "hi", "hello", "hey", "menu", "start", "commands"), Asked.HELP),
    **dict.fromkeys(("undo", "undo that", "undo it", "undo last", "take it back"), Asked.UNDO),
    **dict.fromkeys(
        ("list", "my week", "week", "this week", "log", "my log", "history", "show"), Asked.LIST
    ),
    **dict.fromkeys(("deals", "my deals", "open deals", "pipeline"), Asked.DEALS),
    **dict.fromkeys(("plan", "my plan", "show plan", "goals", "targets"), Asked.PLAN),
    **dict.fromkeys(
        ("midweek on", "mid-week on", "midweek line on", "thursday line on"), Asked.MIDWEEK_ON
    ),
    **dict.fromkeys(
        ("midweek off", "mid-week off", "midweek line off", "thursday line off"), Asked.MIDWEEK_OFF
    ),
    **dict.fromkeys(
        ("back", "i'm back", "im back", "i am back", "back today", "i'm back today"), Asked.BACK
    ),
}
_AWAY = frozenset(
    {"away", "off", "sick", "ill", "unwell", "vacation", "holiday", "holidays", "pto", "ooo", "out"}
    | {"leave", "flu", "hols", "vac", "vacay"}
)
_AWAY_PHRASES = re.compile(rf"\b(?:half|1/2)[ -]day\b|{UNWELL}")
_FIRST_WORDS = 7
"""Among so many words at its beginning a line about days off says that it is one."""


def asked_of(text: str) -> Asked:
    """Tell what the line asks for; `AWAY` and `LOG` are still to be read."""
    plain = " ".join(plain_digits(text).casefold().replace("`", "").split())
    line = plain.strip(".!…, ") if plain != "?" else plain
    if line in _WHOLE_LINES:
        return _WHOLE_LINES[line]
    words = re.findall(r"[\w']+", line)[:_FIRST_WORDS]
    is_away = _AWAY & set(words) or _AWAY_PHRASES.search(line)
    return Asked.AWAY if is_away else Asked.LOG
