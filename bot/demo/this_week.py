"""This week of the demo: the lines that each rep typed after /log-conversation, up to Friday afternoon."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlmodel import Session

from bot.demo.people import THIS_WEEK, Rep
from bot.domain.access import Caller
from bot.domain.conversations import logging as conversations


def log_this_week(
    session: Session, workspace_id: int, rep: Rep, this_week: date, now: datetime
) -> None:
    zone = ZoneInfo(rep.timezone)
    caller = Caller(workspace_id, rep.slack_user_id)
    for line, day, minute in _lines(rep.slack_user_id):
        local = datetime.combine(this_week + timedelta(days=day), time(9, 5), tzinfo=zone)
        moment = local.astimezone(now.tzinfo) + timedelta(minutes=minute)
        logged = conversations.log_line(
            session,
            caller=caller,
            text=line,
            request_key=f"demo.{rep.slack_user_id}.{day}.{minute}",
            now=min(moment, now),
        )
        if not hasattr(logged, "conversation_id"):
            raise ValueError(f"the demo's “{line}” raises a question")
    session.flush()


def _lines(slack_user_id: str) -> Iterator[tuple[str, int, int]]:
    """Yield (typed text, day of the week, minutes after five past nine)."""
    for day, lines in enumerate(THIS_WEEK[slack_user_id]):
        for line, minute in zip(lines, itertools.count(0, 13), strict=False):
            yield line, day, minute
