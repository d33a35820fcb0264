"""A monotonic clock that only tests move."""

from __future__ import annotations


class Seconds:
    """A monotonic clock that only tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now

    def go_by(self, seconds: float) -> None:
        self.now += seconds
