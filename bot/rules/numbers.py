"""Numbers and money as people type them, and as they are shown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.numbers import (
    format_currency,
    format_decimal,
    get_currency_symbol,
    get_decimal_symbol,
    get_group_symbol,
    list_currencies,
)

from bot.rules.problems import NumberProblem

_LARGEST_WHOLE_DIGITS = 12
_PLACES = {"count": 0, "money": 2}
_OTHER_PLACES = 4
_SCALES = {"": 0, "k": 3, "thousand": 3, "grand": 3} | dict.fromkeys(
    ("m", "mio", "mn", "mln", "million", "millions"), 6
)

# Signs that several currencies share, and short forms that CLDR does not give for English.
_SIGNS: Mapping[str, str] = {
    "$": "USD CAD AUD NZD HKD SGD TWD MXN ARS CLP COP UYU DOP BBD BMD BSD BZD FJD JMD TTD XCD",
    "£": "GBP EGP LBP SYP GIP FKP SHP",
    "¥": "JPY CNY",
    "kr": "SEK NOK DKK ISK",
    "rs": "INR PKR LKR NPR MUR",
    "fr": "CHF",
    "zł": "PLN",
    "kč": "CZK",
    "ft": "HUF",
    "lei": "RON",
    "r": "ZAR",
    "us$": "USD",
    "c$": "CAD",
    "au$": "AUD",
    "s$": "SGD",
}
# An apostrophe always groups, an Arabic decimal sign always starts the decimals.
_SCALE = re.compile(r"(thousand|grand|millions?|mio|mn|mln|k|m)(?![^\W\d_])", re.IGNORECASE)
_SAME_SIGN = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "٬": "'", "−": "-", "–": "-"})
_ALWAYS_DECIMAL = "٫"


@dataclass(frozen=True)
class Reading:
    """A number that was read; ``note`` is a sentence when the text had a second reading."""

    value: Decimal
    note: str | None = None


def parse_number(
    text: str,
    *,
    locale: str = "en_US",
    unit: str = "count",
    currency: str = "USD",
    places: int | None = None,
) -> Reading:
    """Reads ``12,500``, ``12.5k``, ``$12 500``, ``€ 1.234,50``, ``1.2m``; else ``NumberProblem``.

    ``unit`` is ``count`` (whole numbers), ``money`` (two decimals) or any other word (four);
    ``places`` overrides the number of decimals. The result is from 0 up to, not including, 10^12.

    One separator before exactly three digits has two readings (``1.234``). If the locale groups
    with it, it groups. If not: where three decimals can't be meant it groups and the note says so,
    else the locale's reading is taken and the note says so. After ``k`` and ``m`` it is a decimal.
    """
    typed = " ".join(plain_digits(text).split())
    quoted = f"“{typed if len(typed) <= 40 else typed[:39] + '…'}”"
    limit = places if places is not None else _PLACES.get(unit, _OTHER_PLACES)
    example = _example(unit, currency=currency, locale=locale)
    if not typed:
        raise NumberProblem(f"Type a number, like {example}.")
    not_a_number = NumberProblem(f"{quoted} is not a number: type it in digits, like {example}.")

    found = re.fullmatch(r"(\D*?)([.,٫]?[0-9](?:.*[0-9])?)(\D*)", typed)
    if found is None:
        raise not_a_number
    before, body, after = found.groups()
    if body[0] == "." and before[-1:].isalpha():
        before, body = f"{before}.", body[1:]  # the dot of "Cg.12,500" belongs to the sign
    negative = "-" in before or (before.endswith("(") and after.startswith(")"))
    before = before.translate({ord(sign): None for sign in "+-("}).strip()
    after = after.removeprefix(")").strip().rstrip(".,")
    scale, after = split_scale(after, unit)
    for mark in (before, after):
        _check_mark(mark, unit=unit, currency=currency, locale=locale, problem=not_a_number)

    digits = _read_digits(body, locale=locale, thousands_first=limit < 3 and not scale)
    if digits is None:
        raise not_a_number
    whole, decimals, two_readings = digits
    shift = _SCALES[scale]
    whole = (whole + decimals[:shift].ljust(shift, "0")).lstrip("0") or "0"
    decimals = decimals[shift:].rstrip("0")
    if negative and (whole, decimals) != ("0", ""):
        raise NumberProblem(f"It can't be below zero: type 0 or more instead of {quoted}.")
    if len(whole) > _LARGEST_WHOLE_DIGITS:
        most = format_decimal(10**_LARGEST_WHOLE_DIGITS, locale=_locale(locale))
        raise NumberProblem(f"{quoted} is too large: type a number below {most}.")
    if len(decimals) > limit:
        raise NumberProblem(_too_many_decimals(quoted, limit, example=example))
    value = Decimal(f"{whole}.{decimals}" if decimals else whole)
    note = _note(typed, quoted, value, locale) if two_readings else None
    return Reading(value=value, note=note)


def show_number(
    value: Decimal, *, unit: str = "count", currency: str = "USD", locale: str = "en_US"
) -> str:
    """``12,500``, ``$12,500``, ``$12,500.50``, ``3.5 hours``, as the locale writes them.

    Money is rounded to two decimals, everything else to four.
    """
    return _shown(value, unit, currency, locale)


def unit_word(value: Decimal | int, unit: str) -> str:
    """The unit as it stands after the number: ``1 hour``, ``1 referral asked for``, else as it is.

    Of one, the last word makes way for its singular, or else the first. A unit in which no plural is seen stays.
    """
    if value != 1:
        return unit
    words = unit.split(" ")
    for place in (len(words) - 1, 0):
        found = _PLURAL.fullmatch(words[place])
        if found is not None:
            words[place] = found[1] or found[2]
            return " ".join(words)
    return unit


_PLURAL = re.compile(r"(\w{2,}(?:ss|x|ch|sh))es|(?!.*(?:[iu]s|ss)$)(\w{2,})s")


# A whole company reads the same few numbers on a Monday, and Babel reads its pattern anew each time.
@lru_cache(maxsize=4_096)
def _shown(value: Decimal, unit: str, currency: str, locale: str) -> str:
    parsed = _locale(locale)
    if unit != "money":
        number = format_decimal(value, format=_decimal_pattern(parsed), locale=parsed)
        return number if unit == "count" else f"{number} {unit_word(value, unit)}"
    pattern = parsed.currency_formats["standard"].pattern
    if value.quantize(Decimal("0.01")) == value.to_integral_value():
        pattern = re.sub(r"\.0+", "", pattern)
    return format_currency(value, currency, format=pattern, locale=parsed, currency_digits=False)


def is_currency(mark: str, *, currency: str, locale: str) -> bool:
    """Whether a word beside a number names a currency: ``$``, ``kr``, ``EUR``, the team's own.

    A code counts in capitals only (``TOP`` and ``ALL`` are codes, too), except the team's. A word with a
    digit in it (``$12``) is a number with its currency, and names none.
    """
    word = mark.rstrip(".").casefold()
    if any(character.isdecimal() for character in word):
        return False
    if word in _SIGNS or _is_own(word, currency=currency, locale=locale):
        return True
    has_sign = any(unicodedata.category(sign) == "Sc" for sign in word)
    return has_sign or mark.rstrip(".") in list_currencies()


def with_money_in_one_word(text: str, *, currency: str, locale: str) -> str:
    """The text with the currency's code in the place of its names that have several words, like ``F CFA``."""
    for name in sorted(_own_names(currency, locale)):
        if len(words := name.split()) > 1:
            together = r"\s+".join(re.escape(word) for word in words)
            pattern = rf"(?<!\w){together}(?![^\W\d_])"
            text = re.sub(pattern, f" {currency} ", text, flags=re.IGNORECASE)
    return text


