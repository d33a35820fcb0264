"""Counts the payloads from Slack: how many of each kind, how they were answered, how long that took.

Kinds and results are few and fixed; no count shows who sent a payload or what it said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sized
from typing import Any

from bot.failures import Failures

KINDS = frozenset({"block_actions", "view_submission", "view_closed"})

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Upper bounds of the buckets, in seconds; an answer that took longer than Slack's three seconds is in none."""


class PayloadMetrics:
    """The counts of one process since it started."""

    def __init__(self, failures: Failures | None = None) -> None:
        self.failures = failures or Failures()
        self.payloads: Counter[tuple[str, int]] = Counter()
        """Payloads by kind and HTTP status (in Socket Mode, 200 means that the payload was acknowledged)."""
        self.refused: Counter[tuple[int, str]] = Counter()
        """Requests that never reached Bolt, by HTTP status and a word that says why."""
        self.connections: Sized = ()
        """The open connections of the server of HTTP mode."""
        self.closed: Counter[str] = Counter()
        """Connections that the server of HTTP mode closed by itself, by reason."""
        self.seconds: dict[str, float] = {}
        self.buckets: dict[str, list[int]] = {}

    def note(self, body: Mapping[str, Any], status: int, seconds: float) -> None:
        """Count a payload that was answered with `status` after `seconds`."""
        kind = kind_of(body)
        self.payloads[kind, status] += 1
        self.seconds[kind] = self.seconds.get(kind, 0.0) + seconds
        buckets = self.buckets.setdefault(kind, [0] * len(BOUNDS))
        for at, bound in enumerate(BOUNDS):
            if seconds <= bound:
                buckets[at] += 1
                break


def kind_of(body: Mapping[str, Any]) -> str:
    """Return `command`, `event`, the kind of an interaction, or `other`."""
    if "command" in body:
        return "command"
    kind = body.get("type")
    if kind == "event_callback":
        return "event"
    return kind if isinstance(kind, str) and kind in KINDS else "other"
