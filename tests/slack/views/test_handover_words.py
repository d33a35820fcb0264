"""One line for each entry of the audit log, and what days and channels are called in it."""

from __future__ import annotations

import pytest

from bot.slack.views.handover_words import entry_line
from tests.slack.views.shown import READER
from tests.slack.views.test_handover import CHANGES, entry

LINES = {
    "a first coach": "<@U0DANA> coaches Harbor.",
    "no second coach": "<@U0MORGAN> is no longer second coach of Harbor.",
    "another channel": "Alerts and plans of Harbor go to <#C0COACH> now.",
    "no channel": "Harbor has no coach channel any more.",
    "a rep who joined": "<@U0PRIYA> is a rep of Harbor now.",
    "a coach who is back": "<@U0PRIYA> can coach Harbor again.",
    "no substitute": "<@U0DREW> coaches Harbor again, and <@U0PRIYA> no longer stands in.",
}


@pytest.mark.parametrize(("change", "line"), LINES.items())
def test_a_change_is_one_line(change: str, line: str) -> None:
    assert entry_line(entry(change), READER) == line


def test_days_are_named_with_their_end() -> None:
    assert "up to and including Friday 4 December" in entry_line(entry("a substitute"), READER)
    assert "Harbor pauses, 7–13 December:" in entry_line(entry("a pause"), READER)


def test_no_change_is_without_a_line() -> None:
    lines = {entry_line(entry(change), READER) for change in CHANGES}
    assert len(lines) == len(CHANGES)
