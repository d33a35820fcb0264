"""Times of day as Slack writes them for the reader: with AM and PM, or with 24 hours, by the locale."""

from __future__ import annotations

from datetime import datetime, time

from babel import Locale, UnknownLocaleError
from babel.dates import format_time


def clock_time(moment: datetime, locale: str, *, seconds: bool = False) -> str:
    """Return the moment's own time of day: `9:00 AM`, or `09:00`. A locale that is unknown gets 24 hours."""
    return _shown(moment.time(), locale, "medium" if seconds else "short")


def has_noon(locale: str) -> bool:
    """Return whether the locale counts twelve hours twice a day."""
    return "13" not in _shown(time(13), locale, "short")


def _shown(at: time, locale: str, form: str) -> str:
    try:
        known = Locale.parse(locale, sep="-")
    except (UnknownLocaleError, ValueError):
        known = Locale("en", "GB")
    return format_time(at, form, locale=known).replace("\u202f", " ")
