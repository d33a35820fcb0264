"""A person is deleted in the middle of a Monday: nothing of theirs is left, and nothing of others' is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from bot.domain.homes import homes
from bot.domain.outbox import outbox
from bot.domain.people.members import Profile, apply_profile
from bot.domain.plans import measures
from bot.domain.privacy import erasure
from bot.domain.privacy.registry import OF_PEOPLE
from bot.domain.refusals import Refusal
from bot.domain.shown.deleted import DELETED_ID, DELETED_NAME
from bot.domain.tables import (
    Alert,
    AuditEntry,
    CheckIn,
    Conversation,
    Member,
    OutboxItem,
    Plan,
    PlanRatio,
    Target,
    Withdrawal,
)
from tests.domain.mondays import MONDAY, at
from tests.domain.privacy.desk import MARK, PrivacyDesk

LATER = MONDAY + timedelta(minutes=30)


def erase(desk: PrivacyDesk, user: str = "U1") -> erasure.Erasure:
    return desk.write(erasure.erase, slack_user_id=user, now=LATER)


def refusal(desk: PrivacyDesk, user: str) -> str:
    with pytest.raises(Refusal) as refused:
        erase(desk, user)
    return refused.value.sentence


def test_the_rep_has_something_in_every_table(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    preview = desk.database.read_now(erasure.preview, slack_user_id="U1")
    counted = {count.name: count.rows for count in preview.removed}
    missing = {held.name for held in OF_PEOPLE} - set(counted)
    assert missing <= {
        "goal_pair",
        "notice",
        "advice",
        "agreement",
        "conversation_edit",
        "company_name",
        "answer_correction",
        "direct_message",
    }
    assert counted["check_in"] == 2
    assert preview.messages > 5
    assert len(desk.found(MARK)) > 8


def test_nothing_of_the_rep_is_left_anywhere(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    member = desk.member("U1")
    assert desk.messages[member.dm_channel or "", first_ts(desk, member)].surface == outbox.WELCOME
    erase(desk)
    desk.deliver(LATER)
    assert desk.found(MARK) == []
    assert desk.found("U1") == []
    assert [one.where for one in desk.messages.values() if one.where == member.dm_channel] == []
    assert desk.rows(OutboxItem, surface=outbox.ERASED_MESSAGE) == []
    assert desk.homes["U1"] == {"blocks": []}
    assert desk.deleted_files == ["F1"]
    assert "U1" not in desk.home("UC")


def first_ts(desk: PrivacyDesk, member: Member) -> str:
    return min(ts for where, ts in desk.messages if where == member.dm_channel)


def test_the_preview_says_what_is_done_and_does_nothing(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    preview = desk.database.read_now(erasure.preview, slack_user_id="U1")
    assert desk.database.read_now(erasure.preview, slack_user_id="U1") == preview
    went = erase(desk)
    assert went.removed == preview.removed
    assert went.anonymised == preview.anonymised
    # One Home and one file are no messages that stand somewhere.
    assert went.messages == preview.messages + 1


def test_others_keep_everything(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    sam = desk.member("U2")

    def of_sam(session: Session) -> Any:
        team = desk.team()
        today = MONDAY.date()
        return (
            homes.show(session, member_id=sam.id, now=LATER),
            measures.measure(
                session, member=session.get_one(Member, sam.id), team=team, today=today
            ),
            session.exec(select(Conversation.amount).where(Conversation.member_id == sam.id)).all(),
            session.exec(select(Target.amount).where(Target.member_id == sam.id)).all(),
        )

    before = desk.database.read_now(of_sam)
    erase(desk)
    desk.deliver(LATER)
    assert desk.database.read_now(of_sam) == before
    assert len(desk.standing(outbox.CHECK_IN, "DU2")) == 1
    desk.press("U2", 1, "yes", LATER)
    assert desk.answers("U2")[1].verdict == "yes"


def test_the_audit_log_says_that_somebody_left_and_not_who(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    erase(desk)
    entry = desk.rows(AuditEntry)[-1]
    nobody = desk.member(DELETED_ID)
    assert (entry.what, entry.whom_id, entry.by_id) == ("rep_left", nobody.id, None)
    assert nobody.name == DELETED_NAME
    assert all(one.whom_id != 0 for one in desk.rows(AuditEntry))


@pytest.mark.parametrize(("user", "name"), [("UC", "Dana"), ("UD", "Drew")])
def test_whoever_coaches_a_team_is_replaced_first(desk: PrivacyDesk, user: str, name: str) -> None:
    sentence = refusal(desk, user)
    assert sentence.startswith(f"{name} coaches Harbor: have an admin choose another coach")
    with pytest.raises(Refusal, match="coaches Harbor"):
        desk.database.read_now(erasure.preview, slack_user_id=user)
    assert desk.member(user).name == name


def test_a_coach_of_before_is_named_nowhere_and_their_words_stay_with_the_rep(
    desk: PrivacyDesk,
) -> None:
    desk.half_a_monday()
    for number, plan in enumerate(desk.rows(Plan)):
        desk.change(
            plan, request_key=f"k{number}"
        )  # the desk's own keys have the coach's id in them
    alert = desk.rows(Alert)[0]
    desk.change(alert, done_by=desk.member("UC").id, done_at=MONDAY, note="Call first thing")
    targets = [target.amount for target in desk.rows(Target)]
    desk.change(desk.rows(Target)[0], set_by=desk.member("UC").id)
    desk.change_team(LATER - timedelta(minutes=5), coach="UN")
    desk.deliver(LATER - timedelta(minutes=4))
    assert "audit.before" in desk.found("UC")
    erase(desk, "UC")
    desk.deliver(LATER)
    assert desk.found("UC") == []
    assert desk.found("Dana") == []
    nobody = desk.member(DELETED_ID)
    alert = desk.rows(Alert)[0]
    assert (alert.done_by, alert.note) == (nobody.id, "Call first thing")
    assert desk.rows(Target)[0].set_by == nobody.id
    assert [target.amount for target in desk.rows(Target)] == targets
    assert any(DELETED_NAME in line for line in [*desk.told("U2"), *desk.told("UD")])
    (message,) = desk.standing(outbox.ALERT)
    assert DELETED_NAME in message.text


def test_somebody_who_was_deleted_starts_as_a_new_person(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    old = desk.member("U1").id
    erase(desk)
    desk.deliver(LATER)
    again = at(24, 9)
    new = desk.write(
        apply_profile,
        workspace_id=desk.workspace_id,
        profile=Profile("U1", "Priya", "Europe/London"),
        now=again,
    )
    desk.write(desk.enrol, "U1", "Harbor", now=again)
    assert new != old
    assert desk.rows(CheckIn, member_id=new) == []
    assert desk.rows(Target, member_id=new) == []
    desk.deliver(again)
    assert [one.surface for one in desk.messages.values() if one.where == "DU1"] == [outbox.WELCOME]
    desk.ask(at(30, 9))
    assert desk.rows(CheckIn, member_id=new)[0].week == at(23, 0).date()


def test_the_second_who_is_deleted_is_the_same_nobody(desk: PrivacyDesk) -> None:
    erase(desk, "U1")
    erase(desk, "U2")
    assert len(desk.rows(Member, slack_user_id=DELETED_ID)) == 1
    assert desk.rows(Plan) == desk.rows(PlanRatio) == desk.rows(Withdrawal) == []


@pytest.mark.parametrize("user", ["U9", DELETED_ID, ""])
def test_nobody_else_is_found(desk: PrivacyDesk, user: str) -> None:
    erase(desk, "U2")
    assert refusal(desk, user).startswith("Nothing is stored about")


def test_sqlite_keeps_no_trace_in_its_file(desk: PrivacyDesk) -> None:
    if not desk.database.is_sqlite:
        pytest.skip("PostgreSQL reuses the space of deleted rows by itself")
    desk.half_a_monday()
    erase(desk)
    desk.deliver(LATER)
    with desk.database.engine.connect() as connection:
        connection.rollback()
    desk.database.close()
    path = desk.database.url.database or ""
    with open(path, "rb") as file:
        assert MARK.encode() not in file.read()
