"""Logging through real Bolt and the sandbox: commands, the form, Undo, Edit, near misses, bad input."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from tests.scenarios.conftest import World, text_of
from tests.scenarios.logged import count, initial, log, newest

BARE: dict[str, Any] = {"blocks": []}
A_DRAFT = {
    "key": "1.2.three",
    "company": "Acme",
    "on": "2026-11-19",
    "base": 2,
    "close": None,
    "outcome": "open",
    "amount": None,
    "notes": [],
}
"""What the button of a near miss carries."""


async def test_a_command_logs_at_once_and_answers_its_rep_only(world: World) -> None:
    answer = await log(world, "Acme 2nd")
    assert answer.ephemeral_to == "U0PRIYA"
    assert text_of(answer).startswith(
        "Logged. 1 of 20 conversations this week.\n"
        "Acme: 2nd base, close not said, no amount, Friday 20 November.\n"
        "Acme is on 2nd: 2 base moves, 2 of 9 this week."
    )
    answer = await log(world, "acme home 12k asked")
    assert "Acme is won for $12,000: 2 base moves, 4 of 9 this week." in text_of(answer)
    assert "Sales: $12,000 of $10,000 this week." in text_of(answer)


async def test_undo_puts_its_words_in_the_place_of_the_answer(world: World) -> None:
    await log(world, "Northwind")
    answer = await log(world, "Acme 2nd")
    seen = len(world.priya.messages())
    await world.priya.press(answer, action_id="conversation.undo")
    await world.workspace.until(lambda: "Undone" in text_of(world.last(world.priya)))
    assert text_of(world.last(world.priya)).startswith(
        "Undone. 1 of 20 conversations this week.\nAcme: 2nd base"
    )
    assert len(world.priya.messages()) == seen
    # Pressed twice, by a second tap that was under way.
    conversation_id = str(newest(world))
    again = await world.priya.forge_press(
        "conversation.undo", conversation_id, message_ts=answer.ts
    )
    assert again.acked
    assert count(world) == 1


async def test_after_ten_minutes_undo_says_what_to_do(world: World) -> None:
    answer = await log(world, "Acme 2nd")
    await world.move(minutes=11)
    await world.priya.press(answer, action_id="conversation.undo")
    await world.workspace.until(lambda: "10 minutes" in text_of(world.last(world.priya)))
    assert "press Edit to put this one right, or to remove it" in text_of(world.last(world.priya))
    assert count(world) == 1


async def test_edit_opens_the_form_and_its_answer_replaces_the_first(world: World) -> None:
    answer = await log(world, "Acme 2nd")
    await world.priya.press(answer, action_id="conversation.edit")
    assert initial(world.priya, "company") == "Acme"
    assert initial(world.priya, "base") == "2nd"
    await world.priya.submit({"base": "home", "amount": "$12 500"})
    assert world.priya.modal is None
    await world.workspace.until(lambda: "Saved" in text_of(world.last(world.priya)))
    assert "Acme is won for $12,500: 4 base moves" in text_of(world.last(world.priya))
    assert count(world) == 1


async def test_the_command_alone_opens_a_form_for_today(world: World) -> None:
    await world.priya.command("/log-conversation")
    assert initial(world.priya, "held_on") == world.clock.now().date().isoformat()
    await world.priya.submit({"company": "Blue Sky Ltd", "base": "1st", "close": "asked"})
    assert world.priya.modal is None
    await world.workspace.until(lambda: "Logged" in text_of(world.last(world.priya)))
    assert text_of(world.last(world.priya)).startswith("Logged. 1 of 20 conversations this week.")


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"company": "🎉🎉"}, "company", "a letter or a digit"),
        ({"company": "x" * 500}, "company", "at most 80 characters"),
        ({"company": "<!channel>"}, "company", "A mention is not a company"),
        ({"held_on": "2026-12-24"}, "held_on", "still to come"),
        ({"held_on": "2026-10-01"}, "held_on", "closed"),
        ({"amount": "many", "base": "home"}, "amount", "is not a number"),
        ({"amount": "12k"}, "amount", "goes with home"),
        ({"base": "home", "outcome": "lost"}, "base", "Home means that it was won"),
    ],
)
async def test_the_form_says_what_is_wrong_under_the_input(
    world: World, values: dict[str, Any], field: str, words: str
) -> None:
    await world.priya.command("/log-conversation")
    await world.priya.submit({"company": "Acme", **values})
    assert words in world.priya.errors[field]
    assert count(world) == 0


async def test_a_form_answered_long_after_it_was_opened_answers_in_its_place(world: World) -> None:
    await world.priya.command("/log-conversation")
    await world.move(minutes=45)
    await world.priya.submit({"company": "Acme"})
    assert world.priya.modal is not None
    assert "Logged. 1 of 20 conversations this week." in text_of(world.priya.modal)
    await world.priya.press(world.priya.modal, action_id="conversation.undo")
    await world.workspace.until(lambda: "Undone" in text_of(world.priya.modal or {"blocks": []}))
    assert count(world) == 0


async def test_going_back_opens_the_form_and_asks_why(world: World) -> None:
    await log(world, "Acme 3rd")
    await world.priya.command("/log-conversation", "Acme 1st")
    assert initial(world.priya, "company") == "Acme"
    assert count(world) == 1
    await world.priya.submit()
    assert set(world.priya.errors) == {"back_reason"}
    await world.priya.submit({"back_reason": "The buyer left"})
    assert world.priya.modal is None
    await world.workspace.until(lambda: "back on 1st" in text_of(world.last(world.priya)))
    assert count(world) == 2


async def test_a_form_that_goes_back_is_asked_why_and_keeps_what_was_typed(world: World) -> None:
    await log(world, "Acme 3rd")
    await world.priya.command("/log-conversation")
    await world.priya.submit({"company": "acme", "base": "2nd", "close": "asked"})
    assert world.priya.modal is not None
    assert "Why did it go back?" in text_of(world.priya.modal)
    assert count(world) == 1
    await world.priya.submit({"back_reason": "No budget"})
    assert world.priya.modal is None
    assert count(world) == 2


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id"])
async def test_a_form_that_opens_too_late_is_said_in_words(world: World, code: str) -> None:
    await log(world, "Acme 3rd")
    for text in ("", "Acme 1st"):
        world.workspace.faults.next_call("error", method="views.open", code=code)
        answer = await log(world, text)
        assert "send the command once more" in text_of(answer)
        assert "/log-conversation Acme 2nd" in text_of(answer)
    assert world.priya.modal is None
    assert count(world) == 1


@pytest.mark.parametrize("kind", ["429", "500", "lost"])
async def test_a_form_that_slack_does_not_open_is_said_in_words(
    world: World, kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    world.workspace.faults.next_call(kind, method="views.open")
    assert "Please try again in a moment." in text_of(await log(world, ""))
    (said,) = [record for record in caplog.records if record.name == "bot.slack.errors"]
    assert said.levelname == "WARNING"
    await world.priya.close_all()
    await world.priya.command("/log-conversation", "")
    assert world.priya.modal is not None


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Acme 2nd blah", "I don't understand “blah”"),
        ("Acme home -5", "below zero"),
        ("Acme home 1000000000000", "too large"),
        ("Acme tomorrow", "still to come"),
        ("Acme 2026-10-01", "closed"),
        ("🎉🎉", "a letter or a digit"),
        ("x" * 500, "at most 80 characters"),
        ("<!channel> 2nd", "A mention is not a company"),
        ("lost", "names no company"),
    ],
)
async def test_what_cannot_be_read_is_said_with_its_own_text_and_the_form(
    world: World, text: str, words: str
) -> None:
    answer = await log(world, text)
    said = text_of(answer).replace("&lt;", "<").replace("&gt;", ">")
    assert words in said
    assert "Nothing was logged." in said
    assert text in said
    assert len(answer.blocks) == 3
    assert "Open the form" in said
    assert "<!" not in answer.text
    assert count(world) == 0


async def test_the_form_beside_a_refusal_has_what_was_understood(world: World) -> None:
    refusal = await log(world, "Acme 2nd yesterday asked bar")
    await world.priya.press(refusal, action_id="conversation.fill")
    assert initial(world.priya, "company") == "Acme"
    assert initial(world.priya, "base") == "2nd"
    assert initial(world.priya, "close") == "asked"
    assert initial(world.priya, "held_on") == "2026-11-19"
    await world.priya.submit()
    await world.workspace.until(lambda: "Logged" in text_of(world.last(world.priya)))
    assert "Acme: 2nd base, close: asked" in text_of(world.last(world.priya))
    assert count(world) == 1


async def test_what_does_not_look_like_a_company_is_asked_about(world: World) -> None:
    question = await log(world, "Initech 2")
    assert "Is the company “Initech” or “Initech 2”? Nothing is logged yet." in text_of(question)
    assert count(world) == 0
    await world.priya.press(question, action_id="conversation.which.reading.0")
    await world.workspace.until(lambda: "Logged" in text_of(world.last(world.priya)))
    assert "Initech: 2nd base" in text_of(world.last(world.priya))
    # Known now, it needs no question.
    assert "Initech: 3rd base" in text_of(await log(world, "Initech 3"))


async def test_undo_typed_takes_back_what_was_logged_last(world: World) -> None:
    await log(world, "Acme 2nd")
    await log(world, "Globex 1st")
    assert "Undone. 1 of 20 conversations this week.\nGlobex: 1st" in text_of(
        await log(world, "undo")
    )
    await world.move(minutes=11)
    assert "You logged nothing in the last 10 minutes" in text_of(await log(world, "undo"))
    assert count(world) == 1


async def test_a_mention_that_slack_made_is_no_company(world: World) -> None:
    answer = await log(world, "@here 2nd")
    assert "A mention is not a company" in text_of(answer)
    assert "<!" not in answer.text
    assert answer.pings == frozenset()
    assert count(world) == 0


async def test_a_number_with_two_readings_says_which_was_taken(world: World) -> None:
    answer = await log(world, "Acme home 1.234")
    assert "won for $1,234" in text_of(answer)
    assert "“1.234”" in text_of(answer)


async def test_help_is_the_usage(world: World) -> None:
    assert "/log-conversation opens a form" in text_of(await log(world, "help"))


@pytest.mark.parametrize("text", ["", "Acme 2nd"])
async def test_somebody_without_a_team_is_told_whom_to_ask(world: World, text: str) -> None:
    answer = await log(world, text, world.morgan)
    assert "You are not in a sales team yet." in text_of(answer)
    assert world.morgan.modal is None
    assert count(world) == 0


async def test_a_repeated_delivery_changes_nothing_and_says_the_same(world: World) -> None:
    answer = await log(world, "Acme 2nd")
    delivery = next(d for d in reversed(world.workspace.deliveries) if "command" in d.payload)
    repeated = await world.workspace.dispatcher.deliver("slash_commands", delivery.payload)
    assert repeated.ack is not None
    assert repeated.ack["text"].startswith("Logged. 1 of 20")
    assert text_of(answer).startswith("Logged. 1 of 20")
    assert count(world) == 1


@pytest.mark.parametrize(
    ("action_id", "value"),
    [
        ("conversation.undo", "abc"),
        ("conversation.edit", None),
        ("conversation.undo", "999999"),
        ("conversation.which.0", "{}"),
        ("conversation.which.new", "not json"),
        ("conversation.which.new", "[" * 50_000),
        ("conversation.which.new", json.dumps(A_DRAFT | {"key": {}})),
        ("conversation.which.new", json.dumps(A_DRAFT | {"company": 7})),
        ("conversation.which.new", json.dumps(A_DRAFT | {"notes": [None]})),
        ("entry.undo", "999999"),
    ],
)
async def test_a_button_that_was_never_there_is_refused_in_words(
    world: World, action_id: str, value: str | None
) -> None:
    before = len(world.priya.messages())
    await world.priya.forge_press(action_id, value)
    await world.workspace.until(lambda: len(world.priya.messages()) > before)
    said = text_of(world.last(world.priya))
    assert "older message" in said or "not in your log" in said
    assert count(world) == 0


async def test_a_button_of_a_near_miss_logs_what_it_carries(world: World) -> None:
    await world.priya.forge_press("conversation.which.new", json.dumps(A_DRAFT))
    await world.workspace.until(lambda: count(world) == 1)


async def test_nobody_undoes_or_edits_anothers_conversation(world: World) -> None:
    await log(world, "Acme 2nd")
    for action_id in ("conversation.undo", "conversation.edit"):
        await world.sam.forge_press(action_id, str(newest(world)))
        await world.workspace.until(
            lambda: (
                bool(world.sam.messages()) and "not in your log" in text_of(world.last(world.sam))
            )
        )
    assert world.sam.modal is None
    assert count(world) == 1


async def test_a_form_that_was_never_opened_is_refused_in_words(world: World) -> None:
    for callback_id in ("conversation.form", "entry.form"):
        outcome = await world.priya.forge_submit(callback_id, private_metadata="{}")
        assert outcome.acked
        assert "older version" in str(outcome.body)
    assert count(world) == 0


async def test_a_log_shows_in_the_open_check_in_about_its_week(world: World) -> None:
    await world.monday()
    check_in = world.last(world.priya)
    assert "0 of 20" in text_of(check_in)
    answer = await log(world, "Acme 2nd friday")
    assert "1 of 20 conversations last week." in text_of(answer)
    await world.quiet()
    now = next(m for m in world.priya.messages() if m.ts == check_in.ts)
    assert "1 of 20" in text_of(now)


async def test_a_log_after_the_deadline_is_late_until_late_answers_are_over(world: World) -> None:
    await world.monday()
    deadline_at = world.check_in("U0PRIYA").deadline_at
    assert deadline_at is not None
    await world.move_to(deadline_at + timedelta(minutes=1))
    answer = text_of(await log(world, "Acme 2nd friday"))
    assert "this is marked late, and your answers stay" in answer
    await world.move_to(deadline_at + timedelta(days=14, minutes=1))
    assert "lies in a week that is closed" in text_of(await log(world, "Acme 3rd 2026-11-20"))
    assert count(world) == 1


async def test_my_week_lists_edits_and_removes(world: World) -> None:
    await log(world, "Acme 2nd")
    await log(world, "Northwind")
    await world.priya.command("/log-conversation", "list")
    acme = str(newest(world) - 1)
    assert world.priya.modal is not None
    await world.priya.press(world.priya.modal, action_id="conversation.edit_listed", value=acme)
    assert initial(world.priya, "base") == "2nd"
    await world.priya.submit({"base": "3rd"})
    await world.workspace.until(lambda: "*Acme*   3rd" in text_of(world.priya.modal or BARE))
    assert "changed" in text_of(world.priya.modal)
    await world.priya.press(world.priya.modal, action_id="conversation.edit_listed", value=acme)
    await world.priya.press(world.priya.modal, action_id="conversation.remove")
    await world.workspace.until(lambda: "was removed" in text_of(world.priya.modal or BARE))
    await world.priya.close()
    await world.workspace.until(lambda: "1 conversation ·" in text_of(world.priya.modal or BARE))
    assert "Acme" not in text_of(world.priya.modal)
    assert count(world) == 1
    assert (await world.sam.forge_press("conversation.remove", acme)).acked
    for word in ("deals", "LIST"):
        await world.priya.close_all()
        await world.priya.command("/log-conversation", word)
        assert "Northwind" in text_of(world.priya.modal or BARE)


async def test_a_conversation_is_logged_from_home(world: World) -> None:
    await world.priya.open_home()
    await world.quiet()
    assert world.priya.home is not None
    await world.priya.press(world.priya.home, action_id="conversation.open")
    await world.priya.submit({"company": "Acme", "base": "1st"})
    assert world.priya.modal is not None
    assert "Logged. 1 of 20 conversations this week." in text_of(world.priya.modal)
    await world.priya.press(world.priya.modal, action_id="conversation.edit")
    await world.workspace.until(
        lambda: "Edit conversation" in str((world.priya.modal or {}).get("title"))
    )
    await world.priya.submit({"base": "2nd"})
    assert "Saved." in text_of(world.priya.modal or {"blocks": []})
    await world.quiet()
    assert "1 of 20" in text_of(world.priya.home)
