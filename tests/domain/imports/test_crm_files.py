"""What a file of a CRM becomes: lines of a history, lines that are left out, and lines that are rejected."""

from __future__ import annotations

import pytest

from bot.domain.imports.crm_files import Converted, CrmFile, notes_on
from bot.domain.imports.crm_people import People
from bot.domain.imports.mappings import FileMapping
from bot.domain.imports.sheets import read_sheet
from bot.domain.refusals import FileProblem
from bot.rules.crm_columns import is_known_column, layout_of
from bot.rules.file_dates import DayOrder

PEOPLE = People({"priya": frozenset({"U0PRIYA"})}, frozenset({"U0PRIYA"}), {})


def file_of(text: str, mapping: FileMapping | None = None) -> CrmFile:
    mapping = mapping or FileMapping()
    sheet = read_sheet(text.encode(), is_known_column, lambda header: None)
    return CrmFile(sheet, layout_of(sheet.header, named=mapping.columns), mapping)


def converted(text: str, order: DayOrder | None = None) -> Converted:
    return file_of(text).converted(PEOPLE, order)


def test_every_line_is_a_row_left_out_or_rejected_with_its_number() -> None:
    found = converted(
        "Owner;Company;Date;Type;Status;Base;;\n"
        "Priya;Acme;3.11.2026;Call;Done;2nd base;;\n"
        "Priya;Acme;3.11.2026;Email;Done;;;\n"
        "Priya;Acme;3.12.2026;Call;Planned;;;\n"
        "NULL;Acme;soon;Call;Done;;;\n"
        "Nobody;Acme;3.11.2026;Call;Done;;;\n"
        "Priya;#N/A;-;Call;Done;;;\n"
        "Total: 6;;;;;;;\n",
        DayOrder.DAY_FIRST,
    )
    assert [(row.line, row["user"], row["date"], row["base"]) for row in found.table.rows] == [
        (2, "U0PRIYA", "2026-11-03", "2nd"),
        (7, "U0PRIYA", "", ""),  # empty cells are refused by the rules for each history
    ]
    assert [problem.line for problem in found.left_out] == [3, 4, 8]
    problems = {problem.line: problem.reason for problem in found.table.problems}
    assert list(problems) == [5, 6]
    assert "user: It is empty" in problems[5]
    assert "date: “soon” is no date: write it like the others, or like 2026-11-23." in problems[5]
    assert "nobody here is known as “Nobody”" in problems[6]


def test_of_several_associated_companies_the_first_is_the_company() -> None:
    found = converted(
        "Activity assigned to,Activity date,Associated Company,Meeting outcome\n"
        "Priya,2026-03-01 10:00,Acme; Gulf,Completed\n"
        "Priya,2026-03-02 10:00,Delta,No show\n"
    )
    assert [(row.line, row["company"]) for row in found.table.rows] == [(2, "Acme")]
    assert [problem.line for problem in found.left_out] == [3]
    other = converted("Owner,Date,Customer\nPriya,2026-03-01,Lee; Sons\n")
    assert [row["company"] for row in other.table.rows] == ["Lee; Sons"]


def test_a_deal_that_is_there_twice_or_deleted_is_left_out() -> None:
    found = converted(
        "Owner,Company,Stage,Status,Created\n"
        "Priya,Acme,Demo,Open,2026-03-01\n"
        "Priya,Acme,Demo,Open,2026-03-01\n"
        "Priya,Delta,Demo,Deleted,2026-03-01\n"
        "Priya,Eagle,Demo,Open,2026-03-01,more\n"
    )
    assert [row.line for row in found.table.rows] == [2]
    assert [(one.line, one.reason) for one in found.left_out] == [
        (3, "it is the same deal as in line 2"),
        (4, "the deal was deleted"),
    ]
    assert [problem.line for problem in found.table.problems] == [5]


def test_a_stage_with_a_day_that_nobody_knows_is_named_with_its_column() -> None:
    found = converted("Owner,Company,Stage,Date entered Own stage\nPriya,Acme,Demo,2026-03-01\n")
    assert [problem.line for problem in found.table.problems] == [2]
    assert "the column “Date entered Own stage” is of no stage" in found.table.problems[0].reason


def test_columns_that_are_missing_and_orders_that_contradict_are_said() -> None:
    with pytest.raises(FileProblem, match="No column is known to say the rep, the day"):
        file_of("Company,Colour\nAcme,red\n").must_be_complete()
    with pytest.raises(
        FileProblem, match="In line 3 the day comes before the month, and in line 2"
    ):
        file_of("Owner,Company,Date\na,b,1/13/2026\na,b,13/1/2026\n").inferred()


def test_the_notes_say_how_the_file_was_read() -> None:
    file = file_of("Owner,Company,Stage,Created,Age\nPriya,Acme,Demo,2026-03-01,3\n")
    assert list(notes_on(file, None, file.converted(PEOPLE, None)))[:3] == [
        "Read as deals: “Owner” as user, “Company” as company, “Stage” as stage, “Created” as created.",
        "Ignored columns: “Age”.",
        "Stages: “Demo” → 2nd.",
    ]
