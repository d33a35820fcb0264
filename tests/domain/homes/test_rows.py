"""Homes are read with a number of statements that does not depend on how much there is to show."""

from __future__ import annotations

from decimal import Decimal

from bot.database import Database
from bot.domain.homes import homes
from bot.domain.shown.absences import MarkedLate
from bot.domain.shown.home import HomeShown
from tests.counting import counted
from tests.domain.crowd import LAST_WEEK, NOW, Crowd, fill


def make(database: Database, name: str, *, teams: int = 1, reps: int = 2, past: int = 2) -> Crowd:
    return database.write_now(fill, name=name, teams=teams, reps=reps, past=past)


def shown(database: Database, *member_ids: int) -> tuple[list[HomeShown], int]:
    """Homes that are read together, and how many statements that took."""
    with counted(database) as statements:
        found = database.read_now(homes.show_all, member_ids, now=NOW)
    selects = sum(statement.startswith("SELECT") for statement in statements)
    return [found[member_id].shown for member_id in member_ids], selects


def test_a_coachs_home_takes_at_most_12_statements_however_many_teams_and_reps(
    database: Database,
) -> None:
    small, large = make(database, "T1"), make(database, "T2", teams=3, reps=8)
    (few,), statements = shown(database, small.coach)
    (many,), as_many = shown(database, large.coach)
    assert as_many == statements <= 12
    assert [len(team.reps) for team in few.coached] == [2]
    assert [len(team.reps) for team in many.coached] == [8, 8, 8]


def test_a_reps_home_takes_at_most_ten_statements_whatever_the_past(database: Database) -> None:
    short, long = make(database, "T1", reps=1), make(database, "T2", reps=1, past=12)
    (young,), statements = shown(database, short.reps[0])
    (old,), as_many = shown(database, long.reps[0])
    assert as_many == statements <= 10
    assert [weeks_asked(home) for home in (young, old)] == [2, 12]


def weeks_asked(home: HomeShown) -> int:
    assert home.rep is not None
    return sum(week.result != "none" for week in home.rep.history)


def test_many_homes_take_as_many_statements_as_one(database: Database) -> None:
    crowd = make(database, "T1", teams=2, reps=3)
    (home,), statements = shown(database, crowd.reps[0])
    found, as_many = shown(database, *crowd.reps)
    assert as_many == statements
    assert found[0] == home
    assert [one.name for one in found] == ["U0R0", "U0R1", "U0R2", "U1R0", "U1R1", "U1R2"]


def test_homes_that_are_read_together_are_those_that_are_read_alone(database: Database) -> None:
    first, second = make(database, "T1"), make(database, "T2", teams=2)
    everybody = [first.coach, *first.reps, second.coach, *second.reps]
    together, _ = shown(database, *everybody)
    assert together == [shown(database, member_id)[0][0] for member_id in everybody]
    assert database.read_now(homes.show_all, [999], now=NOW) == {}


def test_what_is_read_of_a_rep_stands_in_both_homes(database: Database) -> None:
    crowd = make(database, "T1", reps=1, past=3)
    (coach, rep), _ = shown(database, crowd.coach, crowd.reps[0])
    (coached,) = coach.coached[0].reps
    assert rep.rep is not None
    assert coached.goals == rep.rep.goals
    assert [(goal.name, goal.logged) for goal in coached.goals][2:] == [
        ("Sales", Decimal(0)),
        ("Demos", Decimal(1)),
    ]
    assert (coached.last_result, coached.alert) == ("open", "taken")
    assert coached.marked_late == MarkedLate(by="UDANA", at=NOW)
    assert (rep.rep.open_week, rep.rep.by_hand) == (LAST_WEEK, True)
    assert coached.plan == rep.rep.plan
    assert (coached.plan.state, coached.plan.version) == ("signed", 3)
