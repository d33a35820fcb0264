"""`basecoach audit`, on a database where hands have changed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner

from bot.__main__ import main
from bot.database import Database
from tests.domain.setting_up import FORM, Setup


def printed(*options: str) -> str:
    result = CliRunner().invoke(main, ["audit", *options])
    assert result.exit_code == 0, result.output
    return result.output


def test_an_operator_reads_who_changed_what_the_newest_first(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    assert printed() == "The log is empty: nothing has changed hands yet.\n"
    setup = Setup(database)
    setup.update(setup.create().team_id, replace(FORM, second_coach=None))
    first, *others = printed().splitlines()
    assert first == "2026-11-20 15:00  second_coach  Harbor  UD -> -  by Alex (UA)"
    assert len(others) == 3
    assert printed("--last", "1").splitlines() == [first]
    newest = json.loads(printed("--json"))[0]
    assert (newest["what"], newest["by"], newest["before"], newest["after"]) == (
        "second_coach",
        "UA",
        "UD",
        None,
    )
