"""The Slack workspaces that installed the bot."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain import deliveries
from bot.domain.access import Caller
from bot.domain.refusals import Refusal
from bot.domain.setup import workspaces
from bot.domain.tables import Metric, Workspace
from tests.conftest import FRIDAY
from tests.domain.mondays import Mondays


def install(database: Database, **changes: str) -> int:
    arguments = {"slack_team_id": "T1", "name": "Harbor", "bot_user_id": "UB", **changes}
    return database.write_now(workspaces.install, **arguments, now=FRIDAY)  # type: ignore[arg-type]


def test_an_installed_workspace_has_the_metrics_that_every_team_has(database: Database) -> None:
    install(database)
    keys = database.read_now(
        lambda session: list(session.exec(select(Metric.key).order_by(Metric.position)))
    )
    assert keys == ["conversations", "base_moves", "sales"]


def test_a_database_belongs_to_the_workspace_that_was_there_first(database: Database) -> None:
    def other_than(team: str) -> str | None:
        other = database.read_now(workspaces.other_than, team)
        return None if other is None else other.name

    assert other_than("T1") is None
    install(database)
    assert other_than("T1") is None
    assert other_than("T2") == "Harbor"


def test_installing_again_keeps_the_id_and_takes_over_what_is_new(database: Database) -> None:
    first = install(database)
    database.write_now(deliveries.token_died, workspace_id=first, because="token_revoked")
    other = install(database, slack_team_id="T2", name="Quay")
    assert install(database, name="Harbour", bot_user_id="UC") == first != other

    def read(session: Session) -> list[tuple[str, str, str | None, timedelta]]:
        found = session.exec(select(Workspace).order_by(Workspace.slack_team_id))
        return [
            (w.name, w.bot_user_id, w.disconnected_reason, w.created_at - FRIDAY) for w in found
        ]

    assert database.read_now(read) == [
        ("Harbour", "UC", None, timedelta(0)),
        ("Quay", "UB", None, timedelta(0)),
    ]
    assert len(database.read_now(lambda s: s.exec(select(Metric.id)).all())) == 6


@pytest.mark.parametrize(
    ("user", "typed", "most"),
    [("UA", "", 5), ("UC", "", 5), ("UA", "3", 3), ("UA", "1", 1), ("UA", "20", 20)],
)
def test_the_message_budget_is_read_by_coaches_and_set_by_admins(
    mondays: Mondays, user: str, typed: str, most: int
) -> None:
    caller = Caller(mondays.workspace_id, user)
    found = mondays.write(workspaces.message_budget, caller=caller, typed=typed)
    assert (found.most, found.is_changed) == (most, bool(typed))
    assert mondays.rows(Workspace)[0].weekly_messages == most


@pytest.mark.parametrize(
    ("user", "typed", "said"),
    [
        ("UC", "3", "Only a workspace admin"),
        ("U1", "", "Only a workspace admin"),
        ("UA", "0", "from 1 to 20"),
        ("UA", "21", "from 1 to 20"),
        ("UA", "-1", "from 1 to 20"),
        ("UA", "five", "from 1 to 20"),
        ("UA", "\u0665", "from 1 to 20"),
        ("UA", "9" * 4000, "from 1 to 20"),
    ],
)
def test_another_budget_is_refused(mondays: Mondays, user: str, typed: str, said: str) -> None:
    caller = Caller(mondays.workspace_id, user)
    with pytest.raises(Refusal, match=said):
        mondays.write(workspaces.message_budget, caller=caller, typed=typed)
    assert mondays.rows(Workspace)[0].weekly_messages == 5
