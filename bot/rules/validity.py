"""What a plan asks for against what the rep has done: findings for the coach, each with its numbers."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One comparison in a plain sentence with its numbers; `doubtful` where the plan asks for more."""

    sentence: str
    doubtful: bool
