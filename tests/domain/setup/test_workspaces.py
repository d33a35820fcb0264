"""The Slack workspaces that installed the bot."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.database import Database
from bot.domain import deliveries
from bot.domain.setup import workspaces
from bot.domain.tables import Metric, Workspace
from tests.conftest import FRIDAY


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
