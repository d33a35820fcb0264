"""What every measurement is handed: the databases, the builds, and how long it may take."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bench.builds import Build
from bench.databases import KINDS, Databases
from bench.rounds import Figures, Result, ratios


@dataclass(frozen=True)
class Bench:
    """One run of the bench. Figures of a build on a kind of database are called by `name`."""

    databases: Databases
    builds: tuple[Build, ...]
    quick: bool

    @property
    def new(self) -> Build:
        """This checkout's build."""
        return self.builds[0]

    def on_each_kind(self) -> Iterator[tuple[str, str, Build]]:
        """Yield the name, the kind of database and the build for all that is measured on both kinds."""
        for kind in KINDS:
            for build in self.builds:
                yield name(build, kind), kind, build

    def pairs(self, of: str) -> list[tuple[str, str]]:
        """Return the names of what is measured for both builds: today's, and the earlier one's."""
        return [(name(self.new, of), name(old, of)) for old in self.builds[1:]]

    def beside(
        self,
        what: str,
        measured: Sequence[Figures],
        of: str,
        *,
        bar: float | None = None,
        better: Literal["more", "less"] = "less",
    ) -> list[Result]:
        """Return today's figure ÷ the earlier build's; nothing if there is no earlier build."""
        return [
            Result(f"{what}, new ÷ {old.name}", ratios(measured, above, below), bar, better)
            for old, (above, below) in zip(self.builds[1:], self.pairs(of), strict=True)
        ]


def name(build: Build, of: str) -> str:
    """Return what the build's figure is called: `new sqlite`."""
    return f"{build.name} {of}"
