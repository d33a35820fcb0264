"""Times of day as the person who reads writes them, in the same way as the bot does in its messages."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.domain.shown.reader import Reader
from bot.sandbox.rendering.mrkdwn import Viewer, mrkdwn_to_html
from bot.sandbox.rendering.times import clock_time, has_noon
from bot.slack.views import words

MORNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
EVENING = datetime(2026, 11, 23, 17, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("locale", "morning", "evening", "noon"),
    [
        ("en-US", "9:00 AM", "5:05 PM", True),
        ("en-GB", "09:00", "17:05", False),
        ("en-AU", "9:00 am", "5:05 pm", True),
        ("de-DE", "09:00", "17:05", False),
        ("fr-FR", "09:00", "17:05", False),
        ("es-ES", "9:00", "17:05", False),
        ("ja-JP", "9:00", "17:05", False),
        ("ko-KR", "AM 9:00", "PM 5:05", True),
    ],
)
def test_one_reader_reads_times_in_one_way(
    locale: str, morning: str, evening: str, noon: bool
) -> None:
    viewer = Viewer("U0PRIYA", UTC, MORNING, locale=locale)
    reader = Reader(timezone="UTC", locale=locale.replace("-", "_"), currency="USD")
    for moment, said in ((MORNING, morning), (EVENING, evening)):
        assert clock_time(moment, locale) == said
        token = f"<!date^{int(moment.timestamp())}^{{time}}|?>"
        assert f">{said}</time>" in mrkdwn_to_html(token, viewer)
        assert words.clock_time(moment, reader) == said
        assert words.weekday_and_time(moment, reader).endswith(f" {said}")
    assert has_noon(locale) is noon


def test_seconds_and_an_unknown_locale() -> None:
    assert clock_time(EVENING, "en-US", seconds=True) == "5:05:00 PM"
    assert clock_time(EVENING, "xx-Klingon") == "17:05"
