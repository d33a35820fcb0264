"""Checks the time zones that Slack, files and people give: only names in the zone database are accepted."""

from __future__ import annotations

import functools
import zoneinfo

DEFAULT_ZONE = "UTC"
"""The zone of a member while no better one is known."""

LONGEST_NAME = 64
NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@functools.cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones() - NOT_PLACES}


def known_zone(text: object) -> str | None:
    """Return the zone's proper name, whatever the case of the given text; None if there is no such zone.

    The given text never reaches the file system, so a path or a very long text is just an unknown zone.
    """
    if not isinstance(text, str) or len(text) > LONGEST_NAME:
        return None
    return _names().get(text.strip().replace(" ", "_").casefold())
