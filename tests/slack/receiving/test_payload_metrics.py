"""What came in from Slack is counted by few and fixed kinds."""

from __future__ import annotations

from typing import Any

import pytest

from bot.slack.receiving.payload_metrics import BOUNDS, PayloadMetrics, kind_of


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"command": "/plan"}, "command"),
        ({"type": "event_callback", "event": {}}, "event"),
        ({"type": "block_actions"}, "block_actions"),
        ({"type": "view_submission"}, "view_submission"),
        ({"type": "view_closed"}, "view_closed"),
        ({"type": "shortcut"}, "other"),
        ({"type": ["block_actions"]}, "other"),
        ({}, "other"),
    ],
)
def test_kinds_are_few(body: dict[str, Any], kind: str) -> None:
    assert kind_of(body) == kind


def test_each_answer_is_counted_once_in_the_first_bucket_that_holds_it() -> None:
    metrics = PayloadMetrics()
    for seconds in (0.0, BOUNDS[0], BOUNDS[0] + 0.001, BOUNDS[-1], BOUNDS[-1] + 1):
        metrics.note({"command": "/plan"}, 200, seconds)
    metrics.note({"command": "/plan"}, 500, 0.2)
    metrics.note({"type": "view_closed"}, 200, 0.2)
    assert metrics.payloads == {
        ("command", 200): 5,
        ("command", 500): 1,
        ("view_closed", 200): 1,
    }
    assert metrics.buckets["command"] == [2, 1, 0, 0, 1, 0, 0, 0, 1]  # the slowest is in none
    assert metrics.seconds["view_closed"] == 0.2
