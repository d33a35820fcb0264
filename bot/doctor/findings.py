"""What `basecoach doctor` has to say: one line for each thing it looked at."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    """Nothing to do, but worth knowing."""
    MEND = "mend"


@dataclass(frozen=True)
class Finding:
    """One line. `words` say what is, and for MEND what to do."""

    about: str
    level: Level
    words: str


class Notebook:
    """The findings about one subject, as they are made."""

    def __init__(self, about: str) -> None:
        self.about = about
        self.findings: list[Finding] = []

    def ok(self, words: str) -> None:
        self._add(Level.OK, words)

    def note(self, words: str) -> None:
        self._add(Level.NOTE, words)

    def mend(self, words: str) -> None:
        self._add(Level.MEND, words)

    def _add(self, level: Level, words: str) -> None:
        # Names come from people, errors from elsewhere: a line stays one line.
        plain = "".join(c if c.isprintable() else " " for c in words)
        self.findings.append(Finding(self.about, level, plain))


def listed(names: list[str], *, most: int = 3) -> str:
    """`Ana, Ben and Cleo`; beyond `most` the rest is counted."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
