"""Counts what failed, so that monitoring sees what people meet, and gives each failure its reference.

A failure has a part (where it happened), a kind within the part, and a cause; all three are few and fixed words.
"""

from __future__ import annotations

import secrets
import time
from collections import Counter, deque
from collections.abc import Callable

LISTENER = "listener"
"""The part of payloads that a listener or the way to it failed on. The kind is the payload's."""
BACKGROUND = "background"
"""The part of what is done after a payload was acknowledged."""
ROW = "row"
"""The part of rows that a beat could not handle. The kind is the step's name."""
SENDER = "sender"
"""The part of messages that could not be sent because of the bot. The kind is what they show, or the lane."""

RECENT_SECONDS = 120.0
"""For how long a failure counts as recent."""

MOST_RECENT = 1_000
"""How many recent failures are remembered at the most."""

REFERENCE_SECONDS = 600.0
"""For how long failures of one origin share a reference, from the first of them on."""


class Failures:
    """The failures of one process since it started. `monotonic` counts seconds."""

    def __init__(self, *, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.counts: Counter[tuple[str, str, str]] = Counter()
        """How many failures there were, by part, kind and cause."""
        self._monotonic = monotonic
        self._recent: deque[tuple[float, str, str]] = deque(maxlen=MOST_RECENT)
        self._references: dict[tuple[str, ...], tuple[float, str]] = {}

    def note(self, error: BaseException | None, *, part: str, kind: str, cause: str) -> str:
        """Count a failure, and return its reference.

        Failures of one kind that come from the same line of code share a reference for a while, because the log
        writes only the first of them in full.
        """
        self.counts[part, kind, cause] += 1
        now = self._monotonic()
        self._recent.append((now, part, cause))
        self._references = {
            origin: (until, reference)
            for origin, (until, reference) in self._references.items()
            if until > now
        }
        origin = (part, kind, cause, *origin_of(error))
        new = (now + REFERENCE_SECONDS, secrets.token_hex(4))
        return self._references.setdefault(origin, new)[1]

    def recent(self) -> dict[str, Counter[str]]:
        """Return the failures of the last RECENT_SECONDS: for each part, how many there were by cause."""
        since = self._monotonic() - RECENT_SECONDS
        while self._recent and self._recent[0][0] < since:
            self._recent.popleft()
        found: dict[str, Counter[str]] = {}
        for _, part, cause in self._recent:
            found.setdefault(part, Counter())[cause] += 1
        return found


def origin_of(error: BaseException | None) -> tuple[str, str]:
    """Return the name of the error's class, and the file and line that raised it; two empty texts without one."""
    if error is None:
        return "", ""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = "" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
    return type(error).__name__, where
