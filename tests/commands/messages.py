"""What a person reads in a message of the sandbox: its words, its table, a number in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any


def words(message: dict[str, Any]) -> str:
    """Everything that stands in a message."""
    return "\n".join(_texts(message["blocks"]))


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            if not isinstance(value, str):
                yield from _texts(value)
    elif isinstance(node, list):
        for value in node:
            yield from _texts(value)


def table_rows(message: dict[str, Any]) -> list[list[str]]:
    """The cells of a message's table, without its head."""
    (table,) = (block for block in message["blocks"] if block["type"] == "table")
    return [["".join(_texts(cell)) for cell in row] for row in table["rows"]][1:]


def number_before(text: str, behind: str) -> int:
    """The number that stands before these words."""
    found = re.search(rf"(\d+) {re.escape(behind)}", text)
    assert found is not None, text
    return int(found.group(1))
