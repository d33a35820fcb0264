"""Whether a new name in a quick log looks like a company's, or like words that were not understood."""

from __future__ import annotations

import re
import unicodedata

from bot.rules.numbers import plain_digits
from bot.rules.quick_phrases import ODD_ALONE, ODD_AT_THE_END, ODD_IN_NAMES
from bot.rules.quick_readings import QuickLog, quoted

MOST_WORDS = 6
"""A name with more words than these is asked about."""

_ORDINAL = re.compile(r"[0-9]+(?:st|nd|rd|th)")
_NOT_IN_NAMES = re.compile(r"[0-9]{1,2}x|x[0-9]{1,2}|[0-9]+%|[123](?:n|s|r|bd|sd)")
_ONE_LETTER = re.compile(r"[0-9]M")  # 3M 1st
_AMOUNT = re.compile(r"[0-9][0-9.,']*[km]?", re.IGNORECASE)


def odd_name(said: QuickLog) -> str | None:
    """Why the company's name does not look like one, as a question; None for a name that does."""
    name = said.company
    words = [word.strip(".,;:!?()") for word in plain_digits(name).casefold().split()]
    odd = next((word for word in words if word in ODD_IN_NAMES), None)
    if odd is None and len(words) > 1 and words[-1] in ODD_AT_THE_END:
        odd = words[-1]
    if odd is None and len(words) == 1 and words[0] in ODD_ALONE:
        odd = words[0]
    times = next((word for word in words if _NOT_IN_NAMES.fullmatch(word)), None)
    ordinal = next((word for word in words if _ORDINAL.search(word.replace("-", " "))), None)
    is_sum = any(unicodedata.category(character) == "Sc" for character in name)
    number = words[-1] if len(words) > 1 and words[-1].isdecimal() and said.base is None else None
    if odd is not None:
        return f"Is {quoted(name)} a company? “{odd}” is seldom part of a name."
    if times is not None and (len(words) > 1):
        return f"Is {quoted(name)} a company? “{times}” may be something else."
    if ordinal is not None:
        return f"Is {quoted(name)} a company? The bases are 1st, 2nd, 3rd and home."
    if is_sum or (_AMOUNT.fullmatch(name) and not (said.base and _ONE_LETTER.fullmatch(name))):
        return f"Is {quoted(name)} a company? It looks like an amount."
    if number is not None:
        return f"Is {quoted(name)} a company? “{number}” may be something else."
    if len(words) > MOST_WORDS or "?" in name:
        return f"Is {quoted(name)} a company? It reads like a sentence."
    return None
