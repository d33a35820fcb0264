"""Delivery under trouble: everybody gets their message once, and one person's trouble is nobody else's."""

from __future__ import annotations

import dataclasses
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.domain.tables import Member
from bot.sandbox.people import Person
from bot.sandbox.records import Message
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES
from tests.scenarios.conftest import World, text_of


def check_ins(person: Person) -> list[Message]:
    return [m for m in person.messages() if "how was your week" in text_of(m)]


async def pass_minutes(world: World, minutes: int) -> None:
    for _ in range(minutes):
        await world.move(minutes=1)


@pytest.mark.parametrize("fault", ["500", "lost", "429"])
async def test_a_failed_post_ends_in_exactly_one_message(world: World, fault: str) -> None:
    world.workspace.faults.next_call(fault, "chat.postMessage", retry_after=1)
    await world.monday()
    await pass_minutes(world, 5)
    assert len(check_ins(world.priya)) == 1


async def test_a_lost_answer_is_found_in_history_and_not_sent_again(world: World) -> None:
    world.workspace.faults.next_call("lost", "chat.postMessage")
    await world.monday()
    before = sum(call.method == "chat.postMessage" for call in world.workspace.calls)
    await pass_minutes(world, 5)
    after = sum(call.method == "chat.postMessage" for call in world.workspace.calls)
    assert after == before
    assert any(call.method == "conversations.history" for call in world.workspace.calls)
    assert world.check_in("U0PRIYA").state == "open"


