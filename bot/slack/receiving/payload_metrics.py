"""What came in from Slack: how much, of which kind, how it was answered, how long that took.

Kinds and results are few and fixed; nothing here tells who it was or what they said.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

KINDS = frozenset({"block_actions", "view_submission", "view_closed"})

BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0)
"""Upper ends of the buckets, in seconds; what took longer than Slack's three is in none of them."""


class PayloadMetrics:
    """Counts of one process, since it started."""

    def __init__(self) -> None:
        self.payloads: Counter[tuple[str, int]] = Counter()
        """By kind and HTTP status (Socket Mode acknowledges what Bolt answers with 200)."""
        self.refused: Counter[int] = Counter()
        """Requests that never reached Bolt, by HTTP status."""
        self.seconds: dict[str, float] = {}
        self.buckets: dict[str, list[int]] = {}

    def note(self, body: Mapping[str, Any], status: int, seconds: float) -> None:
        """A payload was answered with `status` after `seconds`."""
        kind = kind_of(body)
        self.payloads[kind, status] += 1
        self.seconds[kind] = self.seconds.get(kind, 0.0) + seconds
        buckets = self.buckets.setdefault(kind, [0] * len(BOUNDS))
        for at, bound in enumerate(BOUNDS):
            if seconds <= bound:
                buckets[at] += 1
                break


def kind_of(body: Mapping[str, Any]) -> str:
    """`command`, `event`, the kind of an interaction, or `other`."""
    if "command" in body:
        return "command"
    kind = body.get("type")
    if kind == "event_callback":
        return "event"
    return kind if isinstance(kind, str) and kind in KINDS else "other"
