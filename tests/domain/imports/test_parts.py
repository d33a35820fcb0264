"""A file in parts: how it is divided, and what others can do between its transactions."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from bot.database import Database
from bot.domain.imports import importing as imports
from bot.domain.imports import parts
from bot.domain.imports.csv_files import LineProblem, Row, Table, read_table
from bot.domain.imports.history import COLUMNS, history_parts
from bot.domain.imports.parts import Interrupted, in_parts, of_groups, of_lines, once_each
from bot.domain.imports.previews import ImportPreview, Rejected
from bot.domain.imports.rows import Known, Planned
from bot.domain.people.enrolments import Change
from bot.domain.tables import Enrolment, Member, Workspace
from tests.domain.imports.files import FRIDAY, MEMBERS, ONE_TEAM

BAD = LineProblem(9, "it is bad")


def lines(*numbers: int) -> list[Row]:
    return [Row(number, {"user": f"U0{number}"}) for number in numbers]


def numbers(table: Table) -> list[int]:
    return [row.line for row in table.rows]


def done(part: Table) -> ImportPreview:
    """What importing this part did: each line is new."""
    planned = (Planned(row.line, row["user"], Change.CREATED) for row in part.rows)
    return ImportPreview(tuple(planned), part.problems)


def nothing() -> None:
    """What happens between two parts."""


def test_lines_are_divided_and_the_first_part_has_the_problems() -> None:
    first, second = of_lines(lines(2, 3, 4), [BAD], size=2)
    assert (numbers(first), first.problems) == ([2, 3], (BAD,))
    assert (numbers(second), second.problems) == ([4], ())
    [only] = of_lines([], [BAD], size=2)
    assert (only.rows, only.problems) == ((), (BAD,))


def test_groups_stay_together(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "AT_ONCE", 3)
    found = list(of_groups([lines(2, 5), lines(3, 4), lines(6)], [BAD]))
    assert [numbers(part) for part in found] == [[2, 5, 3, 4], [6]]
    assert [part.problems for part in found] == [(BAD,), ()]
    assert [part.problems for part in of_groups([], [BAD])] == [(BAD,)]
    assert list(of_groups([], [])) == []


def test_a_line_that_repeats_another_is_a_problem() -> None:
    again = Row(7, {"user": "u02 "})
    rows, problems = once_each(Table((*lines(2, 3), again), (BAD,)), "user")
    assert [row.line for row in rows] == [2, 3]
    assert problems == [BAD, LineProblem(7, "user: “u02 ” is in line 2 already")]


def test_what_was_done_is_told_in_the_order_of_the_lines() -> None:
    table = Table(tuple(lines(2, 3, 4)), ())
    backwards = [Table(tuple(lines(4)), ()), Table(tuple(lines(2, 3)), (BAD,))]
    gaps: list[str] = []
    told = in_parts(
        table, parts=lambda _: iter(backwards), apply=done, between=lambda: gaps.append("gap")
    )
    assert gaps == ["gap"]  # between two parts, and not before or after them
    assert [row.line for row in told.rows] == [2, 3, 4]
    assert told.problems == (BAD,)


def test_a_part_that_is_rejected_leaves_the_parts_before_it() -> None:
    table = Table(tuple(lines(2, 3)), ())
    two = [Table(tuple(lines(2)), ()), Table(tuple(lines(3)), ())]
    bad = ImportPreview((), (BAD,))

    def apply(part: Table, *, reject: int) -> ImportPreview:
        if numbers(part) == [reject]:
            raise Rejected(bad)
        return done(part)

    with pytest.raises(Interrupted) as interrupted:
        in_parts(
            table,
            parts=lambda _: iter(two),
            apply=lambda part: apply(part, reject=3),
            between=nothing,
        )
    assert [row.line for row in interrupted.value.imported.rows] == [2]
    assert interrupted.value.plan is bad
    with pytest.raises(Rejected):
        in_parts(
            table,
            parts=lambda _: iter(two),
            apply=lambda part: apply(part, reject=2),
            between=nothing,
        )


def test_the_same_conversations_of_a_rep_are_never_in_two_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts, "AT_ONCE", 2)
    text = "user,date,company\n" + "".join(
        f"U0PRIYA,2026-03-02,{name}\n" for name in ("Acme", "Delta", "ACME", "Acme\u200b", "Other")
    )
    found = list(history_parts(read_table(text.encode(), COLUMNS)))
    assert [numbers(part) for part in found] == [[2, 4, 5], [3, 6]]


@pytest.fixture
def other(database: Database, database_url: str) -> Database:
    """The bot's own connections, in another process as far as the database can tell."""
    return Database(database_url)


def members(count: int) -> Table:
    text = MEMBERS + "".join(f"U0{number:04},Harbor,,,,,20\n" for number in range(count))
    return read_table(text.encode(), imports.MEMBER_COLUMNS)


def touch(session: Session) -> int:
    """What the bot writes now and then; how many members are imported by now."""
    session.exec(select(Workspace)).one().last_seen_at = FRIDAY
    return len(session.exec(select(Enrolment.id)).all())


def test_others_write_between_the_parts(
    database: Database,
    other: Database,
    workspace_id: int,
    teams: Callable[..., ImportPreview],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    teams(ONE_TEAM)
    monkeypatch.setattr(parts, "AT_ONCE", 4)
    seen: list[int] = []

    def apply(part: Table) -> ImportPreview:
        return database.write_now(
            imports.apply_members,
            workspace_id=workspace_id,
            table=part,
            known=Known(),
            skip_bad=False,
            now=FRIDAY,
        )

    try:
        told = in_parts(
            members(10),
            parts=imports.member_parts,
            apply=apply,
            between=lambda: seen.append(other.write_now(touch)),
        )
    finally:
        other.close()
    assert seen == [4, 8]
    assert told.count(Change.CREATED) == 10


def test_a_preview_waits_for_nobody_and_nobody_for_it(
    database: Database, other: Database, workspace_id: int, teams: Callable[..., ImportPreview]
) -> None:
    teams(ONE_TEAM)
    look = {"workspace_id": workspace_id, "known": Known(), "now": FRIDAY}

    def preview_meanwhile(session: Session) -> int:
        session.exec(select(Member).with_for_update()).all()
        return len(database.read_now(imports.plan_members, table=members(3), **look).rows)

    def write_meanwhile(session: Session) -> int:
        imports.plan_members(session, table=members(3), **look)
        return other.write_now(touch)

    try:
        assert other.write_now(preview_meanwhile) == 3  # while somebody else holds the lock
        assert database.read_now(write_meanwhile) == 0  # in the middle of a preview
    finally:
        other.close()
