"""Whatever is sent as blocks or as a view, the checks find words for it and never break."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.sandbox.block_kit import checks

SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | st.text(max_size=8)
    | st.sampled_from(sorted({*checks.BY_SURFACE["message"], *checks.INTERACTIVE}))
    | st.sampled_from(["modal", "home", "plain_text", "mrkdwn", "rich_text_section", "text"])
)
FIELDS = st.sampled_from(
    [
        "type",
        "text",
        "elements",
        "element",
        "accessory",
        "options",
        "block_id",
        "action_id",
        "value",
        "initial_option",
        "title",
        "blocks",
        "rows",
        "chart",
        "series",
        "label",
        "fields",
        "min_value",
        "max_value",
        "initial_value",
        "submit",
        "segments",
        "is_decimal_allowed",
        "confirm",
        "placeholder",
        "data",
        "categories",
        "axis_config",
    ]
)
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(FIELDS, inner, max_size=6),
    max_leaves=25,
)


@settings(deadline=None)
@given(ANYTHING)
def test_rubbish_as_message(value: Any) -> None:
    problems = checks.check_message(value)
    assert all(problem.pointer.startswith("/blocks") and problem.words for problem in problems)
    if not problems:
        checks.give_ids(value)
        assert checks.check_message(value) == []


@settings(deadline=None)
@given(ANYTHING | st.fixed_dictionaries({"type": ANYTHING, "blocks": ANYTHING, "title": ANYTHING}))
def test_rubbish_as_view(value: Any) -> None:
    problems = checks.check_view(value)
    assert all(problem.pointer.startswith("/view") and problem.words for problem in problems)
    if not problems:
        checks.give_ids(value["blocks"])
        assert checks.check_view(value) == []
