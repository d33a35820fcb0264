"""Reads CSV files as spreadsheets write them, without guessing: unreadable lines are reported by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.imports.sheets import read_sheet, why_too_long
from bot.domain.refusals import FileProblem
from bot.rules.terminal import printable

LONGEST_CELL = 500

_QUOTED = 40


@dataclass(frozen=True)
class Columns:
    """The columns that a file may have, by their names in its first line."""

    needed: tuple[str, ...]
    optional: tuple[str, ...]

    @property
    def all(self) -> tuple[str, ...]:
        return self.needed + self.optional


@dataclass(frozen=True)
class Row:
    """One line of the file: its number, and each column's cell without the space around it."""

    line: int
    cells: Mapping[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class LineProblem:
    """A line that can't be imported, and the reason."""

    line: int
    reason: str


@dataclass(frozen=True)
class Table:
    """The lines that could be read, and the problems of the others."""

    rows: tuple[Row, ...]
    problems: tuple[LineProblem, ...]


def read_table(data: bytes, columns: Columns) -> Table:
    """Return the rows of a CSV file in UTF-8; raises FileProblem for a file that is not one.

    The first line decides between commas, semicolons and tabs. A BOM, a first line `sep=;`, quoted cells
    with line breaks, any line ends, empty lines and empty columns at the end are accepted.
    """

    def check(header: Sequence[str]) -> None:
        if not header:
            raise FileProblem(
                "The file is empty. Its first line must name the columns: " + ",".join(columns.all)
            )
        _check_header([_column(cell) for cell in header], columns)

    sheet = read_sheet(data, lambda cell: _column(cell) in columns.all, check)
    header = [_column(cell) for cell in sheet.header]
    rows: list[Row] = []
    problems: list[LineProblem] = []
    for line, cells in sheet.rows:
        reason = _why_not(cells, header)
        if reason is not None:
            problems.append(LineProblem(line, reason))
        else:
            rows.append(Row(line, dict(zip(header, cells, strict=False))))
    return Table(tuple(rows), tuple(problems))


def quoted(text: str) -> str:
    """Return a cell's text in quotation marks, for use in a sentence."""
    shown = printable(text)
    return f"“{shown if len(shown) <= _QUOTED else shown[: _QUOTED - 1] + '…'}”"


def _column(cell: str) -> str:
    return "_".join(cell.strip().strip('"').casefold().replace("-", " ").split())


def _check_header(header: Sequence[str], columns: Columns) -> None:
    sentences = []
    missing = [name for name in columns.needed if name not in header]
    unknown = [name for name in header if name not in columns.all]
    twice = sorted({name for name in header if name in columns.all and header.count(name) > 1})
    if missing:
        sentences.append(f"The column {_listed(missing)} is missing.")
    if unknown:
        named = _listed([quoted(name) if name else "without a name" for name in unknown])
        sentences.append(f"There is no column {named}.")
    if twice:
        sentences.append(f"The column {_listed(twice)} is there twice.")
    if sentences:
        raise FileProblem(*sentences, "The columns are: " + ",".join(columns.all))


def _why_not(cells: Sequence[str], header: Sequence[str]) -> str | None:
    too_long = why_too_long(cells, header)
    if too_long is not None:
        return too_long
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            return f"{name}: it has more than {LONGEST_CELL} characters"
    return None


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
