"""A record holds everything that is stored about its person; a team's weeks hold what their reader may see."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlmodel import Session

from bot.database import table
from bot.domain.privacy import erasure, export
from bot.domain.privacy.belonging import parent_of
from bot.domain.privacy.export import Record, Weeks
from bot.domain.privacy.registry import OF_PEOPLE
from bot.domain.refusals import Refusal
from bot.domain.tables import Answer, CheckIn
from tests.counting import counted
from tests.domain.mondays import MONDAY, at
from tests.domain.privacy.desk import MARK, TYPED, PrivacyDesk


def own(desk: PrivacyDesk, user: str = "U1") -> Record:
    return desk.database.read_now(export.own_record, caller=desk.caller(user))


def weeks(desk: PrivacyDesk, user: str, team: str = "") -> Weeks:
    return desk.database.read_now(export.coached_weeks, caller=desk.caller(user), team=team)


def rows_of(record: Record) -> dict[str, list[dict[str, Any]]]:
    return {sheet.name: sheet.as_objects() for sheet in record.sheets}


def refusal(desk: PrivacyDesk, user: str, team: str = "") -> str:
    with pytest.raises(Refusal) as refused:
        weeks(desk, user, team)
    return refused.value.sentence


def test_a_rep_has_every_text_of_theirs_in_it(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    found = rows_of(own(desk))
    hidden = {held.name: held.hidden for held in OF_PEOPLE}
    for model, names in TYPED:
        table = model.__tablename__
        for name in set(names) - hidden[str(table)]:
            assert any(row[name] == MARK for row in found[str(table)]), f"{table}.{name}"
    assert found["member"][0]["slack_user_id"] == "U1"
    assert found["absence"][0]["kind"] == "vacation"


def test_what_a_row_refers_to_is_named_in_words(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    found = rows_of(own(desk))
    assert found["enrolment"][0]["team"] == "Harbor"
    assert found["conversation"][0]["opportunity"] == MARK
    assert found["answer"][-1]["check_in"] == "2026-11-16"
    assert found["answer_edit"][0]["answer"] == "2026-11-16 Conversations"
    assert found["answer_edit"][0]["given_by"] == f"{MARK} Nair"
    assert found["alert"][0]["taken_by"] == "Dana"
    assert {row["plan"] for row in found["goal"]} == {"1", "2", "3"}


def test_it_has_nothing_of_anybody_else(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    others = json.dumps(rows_of(own(desk, "U2")))
    assert MARK not in others
    assert '"U1"' not in others
    (check_in,) = desk.rows(CheckIn, member_id=desk.member("U2").id)
    theirs = rows_of(own(desk, "U2"))["answer"]
    assert len(theirs) == len(desk.rows(Answer, check_in_id=check_in.id)) < len(desk.rows(Answer))


def test_the_files_are_one_of_json_and_one_of_csv_for_each_table(desk: PrivacyDesk) -> None:
    record = own(desk)
    files = record.files(now=MONDAY)
    assert [file.name for file in files] == [
        "record.json",
        "member.csv",
        "enrolment.csv",
        "target.csv",
    ]
    whole = json.loads(files[0].content)
    assert (whole["name"], whole["exported_at"]) == ("Priya", "2026-11-23T09:00:00+00:00")


def test_the_statements_do_not_grow_with_the_history(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    with counted(desk.database) as few:
        own(desk)
    for week in range(1, 5):
        desk.log("U1", moves=(1, 1), week=at(-week * 7, 0).date())
    with counted(desk.database) as many:
        own(desk)
    assert len(many) == len(few)


def test_somebody_who_is_not_stored_is_told_so(desk: PrivacyDesk) -> None:
    with pytest.raises(Refusal, match="not in a sales team"):
        own(desk, "U9")


def test_a_coach_gets_the_weeks_of_the_reps_of_today(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    found = weeks(desk, "UC")
    sheet = found.sheet
    assert sheet.columns[:6] == ("Team", "Rep", "Week", "Question", "Unit", "Target")
    people = {(row[0], row[1]) for row in sheet.rows}
    assert people == {("Harbor", f"{MARK} Nair"), ("Harbor", "Sam")}
    assert found.about == {desk.member("U1").id, desk.member("U2").id}
    answers = [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
    assert "yes" in {row["Answer"] for row in answers if row["Rep"] == "Sam"}
    assert weeks(desk, "UD").sheet == sheet


def test_a_coach_who_was_replaced_gets_nothing(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    desk.change_team(MONDAY, coach="UN", second_coach=None)
    assert refusal(desk, "UC").startswith("You coach no team")
    assert {row[0] for row in weeks(desk, "UN").sheet.rows} == {"Harbor", "Quay"}
    assert {row[0] for row in weeks(desk, "UN", "  harbor ").sheet.rows} == {"Harbor"}


def test_an_admin_gets_what_was_asked_and_no_answers(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    found = weeks(desk, "UA")
    assert found.sheet.columns == ("Team", "Rep", "Week", "Question", "Unit", "Target")
    assert {row[0] for row in found.sheet.rows} == {"Harbor", "Quay"}
    assert not found.has_answers


def test_an_admin_who_coaches_sees_answers_of_their_own_team_only(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    desk.change(desk.team("Quay"), coach_id=desk.member("UA").id)
    desk.press("U3", 0, "no", MONDAY)
    sheet = weeks(desk, "UA").sheet
    answered = {row[0] for row in sheet.rows if any(cell is not None for cell in row[6:])}
    assert answered == {"Quay"}
    assert {row[0] for row in sheet.rows} == {"Harbor", "Quay"}


def test_a_rep_and_an_unknown_team_are_refused(desk: PrivacyDesk) -> None:
    assert refusal(desk, "UC") == (
        "Nobody there was asked about a week yet, so there is nothing to export."
    )
    assert refusal(desk, "U1").startswith("You coach no team")
    assert refusal(desk, "UC", "Quay").startswith("None of your teams has this name")


def test_an_operator_names_a_team_by_its_name_or_id(desk: PrivacyDesk) -> None:
    team = desk.team("Quay")

    def named(session: Session, name: str) -> int:
        return export.team_named(session, name).id

    assert desk.database.read_now(named, " quay") == team.id
    assert desk.database.read_now(named, str(team.id)) == team.id
    with pytest.raises(Refusal, match="There is no team “Pier”"):
        desk.database.read_now(named, "Pier")

    def reps(session: Session) -> list[str]:
        return [
            one.slack_user_id for one in export.reps_of(session, export.team_named(session, "Quay"))
        ]

    assert desk.database.read_now(reps) == ["U3"]


def test_after_a_deletion_the_weeks_are_without_the_rep(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    desk.write(erasure.erase, slack_user_id="U1", now=MONDAY)
    assert {row[1] for row in weeks(desk, "UC").sheet.rows} == {"Sam"}


def test_whatever_a_row_may_refer_to_has_a_name() -> None:
    shown = [
        column
        for held in OF_PEOPLE
        for column in table(held.model).columns
        if column.foreign_keys and column.name not in held.hidden
    ]
    assert {parent_of(column) for column in shown} <= set(export._NAMED)