async def test_a_press_on_a_message_whose_answer_was_lost_is_taken_and_redrawn(
    world: World,
) -> None:
    world.workspace.faults.next_call("lost", "chat.postMessage")
    await world.monday()
    (message,) = check_ins(world.priya)
    value = next(
        element["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == ANSWER_YES
    )
    await world.priya.press(message, action_id=ANSWER_NO, value=value)
    await world.quiet()
    (message,) = check_ins(world.priya)
    assert "0 of 20. *No.*" in text_of(message)


async def test_what_changed_before_a_lost_post_was_found_is_shown_afterwards(world: World) -> None:
    world.workspace.faults.next_call("lost", "chat.postMessage")
    await world.monday()
    await world.priya.command("/checkin")
    form = world.priya.modal
    assert form is not None
    field = next(b["block_id"] for b in form["blocks"] if b["type"] == "input")
    await world.priya.submit({field: "21"})
    assert "*Yes.*" not in text_of(check_ins(world.priya)[0])
    await pass_minutes(world, 5)
    assert "21 of 20. *Yes.*" in text_of(world.last(world.priya))


async def test_a_log_before_a_lost_post_was_found_is_shown_afterwards(world: World) -> None:
    world.workspace.faults.next_call("lost", "chat.postMessage")
    await world.monday()
    await world.priya.command("/log-conversation", "Acme last Friday")
    assert "0 of 20 logged" in text_of(check_ins(world.priya)[0])
    await pass_minutes(world, 5)
    (message,) = check_ins(world.priya)
    assert "1 of 20 logged" in text_of(message)


async def test_an_unreachable_rep_delays_nobody_and_is_not_counted_as_silent(world: World) -> None:
    world.workspace.deactivate("U0PRIYA")
    await world.monday()
    await world.move(hours=6)
    assert len(check_ins(world.sam)) == 1
    check_in = world.check_in("U0PRIYA")
    assert (check_in.state, check_in.skipped_because) == ("skipped", "unreachable")
    await world.move(days=2)
    alerts = [text_of(m) for m in world.dana.messages("C0COACH")]
    assert len(alerts) == 1
    assert "<@U0SAM>" in alerts[0]


async def test_a_bot_that_was_down_over_monday_morning_asks_once_when_it_is_back(
    world: World,
) -> None:
    due = world.due("U0PRIYA")
    await world.stop_bot()
    world.clock.move_to(due + timedelta(hours=3))
    await world.start_bot()
    await world.quiet()
    assert len(check_ins(world.priya)) == 1
    # The full window counts from the delivery: 32 hours, as from Monday 9:00 to Tuesday 17:00.
    assert world.check_in("U0PRIYA").deadline_at == due + timedelta(hours=35)


async def test_a_bot_that_was_back_too_late_at_night_asks_in_the_morning(world: World) -> None:
    due = world.due("U0PRIYA")
    await world.stop_bot()
    world.clock.move_to(due + timedelta(hours=14))
    await world.start_bot()
    await world.quiet()
    assert check_ins(world.priya) == []
    await world.move(hours=9)
    assert len(check_ins(world.priya)) == 1
    assert world.check_in("U0PRIYA").delivered_at == due + timedelta(hours=23)


async def test_after_nine_days_down_one_week_is_skipped_and_one_is_asked(world: World) -> None:
    due = world.due("U0PRIYA")
    await world.stop_bot()
    world.clock.move_to(due + timedelta(days=8))
    await world.start_bot()
    await world.quiet()
    assert len(check_ins(world.priya)) == 1
    home = await world.dana.open_home()
    await world.quiet()
    home = world.dana.home
    assert home is not None
    weeks = world.database.read_now(_weeks_of, "U0PRIYA")
    assert weeks == [("skipped", "not_sent"), ("open", None)]
    assert world.dana.messages("C0COACH") == []


def _weeks_of(session: object, slack_user_id: str) -> list[tuple[str, str | None]]:
    from sqlmodel import Session, col, select

    from bot.domain.tables import CheckIn

    assert isinstance(session, Session)
    return [
        (c.state, c.skipped_because)
        for c in session.exec(
            select(CheckIn)
            .join(Member, col(Member.id) == col(CheckIn.member_id))
            .where(Member.slack_user_id == slack_user_id)
            .order_by(col(CheckIn.week))
        )
    ]


async def test_an_update_that_fails_is_made_good(world: World) -> None:
    await world.monday()
    (message,) = check_ins(world.priya)
    world.workspace.faults.next_call("500", "chat.update", times=2)
    value = next(
        element["value"]
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == ANSWER_YES
    )
    await world.priya.press(message, action_id=ANSWER_NO, value=value)
    await world.quiet()
    await pass_minutes(world, 2)
    assert "*No.*" in text_of(check_ins(world.priya)[0])


async def test_nothing_the_bot_ever_posts_shouts_at_a_channel(world: World) -> None:
    await world.monday()
    await world.priya.command("/log-conversation", '"<!channel> & <@U0DANA> @everyone" 1st')
    await world.move(days=2)
    shouted = {ping for m in world.dana.messages("C0COACH") for ping in m.pings}
    assert shouted <= {"U0DANA", "U0PRIYA", "U0SAM"}
    for person in (world.priya, world.sam, world.dana):
        assert {p for m in person.messages() for p in m.pings} <= {"U0DANA", "U0MORGAN"}


async def test_a_copy_that_turned_up_late_is_deleted_and_the_noted_one_stays(world: World) -> None:
    """Slack showed the post only after the bot had looked twice: the worst that a lost answer can do."""
    world.workspace.faults.next_call("500", "chat.postMessage")
    await world.monday()
    await pass_minutes(world, 3)
    (message,) = check_ins(world.priya)
    late = dataclasses.replace(message, ts=world.workspace.next_ts())
    world.workspace.post(late)
    assert len(check_ins(world.priya)) == 2
    await pass_minutes(world, 6)
    assert world.bot is not None
    await world.bot.sender.remove_duplicates()
    assert [m.ts for m in check_ins(world.priya)] == [message.ts]


async def test_a_message_whose_blocks_slack_refuses_comes_as_plain_text_and_gets_its_blocks(
    world: World,
) -> None:
    for method in ("chat.postMessage", "chat.update"):
        world.workspace.faults.next_call("error", method, code="invalid_blocks")
    await world.monday()
    plain = world.last(world.priya)
    assert plain.blocks == []
    assert plain.text.startswith("Your check-in about 16–22 November: 3 questions to answer")
    await pass_minutes(world, 1)
    (whole,) = check_ins(world.priya)
    assert whole.ts == plain.ts
    assert any(block["type"] == "actions" for block in whole.blocks)


async def test_a_token_that_slack_no_longer_takes_stops_the_sender_and_is_remembered(
    world: World,
) -> None:
    world.workspace.uninstall()
    await world.monday()
    calls = len(world.workspace.calls)
    await pass_minutes(world, 10)
    assert len(world.workspace.calls) == calls
    world.workspace.install()
    await world.stop_bot()
    await world.start_bot()
    await pass_minutes(world, 90)
    assert len(check_ins(world.priya)) == 1


async def test_our_absence_over_the_deadline_is_nobodys_miss(world: World) -> None:
    await world.monday()
    deadline = world.check_in("U0PRIYA").deadline_at
    assert deadline is not None
    await world.move_to(deadline - timedelta(hours=1))
    await world.stop_bot()
    world.clock.move_to(deadline + timedelta(hours=3))
    await world.start_bot()
    await world.quiet()
    assert world.check_in("U0PRIYA").state == "open"
    assert world.check_in("U0PRIYA").deadline_at == deadline + timedelta(hours=5)
    assert world.dana.messages("C0COACH") == []
    await world.move(hours=2, seconds=1)
    assert world.check_in("U0PRIYA").state == "unanswered"


async def test_a_short_restart_over_the_deadline_moves_nothing(world: World) -> None:
    await world.monday()
    deadline = world.check_in("U0PRIYA").deadline_at
    assert deadline is not None
    await world.move_to(deadline - timedelta(minutes=5))
    await world.stop_bot()
    world.clock.move_to(deadline + timedelta(minutes=1))
    await world.start_bot()
    await world.quiet()
    assert world.check_in("U0PRIYA").state == "unanswered"


async def test_a_post_that_could_not_be_noted_is_found_and_not_repeated(world: World) -> None:
    """The database goes away between Slack's answer and the note of it."""
    broken: list[str] = []

    def fail_once(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("UPDATE outbox SET") and "ts=" in statement and not broken:
            broken.append(statement)
            raise OSError("the disk is gone")

    sa.event.listen(world.database.engine, "before_cursor_execute", fail_once)
    assert world.bot is not None
    world.clock.move_to(world.due("U0PRIYA"))
    await world.bot.settle()
    while not broken:
        await world.bot.sender.send_due()
    for _ in range(8):
        world.clock.move(60)
        await world.bot.sender.send_due()
    await world.quiet()
    assert len(check_ins(world.priya)) == 1
    assert world.check_in("U0PRIYA").state == "open"


async def test_a_coach_who_is_gone_hands_the_alert_to_the_second_coach(world: World) -> None:
    world.workspace.archive("C0COACH")
    world.workspace.deactivate("U0DANA")
    await world.monday()
    await world.move(hours=5)
    await world.move(days=2)
    alerts = [text_of(m) for m in world.morgan.messages() if "did not answer" in text_of(m)]
    assert len(alerts) == 2  # Priya's and Sam's
