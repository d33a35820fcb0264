"""Finds out whether Slack refuses a method for the whole workspace, and says when to ask again.

A refusal concerns one message, one place, or everybody, and its code alone does not tell which. When messages to
several places in a row are refused and none is taken, the method is closed: one row after the other is tried,
with growing pauses, until Slack takes one. The other rows wait unharmed.
"""

from __future__ import annotations

from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(minutes=15)

MANY_TRIES = 30
"""After this many tries, about seven hours, a row without a window is tried once an hour."""

HOUR = timedelta(hours=1)

CLOSED_AFTER = 3
"""So many rows, for as many places, are refused with none taken in between before a method is closed.

One message that no place takes closes nothing, and neither does one place that takes no message.
"""


def pause_after(tries: int, *, within_window: bool = True) -> timedelta:
    """Return the wait after so many refused tries: 15 s, 30 s, 1 min … 15 min, and without a window an hour."""
    if tries >= MANY_TRIES and not within_window:
        return HOUR
    return min(FIRST_PAUSE * (1 << min(tries, 10)), LONGEST_PAUSE)


class Probing:
    """Knows of one method whether it is closed, and when its next probe may begin."""

    def __init__(self) -> None:
        self._places: set[str] = set()
        self._rows: set[int] = set()
        self._probes = 0
        self._next_at: datetime | None = None

    @property
    def next_at(self) -> datetime | None:
        """Return when the next row may be tried; None while the method is open."""
        return self._next_at

    def refused(self, place: str, *, row: int, now: datetime) -> None:
        """Note that Slack refused a call that shows this row in this place, a channel or a person."""
        self._places.add(place)
        self._rows.add(row)
        if self._next_at is None:
            if min(len(self._places), len(self._rows)) >= CLOSED_AFTER:
                self._next_at = now + pause_after(0)
        elif now >= self._next_at:
            self._probes += 1
            self._next_at = now + pause_after(self._probes)

    def taken(self) -> bool:
        """Note that Slack took a call; return whether the method was closed until now."""
        was_closed = self._next_at is not None
        self._places.clear()
        self._rows.clear()
        self._probes, self._next_at = 0, None
        return was_closed
