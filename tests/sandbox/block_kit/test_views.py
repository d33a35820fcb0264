"""Modals and Homes have limits and rules of their own."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.block_kit import checks
from tests.sandbox.block_kit.building import (
    Build,
    Json,
    chart,
    data_table,
    field,
    mrkdwn,
    plain,
    table,
    typed,
)


def modal(*blocks: Json, **more: Any) -> Json:
    return {"type": "modal", "title": plain(5), "blocks": list(blocks), **more}


def many(count: int) -> list[Json]:
    return [{"type": "divider"}] * count


VIEW_LIMITS: list[tuple[str, Build, int]] = [
    ("blocks", lambda n: modal(*many(n)), 100),
    ("title", lambda n: modal(*many(1), title=plain(n)), 24),
    ("submit", lambda n: modal(*many(1), submit=plain(n)), 24),
    ("close", lambda n: modal(*many(1), close=plain(n)), 24),
    ("callback_id", lambda n: modal(*many(1), callback_id="x" * n), 255),
    ("external_id", lambda n: modal(*many(1), external_id="x" * n), 255),
    ("private_metadata", lambda n: modal(*many(1), private_metadata="x" * n), 3000),
    ("home blocks", lambda n: {"type": "home", "blocks": many(n)}, 100),
]


@pytest.mark.parametrize(("build", "limit"), [pytest.param(b, n, id=i) for i, b, n in VIEW_LIMITS])
def test_view_limit(build: Build, limit: int) -> None:
    assert checks.check_view(build(limit)) == []
    assert len(checks.check_view(build(limit + 1))) == 1


@pytest.mark.parametrize(
    ("view", "words"),
    [
        (None, "must be an object"),
        ({}, "must be modal or home"),
        ({"type": "modal", "blocks": many(1)}, "missing required field: title"),
        ({"type": "modal", "title": plain(1)}, "missing required field: blocks"),
        (modal(), "no fewer than 1"),
        (modal(field(typed())), "submit is required"),
        (modal(*many(1), title=mrkdwn(1)), "plain_text only"),
        (modal(*many(1), id="V1"), "additional property: id"),
        (modal(table(1)), "a modal can't show this block"),
        (modal(chart()), "a modal can't show this block"),
        (modal(data_table(2)), "a modal can't show this block"),
        (modal({"type": "markdown", "text": "x"}), "a modal can't show this block"),
        ({"type": "home", "blocks": [chart()]}, "a home can't show this block"),
        ({"type": "home", "blocks": many(1), "title": plain(1)}, "additional property: title"),
    ],
)
def test_wrong_view(view: Any, words: str) -> None:
    (problem,) = checks.check_view(view)
    assert words in problem.words


def test_right_views() -> None:
    alert = {"type": "alert", "text": plain(1), "level": "warning"}
    assert checks.check_view(modal(alert, field(typed()), submit=plain(4))) == []
    assert checks.check_view({"type": "home", "blocks": [field(typed()), data_table(2)]}) == []