def split_scale(after: str, unit: str = "money") -> tuple[str, str]:
    """What follows a number, split into its scale (``k``, ``mio``, ``million``) and the rest."""
    found = _SCALE.match(after)
    if found is None or after.casefold() == unit.casefold():
        return "", after
    return found[1].lower(), after[found.end() :].lstrip(". ")


def plain_digits(text: str) -> str:
    """Any script's digits as ASCII, any space as a space, one apostrophe, nothing invisible."""
    plain = []
    for character in text:
        category = unicodedata.category(character)
        if category == "Nd":
            plain.append(str(unicodedata.decimal(character)))
        elif category == "Zs" or character.isspace():
            plain.append(" ")
        elif "\uff00" <= character <= "\uffef":
            plain.append(unicodedata.normalize("NFKC", character))
        elif category not in ("Cf", "Cc", "Cs"):
            plain.append(character)
    return "".join(plain).translate(_SAME_SIGN)


def _locale(name: str) -> Locale:
    """Slack writes ``en-GB``; one that Babel does not know is shown as American English."""
    try:
        return Locale.parse(name, sep="-" if "-" in name else "_")
    except (UnknownLocaleError, ValueError):
        return Locale("en", "US")


def _decimal_pattern(locale: Locale) -> str:
    pattern = locale.decimal_formats[None].pattern
    return re.sub(r"\.[#0]+", ".####", pattern)


