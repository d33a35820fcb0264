"""Time zones as Slack, files and people give them: only names that the zone database knows pass."""

from __future__ import annotations

import functools
import zoneinfo

DEFAULT_ZONE = "UTC"
"""Where somebody is taken to be while nothing better is known."""

LONGEST_NAME = 64
NOT_PLACES = frozenset({"Factory", "localtime", "posixrules"})


@functools.cache
def _names() -> dict[str, str]:
    return {name.casefold(): name for name in zoneinfo.available_timezones() - NOT_PLACES}


def known_zone(text: object) -> str | None:
    """The zone's own name, whatever the case it was given in; None for anything that is no zone.

    Never reaches the file system with what it was given, so a path or a very long text is just not known.
    """
    if not isinstance(text, str) or len(text) > LONGEST_NAME:
        return None
    return _names().get(text.strip().replace(" ", "_").casefold())
