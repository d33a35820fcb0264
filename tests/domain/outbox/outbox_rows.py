"""Rows of the outbox in any state, made by hand in one workspace, and read back by column."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, select

from bot.database import Database
from bot.domain.outbox.outbox import ALERT, Lane
from bot.domain.setup import workspaces
from bot.domain.tables import OutboxItem
from tests.conftest import FRIDAY
from tests.seeding import seed_once

STANDS: dict[str, Any] = {
    "lane": Lane.UPDATE.value,
    "desired_version": 4,
    "rendered_version": 4,
    "due_at": None,
    "channel": "C1",
    "ts": "1.0",
    "posted_at": FRIDAY,
}
"""A message that stands in Slack and shows what it should."""

WAITS: dict[str, Any] = {"lane": Lane.POST.value, "due_at": FRIDAY}
"""A message that was never posted, and is due."""


class OutboxRows:
    """The outbox of one workspace, with a second workspace beside it."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.workspace_id, self.elsewhere = seed_once(database, self._install)

    @staticmethod
    def _install(session: Session) -> tuple[int, int]:
        first, second = (
            workspaces.install(
                session, slack_team_id=team, name="Harbor", bot_user_id="U0BOT", now=FRIDAY
            )
            for team in ("T1", "T2")
        )
        return first, second

    def add(self, subject_id: int, **columns: Any) -> int:
        """One row, an alert of the first workspace unless `columns` says otherwise; its id."""
        facts = {
            "workspace_id": self.workspace_id,
            "surface": ALERT,
            "subject_id": subject_id,
            "token": f"token {subject_id}",
            "created_at": FRIDAY,
            **columns,
        }

        def add(session: Session) -> int:
            item = OutboxItem(**facts)
            session.add(item)
            session.flush()
            return item.id

        return self.database.write_now(add)

    def row(self, id: int) -> dict[str, Any]:
        """The row's columns."""
        return self.database.read_now(lambda s: s.get_one(OutboxItem, id).model_dump())

    def rows(self) -> list[dict[str, Any]]:
        """The columns of every row, in the order in which they were added."""

        def read(session: Session) -> list[dict[str, Any]]:
            found = session.exec(select(OutboxItem).order_by(OutboxItem.id))  # type: ignore[arg-type]
            return [item.model_dump() for item in found]

        return self.database.read_now(read)

    def changed(self, id: int, before: dict[str, Any]) -> dict[str, Any]:
        """The columns of the row that are different from what they were."""
        return {name: value for name, value in self.row(id).items() if value != before[name]}

    def remove(self, id: int) -> None:
        self.database.write_now(lambda s: s.delete(s.get_one(OutboxItem, id)))
