"""Statements that are built once, and signals that wait for the commit."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from bot.database import Database, any_of, columns, rows, run, signal
from bot.database.statements import padded, signals_of
from bot.domain.tables import Workspace
from tests.database.workspaces import add_workspace

SLACK_IDS = sa.select(columns(Workspace).slack_team_id).where(
    columns(Workspace).id.in_(any_of("ids"))
)


@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5, 9])
def test_a_list_of_any_length_finds_what_it_names_and_nothing_else(
    database: Database, number: int
) -> None:
    def read(session: Session) -> list[str]:
        ids = [add_workspace(session, f"T{n}") for n in range(10)]
        return sorted(team for (team,) in rows(session, SLACK_IDS, ids=ids[:number]))

    assert database.write_now(read) == [f"T{n}" for n in range(number)]


def test_lists_come_in_few_lengths_and_other_parameters_as_they_are() -> None:
    assert padded({"ids": [1, 2, 3], "now": "noon", "two": [1, 2]}) == {
        "ids": [1, 2, 3, 3],
        "now": "noon",
        "two": [1, 2],
    }
    assert {len(padded({"ids": list(range(n))})["ids"]) for n in range(33, 65)} == {64}


def test_what_is_pending_is_written_before_a_statement_runs(database: Database) -> None:
    def change(session: Session) -> list[str]:
        identity = add_workspace(session, "T1")
        session.get_one(Workspace, identity).name = "Quay"
        run(session, sa.update(Workspace).values(bot_user_id="U2"))
        session.expire_all()
        found = session.exec(select(Workspace)).one()
        return [found.name, found.bot_user_id]

    assert database.write_now(change) == ["Quay", "U2"]


def test_a_signal_is_raised_once_however_often_it_is_said(database: Database) -> None:
    def say(session: Session) -> frozenset[str]:
        for name in ("outbox", "outbox", "profiles"):
            signal(session, name)
        return signals_of(session)

    assert database.read_now(say) == {"outbox", "profiles"}
    assert database.read_now(signals_of) == frozenset()
