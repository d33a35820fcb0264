"""`.env.example` names every setting, and nothing else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.config import SETTINGS, Settings, environment, from_environment

PATH = Path(__file__).parents[1] / ".env.example"
LINES = PATH.read_text(encoding="utf-8").splitlines()
SETTING = re.compile(r"#?([A-Z][A-Z0-9_]*)=(.*)")


def settings_in_file() -> dict[str, str]:
    """Name → value, whether commented out or not."""
    return {found[1]: found[2] for line in LINES if (found := SETTING.fullmatch(line))}


def test_it_names_every_setting_once_and_no_other() -> None:
    named = [found[1] for line in LINES if (found := SETTING.fullmatch(line))]
    assert sorted(named) == sorted(SETTINGS)


@pytest.mark.parametrize("name", sorted(SETTINGS))
def test_every_setting_has_a_comment_of_its_own_right_above(name: str) -> None:
    (at,) = [
        i for i, line in enumerate(LINES) if (found := SETTING.fullmatch(line)) and found[1] == name
    ]
    above = LINES[at - 1]
    assert above.startswith("# ")
    assert not SETTING.fullmatch(above)


def test_as_shipped_it_loads_and_changes_nothing() -> None:
    assert environment({}, PATH) == {}
    assert from_environment(environment({}, PATH), for_slack=False) == Settings()


def test_its_values_are_the_defaults_or_are_taken_as_examples() -> None:
    values = settings_in_file()
    tokens = {name: values.pop(name) for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")}
    assert tokens == {"SLACK_BOT_TOKEN": "xoxb-", "SLACK_APP_TOKEN": "xapp-"}
    assert from_environment(values, for_slack=False) == Settings(
        admin_users=frozenset({"U012ABCDEF"}),
        clock_url="http://127.0.0.1:3333/clock",
        metrics_port=9464,
        retention_months=24,
    )
