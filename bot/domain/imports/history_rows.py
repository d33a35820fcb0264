"""Reads one line of a history file: a past conversation, checked as strictly as in the form."""

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
"""An older day is an error: a year with two digits, or a date that a spreadsheet invented."""

KEY = "history"
"""The prefix of the request keys of imported conversations."""

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
    """A member of the workspace: today's date in their zone, and their team's currency if they are a rep."""

    member_id: int
    slack_user_id: str
    name: str
    today: date
    currency: str | None


@dataclass(frozen=True)
class Identity:
    """The values that make two lines, or a line and a logged conversation, the same conversation."""

    rep: str
    held_on: date
    company_key: str
    base: int | None
    outcome: str

    def digest(self) -> str:
        """Return a digest that is the same for the same identity in any database."""
        said = [self.rep, self.held_on.isoformat(), self.company_key, self.base, str(self.outcome)]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Past:
    """A line that could be read."""

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
        """Return the sort key: by the day, and within a day in the order in which bases are reached."""
        closed = self.draft.outcome is not DealOutcome.OPEN
        return self.draft.held_on, closed, self.draft.base or 0, self.line


def reps_in(
    session: Session, *, workspace_id: int, slack_user_ids: Collection[str], now: datetime
) -> dict[str, Rep]:
    """Return those of the people who are known, by their Slack ids."""
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
    """Return the conversation that a line describes; raises Refusal with a sentence for each wrong cell.

    Only a rep of a team can have a history: the team's currency decides how amounts are read, and only reps'
    ratios are ever used. Nobody would ever see the history of another person.
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
        pass  # the problem is recorded already
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
