"""Blocks and elements for these tests, as long or as many as a test asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
Build = Callable[[int], Json]


def plain(length: int) -> Json:
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length: int) -> Json:
    return {"type": "mrkdwn", "text": "x" * length}


def button(**more: Any) -> Json:
    return {"type": "button", "text": plain(2), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def buttons(count: int) -> Json:
    return actions(*(button(action_id=f"b{number}") for number in range(count)))


def option(value: str = "v", **more: Any) -> Json:
    return {"text": plain(1), "value": value, **more}


def options(count: int) -> list[Json]:
    return [option(f"v{number}") for number in range(count)]


def select(**more: Any) -> Json:
    return {"type": "static_select", "options": options(2), **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "label": plain(5), "element": element, **more}


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", **more}


def amount(**more: Any) -> Json:
    return {"type": "number_input", "is_decimal_allowed": True, **more}


def confirm(**more: Any) -> Json:
    parts = {"title": plain(1), "text": mrkdwn(1), "confirm": plain(1), "deny": plain(1)}
    return {**parts, **more}


def image(**more: Any) -> Json:
    return {"type": "image", "image_url": "https://x.example/i.png", "alt_text": "i", **more}


def section(**more: Any) -> Json:
    return {"type": "section", "text": plain(1), **more}


def table(rows: int, columns: int = 1) -> Json:
    row = [{"type": "raw_text", "text": "x"}] * columns
    return {"type": "table", "rows": [row] * rows}


def data_table(rows: int, columns: int = 1, **more: Any) -> Json:
    return {**table(rows, columns), "type": "data_table", "caption": "Weeks", **more}


def chart(series: int = 1, categories: int = 2, title: int = 5, label: int = 0) -> Json:
    names = [f"c{number}".ljust(label, "x") for number in range(categories)]
    return {
        "type": "data_visualization",
        "title": "x" * title,
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": f"s{number}",
                    "data": [{"label": name, "value": -1.5} for name in names],
                }
                for number in range(series)
            ],
            "axis_config": {"categories": names},
        },
    }


def pie(segments: int, value: float = 1) -> Json:
    slices = [{"label": f"s{number}", "value": value} for number in range(segments)]
    return {
        "type": "data_visualization",
        "title": "t",
        "chart": {"type": "pie", "segments": slices},
    }
