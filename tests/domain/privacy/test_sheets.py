"""Files that spreadsheets open as they are: no formula in a text, and numbers that stay numbers."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.privacy.sheets import Sheet, as_csv, as_json, joined


def cells(*values: Any) -> list[str]:
    """What a program reads in a row with these values."""
    names = tuple(f"c{n}" for n in range(len(values)))
    text = as_csv(Sheet("s", names, (tuple(values),))).content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))[1]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+44 20",
        "-2",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1",
        '=HYPERLINK("http://x")',
    ],
)
def test_a_text_that_looks_like_a_formula_is_none(text: str) -> None:
    assert cells(text) == [f"'{text}"]


@pytest.mark.parametrize(
    "text", ["", "Acme", "a=b", "3 - 4", "Łukasz", 'say "hi", twice', "a\r\nb"]
)
def test_any_other_text_is_as_it_was_typed(text: str) -> None:
    assert cells(text) == [text]


def test_numbers_stay_numbers() -> None:
    assert cells(Decimal("12500.0000"), Decimal("-3.5"), Decimal("1E+3"), -7, 0) == [
        "12500",
        "-3.5",
        "1000",
        "-7",
        "0",
    ]


def test_moments_days_flags_and_nothing() -> None:
    moment = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)
    assert cells(moment, date(2026, 11, 16), True, False, None) == [
        "2026-11-23 09:05:00",
        "2026-11-16",
        "yes",
        "no",
        "",
    ]


def test_excel_reads_it_as_utf_8_with_lines_of_its_own() -> None:
    file = as_csv(Sheet("weeks", ("Rep",), (("Łukasz",),)))
    assert file.name == "weeks.csv"
    assert file.content == b"\xef\xbb\xbfRep\r\n\xc5\x81ukasz\r\n"


def test_a_name_of_a_column_is_no_formula_either() -> None:
    assert as_csv(Sheet("s", ("=a",), ())).content == b"\xef\xbb\xbf'=a\r\n"


def test_json_has_numbers_and_iso_moments() -> None:
    sheet = Sheet(
        "s",
        ("a", "b", "c", "d"),
        ((Decimal("12500.0000"), Decimal("0.5"), date(2026, 1, 2), None),),
    )
    file = as_json("record", joined([sheet]))
    assert file.name == "record.json"
    assert json.loads(file.content) == {"s": [{"a": 12500, "b": 0.5, "c": "2026-01-02", "d": None}]}
    assert "Łukasz" in as_json("x", {"name": "Łukasz"}).content.decode()
