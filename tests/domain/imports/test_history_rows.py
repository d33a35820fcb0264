"""One line of a history: what it may say."""

from __future__ import annotations

from datetime import date

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.imports import history as imports_history
from bot.domain.imports import history_rows as reading
from bot.domain.imports.csv_files import read_table
from bot.domain.imports.importing import Rejected
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.tables import (
    Conversation,
    Enrolment,
    Member,
    Team,
)
from tests.domain.imports.past import HEADER, Import, counts, log_of


def test_a_line_has_the_same_key_in_every_database_and_release(
    database: Database, history: Import
) -> None:
    history("U0PRIYA,2026-03-02,Acme,1st,,,\n" * 2)

    def keys(session: Session) -> list[str]:
        return sorted(session.exec(select(Conversation.request_key)))

    assert database.read_now(keys) == [
        "history:76f65fd755b2d064d5f85ce32f72782e:1",
        "history:76f65fd755b2d064d5f85ce32f72782e:2",
    ]


REJECTED = [
    (",2026-03-02,Acme,,,,", "user: It is empty: give the Slack id of the rep."),
    ("@priya,2026-03-02,Acme,,,,", "user: “@priya” is no Slack user id: copy the member id"),
    ("U0GHOST,2026-03-02,Acme,,,,", "user: Basecoach knows nobody here as U0GHOST: import"),
    ("U0DANA,2026-03-02,Acme,,,,", "user: “U0DANA” is no rep of a team: enrol them first"),
    ("U0PRIYA,,Acme,,,,", "date: It is empty: give the day of the conversation"),
    ("U0PRIYA,02/03/2026,Acme,,,,", "date: “02/03/2026” is no date: write it like 2026-11-23."),
    ("U0PRIYA,2026-02-30,Acme,,,,", "date: “2026-02-30” is no date"),
    ("U0PRIYA,1999-12-31,Acme,,,,", "date: 1999-12-31 is too long ago: give a day from 2000-01-01"),
    ("U0PRIYA,2026-11-21,Acme,,,,", "date: 2026-11-21 is still to come"),
    ("U0PRIYA,2026-03-02,,,,,", "company: It is empty: give the company."),
    ("U0PRIYA,2026-03-02,!!!,,,,", "company: A company's name needs a letter or a digit"),
    ("U0PRIYA,2026-03-02,<!here>,,,,", "company: A mention is not a company"),
    (f"U0PRIYA,2026-03-02,{'x' * 81},,,,", "company: A company's name has at most 80 characters"),
    (
        "U0PRIYA,2026-03-02,Acme,4th,,,",
        "base: “4th” is no base: write 1st, 2nd, 3rd, home or none.",
    ),
    (
        "U0PRIYA,2026-03-02,Acme,,maybe,,",
        "outcome: “maybe” is no outcome: write open, won or lost.",
    ),
    ("U0PRIYA,2026-03-02,Acme,home,lost,,", "base: Home means that it was won"),
    ("U0PRIYA,2026-03-02,Acme,home,,lots,", "amount: “lots” is not a number"),
    ("U0PRIYA,2026-03-02,Acme,home,,-5,", "amount: It can't be below zero"),
    ("U0PRIYA,2026-03-02,Acme,home,,9999999999999,", "amount: “9999999999999” is too large"),
    ("U0PRIYA,2026-03-02,Acme,3rd,,500,", "amount: An amount goes with home"),
    ("U0PRIYA,2026-03-02,Acme,,,,begged", "close: “begged” is no way to close: write asked"),
    ("U0PRIYA,2026-03-02,Acme, Ltd,1st,,,asked", "it has 8 cells and the first line has 7"),
]


@pytest.mark.parametrize(("line", "words"), REJECTED)
def test_a_bad_line_is_rejected_with_its_column_and_what_to_do(line: str, words: str) -> None:
    today = date(2026, 11, 20)
    reps = {
        user: reading.Rep(number, user, user, today, currency)
        for number, (user, currency) in enumerate([("U0PRIYA", "USD"), ("U0DANA", None)])
    }
    table = read_table((HEADER + line + "\n").encode(), imports_history.COLUMNS)
    said = [problem.reason for problem in table.problems]
    for row in table.rows:
        with pytest.raises(Refusal) as refused:
            reading.read_past(row, reps)
        sentences = (
            refused.value.sentences
            if isinstance(refused.value, FieldProblems)
            else {refused.value.field: refused.value.sentence}
        )
        said += [f"{column}: {sentence}" for column, sentence in sentences.items()]
    [sentence] = said
    assert sentence.startswith(words)


def test_every_wrong_cell_of_a_line_is_named(history: Import) -> None:
    with pytest.raises(Rejected) as refused:
        history("U0PRIYA,soon,,5th,perhaps,much,sure\n")
    [problem] = refused.value.plan.problems
    for column in ("date: ", "company: ", "base: ", "outcome: ", "amount: ", "close: "):
        assert column in problem.reason


def test_the_day_is_the_reps_own(database: Database, history: Import) -> None:
    def to_auckland(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
        member.timezone = "Pacific/Auckland"

    database.write_now(to_auckland)
    assert counts(history("U0PRIYA,2026-11-21,Acme,1st,,,\n")) == (1, 0, 0)


def test_who_has_left_the_team_gets_no_history(database: Database, history: Import) -> None:
    def leave(session: Session) -> None:
        for enrolment in session.exec(select(Enrolment)):
            enrolment.ended_on = date(2026, 11, 1)

    database.write_now(leave)
    with pytest.raises(Rejected) as refused:
        history("U0PRIYA,2026-03-02,Acme,1st,,,\n")
    assert "is no rep of a team" in refused.value.plan.problems[0].reason


def test_only_three_columns_are_needed(database: Database, history: Import) -> None:
    assert counts(history("user;date;company\nU0PRIYA;2026-03-02;Acme\n")) == (1, 0, 0)


def test_amounts_are_read_in_the_teams_currency_and_doubts_are_said(
    database: Database, look: Import
) -> None:
    def euros(session: Session) -> None:
        session.get_one(Team, 1).currency = "EUR"

    database.write_now(euros)
    plan = look('U0PRIYA,2026-03-02,Acme,home,,"€ 12.500",\n')
    [row] = plan.rows
    assert row.details == (
        "Acme",
        "2026-03-02",
        "home",
        "€12,500",
        "I read “€ 12.500” as 12,500.",
    )


def test_bad_lines_keep_the_good_ones_out_unless_they_are_left(
    database: Database, history: Import
) -> None:
    lines = "U0PRIYA,2026-03-02,Delta,1st,,,\n" + "\n".join(line for line, _ in REJECTED)
    with pytest.raises(Rejected) as refused:
        history(lines)
    problems = refused.value.plan.problems
    assert [problem.line for problem in problems] == list(range(3, len(REJECTED) + 3))
    for problem, (_, words) in zip(problems, REJECTED, strict=True):
        assert problem.reason.startswith(words)
    assert log_of(database) == []
    assert counts(history(lines, skip_bad=True)) == (1, 0, len(REJECTED))
    assert len(log_of(database)) == 1
