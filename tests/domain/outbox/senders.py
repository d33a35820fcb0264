"""Senders that claim rows of the outbox and report what became of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlmodel import Session

from bot.domain.outbox import outbox, sending
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import Claimed, Report
from bot.domain.tables import Member, Workspace
from tests.domain.outbox.outbox_rows import STANDS, OutboxRows
from tests.domain.outbox.posted import moment

NOW = moment(100)
LATER = moment(140)
BEHIND: dict[str, Any] = {**STANDS, "desired_version": 5, "due_at": moment(90)}
"""A message that stands, and has to be updated."""


class Senders(OutboxRows):
    """The outbox of one workspace, whose rows are claimed."""

    def claim(
        self, now: datetime = NOW, *, lane: Lane = Lane.POST, sender: str = "s", limit: int = 9
    ) -> list[Claimed]:
        return self.database.write_now(
            sending.claim, sender=sender, lane=lane, now=now, limit=limit
        )

    def one(self, now: datetime = NOW, *, lane: Lane = Lane.POST, sender: str = "s") -> Claimed:
        (claimed,) = self.claim(now, lane=lane, sender=sender)
        return claimed

    def report(self, *reports: Report) -> list[bool]:
        return self.database.write_now(sending.mark_shown, reports)

    def posted(self, claimed: Claimed, now: datetime = LATER, *, ts: str = "7.0") -> bool:
        (first,) = self.report(Report(claimed, "s", now, channel="C7", ts=ts))
        return first

    def do(self, use_case: Callable[..., object], **given: Any) -> int:
        """Carry it out; how often the senders are told."""
        told: list[str] = []
        self.database.subscribe(outbox.SIGNAL, lambda: told.append("told"))
        self.database.write_now(use_case, **given)
        return len(told)

    def home_of_an_admin(self) -> int:
        """An admin has opened their Home, which shows what it should; its row's id."""

        def add(session: Session) -> int:
            admin = Member(
                workspace_id=self.workspace_id,
                slack_user_id="U0ALEX",
                name="Alex",
                timezone="Europe/London",
                is_admin=True,
                home_opened_at=NOW,
                profile_read_at=NOW,
                created_at=NOW,
            )
            session.add(admin)
            session.flush()
            return admin.id

        lane = {"lane": Lane.PUBLISH.value, "channel": None, "ts": None}
        return self.add(self.database.write_now(add), **{**STANDS, **lane, "surface": outbox.HOME})

    def disconnect(self) -> None:
        def disconnect(session: Session) -> None:
            session.get_one(Workspace, self.workspace_id).disconnected_reason = "token_revoked"

        self.database.write_now(disconnect)
