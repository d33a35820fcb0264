"""CSV files: any bytes at all are imported line by line or refused in words, and a plan changes nothing."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.imports import history as imports_history
from bot.domain.imports import importing as imports
from bot.domain.imports.csv_files import Columns, Table, read_table
from bot.domain.imports.history import COLUMNS as HISTORY_COLUMNS
from bot.domain.imports.importing import MEMBER_COLUMNS, TEAM_COLUMNS, ImportPreview
from bot.domain.imports.rows import Known
from bot.domain.people.enrolments import Change
from bot.domain.people.members import Profile
from bot.domain.refusals import FileProblem
from bot.domain.shown.setup import Channel
from bot.domain.tables import Conversation, Opportunity, Workspace
from tests.fuzz.conftest import fuzzed
from tests.fuzz.odd import texts
from tests.fuzz.state import dump
from tests.scenarios.conftest import seed_team
from tests.seeding import seed_once

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
KNOWN = Known(
    profiles={
        "U0PRIYA": Profile("U0PRIYA", "Priya \u202eNair", timezone="Nowhere/City", locale="xx_YY"),
        "U0SAM": "Slack knows nobody here as U0SAM: choose somebody of this workspace.",
        "U0NEW": Profile("U0NEW", "", timezone=None, locale=None, is_guest=True),
    },
    channels={
        "C0COACH": Channel("C0COACH", "coach-dana", is_private=True, is_member=True),
        "C0GENERAL": Channel("C0GENERAL", "general", is_private=False, is_member=False),
        "C0GONE": "Slack knows no channel C0GONE.",
    },
    asked_slack=True,
)
_CELLS = """
U0PRIYA U0SAM U0NEW U0DANA W0 C0COACH C0GENERAL C0GONE Monday mon 09:00 25:00 Europe/London
Mars/Base 2026-11-23 2026-02-30 0001-01-01 9999-12-31 12,500 12.5k -1 1e9 =1+1 ' Harbor
"""
_PAST_CELLS = """
U0PRIYA U0SAM U0DANA 2026-11-19 2026-03-02 1999-12-31 Acme ACME. Acme\u200b 1st 2nd 3rd home none won lost
open asked inoffensive 12,500 -1
"""
CELLS = st.one_of(st.sampled_from(_CELLS.split()), st.just("Harbor Sales"), texts)


PAST_CELLS = st.one_of(st.sampled_from(["", *_PAST_CELLS.split()]), texts)


def lines(columns: Columns, cells: st.SearchStrategy[str] = CELLS) -> st.SearchStrategy[bytes]:
    """A file with these columns, or nearly, and cells of all kinds."""

    def written(header: list[str], cells: list[list[str]], delimiter: str) -> bytes:
        text = io.StringIO()
        writer = csv.writer(text, delimiter=delimiter)
        writer.writerow(header)
        writer.writerows(cells)
        return text.getvalue().encode("utf-8", "surrogatepass")

    headers = st.one_of(
        st.permutations(columns.all).map(list),
        st.just(list(columns.all)),
        st.lists(st.one_of(st.sampled_from(columns.all), texts), min_size=1, max_size=9),
    )
    rows = st.lists(st.lists(cells, min_size=1, max_size=9), max_size=5)
    return st.builds(written, headers, rows, st.sampled_from([",", ";", "\t"]))


FILES = st.one_of(
    st.binary(max_size=200),
    st.binary(max_size=40).map(lambda more: b"name,coach\n" + more),
    lines(TEAM_COLUMNS),
    lines(MEMBER_COLUMNS),
)


@pytest.fixture(scope="module")
def database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    path = tmp_path_factory.mktemp("imports") / "basecoach.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    seed_once(database, seed_team, now=NOW)
    yield database
    database.close()


PAST = st.tuples(
    st.sampled_from(["U0PRIYA", "U0SAM"]),
    st.sampled_from(["2026-03-02", "2026-03-03", "2026-11-19"]),
    st.sampled_from(["Acme", "ACME.", "Delta"]),
    st.sampled_from(["", "1st", "2nd", "3rd", "home"]),
    st.sampled_from(["", "won"]),
).map(",".join)
"""A line of a history that can be taken."""


@fuzzed(60)
@given(st.one_of(lines(HISTORY_COLUMNS), lines(HISTORY_COLUMNS, PAST_CELLS)), st.booleans())
def test_any_history_is_imported_or_refused_in_words(
    database: Database, data: bytes, skip_bad: bool
) -> None:
    try:
        table = read_table(data, HISTORY_COLUMNS)
    except FileProblem:
        return
    before = dump(database)
    plan = database.read_now(_planned, what="history", table=table, known=Known())
    assert dump(database) == before
    assert all(problem.reason.strip() for problem in (*plan.problems, *plan.warnings))
    assert len(plan.rows) + len(plan.problems) == len(table.rows) + len(table.problems)
    with pytest.raises(_TakenBack) as taken_back:
        database.write_now(_imported, what="history", table=table, known=Known(), skip_bad=skip_bad)
    wanted = replace(plan, warnings=()) if skip_bad or not plan.problems else None
    assert taken_back.value.outcome == wanted
    assert dump(database) == before


@fuzzed(60)
@given(st.lists(PAST, max_size=12), st.randoms(use_true_random=False))
def test_a_history_in_any_order_and_in_parts_adds_each_line_once(
    database: Database, past: list[str], random: Random
) -> None:
    shuffled = random.sample(past, len(past))
    some = shuffled[: random.randint(0, len(past))]

    def import_thrice(session: Session) -> None:
        new = []
        for part in (some, past, shuffled):
            text = "user,date,company,base,outcome\n" + "\n".join(part)
            plan = imports_history.apply_history(
                session,
                workspace_id=_workspace_id(session),
                table=read_table(text.encode(), HISTORY_COLUMNS),
                known=Known(),
                skip_bad=False,
                now=NOW,
            )
            new.append(plan.count(Change.CREATED))
        assert new == [len(some), len(past) - len(some), 0]
        for deal in session.exec(select(Opportunity)):
            said = session.exec(
                select(Conversation).where(Conversation.opportunity_id == deal.id)
            ).all()
            # The moves of an opportunity add up to the highest base that it was ever on.
            assert sum(each.moves for each in said) == max((e.base or 0 for e in said), default=0)
        raise _TakenBack(None)

    with pytest.raises(_TakenBack):
        database.write_now(import_thrice)


@fuzzed(120)
@given(FILES, st.sampled_from(["teams", "members"]), st.booleans(), st.booleans())
def test_any_file_is_imported_or_refused_in_words(
    database: Database, data: bytes, what: str, skip_bad: bool, asked_slack: bool
) -> None:
    columns = TEAM_COLUMNS if what == "teams" else MEMBER_COLUMNS
    try:
        table = read_table(data, columns)
    except FileProblem as problem:
        said = problem.sentences
        table = None
    if table is None:
        assert all(sentence.strip() for sentence in said)
        return
    known = KNOWN if asked_slack else Known()
    before = dump(database)
    plan = database.write_now(_planned, what=what, table=table, known=known)
    assert dump(database) == before
    assert all(problem.reason.strip() for problem in plan.problems)
    assert len(plan.rows) + len(plan.problems) == len(table.rows) + len(table.problems)
    # The import itself, taken back so that the next example begins where this one did.
    with pytest.raises(_TakenBack) as taken_back:
        database.write_now(_imported, what=what, table=table, known=known, skip_bad=skip_bad)
    assert taken_back.value.outcome == (plan if skip_bad or not plan.problems else None)
    assert dump(database) == before


class _TakenBack(Exception):
    """Ends a transaction whose outcome is known and not wanted."""

    def __init__(self, outcome: ImportPreview | None) -> None:
        super().__init__()
        self.outcome = outcome


def _workspace_id(session: Session) -> int:
    return session.exec(select(Workspace.id)).one()


def _planned(session: Session, *, what: str, table: Table, known: Known) -> ImportPreview:
    plan: Callable[..., ImportPreview] = {
        "teams": imports.plan_teams,
        "members": imports.plan_members,
        "history": imports_history.plan_history,
    }[what]
    return plan(session, workspace_id=_workspace_id(session), table=table, known=known, now=NOW)


def _imported(session: Session, *, what: str, table: Table, known: Known, skip_bad: bool) -> None:
    apply: Callable[..., ImportPreview] = {
        "teams": imports.apply_teams,
        "members": imports.apply_members,
        "history": imports_history.apply_history,
    }[what]
    outcome = None
    try:
        outcome = apply(
            session,
            workspace_id=_workspace_id(session),
            table=table,
            known=known,
            skip_bad=skip_bad,
            now=NOW,
        )
        session.flush()
    except imports.Rejected as rejected:
        assert rejected.plan.problems  # noqa: PT017 - it is the outcome, not a failure
    raise _TakenBack(outcome)
