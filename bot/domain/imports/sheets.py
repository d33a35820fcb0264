"""Reads a CSV file's first line and its lines, whatever its columns are called."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.domain.refusals import FileProblem

LARGEST_FILE = 10_000_000
MOST_ROWS = 10_000
DELIMITERS = ",;\t"

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_SEPARATOR = re.compile(r"\"?sep=(.)\"?\r?\n?", re.IGNORECASE)

Known = Callable[[str], bool]


@dataclass(frozen=True)
class Sheet:
    """The names in the first line, and each further line's number and cells, without the space around them.

    Empty lines are left out, and so are columns without a name at the end.
    """

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read_sheet(data: bytes, known: Known, check: Callable[[Sequence[str]], None]) -> Sheet:
    """Return the cells of a CSV file in UTF-8; raises FileProblem for a file that is not one.

    A line `sep=;` at the beginning names the separator; else the names in the first line decide between commas,
    semicolons and tabs, by how many of them are `known`. A BOM, quoted cells with line breaks and any line ends
    are accepted. `check` sees the header before the lines are read.
    """
    text = decoded(data)
    line = 1
    delimiter: str | None = None
    start = text.split("\n", 1)[0]
    if found := _SEPARATOR.fullmatch(start):
        delimiter, line, text = found[1], 2, text[len(start) + 1 :]
    offset = line - 1
    first = next((one for one in text.splitlines() if one.strip()), "")
    if not first:
        check(())
        raise FileProblem("The file is empty. Its first line must name the columns.")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=delimiter or _delimiter(first, known), strict=True
    )
    header: tuple[str, ...] | None = None
    rows: list[tuple[int, tuple[str, ...]]] = []
    try:
        for cells in reader:
            begins, line = line, reader.line_num + 1 + offset
            stripped = tuple(cell.strip() for cell in cells)
            if not any(stripped):
                continue
            if header is None:
                header = _without_empty_end(stripped)
                check(header)
                continue
            if len(rows) >= MOST_ROWS:
                raise FileProblem(
                    f"The file has more than {MOST_ROWS:,} lines. Split it and import each part."
                )
            rows.append((begins, stripped))
    except csv.Error:
        raise FileProblem(
            f"From line {line} on the file can’t be read as CSV. "
            'Look for a quotation mark that is not closed; inside a quoted cell it is doubled: "".'
        ) from None
    return Sheet(header or (), tuple(rows))


def why_too_long(cells: Sequence[str], header: Sequence[str]) -> str | None:
    """Return what is wrong with a line that has more cells than the header; None if nothing is."""
    if len(cells) > len(header) and any(cells[len(header) :]):
        return (
            f"it has {len(cells)} cells and the first line has {len(header)}: "
            "put a cell with a comma in it between quotation marks"
        )
    return None


def decoded(data: bytes) -> str:
    """Return the file's text; raises FileProblem if it is too large, or not UTF-8."""
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


def _delimiter(first: str, known: Known) -> str:
    """Return the delimiter with which the first line names the most known columns, or else the most columns."""

    def named(delimiter: str) -> tuple[int, int]:
        cells = first.split(delimiter)
        return sum(known(cell) for cell in cells), len(cells)

    return max(DELIMITERS, key=named)


def _without_empty_end(cells: tuple[str, ...]) -> tuple[str, ...]:
    filled = max(place for place, cell in enumerate(cells) if cell)
    return cells[: filled + 1]
