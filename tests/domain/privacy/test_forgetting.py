"""Rows are removed with what belongs to them, and a message whose post is in doubt is looked for everywhere."""

from __future__ import annotations

from datetime import timedelta

from bot.database import columns
from bot.domain.outbox import outbox, sending
from bot.domain.privacy import forgetting
from bot.domain.privacy.forgetting import Count
from bot.domain.tables import (
    Alert,
    Answer,
    AnswerEdit,
    CheckIn,
    Member,
    OutboxItem,
    Plan,
    Reminder,
    SentFile,
)
from tests.domain.mondays import MONDAY, WEEK
from tests.domain.privacy.desk import PrivacyDesk

LATER = MONDAY + timedelta(minutes=30)


def orders(desk: PrivacyDesk) -> list[tuple[str | None, bool]]:
    """The place of each order to delete a message, and whether its `ts` is known."""
    found = desk.rows(OutboxItem, surface=outbox.ERASED_MESSAGE)
    return sorted((one.channel, one.ts is not None) for one in found)


def test_a_week_goes_with_what_belongs_to_it(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    gone = desk.check_in("U1")
    (item,) = desk.rows(OutboxItem, surface=outbox.CHECK_IN, subject_id=gone.id)
    chosen = columns(CheckIn).id == gone.id
    counts = desk.database.read_now(forgetting.count, CheckIn, chosen)
    assert {count.name for count in counts} == {"answer_edit", "answer", "reminder", "check_in"}
    assert counts[-1] == Count("check_in", counts[-1].what, 1)
    assert desk.write(forgetting.forget, CheckIn, chosen, now=LATER) == 1
    assert desk.rows(CheckIn, id=gone.id) == desk.rows(Answer, check_in_id=gone.id) == []
    assert desk.rows(Reminder, check_in_id=gone.id) == []
    assert orders(desk) == [(item.channel, True)]
    assert len(desk.rows(Alert)) == 1
    assert desk.rows(AnswerEdit, given_by=desk.member("U2").id)


def test_a_plan_goes_from_under_the_version_that_rests_on_it(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    later = next(plan for plan in desk.rows(Plan) if plan.based_on is not None)
    desk.write(forgetting.forget, Plan, columns(Plan).id == later.based_on, now=LATER)
    (kept,) = desk.rows(Plan, id=later.id)
    assert kept.based_on is None


def test_what_was_never_sent_needs_no_order(desk: PrivacyDesk) -> None:
    desk.beat(MONDAY)
    mine = columns(CheckIn).member_id == desk.member("U1").id
    assert desk.write(forgetting.forget, CheckIn, mine, now=LATER) == 0
    assert orders(desk) == []


def test_a_post_in_the_air_is_kept_until_its_sender_reports(desk: PrivacyDesk) -> None:
    desk.beat(MONDAY)
    gone = desk.check_in("U1")
    claimed = next(
        one for one in desk.claim(MONDAY) if one.subject_id == gone.id and one.surface == "check_in"
    )
    mine = columns(CheckIn).id == gone.id
    assert desk.write(forgetting.forget, CheckIn, mine, now=LATER) == 1
    assert orders(desk) == [("U1", False)]
    report = sending.Report(claimed, "slow", LATER, channel="DU1", ts="1.0")
    assert desk.write(sending.mark_shown, [report]) == [True]
    assert orders(desk) == [("DU1", True)]
    (item,) = desk.rows(OutboxItem, surface=outbox.ERASED_MESSAGE)
    assert item.due_at == LATER


def test_an_alert_of_unknown_outcome_is_looked_for_wherever_coaches_are(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    alert = desk.rows(Alert)[0]
    (item,) = desk.rows(OutboxItem, surface=outbox.ALERT, subject_id=alert.id)
    desk.change(item, lane="post", ts=None, channel=None, unknown_since=MONDAY, due_at=LATER)
    desk.write(forgetting.forget, CheckIn, columns(CheckIn).id == alert.check_in_id, now=LATER)
    places = {place for place, _ in orders(desk)}
    assert {"CHarbor"} < places
    assert len(places) == 3


def test_a_message_that_may_have_a_second_copy_is_looked_for_too(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    gone = desk.check_in("U1")
    (item,) = desk.rows(OutboxItem, surface=outbox.CHECK_IN, subject_id=gone.id)
    desk.change(item, duplicate_check_at=LATER)
    desk.write(forgetting.forget, CheckIn, columns(CheckIn).id == gone.id, now=LATER)
    assert orders(desk) == [(item.channel, False), (item.channel, True)]


def test_a_file_that_is_on_its_way_is_deleted_once_it_can_be_there(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    mine = columns(Member).id == desk.member("U1").id
    condition = columns(SentFile).member_id == desk.member("U1").id
    desk.write(forgetting.forget, SentFile, condition, now=MONDAY)
    (order,) = desk.rows(OutboxItem, surface=outbox.ERASED_FILE)
    assert (order.channel, order.due_at) == ("F1", MONDAY + forgetting.MAY_COME)
    assert desk.rows(SentFile) == []
    assert desk.database.read_now(forgetting.count, Member, mine)


def test_messages_are_found_by_whom_they_belong_to(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    mine = columns(Member).id == desk.member("U2").id
    found = desk.database.read_now(forgetting.messages, Member, mine)
    assert outbox.ALERT not in {item.surface for item in found}
    assert {item.channel for item in found if item.surface == outbox.CHECK_IN} == {"DU2"}
    assert desk.check_in("U2").week == WEEK
