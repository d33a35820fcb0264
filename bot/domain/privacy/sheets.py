"""Writes CSV and JSON files that spreadsheets open as they are, and in which no text is a formula."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

BYTE_ORDER_MARK = "\ufeff"
"""Excel reads a CSV file as UTF-8 only if it begins with this."""

FORMULA_SIGNS = frozenset("=+-@\t\r\n＝＋－＠")
"""A text that begins with one of these is a formula, or may become one, to some spreadsheet.

https://owasp.org/www-community/attacks/CSV_Injection
"""


@dataclass(frozen=True)
class Sheet:
    """A table to be written: the names of its columns, and its rows."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]

    def as_objects(self) -> list[dict[str, Any]]:
        """Return the rows as objects for JSON."""
        return [
            {name: _plain(value) for name, value in zip(self.columns, row, strict=True)}
            for row in self.rows
        ]


@dataclass(frozen=True)
class File:
    """A file that is exported."""

    name: str
    content: bytes


def as_csv(sheet: Sheet) -> File:
    """Return the sheet as a CSV file: UTF-8 with a byte order mark, commas, and lines that end in CR LF.

    A text that a spreadsheet would take for a formula gets an apostrophe before it. Numbers stay numbers.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([_cell(name) for name in sheet.columns])
    writer.writerows([_cell(value) for value in row] for row in sheet.rows)
    return File(f"{sheet.name}.csv", (BYTE_ORDER_MARK + out.getvalue()).encode("utf-8"))


def as_json(name: str, found: Mapping[str, Any]) -> File:
    """Return a JSON file. Moments and days are texts in ISO 8601, amounts are numbers."""
    text = json.dumps(found, ensure_ascii=False, indent=2, default=_plain)
    return File(f"{name}.json", (text + "\n").encode("utf-8"))


def joined(sheets: Sequence[Sheet]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows of each sheet by its name."""
    return {sheet.name: sheet.as_objects() for sheet in sheets}


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, (int, date)):
        return str(value)
    text = str(value)
    return f"'{text}" if text.lstrip(" ")[:1] in FORMULA_SIGNS and text else text


def _number(value: Decimal) -> str:
    """`12500`, `0.5`: without zeros at its end and without an exponent."""
    return f"{value.normalize():f}"


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return value
