"""A Monday, through real Bolt, HTTP and WebSocket: asked, answered, missed, told to the coach."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.tables import Answer
from bot.slack.views.checkins.forms import FIELD
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, OPEN_FORM, SNOOZE
from tests.scenarios.answering import (
    CONVERSATIONS,
    SALES,
    answer_all,
    answer_ids,
    log_conversations,
)
from tests.scenarios.conftest import World, text_of


async def test_the_dm_asks_each_target_with_what_the_log_says(world: World) -> None:
    await log_conversations(world, 3)
    await world.monday()
    message = world.last(world.priya)
    words = text_of(message)
    assert "*Conversations:* 3 of 20 logged. Did you meet your conversation goal?" in words
    assert "*Base moves:* 0 of 9 logged." in words
    assert "*Sales:* $0 of $10,000 logged." in words
    assert "Closes Tuesday 24 November at 5:00" in words
    assert "<@U0DANA>" in words
    assert "a miss is shown in #coach-dana" in words
    assert len(answer_ids(message)) == 3


async def test_each_rep_is_asked_at_their_own_nine_oclock(world: World) -> None:
    await world.move_to(datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
    assert "how was your week" in text_of(world.last(world.priya))
    assert len(world.sam.messages()) == 1  # the welcome only
    await world.move_to(datetime(2026, 11, 23, 14, 0, tzinfo=UTC))
    assert "how was your week" in text_of(world.last(world.sam))


async def test_an_agreeing_press_is_recorded_at_once_with_its_number(world: World) -> None:
    await log_conversations(world, 3)
    await world.monday()
    message = world.last(world.priya)
    outcome = await world.priya.press(
        message, action_id=ANSWER_NO, value=answer_ids(message)[CONVERSATIONS]
    )
    assert outcome.acked
    assert world.priya.modal is None
    await world.quiet()
    assert ":x: *Conversations:* 3 of 20. *No.*" in text_of(world.last(world.priya))
    assert len(answer_ids(world.last(world.priya))) == 2


async def test_a_contradicting_press_asks_for_the_number_and_the_number_decides(
    world: World,
) -> None:
    await log_conversations(world, 3)
    await world.monday()
    message = world.last(world.priya)
    answer = answer_ids(message)[CONVERSATIONS]
    await world.priya.press(message, action_id=ANSWER_YES, value=answer)
    assert world.priya.modal is not None
    assert "You pressed *Yes*, and the log says 3 of 20." in text_of(world.priya.modal)
    await world.priya.submit({f"{FIELD}{answer}": "17"})
    assert world.priya.modal is None
    await world.quiet()
    words = text_of(world.last(world.priya))
    assert "17 is below 20, so this is a No." in words
    assert "The log says 3." in words


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("lots", "number"),
        ("-3", "below zero"),
        ("1000000000000", "too large"),
        ("2.5", "whole"),
    ],
)
async def test_a_number_that_is_none_is_said_under_the_input_and_stays_typed(
    world: World, typed: str, sentence: str
) -> None:
    await world.monday()
    message = world.last(world.priya)
    answer = answer_ids(message)[CONVERSATIONS]
    await world.priya.press(message, action_id=ANSWER_YES, value=answer)
    await world.priya.submit({f"{FIELD}{answer}": typed})
    assert sentence in world.priya.errors[f"{FIELD}{answer}"]
    await world.quiet()
    assert len(answer_ids(world.last(world.priya))) == 3
    await world.priya.submit({f"{FIELD}{answer}": "21"})
    await world.quiet()
    assert "21 of 20. *Yes.*" in text_of(world.last(world.priya))


async def test_a_number_with_two_readings_says_which_was_taken(world: World) -> None:
    await world.monday()
    message = world.last(world.priya)
    answer = answer_ids(message)[SALES]
    await world.priya.press(message, action_id=ANSWER_YES, value=answer)
    await world.priya.submit({f"{FIELD}{answer}": "12.500"})
    await world.quiet()
    words = text_of(world.last(world.priya))
    assert "$12,500 of $10,000. *Yes.*" in words
    assert "I read “12.500” as 12,500" in words


async def test_a_week_with_everything_met_is_praised_and_raises_no_alert(world: World) -> None:
    await world.monday()
    await answer_all(world, "20", "9", "$10k")
    words = text_of(world.last(world.priya))
    assert "You met every goal" in words
    assert "The next check-in comes Monday 30 November at 9:00" in words
    assert world.dana.messages("C0COACH") == []


async def test_silence_is_told_at_the_deadline_and_is_never_a_no(world: World) -> None:
    await world.monday()
    deadline = world.check_in("U0PRIYA").deadline_at
    assert deadline == datetime(2026, 11, 24, 17, 0, tzinfo=UTC)
    await world.move_to(deadline - timedelta(seconds=1))
    assert world.dana.messages("C0COACH") == []
    await world.move_to(deadline + timedelta(seconds=1))
    (alert,) = world.dana.messages("C0COACH")
    words = text_of(alert)
    assert "<@U0PRIYA> *did not answer*" in words
    assert ":white_circle: *Conversations:* no answer; 0 of 20 logged" in words
    assert ":x:" not in words


async def test_a_late_answer_is_taken_marked_and_shown_in_the_same_alert(world: World) -> None:
    await world.monday()
    deadline = world.check_in("U0PRIYA").deadline_at
    assert deadline is not None
    await world.move_to(deadline + timedelta(hours=1))
    await answer_all(world, "20", "9", "10k")
    (alert,) = world.dana.messages("C0COACH")
    assert "has since answered, and *met every goal*" in text_of(alert)
    assert "Answered late." in text_of(world.check_in_message())


async def test_a_modal_sent_after_the_deadline_says_so_first_and_keeps_what_was_typed(
    world: World,
) -> None:
    await world.monday()
    await world.priya.command("/checkin")
    modal = world.priya.modal
    assert modal is not None
    fields = [b["block_id"] for b in modal["blocks"] if b["type"] == "input"]
    deadline = world.check_in("U0PRIYA").deadline_at
    assert deadline is not None
    await world.move_to(deadline + timedelta(minutes=1))
    await world.priya.submit(dict(zip(fields, ("20", "9", "10k"), strict=True)))
    assert world.priya.modal is not None
    assert "Send it once more and it is taken as late." in text_of(world.priya.modal)
    assert world.check_in("U0PRIYA").state == "unanswered"
    await world.priya.submit()
    assert world.priya.modal is None
    check_in = world.check_in("U0PRIYA")
    assert (check_in.state, check_in.late) == ("answered", True)


async def test_the_form_shown_once_more_is_of_the_same_week_though_the_next_check_in_came(
    world: World,
) -> None:
    await world.monday()
    opened = world.check_in("U0PRIYA")
    conversations = int(answer_ids(world.check_in_message())[CONVERSATIONS])
    await world.priya.command("/checkin")
    await world.move(days=7)
    assert world.check_in("U0PRIYA").week > opened.week
    await world.priya.submit({f"{FIELD}{conversations}": "21"})
    modal = world.priya.modal
    assert modal is not None
    words = text_of(modal)
    assert "Your week 16–22 November" in words
    assert "This check-in closed Tuesday 24 November at 5:00" in words
    await world.priya.submit()
    assert world.priya.modal is None
    assert world.database.read_now(lambda s: s.get_one(Answer, conversations).number) == 21


async def test_a_form_opened_after_the_deadline_says_so_and_is_taken_at_once(world: World) -> None:
    await world.monday()
    conversations = answer_ids(world.check_in_message())[CONVERSATIONS]
    await answer_all(world, "17", "9", "12,500")
    await world.move(days=2)
    await world.priya.command("/checkin")
    modal = world.priya.modal
    assert modal is not None
    assert "It has closed; changes are taken and marked late." in text_of(modal)
    await world.priya.submit({f"{FIELD}{conversations}": "21"})
    assert world.priya.modal is None
    assert world.check_in("U0PRIYA").late


async def test_reminders_come_twice_at_most_and_not_to_those_who_answered(world: World) -> None:
    await world.monday()
    for _ in range(32):
        await world.move(minutes=59)
    reminders = [m for m in world.priya.messages() if "still has" in text_of(m)]
    assert len(reminders) == 2
    outcome = await world.priya.press(reminders[-1], action_id=OPEN_FORM)
    assert outcome.acked
    modal = world.priya.modal
    assert modal is not None
    fields = [b["block_id"] for b in modal["blocks"] if b["type"] == "input"]
    await world.priya.submit(dict(zip(fields, ("20", "9", "10k"), strict=True)))
    await world.quiet()
    assert not [m for m in world.priya.messages() if "still has" in text_of(m)]


async def test_a_snooze_moves_the_next_reminder(world: World) -> None:
    await world.monday()
    message = world.check_in_message()
    outcome = await world.priya.select(message, action_id=SNOOZE, value="1h")
    await world.quiet()
    assert outcome.acked
    assert "I'll remind you Monday 10:00" in text_of(world.last(world.priya))
    await world.move(minutes=61)
    assert len([m for m in world.priya.messages() if "still has" in text_of(m)]) == 1


async def test_what_is_pressed_on_somebody_elses_check_in_is_refused(world: World) -> None:
    await world.monday()
    message = world.last(world.priya)
    answer = answer_ids(message)[0]
    await world.sam.forge_press(ANSWER_NO, answer, channel=world.sam.dm)
    await world.quiet()
    assert "belongs to somebody else" in text_of(world.last(world.sam))
    await world.quiet()
    assert len(answer_ids(world.last(world.priya))) == 3


async def test_pressing_twice_is_recorded_once(world: World) -> None:
    await world.monday()
    message = world.last(world.priya)
    answer = answer_ids(message)[0]
    await world.priya.press(message, action_id=ANSWER_NO, value=answer)
    outcome = await world.priya.forge_press(
        ANSWER_NO, answer, channel=world.priya.dm, message_ts=message.ts
    )
    assert outcome.acked
    await world.quiet()
    assert world.edits(int(answer)) == 1


def updates(world: World) -> int:
    return sum(call.method == "chat.update" for call in world.workspace.calls)


async def test_a_press_is_redrawn_through_its_response_url_and_costs_no_update(
    world: World,
) -> None:
    await world.monday()
    message = world.last(world.priya)
    before = updates(world)
    await world.priya.press(message, action_id=ANSWER_NO, value=answer_ids(message)[0])
    await world.quiet()
    assert "*No.*" in text_of(world.check_in_message())
    await world.move(seconds=10)
    assert updates(world) == before


async def test_where_the_response_url_has_expired_the_sender_redraws(world: World) -> None:
    await world.monday()
    message = world.last(world.priya)
    answer = answer_ids(message)[CONVERSATIONS]
    await world.priya.press(message, action_id=ANSWER_YES, value=answer)
    await world.move(minutes=31)
    await world.priya.submit({f"{FIELD}{answer}": "21"})
    await world.quiet()
    await world.move(seconds=10)
    assert "21 of 20. *Yes.*" in text_of(world.check_in_message())


async def test_presses_at_once_end_in_what_the_database_holds(world: World) -> None:
    await world.monday()
    message = world.last(world.priya)
    await asyncio.gather(
        *(
            world.priya.press(message, action_id=ANSWER_NO, value=answer)
            for answer in answer_ids(message)
        )
    )
    await world.quiet()
    await world.move(seconds=10)
    words = text_of(world.check_in_message())
    assert words.count("*No.*") == 3
    assert answer_ids(world.check_in_message()) == []
