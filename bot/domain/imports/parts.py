"""Divides a file into parts that are imported one after the other, each in a transaction of its own.

While a file is imported, others write between its parts. When an import is interrupted, the parts that were
imported stay. The same file imported again completes it, because lines that are imported already change nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from bot.domain.imports.csv_files import LineProblem, Row, Table, quoted
from bot.domain.imports.previews import ImportPreview, Rejected
from bot.domain.people.team_forms import name_key
from bot.domain.refusals import DomainError

AT_ONCE = 200
"""How many lines have a transaction together."""

Parts = Callable[[Table], Iterator[Table]]
Apply = Callable[[Table], ImportPreview]


class Interrupted(DomainError):
    """Some parts were imported, and then a line could not be imported any more: the preview says which and why."""

    def __init__(self, imported: ImportPreview, plan: ImportPreview) -> None:
        super().__init__(f"{len(plan.problems)} lines can’t be taken any more")
        self.imported = imported
        self.plan = plan


def in_parts(
    table: Table, *, parts: Parts, apply: Apply, between: Callable[[], None]
) -> ImportPreview:
    """Import a file part by part, and return what was done with each line. The caller has checked all lines.

    `apply` imports one part in a transaction. `between` is called between two parts and lets others write. If
    `apply` raises Rejected, because somebody changed the database meanwhile, nothing of that part was imported:
    this raises Rejected for the first part, and else Interrupted.
    """
    done: list[ImportPreview] = []
    for part in parts(table):
        if done:
            between()
        try:
            done.append(apply(part))
        except Rejected as rejected:
            if not done:
                raise
            raise Interrupted(_together(done), rejected.plan) from None
    return _together(done)


def once_each(table: Table, key: str) -> tuple[list[Row], list[LineProblem]]:
    """Return the lines whose `key` no earlier line has, and the problems of the file and of all other lines."""
    rows: list[Row] = []
    problems = list(table.problems)
    seen: dict[str, int] = {}
    for row in table.rows:
        named = name_key(row[key])
        if named and named in seen:
            problems.append(
                LineProblem(row.line, f"{key}: {quoted(row[key])} is in line {seen[named]} already")
            )
        else:
            seen[named] = row.line
            rows.append(row)
    return rows, problems


def of_lines(rows: Sequence[Row], problems: Sequence[LineProblem], size: int) -> Iterator[Table]:
    """Return the lines in parts of `size`; the first part has the problems of the file."""
    for start in range(0, len(rows), size) or (0,):
        yield Table(tuple(rows[start : start + size]), tuple(problems) if start == 0 else ())


def of_groups(groups: Sequence[Sequence[Row]], problems: Sequence[LineProblem]) -> Iterator[Table]:
    """Return groups of lines that belong together in parts of about AT_ONCE lines."""
    rows: list[Row] = []
    left = tuple(problems)
    for group in groups:
        rows += group
        if len(rows) >= AT_ONCE:
            yield Table(tuple(rows), left)
            rows, left = [], ()
    if rows or left:
        yield Table(tuple(rows), left)


def _together(done: Sequence[ImportPreview]) -> ImportPreview:
    rows = [row for one in done for row in one.rows]
    problems = [problem for one in done for problem in one.problems]
    return ImportPreview(
        tuple(sorted(rows, key=lambda row: row.line)),
        tuple(sorted(problems, key=lambda problem: problem.line)),
    )
