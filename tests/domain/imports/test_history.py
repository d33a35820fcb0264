"""Importing past conversations: what they become, and that nothing is there twice."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import event
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database, rows
from bot.domain.conversations import logging as conversations
from bot.domain.imports import history as imports_history
from bot.domain.imports.csv_files import Row, Table, read_table
from bot.domain.imports.rows import Known
from bot.domain.outbox import outbox
from bot.domain.shown.conversations import Form
from bot.domain.tables import (
    Answer,
    AnswerEdit,
    CheckIn,
    Conversation,
    OutboxItem,
)
from tests.conftest import FRIDAY
from tests.domain.conversations.rep import Rep, seed
from tests.domain.imports.past import HEADER, Import, counts, deals_of, log_of
from tests.seeding import seed_once

# What a line becomes


def test_lines_are_conversations_with_the_moves_that_logging_gives(
    database: Database, history: Import
) -> None:
    plan = history(
        "U0PRIYA,2026-03-02,Acme,1st,,,\n"
        "U0PRIYA,2026-03-09,Acme,3rd,open,,not asked\n"
        "U0PRIYA,2026-03-16,ACME,2nd,,,asked\n"
        'U0PRIYA,2026-03-23,Acme,home,won,"12,500.50",Inoffensive Close\n'
        "U0PRIYA,2026-03-30,Acme,1st,lost,,\n"
        "U0SAM,2026-03-30,Acme,none,,,\n"
    )
    assert counts(plan) == (6, 0, 0)
    assert log_of(database) == [
        ("Acme", date(2026, 3, 2), 1, "open", 1, False, False),
        ("Acme", date(2026, 3, 9), 3, "open", 2, True, False),
        ("Acme", date(2026, 3, 16), 2, "open", 0, False, True),
        ("Acme", date(2026, 3, 23), 4, "won", 1, False, False),
        ("Acme", date(2026, 3, 30), 1, "lost", 1, False, False),
    ]
    assert log_of(database, "U0SAM") == [("Acme", date(2026, 3, 30), None, "open", 0, False, False)]
    assert deals_of(database) == [("Acme", 0, "open"), ("Acme", 1, "lost"), ("Acme", 4, "won")]

    def sale(session: Session) -> tuple[Any, ...]:
        row = session.exec(select(Conversation).where(Conversation.outcome == "won")).one()
        return row.amount, row.close, row.week, row.logged_at

    assert database.read_now(sale) == (
        Decimal("12500.50"),
        "inoffensive",
        date(2026, 3, 23),
        FRIDAY,
    )


def test_an_import_joins_what_is_logged_already(
    database: Database, rep: Rep, history: Import
) -> None:
    rep.line("Acme Ltd, 2nd")  # today: skips nothing that the log knows of
    history("U0PRIYA,2026-03-02,acme ltd,1st,,,\n")
    assert log_of(database) == [
        ("Acme Ltd", date(2026, 3, 2), 1, "open", 1, False, False),
        ("Acme Ltd", date(2026, 11, 20), 2, "open", 1, False, False),
    ]


def test_the_order_of_the_lines_makes_no_difference(
    new_sqlite: Callable[[], str], clock: SettableClock
) -> None:
    lines = [
        f"U0PRIYA,2026-0{month}-1{day},{company},{base},{outcome},,"
        for company in ("Acme", "Delta")
        for month, day, base, outcome in (
            (3, 1, "1st", ""),
            (3, 1, "2nd", ""),
            (3, 2, "3rd", ""),
            (4, 1, "home", ""),
            (5, 1, "", ""),
            (5, 1, "", ""),
            (6, 1, "1st", "lost"),
        )
    ]
    logs = []
    for seed_of_order in (None, 1, 2):
        order = lines[:]
        if seed_of_order is not None:
            random.Random(seed_of_order).shuffle(order)
        database = Database(new_sqlite())
        seed_once(database, seed)
        database.write_now(
            imports_history.apply_history,
            workspace_id=1,
            table=read_table((HEADER + "\n".join(order)).encode(), imports_history.COLUMNS),
            known=Known(),
            skip_bad=False,
            now=FRIDAY,
        )
        logs.append((sorted(log_of(database), key=str), deals_of(database)))
        database.close()
    assert logs[0] == logs[1] == logs[2]


# Nothing twice


def test_a_file_that_has_grown_and_was_sorted_anew_adds_what_is_new(
    database: Database, history: Import
) -> None:
    first = "U0PRIYA,2026-03-02,Acme,1st,,,\n" * 2 + "U0PRIYA,2026-03-09,Acme,2nd,,,\n"
    assert counts(history(first)) == (3, 0, 0)
    assert counts(history(first)) == (0, 3, 0)
    grown = (
        "U0PRIYA,2026-03-16,Acme,3rd,,,\n"
        "U0PRIYA,2026-03-09,Acme.,2nd base,open,,\n" + "U0PRIYA,2026-03-02,ACME,first,,,asked\n" * 3
    )
    plan = history(grown)
    assert [(row.line, row.change) for row in plan.rows] == [
        (2, "created"),
        (3, "unchanged"),
        (4, "unchanged"),
        (5, "unchanged"),
        (6, "created"),
    ]
    assert counts(history(grown)) == (0, 5, 0)
    assert [c[1:5] for c in log_of(database)] == [
        (date(2026, 3, 2), 1, "open", 1),
        (date(2026, 3, 2), 1, "open", 0),
        (date(2026, 3, 2), 1, "open", 0),
        (date(2026, 3, 9), 2, "open", 1),
        (date(2026, 3, 16), 3, "open", 1),
    ]


def test_what_was_logged_through_the_bot_is_not_added_again(
    database: Database, rep: Rep, history: Import
) -> None:
    rep.line("Acme, 1st, yesterday")
    rep.line("Delta, home, 12k")
    plan = history(
        "U0PRIYA,2026-11-19,ACME,1st,,,\n"
        "U0PRIYA,2026-11-19,Acme,1st,,,\n"  # a second one that day
        'U0PRIYA,2026-11-20,delta,,won,"12,000",\n'
        "U0SAM,2026-11-19,Acme,1st,,,\n"
    )
    assert [row.change for row in plan.rows] == ["unchanged", "created", "unchanged", "created"]
    assert len(log_of(database)) == 3


def test_an_imported_one_that_was_edited_or_undone_does_not_come_back(
    database: Database, rep: Rep, history: Import, clock: SettableClock
) -> None:
    lines = "U0PRIYA,2026-11-19,Acme,1st,,,\nU0PRIYA,2026-11-18,Delta,1st,,,\n"
    history(lines, now=clock.now())

    def ids(session: Session) -> dict[date, int]:
        return {c.held_on: c.id for c in session.exec(select(Conversation))}

    by_day = database.read_now(ids)
    rep.do(conversations.undo, conversation_id=by_day[date(2026, 11, 18)])
    form = Form(company="Acme", base="2nd", held_on=date(2026, 11, 19))
    rep.do(conversations.edit, conversation_id=by_day[date(2026, 11, 19)], form=form)
    assert counts(history(lines)) == (0, 2, 0)
    assert [c[:3] for c in log_of(database)] == [("Acme", date(2026, 11, 19), 2)]
    # And the edited one is not taken for another line that says what it says now.
    assert counts(history("U0PRIYA,2026-11-19,Acme,2nd,,,\n")) == (1, 0, 0)


def test_undone_conversations_of_the_bot_do_not_stand_for_a_line(
    database: Database, rep: Rep, history: Import
) -> None:
    logged = rep.line("Acme, 1st")
    rep.do(conversations.undo, conversation_id=logged.conversation_id)
    assert counts(history("U0PRIYA,2026-11-20,ACME,1st,,,\n")) == (1, 0, 0)
    assert [c[0] for c in log_of(database)] == ["ACME"]


# The preview


def test_a_preview_changes_nothing_and_tells_what_would_be(
    database: Database, look: Import, history: Import
) -> None:
    history("U0PRIYA,2026-03-02,Acme,1st,,,\n")
    lines = "U0PRIYA,2026-03-02,Acme,1st,,,\nU0PRIYA,2026-03-09,Acme,,lost,,asked\n"
    plan = look(lines)
    assert [(row.line, row.what, row.change, row.details) for row in plan.rows] == [
        (2, "U0PRIYA", "unchanged", ("Acme", "2026-03-02", "1st")),
        (3, "U0PRIYA", "created", ("Acme", "2026-03-09", "lost", "asked")),
    ]
    assert len(log_of(database)) == 1
    assert history(lines) == plan


def test_companies_that_may_be_one_are_pointed_out_and_taken_as_two(
    database: Database, rep: Rep, look: Import, history: Import
) -> None:
    rep.line("Harbor Supply, 1st")
    lines = (
        "U0PRIYA,2026-03-02,Harbour Supply,1st,,,\n"
        "U0PRIYA,2026-03-09,Harbour Supply,2nd,,,\n"
        "U0PRIYA,2026-03-09,Delta Foods,1st,,,\n"
        "U0PRIYA,2026-03-10,Delta Foods Inc,1st,,,\n"
        "U0SAM,2026-03-10,Delta Food,1st,,,\n"
    )
    assert [(w.line, w.reason.split(", and")[0]) for w in look(lines).warnings] == [
        (2, "company: “Harbour Supply” may be the same as “Harbor Supply”"),
        (5, "company: “Delta Foods Inc” may be the same as “Delta Foods”"),
    ]
    history(lines)
    assert look(lines).warnings == ()
    assert len({company for company, *_ in log_of(database)}) == 4


# Check-ins


def asked(session: Session, *, state: str, week: date, verdict: str | None) -> int:
    """A check-in about a week, delivered, with one question that was answered or not."""
    check_in = CheckIn(
        workspace_id=1,
        member_id=2,
        team_id=1,
        week=week,
        state=state,
        due_at=FRIDAY,
        delivered_at=FRIDAY,
    )
    session.add(check_in)
    session.flush()
    session.add(
        Answer(
            workspace_id=1,
            check_in_id=check_in.id,
            metric_id=1,
            position=0,
            name="Conversations",
            unit="count",
            question="Did you meet your conversation goal?",
            source="conversations",
            target=Decimal(20),
            number=None if verdict is None else Decimal(3),
            logged=None if verdict is None else Decimal(3),
            verdict=verdict,
            answered_at=None if verdict is None else FRIDAY,
        )
    )
    outbox.mark_stale(
        session, workspace_id=1, surface=outbox.CHECK_IN, subject_id=check_in.id, now=FRIDAY
    )
    return check_in.id


def test_past_check_ins_stay_and_the_open_one_says_what_is_logged_now(
    database: Database, history: Import
) -> None:
    open_one = database.write_now(asked, state="open", week=date(2026, 11, 9), verdict=None)
    for state, week, verdict in (
        ("answered", date(2026, 11, 2), "no"),
        ("unanswered", date(2026, 10, 26), None),
    ):
        database.write_now(asked, state=state, week=week, verdict=verdict)

    def kept(session: Session) -> list[Any]:
        return [
            rows(session, table.__table__.select())  # type: ignore[attr-defined]
            for table in (CheckIn, Answer, AnswerEdit)
        ]

    def wanted(session: Session) -> dict[int, int]:
        return {
            item.subject_id: item.desired_version
            for item in session.exec(select(OutboxItem).where(OutboxItem.surface == "check_in"))
        }

    before, shown = database.read_now(kept), database.read_now(wanted)
    history(
        "U0PRIYA,2026-11-10,Acme,1st,,,\nU0PRIYA,2026-11-03,Acme,,,,\nU0PRIYA,2026-10-27,Acme,,,,\n"
    )
    assert database.read_now(kept) == before
    now_wanted = database.read_now(wanted)
    assert {i for i, version in now_wanted.items() if version != shown[i]} == {open_one}


def test_the_time_of_the_import_is_kept(database: Database, history: Import) -> None:
    history("U0PRIYA,2026-03-02,Acme,1st,,,\n", now=datetime(2026, 11, 22, tzinfo=UTC))
    logged = database.read_now(lambda s: s.exec(select(Conversation.logged_at)).one())
    assert logged == datetime(2026, 11, 22, tzinfo=UTC)


def test_more_companies_take_no_more_statements(database: Database, history: Import) -> None:
    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if not statement.startswith("INSERT INTO opportunity"):  # SQLite gives ids one by one
            said.append(statement)

    def statements(companies: int, month: int) -> int:
        said.clear()
        plan = history(
            "\n".join(
                f"U0PRIYA,2026-{month:02}-{day:02},Company {month} {number},{base},,,"
                for number in range(companies)
                for day, base in ((1, "1st"), (8, "2nd"), (9, "home"), (20, "1st"))
            )
        )
        assert counts(plan) == (4 * companies, 0, 0)
        return len(said)

    event.listen(database.engine, "before_cursor_execute", note)
    few = statements(2, 3)
    assert statements(180, 4) <= few


def test_a_line_that_is_several_conversations_is_imported_whole_or_not_at_all(
    database: Database, rep: Rep
) -> None:
    cells = {"user": "U0PRIYA", "company": "Acme", "date": "2026-03-02", "base": "1st"}
    won = {**cells, "base": "home", "amount": "EUR 5"}  # the team's currency is another one
    table = Table((Row(2, cells), Row(2, won), Row(3, {**cells, "company": "Delta"})), ())
    plan = database.write_now(
        imports_history.apply_history,
        workspace_id=1,
        table=table,
        known=Known(),
        skip_bad=True,
        now=FRIDAY,
    )
    assert counts(plan) == (1, 0, 1)
    assert [company for company, *_ in log_of(database)] == ["Delta"]
