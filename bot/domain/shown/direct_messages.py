"""The data of an answer in the direct messages, for the views."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.shown.absences import AbsenceSaved
from bot.domain.shown.conversations import Logged, Question
from bot.domain.shown.log import LogPage
from bot.domain.shown.midweek import MidweekChoice
from bot.rules.problems import NotUnderstood


class ReplyKind(StrEnum):
    """How a line is answered."""

    LOGGED = "logged"  # with the conversation that was logged or taken back
    ASKED = "asked"  # with a question about it, or with why it was refused and the form
    AWAY = "away"  # with the absences that were recorded
    ALREADY_AWAY = "already_away"  # the days were recorded before
    BACK = "back"  # with the absence that was ended
    SAID = "said"  # with a sentence
    LIST = "list"  # with the conversations of the week
    DEALS = "deals"  # with a button
    PLAN = "plan"  # with a button
    MIDWEEK = "midweek"  # with what was chosen
    HELP = "help"
    UNKNOWN = "unknown"  # with two lines and buttons


@dataclass(frozen=True)
class DirectReply:
    """An answer; what its kind does not need is None."""

    kind: ReplyKind
    request_key: str
    logged: Logged | None = None
    question: Question | None = None
    refused: NotUnderstood | None = None
    saved: AbsenceSaved | None = None
    log: LogPage | None = None
    midweek: MidweekChoice | None = None
    sentence: str | None = None
