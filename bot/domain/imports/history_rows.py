"""One line of a history: a past conversation, read as strictly as the form that logs one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from sqlmodel import Session, col, select

from bot.domain.calendars.open_weeks import today_of
from bot.domain.conversations.forms import consistent
from bot.domain.imports.csv_files import Row, quoted
from bot.domain.imports.rows import LOCALE, read_day, read_user
from bot.domain.refusals import FieldProblems
from bot.domain.shown.conversations import AMOUNT, BASE, CLOSE, COMPANY, OUTCOME, Draft
from bot.domain.tables import Enrolment, Member, Team
from bot.rules import companies
from bot.rules.conversation import Close, DealOutcome, parse_base
from bot.rules.numbers import parse_number
from bot.rules.problems import CompanyProblem, NumberProblem

T = TypeVar("T")

USER = "user"
DATE = "date"

OLDEST = date(2000, 1, 1)
"""What is older is a slip: two figures of a year, or a day that a spreadsheet made up."""

KEY = "history"
"""What the request keys of imported conversations begin with."""

_CLOSES: Mapping[str, Close | None] = {
    "": None,
    "not asked": Close.NOT_ASKED,
    "asked": Close.ASKED,
    "inoffensive": Close.INOFFENSIVE,
    "inoffensive close": Close.INOFFENSIVE,
}
_OUTCOMES: Mapping[str, DealOutcome] = {
    "": DealOutcome.OPEN,
    "open": DealOutcome.OPEN,
    "won": DealOutcome.WON,
    "lost": DealOutcome.LOST,
}


@dataclass(frozen=True)
class Rep:
    """Somebody of the workspace: their own day, and their team's currency while they are a rep."""

    member_id: int
    slack_user_id: str
    name: str
    today: date
    currency: str | None


@dataclass(frozen=True)
class Identity:
    """What makes two lines, or a line and a logged conversation, the same one."""

    rep: str
    held_on: date
    company_key: str
    base: int | None
    outcome: str

    def digest(self) -> str:
        """The same for the same one, in any database, however often it is asked."""
        said = [self.rep, self.held_on.isoformat(), self.company_key, self.base, str(self.outcome)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Past:
    """A line that was understood."""

    line: int
    rep: Rep
    draft: Draft

    @property
    def company_key(self) -> str:
        return companies.key(self.draft.company)

    @property
    def identity(self) -> Identity:
        base = None if self.draft.base is None else int(self.draft.base)
        return Identity(
            self.rep.slack_user_id,
            self.draft.held_on,
            self.company_key,
            base,
            str(self.draft.outcome),
        )

    @property
    def place(self) -> tuple[date, bool, int, int]:
        """Where it comes among the others: by the day, and within one in the order that bases are reached in."""
        closed = self.draft.outcome is not DealOutcome.OPEN
        return self.draft.held_on, closed, self.draft.base or 0, self.line


def reps_in(
    session: Session, *, workspace_id: int, slack_user_ids: Collection[str], now: datetime
) -> dict[str, Rep]:
    """Who of these is known here, by their Slack ids."""
    found = session.exec(
        select(Member, Team.currency)
        .outerjoin(
            Enrolment,
            (col(Enrolment.member_id) == col(Member.id)) & col(Enrolment.ended_on).is_(None),
        )
        .outerjoin(Team, col(Team.id) == col(Enrolment.team_id))
        .where(Member.workspace_id == workspace_id, col(Member.slack_user_id).in_(slack_user_ids))
    )
    return {
        member.slack_user_id: Rep(
            member.id, member.slack_user_id, member.name, today_of(member, now), currency
        )
        for member, currency in found
    }


def read_past(row: Row, reps: Mapping[str, Rep]) -> Past:
    """The conversation that a line tells of; raises Refusal with a sentence for each wrong cell.

    Only a rep of a team has a history: its currency says how amounts are read, and only a rep's ratios are
    ever asked for. For anybody else it would lie there unseen.
    """
    problems: dict[str, str] = {}
    rep = _rep(row, reps, problems)
    held_on = _held_on(row, rep, problems)
    company = _company(row, problems)
    base = parse_base(row[BASE]) if row[BASE] else None
    if row[BASE] and base is None:
        problems[BASE] = f"{quoted(row[BASE])} is no base: write 1st, 2nd, 3rd, home or none."
    outcome = _word(row, OUTCOME, _OUTCOMES, "outcome: write open, won or lost", problems)
    close = _word(
        row, CLOSE, _CLOSES, "way to close: write asked, not asked or inoffensive", problems
    )
    amount, notes = _amount(row, rep, problems)
    if problems or rep is None or held_on is None:
        raise FieldProblems(problems)
    draft = consistent(
        Draft(
            company=company,
            base=base,
            held_on=held_on,
            close=close,
            outcome=outcome or DealOutcome.OPEN,
            amount=amount,
            notes=notes,
        )
    )
    return Past(row.line, rep, draft)


def _rep(row: Row, reps: Mapping[str, Rep], problems: dict[str, str]) -> Rep | None:
    slack_user_id = read_user(row, USER, problems)
    rep = reps.get(slack_user_id or "")
    if not row[USER]:
        problems[USER] = "It is empty: give the Slack id of the rep."
    elif slack_user_id is None:
        pass  # said already
    elif rep is None:
        problems[USER] = (
            f"Basecoach knows nobody here as {slack_user_id}: import the members first."
        )
    elif rep.currency is None:
        problems[USER] = (
            f"{quoted(rep.name)} is no rep of a team: enrol them first, or import the members."
        )
    else:
        return rep
    return None


def _held_on(row: Row, rep: Rep | None, problems: dict[str, str]) -> date | None:
    if not row[DATE]:
        problems[DATE] = "It is empty: give the day of the conversation, like 2026-11-23."
        return None
    held_on = read_day(row, DATE, problems)
    if held_on is None:
        return None
    if held_on < OLDEST:
        problems[DATE] = f"{row[DATE]} is too long ago: give a day from {OLDEST:%Y-%m-%d} on."
    elif rep is not None and held_on > rep.today:
        problems[DATE] = f"{row[DATE]} is still to come: a history is of what has been."
    return held_on


def _company(row: Row, problems: dict[str, str]) -> str:
    try:
        return companies.clean_name(row[COMPANY])
    except CompanyProblem as problem:
        problems[COMPANY] = str(problem) if row[COMPANY] else "It is empty: give the company."
        return ""


def _word(
    row: Row, column: str, words: Mapping[str, T], kind: str, problems: dict[str, str]
) -> T | None:
    said = " ".join(row[column].casefold().replace("_", " ").replace("-", " ").split())
    if said not in words:
        problems[column] = f"{quoted(row[column])} is no {kind}."
        return None
    return words[said]


def _amount(
    row: Row, rep: Rep | None, problems: dict[str, str]
) -> tuple[Decimal | None, tuple[str, ...]]:
    currency = rep.currency if rep is not None else None
    if not row[AMOUNT] or currency is None:
        return None, ()
    try:
        reading = parse_number(row[AMOUNT], locale=LOCALE, unit="money", currency=currency)
    except NumberProblem as problem:
        problems[AMOUNT] = str(problem)
        return None, ()
    return reading.value, (reading.note,) if reading.note else ()
