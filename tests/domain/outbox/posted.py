"""One check-in's row of the outbox, and the use cases around it at moments after FRIDAY, in seconds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, select

from bot.domain.outbox import outbox, sending, unshown
from bot.domain.outbox.outbox import CHECK_IN, RESPONSE_FIRST, Lane
from bot.domain.outbox.sending import Claimed
from bot.domain.setup import workspaces
from bot.domain.tables import OutboxItem
from tests.conftest import FRIDAY

SUBJECT = 7


class Row:
    """One check-in's row, and the use cases around it at moments after FRIDAY, in seconds."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.workspace_id = workspaces.install(
            session, slack_team_id="T1", name="Harbor", bot_user_id="U0BOT", now=FRIDAY
        )
        outbox.mark_stale(session, **self._subject, now=FRIDAY)
        posted = self.claim(0, lane=Lane.POST)
        self._mark(posted, 0, channel="D1", ts="1.0")

    @property
    def _subject(self) -> dict[str, Any]:
        return {"workspace_id": self.workspace_id, "surface": CHECK_IN, "subject_id": SUBJECT}

    @property
    def item(self) -> OutboxItem:
        return self.session.exec(select(OutboxItem)).one()

    @property
    def due_in(self) -> float | None:
        """Seconds after FRIDAY."""
        due_at = self.item.due_at
        return None if due_at is None else (due_at - FRIDAY).total_seconds()

    def claim(self, at: float, *, lane: Lane = Lane.UPDATE, sender: str = "s") -> Claimed:
        (claimed,) = self._claim(at, lane, sender)
        return claimed

    def claims_nothing(self, at: float) -> bool:
        return not self._claim(at, Lane.UPDATE, "s")

    def _claim(self, at: float, lane: Lane, sender: str) -> list[Claimed]:
        now = FRIDAY + timedelta(seconds=at)
        return sending.claim(self.session, sender=sender, lane=lane, now=now, limit=9)

    def press(self, at: float) -> int:
        """An answer whose press will be redrawn through its response_url; the version that is wanted now."""
        now = FRIDAY + timedelta(seconds=at)
        outbox.mark_many_stale(
            self.session,
            workspace_id=self.workspace_id,
            surface=CHECK_IN,
            subject_ids=[SUBJECT],
            now=now,
            not_before=now + RESPONSE_FIRST,
        )
        self.session.expire_all()
        return self.item.desired_version

    def change(self, at: float) -> int:
        """Something else about the week is different."""
        outbox.mark_stale_if_known(
            self.session, **self._subject, now=FRIDAY + timedelta(seconds=at)
        )
        self.session.expire_all()
        return self.item.desired_version

    def redrawn(self, version: int, at: float) -> None:
        now = FRIDAY + timedelta(seconds=at)
        told = sending.Redrawn(**self._subject, version=version, now=now)
        sending.mark_redrawn(self.session, [told])
        self.session.expire_all()

    def not_redrawn(self, began: float) -> None:
        sending.not_redrawn(self.session, **self._subject, began=FRIDAY + timedelta(seconds=began))
        self.session.expire_all()

    def shown(self, claimed: Claimed, at: float, *, sender: str = "s") -> None:
        self._mark(claimed, at, channel=None, ts=None, sender=sender)

    def _mark(
        self, claimed: Claimed, at: float, *, channel: str | None, ts: str | None, sender: str = "s"
    ) -> None:
        now = FRIDAY + timedelta(seconds=at)
        sending.mark_shown(
            self.session, [sending.Report(claimed, sender, now, channel=channel, ts=ts)]
        )
        self.session.expire_all()

    def gave_up(self, claimed: Claimed, began: float, *, again_at: float) -> None:
        """The update timed out: perhaps it arrives later."""
        report = unshown.PutBack(
            claimed=claimed,
            sender="s",
            due_at=FRIDAY + timedelta(seconds=again_at),
            counts=True,
            may_arrive_since=FRIDAY + timedelta(seconds=began),
        )
        unshown.put_back(self.session, [report])
        self.session.expire_all()


def moment(seconds: float) -> datetime:
    """So many seconds after FRIDAY."""
    return FRIDAY + timedelta(seconds=seconds)


Story = Callable[[Row], None]
Tell = Callable[[Story], None]
