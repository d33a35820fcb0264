"""Makes conversations of one deal of a CRM: one for its beginning, each base that has a day, and its end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.imports.csv_files import Row, quoted
from bot.domain.refusals import FieldProblems
from bot.rules import companies
from bot.rules.conversation import Base, DealOutcome
from bot.rules.crm_columns import Field
from bot.rules.crm_stages import LOST, WON, Stage, read_status
from bot.rules.problems import CompanyProblem


@dataclass(frozen=True)
class DealCells:
    """One line of a deals export: its cells by field, its days, and the days on which it came to each stage."""

    line: int
    user: str
    text: Callable[[Field], str]
    dates: Mapping[Field, date]
    entered: Sequence[tuple[Stage, date]]


@dataclass(frozen=True)
class Event:
    """What happened with a deal on a day."""

    on: date
    base: Base = Base.NONE
    outcome: DealOutcome = DealOutcome.OPEN


@dataclass(frozen=True)
class CrmDeal:
    """A deal: its events, the first one first, and the amount with which it was won."""

    line: int
    user: str
    company: str
    name: str
    events: tuple[Event, ...]
    amount: str

    @property
    def over_on(self) -> date:
        """Return the day on which it was won or lost; the last day of all while it is open."""
        last = self.events[-1]
        return date.max if last.outcome is DealOutcome.OPEN else last.on

    def rows(self) -> list[Row]:
        """Return its events as lines of a history file."""
        return [
            Row(
                self.line,
                {
                    "user": self.user,
                    "date": event.on.isoformat(),
                    "company": self.company,
                    "base": event.base.label,
                    "outcome": event.outcome.value,
                    "amount": self.amount if event.outcome is DealOutcome.WON else "",
                },
            )
            for event in self.events
        ]


def read_deal(cells: DealCells, stage_of: Callable[[str], Stage | None]) -> CrmDeal:
    """Return the deal that a line describes; raises FieldProblems.

    Without days for its stages a deal is a conversation on the day it was created, and one for the stage it is in.
    A lost deal whose stage says only that it is lost counts as having reached no base.
    """
    problems: dict[str, str] = {}
    stage = _stage(cells, stage_of, problems)
    if problems or stage is None:
        raise FieldProblems(problems)
    entered: dict[Stage, date] = {}
    for one, on in cells.entered:
        entered[one] = min(on, entered.get(one, on))
    bases = {one.base: on for one, on in entered.items() if one.outcome is DealOutcome.OPEN}
    over = _over_on(cells, stage, entered)
    created = cells.dates.get(Field.CREATED)
    events = [Event(on, base) for base, on in bases.items()]
    if created is not None and created < min(bases.values(), default=date.max):
        events.append(Event(created))
    further = stage.base > max(bases, default=Base.NONE)
    if stage.outcome is DealOutcome.OPEN:
        since = cells.dates.get(Field.CHANGED) or created
        if further and since is not None:
            events = [event for event in events if event != Event(since)]
            events.append(Event(since, stage.base))
    elif over is not None:
        # A closing day that was typed may be before the last stage's: nothing happens after the end.
        events = [replace(event, on=min(event.on, over)) for event in events]
        lost = stage.outcome is DealOutcome.LOST
        events.append(Event(over, stage.base if further or not lost else Base.NONE, stage.outcome))
    if stage.outcome is not DealOutcome.OPEN and over is None:
        problems["closed"] = "It is empty: a deal that is won or lost needs the day."
    elif not events:
        problems["created"] = "It is empty: a deal needs the day on which it began."
    if problems:
        raise FieldProblems(problems)
    events.sort(key=lambda event: (event.on, event.outcome is not DealOutcome.OPEN, event.base))
    deal, company = cells.text(Field.DEAL), cells.text(Field.COMPANY)
    currency, amount = cells.text(Field.CURRENCY), cells.text(Field.AMOUNT)
    if amount[:1].isdecimal():
        amount = f"{currency} {amount}".strip()
    return CrmDeal(cells.line, cells.user, company or deal, deal, tuple(events), amount)


def kept_apart(deals: Sequence[CrmDeal]) -> list[CrmDeal]:
    """Return the deals; one that ran beside an earlier deal of its rep with the company has its own name added.

    Opportunities with one company follow one another, so deals at the same time are opportunities of their own.
    """
    together: dict[tuple[str, str], list[CrmDeal]] = defaultdict(list)
    for deal in deals:
        together[deal.user, _key(deal.company)].append(deal)
    apart: dict[int, CrmDeal] = {}
    for some in together.values():
        some.sort(key=lambda deal: (deal.events[0].on, deal.line))
        latest = date.min
        for deal in some:
            beside = deal.events[0].on <= latest and deal.name and deal.name != deal.company
            apart[deal.line] = (
                replace(deal, company=f"{deal.company} ({deal.name})") if beside else deal
            )
            if not beside:
                latest = max(latest, deal.over_on)
    return [apart[deal.line] for deal in deals]


def _key(company: str) -> str:
    try:
        return companies.key(companies.clean_name(company))
    except CompanyProblem:
        return company


def _stage(
    cells: DealCells, stage_of: Callable[[str], Stage | None], problems: dict[str, str]
) -> Stage | None:
    """Return where the deal stands. A status of won or lost goes first, and a lost deal keeps its base."""
    name, said = cells.text(Field.STAGE), cells.text(Field.STATUS)
    stage = stage_of(name) if name else Stage(Base.NONE)
    if stage is None:
        problems["stage"] = (
            f"{quoted(name)} is no stage that Basecoach knows: give its base in a mapping file (--map), "
            f"under [stages]: {quoted(name)} = “2nd”."
        )
        return None
    status = read_status(said) if said else None
    if said and status is None:
        problems["status"] = f"{quoted(said)} is no status: write open, won or lost."
    if status is DealOutcome.WON:
        return WON
    if status is DealOutcome.LOST:
        return LOST if stage.base is Base.HOME else replace(stage, outcome=DealOutcome.LOST)
    return stage


def _over_on(cells: DealCells, stage: Stage, entered: Mapping[Stage, date]) -> date | None:
    won = stage.outcome is DealOutcome.WON
    own = cells.dates.get(Field.WON if won else Field.LOST)
    return own or entered.get(WON if won else LOST) or cells.dates.get(Field.CLOSED)
