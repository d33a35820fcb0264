"""Why something failed, in one word that a metric may have."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from bot.slack.causes import cause


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (PoolTimeout(), "crowded"),
        (SlackApiError("no", {"ok": False, "error": "fatal_error"}), "slack"),
        (aiohttp.ClientError(), "slack"),
        (TimeoutError(), "slack"),
        (ValueError(), "bug"),
        (AttributeError(), "bug"),
        (KeyboardInterrupt(), "bug"),
    ],
)
def test_the_word(error: BaseException, word: str) -> None:
    assert cause(error) == word
