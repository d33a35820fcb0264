"""The findings of `basecoach doctor`: one line for each thing that it checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    OK = "ok"
    NOTE = "note"
    """Nothing has to be done, but the fact is worth knowing."""
    MEND = "mend"


@dataclass(frozen=True)
class Finding:
    """One line of the report. `words` describe the state and, for MEND, what to do."""

    about: str
    level: Level
    words: str


class Notebook:
    """Collects the findings about one subject."""

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
        # Names come from people, and errors from other programs: they must not break the line.
        plain = "".join(c if c.isprintable() else " " for c in words)
        self.findings.append(Finding(self.about, level, plain))


def listed(names: list[str], *, most: int = 3) -> str:
    """Join names as in `Ana, Ben and Cleo`; names beyond `most` are only counted."""
    if len(names) > most:
        return f"{', '.join(names[:most])} and {len(names) - most} more"
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
