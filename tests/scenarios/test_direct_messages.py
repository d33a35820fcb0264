"""A week by words in the direct messages: what is typed there is logged, recorded or answered, once."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import Session, func, select

from bot.domain.tables import Absence, DirectMessage
from bot.sandbox.people import Person
from bot.sandbox.records import Message
from tests.scenarios.conftest import World, text_of
from tests.scenarios.logged import count, initial


async def say(world: World, text: str, person: Person | None = None) -> Message:
    """Type the line and give the bot's answer, which stands below it."""
    person = person or world.priya
    outcome = await person.say(text)
    assert outcome.acked, outcome.error
    await world.quiet()
    return world.last(person)


async def test_a_line_is_logged_with_a_lasting_answer(world: World) -> None:
    answer = await say(world, "Acme 2nd asked")
    assert answer.ephemeral_to is None
    assert answer.from_bot
    assert text_of(answer).startswith(
        "Logged. 1 of 20 conversations this week.\n"
        "Acme: 2nd base, close: asked, no amount, Friday 20 November.\n"
        "Acme is on 2nd"
    )
    # Undo and Edit change this same message.
    await world.priya.press(answer, action_id="conversation.undo")
    await world.quiet()
    now = next(m for m in world.priya.messages() if m.ts == answer.ts)
    assert text_of(now).startswith("Undone.")
    assert count(world) == 0
    assert len(world.priya.messages()) == 3


async def test_edit_below_the_answer_changes_it(world: World) -> None:
    answer = await say(world, "Acme 2nd")
    await world.priya.press(answer, action_id="conversation.edit")
    await world.priya.submit({"base": "home", "amount": "$12,500"})
    await world.quiet()
    now = next(m for m in world.priya.messages() if m.ts == answer.ts)
    assert "Acme is won for $12,500" in text_of(now)
    assert count(world) == 1


async def test_a_question_in_the_direct_messages_is_answered_there(world: World) -> None:
    question = await say(world, "Initech 2")
    assert "Is the company “Initech” or “Initech 2”?" in text_of(question)
    assert count(world) == 0
    await world.priya.press(question, action_id="conversation.which.reading.0")
    await world.quiet()
    now = next(m for m in world.priya.messages() if m.ts == question.ts)
    assert "Initech: 2nd base" in text_of(now)
    assert count(world) == 1


async def test_what_goes_back_or_is_refused_opens_the_form(world: World) -> None:
    await say(world, "Acme 3rd")
    back = await say(world, "Acme 1st")
    assert "Acme stands on 3rd: why did it go back?" in text_of(back)
    await world.priya.press(back, action_id="conversation.fill")
    await world.priya.submit()
    await world.priya.submit({"back_reason": "No budget"})
    await world.quiet()
    now = next(m for m in world.priya.messages() if m.ts == back.ts)
    assert "back on 1st" in text_of(now)

    refusal = await say(world, "Globex 2nd bar")
    assert "I don't understand “bar”" in text_of(refusal)
    await world.priya.press(refusal, action_id="conversation.fill")
    assert initial(world.priya, "company") == "Globex"
    await world.priya.submit()
    await world.quiet()
    now = next(m for m in world.priya.messages() if m.ts == refusal.ts)
    assert "Globex: 2nd base" in text_of(now)
    assert count(world) == 3


async def test_days_off_are_recorded(world: World) -> None:
    answer = await say(world, "sick mon and wed")
    assert "You are marked as away Monday 23 November and Wednesday 25 November (sick)" in text_of(
        answer
    ).replace("*", "")
    assert world.database.read_now(absences) == 2
    assert "Nothing changed" in text_of(await say(world, "sick mon and wed"))
    assert world.database.read_now(absences) == 2


async def test_words_do_what_they_say(world: World) -> None:
    await say(world, "Acme 2nd")
    assert "This week" in text_of(await say(world, "list"))
    assert "Acme" in text_of(world.last(world.priya))
    assert "My deals" in text_of(await say(world, "deals"))
    assert "My plan" in text_of(await say(world, "Plan"))
    assert "sick today" in text_of(await say(world, "help"))
    assert text_of(await say(world, "undo")).startswith("Undone.")
    assert "nothing to undo" in text_of(await say(world, "undo"))
    assert "You are not marked as away today" in text_of(await say(world, "back"))
    assert count(world) == 0


@pytest.mark.parametrize(
    "text", ["how are you doing today my friend", "what is my target this week please", "ok", "👍"]
)
async def test_anything_else_gets_two_lines_and_buttons(world: World, text: str) -> None:
    answer = await say(world, text)
    assert "That reads neither as a conversation" in text_of(answer)
    assert "Log a conversation" in text_of(answer)
    assert count(world) == 0


async def test_a_new_name_alone_is_asked_about(world: World) -> None:
    question = await say(world, "Blue Sky")
    assert "Is “Blue Sky” a company that you talked to?" in text_of(question)
    await world.priya.press(question, action_id="conversation.which.reading.0")
    await world.quiet()
    assert count(world) == 1


async def test_somebody_without_a_team_is_told_whom_to_ask(world: World) -> None:
    assert "You are not in a sales team yet." in text_of(await say(world, "Acme 2nd", world.morgan))
    assert "sick today" in text_of(await say(world, "help", world.morgan))


async def test_a_repeated_delivery_is_answered_once(world: World) -> None:
    await say(world, "Acme 2nd")
    delivery = last_message(world)
    payload = delivery.payload
    for changes in ({}, {"event_id": "EvOTHER1"}):
        await world.workspace.dispatcher.deliver("events_api", {**payload, **changes})
        await world.quiet()
    assert count(world) == 1
    assert len(world.priya.messages()) == 3
    # A redelivery after a restart, too.
    await world.stop_bot()
    await world.start_bot()
    await world.workspace.dispatcher.deliver("events_api", payload)
    await world.quiet()
    assert len(world.priya.messages()) == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"bot_id": "B0OTHER"},
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "thread_broadcast"},
        {"subtype": "bot_message"},
        {"hidden": True},
        {"channel_type": "channel"},
        {"user_team": "T0OTHER"},
        {"text": ""},
        {"user": None},
    ],
)
async def test_nothing_but_what_a_person_writes_anew_is_answered(
    world: World, changes: dict[str, Any]
) -> None:
    await say(world, "Acme 2nd")
    payload = last_message(world).payload
    event = {**payload["event"], "client_msg_id": "other", "ts": "1.000001", **changes}
    forged = {**payload, "event_id": "EvFORGED", "event": event}
    delivery = await world.workspace.dispatcher.deliver("events_api", forged)
    await world.quiet()
    assert delivery.acked
    assert count(world) == 1
    assert len(world.priya.messages()) == 3


async def test_the_bots_own_messages_are_not_heard(world: World) -> None:
    await world.monday()
    assert world.database.read_now(rows) == 0


def rows(session: Session) -> int:
    return session.exec(select(func.count()).select_from(DirectMessage)).one()


def absences(session: Session) -> int:
    return session.exec(select(func.count()).select_from(Absence)).one()


def last_message(world: World) -> Any:
    """The newest delivery of a person's message."""
    return next(
        delivery
        for delivery in reversed(world.workspace.deliveries)
        if delivery.payload.get("event", {}).get("client_msg_id")
    )
