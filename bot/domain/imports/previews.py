"""What an import does with each line of a file, before it is done and after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.imports.csv_files import LineProblem
from bot.domain.imports.rows import Planned
from bot.domain.people.enrolments import Change
from bot.domain.refusals import DomainError

Progress = Callable[[], None]
"""Is called once for each line that was dealt with."""


@dataclass(frozen=True)
class ImportPreview:
    """What an import does, line by line, which lines can't be imported, and warnings about doubtful lines."""

    rows: tuple[Planned, ...]
    problems: tuple[LineProblem, ...]
    warnings: tuple[LineProblem, ...] = ()

    def count(self, change: Change) -> int:
        return sum(row.change == change for row in self.rows)

    @property
    def changes_nothing(self) -> bool:
        return all(row.change == Change.UNCHANGED for row in self.rows)


class Rejected(DomainError):
    """Nothing was imported, because some lines can't be imported; the preview says which."""

    def __init__(self, plan: ImportPreview) -> None:
        super().__init__(f"{len(plan.problems)} lines can’t be taken")
        self.plan = plan


def accepted(plan: ImportPreview, skip_bad: bool) -> ImportPreview:
    """Return the preview; raises Rejected if it has bad lines, unless `skip_bad`."""
    if plan.problems and not skip_bad:
        raise Rejected(plan)
    return plan
