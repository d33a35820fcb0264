"""What a rep's log says for a plan, held against a count by hand of the lines that were imported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from bot.database import Database
from bot.domain.imports import history as imports_history
from bot.domain.imports.csv_files import read_table
from bot.domain.imports.rows import Known
from bot.domain.plans import measures
from bot.domain.plans.measures import Measured
from bot.domain.tables import Enrolment, Member, Team
from bot.rules.measures import BestWeeks, Median
from bot.rules.ratios import ASSUMED, Provenance, Step
from tests.conftest import FRIDAY
from tests.counting import counted
from tests.domain.conversations.rep import seed
from tests.seeding import seed_once

TODAY = FRIDAY.date()
MONDAY = date(2026, 2, 16)
"""The first of 40 weeks; the last of them is the one of TODAY."""

PRIYA, SAM = 2, 3
ORDER = ["", "1st", "2nd", "3rd", "home"]


@dataclass(frozen=True)
class Line:
    """A line of the file."""

    day: date
    company: str
    base: str = ""
    outcome: str = ""
    amount: str = ""

    def text(self, user: str) -> str:
        return f"{user},{self.day},{self.company},{self.base},{self.outcome},{self.amount},"


def forty_weeks() -> list[Line]:
    """Five companies a week: most stay where they are, some come on, every few weeks one gets home."""
    lines: list[Line] = []
    for week in range(40):
        for number in range(5):
            company, day = f"Company {week}-{number}", MONDAY + timedelta(weeks=week, days=number)
            path = [""]
            if number in {0, 1}:
                path = ["", "1st", "2nd"] if number and week % 2 else ["", "1st"]
            if number == 0 and week % 4 != 3:
                path = ["1st", "2nd"] if week % 3 else ["", "1st", "3rd"]  # some skip 2nd
                if week % 5 == 0:
                    path += ["3rd"] if path[-1] == "2nd" else []
                    path += ["home"] if week % 10 == 0 else [""]
                if week % 6 == 1:
                    path += ["3rd", "home"]
            for step, base in enumerate(path):
                held = day + timedelta(days=(9 + week % 4) * step)
                sold = f"{1_000 + 100 * week}.50" if base == "home" else ""
                lost = "lost" if number == 4 else ""
                if held <= TODAY:
                    lines.append(Line(held, company, base, lost, sold))
    return lines


def load(database: Database, lines: list[Line], user: str = "U0PRIYA") -> None:
    text = "user,date,company,base,outcome,amount,close\n"
    text += "\n".join(line.text(user) for line in reversed(lines))
    plan = database.write_now(
        imports_history.apply_history,
        workspace_id=1,
        table=read_table(text.encode(), imports_history.COLUMNS),
        known=Known(),
        skip_bad=False,
        now=FRIDAY,
    )
    assert plan.count("created") == len(lines)  # type: ignore[arg-type]


def measured(database: Database, member_id: int = PRIYA) -> Measured:
    def read(session: Session) -> Measured:
        return measures.measure(
            session,
            member=session.get_one(Member, member_id),
            team=session.get_one(Team, 1),
            today=TODAY,
        )

    return database.read_now(read)


@pytest.fixture
def seeded(database: Database) -> Database:
    seed_once(database, seed)
    return database


# Forty weeks


def test_forty_imported_weeks_give_the_ratios_that_a_hand_counts(seeded: Database) -> None:
    lines = forty_weeks()
    load(seeded, lines)
    found = measured(seeded)

    # By hand: what each company's lines say, one deal a company.
    by_company: dict[str, list[Line]] = {}
    for line in lines:
        by_company.setdefault(line.company, []).append(line)
    began = {name: min(line.day for line in said) for name, said in by_company.items()}
    home = {line.company: line.day for line in lines if line.base == "home"}
    took = sorted((home[name] - began[name]).days for name in home)
    assert len(took) % 2 == 1
    cycle = took[len(took) // 2]
    old_enough = [name for name in by_company if began[name] <= TODAY - timedelta(days=cycle)]
    furthest = {
        name: max(ORDER.index(line.base) for line in by_company[name]) for name in by_company
    }

    def count(companies: list[str]) -> dict[Step, tuple[int, int]]:
        reached = [sum(furthest[name] >= base for name in companies) for base in range(5)]
        said = sum(len(by_company[name]) for name in companies)
        return {
            Step.FIRST: (reached[1], said),
            Step.SECOND: (reached[2], reached[1]),
            Step.THIRD: (reached[3], reached[2]),
            Step.HOME: (reached[4], reached[3]),
        }

    expected = count(old_enough)
    assert {s: (r.hits, r.trials) for s, r in found.ratios.items()} == expected
    assert expected != count(list(by_company))  # the young ones would have changed it
    for step, (hits, trials) in expected.items():
        ratio = found.ratios[step]
        assert ratio.percent == Decimal(hits * 1000 // trials) / 10
        assert ratio.since == MONDAY
        assert ratio.provenance == (Provenance.THIN if trials < 30 else Provenance.MEASURED)
    assert [s for s, r in found.ratios.items() if r.provenance is Provenance.THIN] == [Step.HOME]
    thin = found.ratios[Step.HOME]
    assert thin.low is not None
    assert thin.high is not None
    assert thin.low < thin.percent < thin.high

    assert (found.sales_cycle.days, found.sales_cycle.wins) == (cycle, len(home))
    assert found.sales_cycle.provenance is Provenance.MEASURED
    sold = [Decimal(line.amount) for line in lines if line.amount]
    assert found.average_sale is not None
    assert found.average_sale.sales == len(sold)
    assert found.average_sale.amount == Decimal(int(sum(sold) * 100 / len(sold))) / 100
    assert found.average_sale.provenance is (
        Provenance.THIN if len(sold) < 10 else Provenance.MEASURED
    )
    assert found.from_team == {}


def test_new_opportunities_change_no_ratio_until_they_are_a_sales_cycle_old(
    seeded: Database,
) -> None:
    load(seeded, forty_weeks())
    before = measured(seeded).ratios
    load(seeded, [Line(TODAY, f"New {number}", "1st") for number in range(30)])
    assert measured(seeded).ratios == before


def test_without_five_wins_the_teams_sales_cycle_says_what_is_mature(seeded: Database) -> None:
    load(seeded, [Line(TODAY - timedelta(days=days), f"C{days}", "1st") for days in (29, 30, 31)])

    def set_cycle(session: Session) -> None:
        session.get_one(Team, 1).sales_cycle_days = 30

    assert measured(seeded).ratios[Step.FIRST].trials is None
    seeded.write_now(set_cycle)
    found = measured(seeded)
    assert (found.sales_cycle.days, found.sales_cycle.provenance) == (30, Provenance.ASSUMED)
    assert (found.ratios[Step.FIRST].hits, found.ratios[Step.FIRST].trials) == (2, 2)


def test_a_rep_without_history_has_only_what_is_assumed(seeded: Database) -> None:
    found = measured(seeded)
    assert {step: ratio.percent for step, ratio in found.ratios.items()} == dict(ASSUMED)
    assert found.average_sale is None
    assert (found.sales_cycle.days, found.sales_cycle.wins) == (60, 0)


# Teammates


def add_reps(session: Session, number: int) -> None:
    """More reps of the team, U1 to Un."""
    for each in range(1, number + 1):
        member = Member(
            workspace_id=1,
            slack_user_id=f"U{each:02}",
            name=f"Rep {each}",
            timezone="UTC",
            profile_read_at=FRIDAY,
            created_at=FRIDAY,
        )
        session.add(member)
        session.flush()
        session.add(Enrolment(workspace_id=1, member_id=member.id, team_id=1, enrolled_on=MONDAY))


def conversations(*, firsts: int, of: int) -> list[Line]:
    """So many companies spoken with once, long enough ago, some of which got to 1st."""
    day = TODAY - timedelta(days=100)
    return [Line(day, f"Company {n}", "1st" if n < firsts else "") for n in range(of)]


def test_what_has_no_history_is_assumed_from_three_teammates_and_not_from_two(
    seeded: Database,
) -> None:
    seeded.write_now(add_reps, 3)
    load(seeded, conversations(firsts=10, of=40), "U01")
    load(seeded, conversations(firsts=20, of=40), "U02")
    assert measured(seeded).from_team == {}
    load(seeded, conversations(firsts=4, of=40), "U03")
    load(seeded, conversations(firsts=9, of=10), "U0SAM")  # thin: not counted

    found = measured(seeded)
    first = found.ratios[Step.FIRST]
    assert (first.percent, first.provenance) == (Decimal("25.0"), Provenance.ASSUMED)
    assert found.from_team == {Step.FIRST: Median(Decimal("25.0"), 3)}
    assert found.ratios[Step.SECOND].percent == ASSUMED[Step.SECOND]  # nobody has one

    # A rep who has it measured keeps their own, and is not among their own teammates.
    own = measured(seeded, member_id=5)
    assert own.ratios[Step.FIRST].percent == Decimal("25.0")
    assert own.ratios[Step.FIRST].provenance is Provenance.MEASURED
    assert own.from_team == {}

    def medians(session: Session) -> Any:
        team = session.get_one(Team, 1)
        return [
            measures.team_medians(session, team=team, without=without, today=TODAY)[Step.FIRST]
            for without in (None, 5)
        ]

    assert seeded.read_now(medians) == [Median(Decimal("25.0"), 3), Median(None, 2)]


def test_who_left_the_team_is_no_teammate(seeded: Database) -> None:
    seeded.write_now(add_reps, 3)
    for user in ("U01", "U02", "U03"):
        load(seeded, conversations(firsts=10, of=40), user)
    assert Step.FIRST in measured(seeded).from_team

    def leave(session: Session) -> None:
        session.get_one(Enrolment, 3).ended_on = TODAY

    seeded.write_now(leave)
    assert measured(seeded).from_team == {}


def test_more_teammates_take_no_more_queries(seeded: Database) -> None:
    seeded.write_now(add_reps, 12)
    load(seeded, conversations(firsts=1, of=3), "U01")

    def medians(session: Session) -> Any:
        team = session.get_one(Team, 1)
        with counted(seeded) as said:
            measures.team_medians(session, team=team, without=None, today=TODAY)
        return len(said)

    assert seeded.read_now(medians) == 2


# Closed, and the weeks


def test_what_was_closed_between_two_days(seeded: Database) -> None:
    load(
        seeded,
        [
            Line(date(2026, 3, 31), "Acme", "home", "won", "100"),
            Line(date(2026, 4, 1), "Delta", "home", "won", "12500.55"),
            Line(date(2026, 6, 30), "Vector", "home", "", "0.45"),
            Line(date(2026, 6, 30), "Blue", "home", "won"),
            Line(date(2026, 7, 1), "Iron", "home", "won", "7"),
        ],
    )
    load(seeded, [Line(date(2026, 5, 1), "Acme", "home", "won", "9")], "U0SAM")

    def closed(session: Session) -> Decimal:
        return measures.closed_between(
            session, member_id=PRIYA, first=date(2026, 4, 1), last=date(2026, 6, 30)
        )

    assert seeded.read_now(closed) == Decimal(12501)

    def nothing(session: Session) -> Decimal:
        return measures.closed_between(session, member_id=SAM, first=TODAY, last=TODAY)

    assert seeded.read_now(nothing) == Decimal(0)


def test_conversations_a_week_and_the_best_four_weeks(seeded: Database) -> None:
    last = date(2026, 11, 9)
    numbers = [2, 0, 5, 6, 7, 1]
    load(
        seeded,
        [
            Line(last - timedelta(weeks=5 - week, days=-(n % 7)), f"Company {week} {n}")
            for week, number in enumerate(numbers)
            for n in range(number)
        ],
    )

    def weeks(session: Session) -> Any:
        return (
            measures.weekly_conversations(session, member_id=PRIYA, last=last, weeks=8),
            measures.best_four_weeks(session, member_id=PRIYA, last=last),
            measures.best_four_weeks(session, member_id=PRIYA, last=last - timedelta(weeks=3)),
            measures.best_four_weeks(session, member_id=SAM, last=last),
        )

    counts, best, too_early, nobody = seeded.read_now(weeks)
    assert counts == [0, 0, *numbers]
    assert best == BestWeeks(Decimal("4.75"), date(2026, 10, 19), last)
    assert too_early is None
    assert nobody is None
