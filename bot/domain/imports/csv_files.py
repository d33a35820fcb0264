"""Reads CSV files as spreadsheets write them, without guessing: unreadable lines are reported by number."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.refusals import FileProblem

LARGEST_FILE = 10_000_000
MOST_ROWS = 10_000
LONGEST_CELL = 500
DELIMITERS = ",;\t"

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
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

    The first line decides between commas, semicolons and tabs. A BOM, quoted cells with line breaks, any line ends
    and empty lines are accepted.
    """
    text = _decoded(data)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        raise FileProblem(
            "The file is empty. Its first line must name the columns: " + ",".join(columns.all)
        )
    delimiter = _delimiter(first, columns)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    rows: list[Row] = []
    problems: list[LineProblem] = []
    line = 1
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            if header is None:
                header = [_column(cell) for cell in stripped]
                _check_header(header, columns)
                continue
            if len(rows) + len(problems) >= MOST_ROWS:
                raise FileProblem(
                    f"The file has more than {MOST_ROWS:,} lines. Split it and import each part."
                )
            reason = _why_not(stripped, header)
            if reason is not None:
                problems.append(LineProblem(begins, reason))
            else:
                rows.append(Row(begins, dict(zip(header, stripped, strict=False))))
    except csv.Error:
        raise FileProblem(
            f"From line {line} on the file can’t be read as CSV. "
            'Look for a quotation mark that is not closed; inside a quoted cell it is doubled: "".'
        ) from None
    return Table(tuple(rows), tuple(problems))


def quoted(text: str) -> str:
    """Return a cell's text in quotation marks, for use in a sentence."""
    printable = "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
    return f"“{printable if len(printable) <= _QUOTED else printable[: _QUOTED - 1] + '…'}”"


def _decoded(data: bytes) -> str:
    if len(data) > LARGEST_FILE:
        raise FileProblem("The file is larger than 10 MB. Split it and import each part.")
    start = data[:1000]
    if data.startswith(_UTF_16) or start.count(0) > len(start) / 3:
        raise FileProblem("The file is UTF-16. Save it again as “CSV UTF-8”.")
    if b"\x00" in data:
        raise FileProblem("The file is not text. Save the sheet as “CSV UTF-8” and import that.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise FileProblem(
            f"Line {line} of the file is not UTF-8. Save it again as “CSV UTF-8”."
        ) from None


def _delimiter(first: str, columns: Columns) -> str:
    """Return the delimiter with which the first line names the most known columns."""

    def known(delimiter: str) -> int:
        return sum(_column(cell) in columns.all for cell in first.split(delimiter))

    return max(DELIMITERS, key=known)


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
    if len(cells) > len(header) and any(cells[len(header) :]):
        return (
            f"it has {len(cells)} cells and the first line has {len(header)}: "
            "put a cell with a comma in it between quotation marks"
        )
    for name, cell in zip(header, cells, strict=False):
        if len(cell) > LONGEST_CELL:
            return f"{name}: it has more than {LONGEST_CELL} characters"
    return None


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
