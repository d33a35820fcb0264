"""Block Kit's tables and charts."""

from __future__ import annotations

from typing import Any

from bot.sandbox.block_kit.text import BLOCK_ID, RICH_CONTAINERS
from bot.sandbox.shapes import (
    Check,
    Report,
    anything,
    boolean,
    integer,
    list_of,
    number,
    one_of,
    shape,
    string,
    variant,
)

TABLE_CHARACTERS = 10_000

RICH_CELL = shape({"type": anything, "elements": RICH_CONTAINERS})
NUMBER_CELL = shape({"type": anything, "value": number}, {"text": string(longest=10_000)})


def _raw_text(shortest: int) -> Check:
    return shape({"type": anything, "text": string(longest=10_000, shortest=shortest)})


def _column_setting(report: Report, pointer: str, value: Any) -> None:
    if value is not None:
        shape({}, {"align": one_of("left", "center", "right"), "is_wrapped": boolean})(
            report, pointer, value
        )


TABLE = shape(
    {
        "type": anything,
        "rows": list_of(
            list_of(
                variant(
                    {"raw_text": _raw_text(0), "raw_number": NUMBER_CELL, "rich_text": RICH_CELL}
                ),
                most=20,
            ),
            most=100,
        ),
    },
    {
        "block_id": BLOCK_ID,
        "column_settings": list_of(_column_setting, most=20, least=0),
    },
)


def _data_table_rules(report: Report, pointer: str, value: dict[str, Any]) -> None:
    for index, cell in enumerate(value["rows"][0]):
        if cell["type"] == "rich_text":
            report.add(f"{pointer}/rows/0/{index}", "the header row can't hold rich_text")
    columns = len(value["rows"][0])
    if value.get("row_header_column_index", 0) >= columns:
        report.add(f"{pointer}/row_header_column_index", "there is no such column")
    written = sum(len(str(cell.get("text", ""))) for row in value["rows"] for cell in row)
    if written > TABLE_CHARACTERS:
        report.add(f"{pointer}/rows", f"no more than {TABLE_CHARACTERS} characters allowed")


DATA_TABLE = shape(
    {
        "type": anything,
        "caption": string(longest=3000),
        "rows": list_of(
            list_of(
                variant(
                    {"raw_text": _raw_text(1), "raw_number": NUMBER_CELL, "rich_text": RICH_CELL}
                ),
                most=20,
            ),
            least=2,
            most=101,
        ),
    },
    {
        "block_id": BLOCK_ID,
        "page_size": integer(1, 100),
        "row_header_column_index": integer(0, 19),
    },
    _data_table_rules,
)


def _points_match_categories(report: Report, pointer: str, value: dict[str, Any]) -> None:
    categories = value["axis_config"]["categories"]
    names = [series["name"] for series in value["series"]]
    for index, series in enumerate(value["series"]):
        if series["name"] in names[:index]:
            report.add(f"{pointer}/series/{index}/name", "must be unique in the chart")
        if sorted(point["label"] for point in series["data"]) != sorted(categories):
            report.add(
                f"{pointer}/series/{index}/data", "must have exactly one point for each category"
            )


def _above_zero(report: Report, pointer: str, value: Any) -> None:
    number(report, pointer, value)
    if isinstance(value, int | float) and value <= 0:
        report.add(pointer, "must be more than 0")


LABEL = string(longest=20)
AXES = shape(
    {
        "type": anything,
        "series": list_of(
            shape(
                {
                    "name": LABEL,
                    "data": list_of(shape({"label": LABEL, "value": number}), most=20),
                }
            ),
            most=6,
        ),
        "axis_config": shape(
            {"categories": list_of(LABEL, most=20, distinct=True)},
            {"x_label": string(longest=50), "y_label": string(longest=50)},
        ),
    },
    {},
    _points_match_categories,
)
PIE = shape(
    {
        "type": anything,
        "segments": list_of(shape({"label": LABEL, "value": _above_zero}), most=6),
    }
)
CHART_BLOCK = shape(
    {
        "type": anything,
        "title": string(longest=50),
        "chart": variant({"line": AXES, "bar": AXES, "area": AXES, "pie": PIE}),
    },
    {"block_id": BLOCK_ID},
)
