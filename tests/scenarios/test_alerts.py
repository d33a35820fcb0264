"""A miss reaches the coach, who takes it and says what was done."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlmodel import Session, select

from bot.domain.tables import Member
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.checkins.forms import FIELD
from bot.slack.views.checkins.messages import CHANGE
from bot.slack.views.coaching.acts import NOTE_FIELD
from tests.scenarios.answering import CONVERSATIONS, answer_all
from tests.scenarios.conftest import World, text_of


async def test_a_miss_reaches_the_coach_channel_once_with_how_much_and_the_trend(
    world: World,
) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    (alert,) = world.dana.messages("C0COACH")
    words = text_of(alert)
    assert "<@U0DANA>: <@U0PRIYA> *missed 1 of 3 goals*" in words
    assert ":x: *Conversations:* 17 of 20, 3 short" in words
    assert ":white_check_mark: *Sales:* $12,500 of $10,000" in words
    assert "*The last 12 weeks*" in words
    assert alert.pings == {"U0DANA", "U0PRIYA"}


async def test_the_alert_follows_an_edit(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    message = world.last(world.priya)
    changes = [
        b["accessory"]["value"]
        for b in message.blocks
        if b.get("accessory", {}).get("action_id") == CHANGE
    ]
    await world.priya.press(message, action_id=CHANGE, value=changes[CONVERSATIONS])
    await world.priya.submit({f"{FIELD}{changes[CONVERSATIONS]}": "19"})
    await world.quiet()
    (alert,) = world.dana.messages("C0COACH")
    assert "19 of 20, 1 short, log says 0, changed" in text_of(alert)
    assert alert.edited is not None


async def test_the_coach_takes_it_and_says_what_was_done(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    (alert,) = world.dana.messages("C0COACH")
    await world.dana.press(alert, action_id=TAKE)
    await world.quiet()
    (alert,) = world.dana.messages("C0COACH")
    assert "<@U0DANA> took this" in text_of(alert)
    await world.dana.press(alert, action_id=DONE)
    await world.dana.submit({NOTE_FIELD: "Two first meetings a day <!channel>"})
    await world.quiet()
    (alert,) = world.dana.messages("C0COACH")
    words = text_of(alert)
    assert "<@U0DANA> marked this as done" in words
    assert "Two first meetings a day <!channel>" in words  # as text, in rich_text
    assert "channel" not in alert.pings


async def test_somebody_else_in_the_channel_cannot_take_it(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    (alert,) = world.alex.messages("C0COACH")
    await world.alex.press(alert, action_id=TAKE)
    await world.quiet()
    said = world.last(world.alex, "C0COACH")
    assert said.ephemeral_to == "U0ALEX"
    assert "Only the coaches of Harbor Sales can act on this alert." in text_of(said)
    (alert,) = world.dana.messages("C0COACH")
    assert "took this" not in text_of(alert)


@pytest.mark.parametrize("trouble", ["archived", "removed"])
async def test_without_its_channel_the_alert_comes_to_the_coach_and_says_how_to_mend_it(
    world: World, trouble: str
) -> None:
    if trouble == "archived":
        world.workspace.archive("C0COACH")
    else:
        world.workspace.remove_bot("C0COACH")
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    alert = world.last(world.dana)
    words = text_of(alert)
    assert "missed 1 of 3 goals" in words
    assert "/invite @basecoach" in words


async def test_a_channel_that_was_mended_unseen_takes_alerts_again(world: World) -> None:
    await world.stop_bot()
    world.workspace.remove_bot("C0COACH")
    await world.start_bot()
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    assert world.dana.messages("C0COACH") == []
    await world.stop_bot()
    world.workspace.invite_bot("C0COACH")
    await world.start_bot()
    assert world.bot is not None
    await world.bot.look_at_channels()
    await world.move(hours=6)
    await world.move(days=2)
    (alert,) = world.dana.messages("C0COACH")
    assert "<@U0SAM>" in text_of(alert)


async def test_an_alert_waits_for_its_coach_to_be_at_work(world: World) -> None:
    """The rep answers on Monday at nine in London, when it is one at night in Los Angeles."""

    def move_west(session: Session) -> None:
        dana = session.exec(select(Member).where(Member.slack_user_id == "U0DANA")).one()
        dana.timezone, dana.timezone_chosen = "America/Los_Angeles", True

    await world.database.write(move_west)
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    assert world.alerts() == []
    await world.move_to(datetime(2026, 11, 23, 15, 59, tzinfo=UTC))
    assert world.alerts() == []
    await world.move_to(datetime(2026, 11, 23, 16, 0, tzinfo=UTC))
    assert len(world.alerts()) == 1
