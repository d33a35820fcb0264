"""Who may answer which question, and what is read of it: for many people with as many statements as for few."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot.database import Database, rows
from bot.domain.access import NOT_ENROLLED, Caller
from bot.domain.checkins import presses
from bot.domain.checkins.asked import GONE, NOT_YOURS, Asked
from bot.domain.checkins.presses import Press
from bot.domain.refusals import Refusal
from tests.counting import counted
from tests.domain.mondays import DEADLINE, WEEK, Mondays, another_workspace, at
from tests.patience import PATIENCE

NOON = at(23, 12)


@pytest.fixture
def mine(mondays: Mondays) -> Mondays:
    mondays.met("U1")
    mondays.ask()
    return mondays


def test_a_question_comes_with_all_questions_of_its_check_in(mine: Mondays) -> None:
    first, second, third = mine.answers("U1")
    mine.change(first, verdict="no", number=Decimal(1))
    caller = Caller(mine.workspace_id, "U1")

    def read(session: Session) -> None:
        found = Asked(session, [(caller, second.id)])
        question = found.own(caller, second.id, now=NOON)
        check_in = question.check_in
        assert [one.id for one in check_in.questions] == [first.id, second.id, third.id]
        assert [one.verdict for one in check_in.questions] == ["no", None, None]
        assert (check_in.week, check_in.state, check_in.deadline_at) == (WEEK, "open", DEADLINE)
        found.read_log([question])
        assert (question.logged, check_in.questions[2].logged) == (Decimal(4), None)
        other = mine.answers("U2")[0].id
        assert (found.get(third.id), found.get(other)) == (check_in.questions[2], None)

    mine.write(read)


def test_each_person_is_refused_for_a_reason_of_their_own(mine: Mondays) -> None:
    elsewhere = mine.write(another_workspace, "U1")
    answer_id = mine.answers("U1")[0].id
    people = {
        Caller(mine.workspace_id, "NOBODY"): NOT_ENROLLED,
        Caller(mine.workspace_id, "UC"): NOT_YOURS,
        Caller(elsewhere, "U1"): GONE,
        Caller(elsewhere, "U2"): NOT_ENROLLED,
    }
    crowd = [Press(caller, answer_id, "yes", NOON) for caller in people]
    outcomes = mine.write(presses.press_many, crowd)
    assert [str(outcome) for outcome in outcomes] == list(people.values())
    assert mine.answers("U1")[0].verdict is None


def test_more_refusals_take_no_more_statements(mine: Mondays) -> None:
    answer_id = mine.answers("U1")[0].id

    def refused(users: list[str]) -> int:
        crowd = [Press(Caller(mine.workspace_id, user), answer_id, "yes", NOON) for user in users]
        with counted(mine.database) as statements:
            outcomes = mine.write(presses.press_many, crowd)
        assert {type(outcome) for outcome in outcomes} == {Refusal}
        return len(statements)

    few = refused(["UC", "U2"])
    assert 0 < refused(["UC", "U2", "U3", "UN", "UD", "UA", *(f"X{n}" for n in range(10))]) <= few


@pytest.mark.postgresql
def test_who_waited_for_an_answer_reads_it(new_postgresql: Callable[[], str]) -> None:
    """A press that waits for another one on the same check-in sees that answer, and so completes the week."""
    database = Database(new_postgresql())
    mondays = Mondays(database)
    mondays.met("U1")
    mondays.ask()
    mondays.press("U1", 0, "yes", NOON)
    caller, (_, second, third) = Caller(mondays.workspace_id, "U1"), mondays.answers("U1")
    waiting = sa.text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE wait_event_type = 'Lock' AND datname = current_database()"
    )
    with ThreadPoolExecutor(1) as threads, Session(database.engine) as first:
        presses.press_many(first, [Press(caller, second.id, "yes", NOON)])
        last = [Press(caller, third.id, "yes", NOON)]
        outcome = threads.submit(database.write_now, presses.press_many, last)
        gives_up = time.monotonic() + PATIENCE
        while database.read_now(rows, waiting) != [(1,)]:
            assert time.monotonic() < gives_up
        first.commit()
        outcome.result(PATIENCE)
    assert mondays.check_in("U1").state == "answered"
    database.close()