def _check_mark(
    mark: str, *, unit: str, currency: str, locale: str, problem: NumberProblem
) -> None:
    """Passes over what may stand beside the number: its currency, its unit, nothing."""
    word = mark.rstrip(".").casefold()
    if not word:
        return
    known = (unit, f"{unit}s", unit_word(1, unit))
    if unit not in _PLACES and word in {each.casefold() for each in known}:
        return
    if unit not in _PLACES and f"{word}s" == unit.casefold():
        return
    if not is_currency(mark.upper() if mark.isalpha() else mark, currency=currency, locale=locale):
        raise problem
    if unit != "money":
        raise NumberProblem(f"This is not money: leave out “{mark}” and type the number alone.")
    if not _is_own(word, currency=currency, locale=locale):
        raise NumberProblem(
            f"“{mark}” is not the team's currency: type the amount in {currency}, "
            f"like {show_number(Decimal(12500), unit='money', currency=currency, locale=locale)}."
        )


def _is_own(word: str, *, currency: str, locale: str) -> bool:
    if currency in _SIGNS.get(word, "").split():
        return True
    return word in _own_names(currency, locale)


@lru_cache(maxsize=512)
def _own_names(currency: str, locale: str) -> frozenset[str]:
    """The currency's code and its signs, as they are compared."""
    names = (
        currency,
        get_currency_symbol(currency, locale=_locale(locale)),
        get_currency_symbol(currency, locale="en_US"),
    )
    return frozenset(plain_digits(name).strip().rstrip(".").casefold() for name in names)


def _read_digits(body: str, *, locale: str, thousands_first: bool) -> tuple[str, str, bool] | None:
    """The digits before and after the decimal sign, and whether there was a second reading."""
    if not re.fullmatch(r"[0-9., '٫]+", body):
        return None
    point: str | None = None
    two_readings = False
    marks = set(body) - set("0123456789")
    soft = marks & {".", ","}
    if _ALWAYS_DECIMAL in marks:
        point = _ALWAYS_DECIMAL
    elif len(soft) == 2:
        point = max(soft, key=body.rindex)
    elif soft and marks != soft:
        (point,) = soft
    elif soft and body.count(mark := soft.pop()) == 1:
        head, _, tail = body.partition(mark)
        groups_here = mark == plain_digits(get_group_symbol(_locale(locale)))
        could_group = len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0"
        if groups_here and len(tail) > 3:
            return None
        two_readings = could_group != groups_here
        if not could_group or not (groups_here or thousands_first):
            point = mark
        # A plain decimal in the locale's own sign has only one reading.
        if not could_group and mark == plain_digits(get_decimal_symbol(_locale(locale))):
            two_readings = False
    whole, decimals = body, ""
    if point is not None:
        whole, _, decimals = body.rpartition(point)
        if not decimals.isdecimal():
            return None
    ungrouped = _ungroup(whole)
    return None if ungrouped is None else (ungrouped, decimals, two_readings)


def _ungroup(whole: str) -> str | None:
    """Digits without their grouping, by threes or the Indian way; None if it is not one."""
    if whole == "" or whole.isdecimal():
        return whole
    if re.fullmatch(r"[0-9]{1,3}(?:([., '])[0-9]{3})(?:\1[0-9]{3})*", whole):
        return re.sub(r"\D", "", whole)
    if re.fullmatch(r"[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3}", whole):
        return whole.replace(",", "")
    return None


def _example(unit: str, *, currency: str, locale: str) -> str:
    if unit == "count":
        return "17"
    value = Decimal(12500) if unit == "money" else Decimal("3.5")
    if unit == "money":
        return show_number(value, unit=unit, currency=currency, locale=locale)
    return show_number(value, locale=locale)


def _too_many_decimals(quoted: str, limit: int, *, example: str) -> str:
    if limit == 0:
        return f"{quoted} is not a whole number: type one without decimals, like 17."
    places = {1: "one decimal", 2: "two decimals"}.get(limit, f"{limit} decimals")
    return f"{quoted} has more than {places}: type it rounded, like {example}."


def _note(typed: str, quoted: str, value: Decimal, locale: str) -> str:
    shown = show_number(value, locale=locale)
    if shown != typed:
        return f"I read {quoted} as {shown}."
    other = show_number(value * 1000, locale=locale)
    return f"I read {quoted} as {shown}, not {other}."
