"""The stages of CRMs' pipelines as bases, and the other words of their exports."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.rules.conversation import Base, DealOutcome, parse_base

_BASES: Mapping[Base, str] = {
    Base.NONE: "prospecting, prospect, lead, lead in, new, new lead, backlog",
    Base.FIRST: "appointment scheduled, qualification, qualified, contact made, contacted, discovery, "
    "needs analysis, first meeting, meeting scheduled",
    Base.SECOND: "qualified to buy, presentation scheduled, value proposition, id. decision makers, "
    "demo scheduled, demo, presentation, perception analysis, needs defined",
    Base.THIRD: "decision maker bought in, contract sent, proposal/price quote, negotiation/review, "
    "proposal made, proposal, proposal sent, negotiations started, negotiation, quote sent",
}
_OUTCOMES: Mapping[DealOutcome, str] = {
    DealOutcome.WON: "closed won, won, closed/won, sold, win, home",
    DealOutcome.LOST: "closed lost, lost, closed/lost, disqualified, loss, abandoned",
}
_EMPTY = frozenset(
    {
        "#n/a",
        "#n/v",
        "#ref!",
        "#value!",
        "#name?",
        "#div/0!",
        "null",
        "(null)",
        "-",
        "–",
        "—",
        "n/a",
    }
    | {"(no value)", "(blank)", "[not provided]"}
)
_NO_TALK = frozenset(
    {
        "email",
        "e-mail",
        "list email",
        "incoming email",
        "task",
        "to do",
        "to-do",
        "note",
        "deadline",
    }
    | {"postal mail", "sms", "linkedin message", "whatsapp"}
)
_NOT_HELD = frozenset(
    {"to do", "to-do", "not started", "open", "in progress", "waiting on someone else", "deferred"}
    | {"scheduled", "rescheduled", "planned", "canceled", "cancelled", "no show", "no", "false"}
    | {"0", "undone", "no answer", "left voicemail", "busy", "wrong number", "missed", "failed"}
)
_NUMBERED = re.compile(r"\d{1,2}[.):]\s*(.+)")
_IN_PIPELINE = re.compile(r"(.+?)\s*\(([^()]+)\)")


@dataclass(frozen=True)
class Stage:
    """What a stage means: the base that a deal in it stands on, and whether it is over."""

    base: Base
    outcome: DealOutcome = DealOutcome.OPEN

    @property
    def label(self) -> str:
        """Return ``none``, ``1st``, ``2nd``, ``3rd``, ``home, won`` or ``lost``."""
        if self.outcome is DealOutcome.LOST:
            return "lost"
        return "home, won" if self.base is Base.HOME else self.base.label


WON = Stage(Base.HOME, DealOutcome.WON)
LOST = Stage(Base.NONE, DealOutcome.LOST)


def stage_key(name: str) -> str:
    """Return a stage's name as it is compared: ``Closed-Won`` is ``closed won``."""
    return " ".join(name.casefold().replace("-", " ").replace("_", " ").split())


_STAGES: Mapping[str, Stage] = {
    stage_key(name): Stage(base) for base, names in _BASES.items() for name in names.split(", ")
} | {
    stage_key(name): WON if outcome is DealOutcome.WON else LOST
    for outcome, names in _OUTCOMES.items()
    for name in names.split(", ")
}
"""What the stages of the CRMs' own pipelines mean, by their names as these are compared."""

_BY_INTERNAL_NAME = {name.replace(" ", ""): stage for name, stage in _STAGES.items()}


def read_stage(name: str) -> Stage | None:
    """Return what a stage of the CRMs' own pipelines, or the name of a base, means; else None.

    A stage may have its number before it and its pipeline behind it, `5. Closed Won (Sales Pipeline)`, and may be
    called by its internal name, `closedwon`.
    """
    base = parse_base(name)
    if base is not None:
        return WON if base is Base.HOME else Stage(base)
    key = stage_key(name)
    if found := _NUMBERED.fullmatch(key):
        key = found[1]
    stage = _STAGES.get(key) or _BY_INTERNAL_NAME.get(key)
    if stage is None and (found := _IN_PIPELINE.fullmatch(key)):
        stage = None if found[2] in _STAGES else _STAGES.get(found[1])
    return stage


def read_status(text: str) -> DealOutcome | None:
    """Return the outcome that a deal's status names: ``Won``, ``Lost``, ``Open``; else None."""
    stage = _STAGES.get(stage_key(text))
    if stage is not None and stage.outcome is not DealOutcome.OPEN:
        return stage.outcome
    return DealOutcome.OPEN if stage_key(text) in {"open", "in progress", "active"} else None


def is_empty(text: str) -> bool:
    """Whether a cell says that there is nothing: ``#N/A``, ``NULL``, ``-``."""
    return not text.strip() or text.strip().casefold() in _EMPTY


def why_no_conversation(*, kind: str, done: str) -> str | None:
    """Return why an activity of this type, done or not, is no conversation that was held; None if it is one."""
    if " ".join(kind.casefold().split()) in _NO_TALK:
        return f"an activity of the type {kind} is no conversation"
    if " ".join(done.casefold().split()) in _NOT_HELD:
        return f"an activity that is “{done}” was not held"
    return None
