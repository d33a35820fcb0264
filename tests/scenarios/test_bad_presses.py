"""Presses, forms and events at the wrong time, by the wrong person or from elsewhere: words, nothing changed."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta

import pytest

from bot.sandbox.records import Message
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.checkins.forms import FIELD, NUMBER_INPUT, NUMBER_MODAL
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, SNOOZE
from bot.slack.views.coaching.acts import ACT_FIELD, ACT_INPUT, DONE_MODAL, NOTE_FIELD, NOTE_INPUT
from tests.scenarios.conftest import World, text_of


def first_answer(message: Message) -> str:
    return next(
        str(element["value"])
        for block in message.blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == ANSWER_YES
    )


async def raise_an_alert(world: World) -> Message:
    await world.monday()
    deadline = world.check_in("U0PRIYA").deadline_at
    assert deadline is not None
    await world.move_to(deadline + timedelta(seconds=1))
    (alert,) = world.dana.messages("C0COACH")
    return alert


async def test_a_button_on_a_check_in_of_long_ago_is_refused_in_words(world: World) -> None:
    await world.monday()
    message = world.last(world.priya)
    answer = first_answer(message)
    await world.move(days=30)
    await world.priya.forge_press(ANSWER_NO, answer, channel=world.priya.dm, message_ts=message.ts)
    await world.quiet()
    said = text_of(world.last(world.priya))
    assert "This check-in is closed for good. Use /checkin to open the current one" in said
    assert world.edits(int(answer)) == 0


@pytest.mark.parametrize(
    "value", ["", "0", "-1", "999999", "1e9", "x" * 2000, "1; DROP TABLE", None]
)
async def test_a_button_whose_value_is_rubbish_is_refused_in_words(
    world: World, value: str | None
) -> None:
    await world.priya.forge_press(ANSWER_YES, value, channel=world.priya.dm)
    await world.quiet()
    said = text_of(world.last(world.priya))
    assert "/checkin" in said
    assert world.priya.modal is None


async def test_an_unknown_button_is_answered_in_words(world: World) -> None:
    outcome = await world.priya.forge_press("of.another.age", "1", channel=world.priya.dm)
    await world.quiet()
    assert outcome.acked
    assert "This button is from an older message." in text_of(world.last(world.priya))


async def test_a_snooze_of_somebody_elses_check_in_is_refused(world: World) -> None:
    await world.monday()
    check_in = world.check_in("U0PRIYA")
    choice = {
        "action_id": SNOOZE,
        "block_id": f"check_in.snooze.{check_in.id}",
        "selected_option": {"value": "1h"},
    }
    await world.sam.forge_press(SNOOZE, channel=world.sam.dm, actions=[choice])
    await world.quiet()
    assert "only they can snooze it" in text_of(world.last(world.sam))


async def test_a_snooze_that_names_no_check_in_is_refused_in_words(world: World) -> None:
    choice = {"action_id": SNOOZE, "block_id": None, "selected_option": {"value": "1h"}}
    await world.priya.forge_press(SNOOZE, channel=world.priya.dm, actions=[choice])
    await world.quiet()
    assert "This button is from an older message." in text_of(world.last(world.priya))


async def test_a_number_for_somebody_elses_check_in_is_refused(world: World) -> None:
    await world.monday()
    answer = first_answer(world.last(world.priya))
    field = f"{FIELD}{answer}"
    outcome = await world.sam.forge_submit(
        NUMBER_MODAL,
        private_metadata=json.dumps({"answer": int(answer), "pressed": None, "late": True}),
        state={field: {NUMBER_INPUT: {"type": "plain_text_input", "value": "99"}}},
    )
    assert outcome.acked
    assert "belongs to somebody else" in json.dumps(outcome.body)
    assert world.edits(int(answer)) == 0


async def test_two_coaches_press_take_it_at_once_and_one_of_them_is_told(world: World) -> None:
    alert = await raise_an_alert(world)
    world.workspace.join("C0COACH", "U0MORGAN")
    await asyncio.gather(
        world.dana.press(alert, action_id=TAKE), world.morgan.press(alert, action_id=TAKE)
    )
    await world.quiet()
    shown = world.dana.messages("C0COACH") + world.morgan.messages("C0COACH")
    refusals = {m.ephemeral_to: text_of(m) for m in shown if m.ephemeral_to}
    assert len(refusals) == 1
    (sentence,) = refusals.values()
    assert "took this first. Talk to them, or press Done when it is done." in sentence


async def test_a_done_without_a_note_asks_for_one(world: World) -> None:
    alert = await raise_an_alert(world)
    outcome = await world.dana.forge_submit(
        DONE_MODAL,
        private_metadata=json.dumps({"alert": 1}),
        state={
            ACT_FIELD: {
                ACT_INPUT: {"type": "static_select", "selected_option": {"value": "coach"}}
            },
            NOTE_FIELD: {NOTE_INPUT: {"type": "plain_text_input", "value": "   "}},
        },
    )
    assert "Say in a few words what you did or agreed on." in json.dumps(outcome.body)
    assert "marked this as done" not in text_of(alert)


async def test_a_second_done_is_refused_in_words(world: World) -> None:
    alert = await raise_an_alert(world)
    await world.dana.press(alert, action_id=DONE)
    await world.dana.submit({NOTE_FIELD: "Called."})
    await world.quiet()
    await world.dana.forge_press(DONE, "1", channel="C0COACH", message_ts=alert.ts)
    await world.quiet()
    said = world.dana.messages("C0COACH")[-1]
    assert "You already marked this as done." in text_of(said)


async def test_somebody_without_a_team_is_told_what_to_do(world: World) -> None:
    outcome = await world.alex.command("/checkin")
    assert outcome.acked
    said = text_of(world.last(world.alex))
    assert "You are not in a sales team yet." in said
    home = await world.morgan.open_home()
    await world.quiet()
    assert world.morgan.home is not None or home is not None


async def test_between_check_ins_the_command_says_when_the_next_one_comes(world: World) -> None:
    await world.priya.command("/checkin")
    assert "No check-in is open. The next one comes Monday 23 November at 9:00 AM." in text_of(
        world.last(world.priya)
    )


@pytest.mark.parametrize("word", ["hlep", "<!channel>", "open please"])
async def test_unknown_words_get_the_usage(world: World, word: str) -> None:
    outcome = await world.priya.command("/checkin", word)
    assert outcome.acked
    said = world.last(world.priya)
    assert "/checkin" in text_of(said)
    assert not said.pings


async def test_a_stranger_opens_home_and_is_told_what_this_is(world: World) -> None:
    from bot.sandbox.people import Person

    noor = Person(world.workspace, "U0NOZONE")
    await noor.open_home()
    await world.quiet()
    assert noor.home is not None
    assert "You are in no team here" in text_of(noor.home)


async def test_a_rep_without_targets_is_told_so_and_not_asked(world: World) -> None:
    from decimal import Decimal

    from sqlmodel import Session, select

    from bot.domain.metrics import targets
    from bot.domain.tables import Enrolment, Member, Metric, Target

    def drop_targets(session: Session) -> None:
        priya = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
        assert session.exec(select(Enrolment).where(Enrolment.member_id == priya.id)).one()
        for metric in session.exec(select(Metric)).all():
            first = session.exec(select(Target).where(Target.metric_id == metric.id)).first()
            assert first is not None
            assert first.amount != Decimal(0)
            targets.set_target(
                session,
                workspace_id=priya.workspace_id,
                member_id=priya.id,
                metric_id=metric.id,
                from_week=first.from_week,
                amount=None,
                set_by=None,
                now=world.clock.now(),
            )

    await world.database.write(drop_targets)
    await world.priya.command("/checkin")
    assert "you have no targets yet" in text_of(world.last(world.priya))
    await world.monday()
    check_in = world.check_in("U0PRIYA")
    assert (check_in.state, check_in.skipped_because) == ("skipped", "no_targets")
    await world.move(days=3)
    assert not [m for m in world.dana.messages("C0COACH") if "<@U0PRIYA>" in text_of(m)]


async def test_nobody_of_another_workspace_has_us_call_an_address_of_theirs(world: World) -> None:
    await world.monday()
    message = world.last(world.priya)
    messages = len(world.priya.messages())
    outcome = await world.priya.forge_press(
        ANSWER_NO,
        first_answer(message),
        channel=world.priya.dm,
        message_ts=message.ts,
        team={"id": "T0OTHER", "domain": "other"},
    )
    await world.quiet()
    assert outcome.acked
    # Their response_url would have put an answer here.
    assert len(world.priya.messages()) == messages
    assert world.edits(int(first_answer(message))) == 0


@pytest.mark.parametrize("tokens", [None, {}, {"oauth": ["U0ALEX"], "bot": None}])
async def test_revoked_tokens_of_nobody_or_of_other_people_stop_nothing(
    world: World, tokens: dict[str, list[str] | None] | None, caplog: pytest.LogCaptureFixture
) -> None:
    outcome = await world.alex.forge(
        {
            "type": "event_callback",
            "team_id": "T0HARBOR",
            "api_app_id": "A0BASECOACH",
            "event": {"type": "tokens_revoked", "tokens": tokens},
            "event_id": "Ev0FORGED",
            "event_time": 1,
        }
    )
    await world.quiet()
    assert outcome.acked
    assert [record for record in caplog.records if record.name == "bot.slack.errors"] == []
    await world.monday()
    assert first_answer(world.last(world.priya))
