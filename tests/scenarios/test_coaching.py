"""The coaching loop as people go through it: from a miss with its cause to *Did it help?* on the next Monday."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.domain.tables import Agreement, Alert
from bot.sandbox.records import Message
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.coaching import acts, agreements
from bot.slack.views.coaching import words as said
from tests.scenarios.answering import answer_all
from tests.scenarios.conftest import World, text_of

KEPT, TALKED, HELPED = (f"{agreements.ANSWER}{about}.yes" for about in ("kept", "talked", "helped"))


def alert(world: World) -> Message:
    return next(m for m in world.dana.messages("C0COACH") if "Sam" not in text_of(m))


async def missed(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")


async def test_from_a_miss_with_its_cause_to_did_it_help(world: World) -> None:
    await missed(world)
    assert "*Suggested: hold accountable.* Conversations 17 of 20" in text_of(alert(world))
    message = world.check_in_message()
    await world.priya.select(message, action_id=said.CAUSE, value="something_else")
    await world.priya.submit({})
    assert list(world.priya.errors) == [said.LINE_FIELD]
    await world.priya.submit({said.LINE_FIELD: "The train <!channel>"})
    await world.quiet()
    assert "In the way: *something else*" in text_of(alert(world))
    assert "The train <!channel>" in text_of(alert(world))
    assert "*Suggested: mentor.*" in text_of(alert(world))

    await world.dana.press(alert(world), action_id=acts.HOW)
    assert world.dana.modal is not None
    assert world.dana.modal["title"]["text"] == "Mentor"
    await world.dana.close_all()
    act = f"{alert_row(world).id}:motivate"
    await world.dana.select(alert(world), action_id=acts.CHOOSE, value=act)
    await world.quiet()
    assert "*Motivate* (suggested was: mentor" in text_of(alert(world))
    assert "<@U0DANA> took this" in text_of(alert(world))
    assert (alert_row(world).act, alert_row(world).suggested_act) == ("motivate", "mentor")

    await world.dana.press(alert(world), action_id=DONE)
    await world.dana.submit({acts.NOTE_FIELD: "Small steps.", acts.STEP_FIELD: "Three plans"})
    assert list(world.dana.errors) == [acts.DUE_FIELD]
    friday = world.clock.now().date() + timedelta(days=4)
    await world.dana.submit({acts.DUE_FIELD: friday.isoformat()})
    assert world.dana.errors == {}
    await world.quiet()
    told = world.last(world.priya)
    assert "Small steps." in text_of(told)
    assert "*Three plans*, by Friday" in text_of(told)
    await world.priya.press(told, action_id=agreements.OTHERWISE)
    await world.priya.submit({agreements.OTHERWISE_FIELD: "Two plans"})
    await world.quiet()
    assert "Two plans" in text_of(alert(world))

    await world.monday()
    for action_id in (KEPT, TALKED, HELPED):
        outcome = await world.priya.press(world.check_in_message(), action_id=action_id)
        assert outcome.acked
        await world.quiet()
    row = world.database.read_now(_agreement)
    assert (row.kept, row.talked, row.helped) == ("yes", "yes", "yes")
    assert ": *done*" in text_of(alert(world))
    assert "help" not in text_of(alert(world))
    await world.dana.open_home()
    await world.quiet()
    assert "” done, it helped" in text_of(world.dana.home or {})


async def test_nobody_takes_it_so_the_second_coach_hears_of_it_once(world: World) -> None:
    await missed(world)
    before = len(world.morgan.messages())
    for _ in range(6):
        await world.move(hours=12)
    lines = [m for m in world.morgan.messages()[before:] if "<@U0PRIYA>" in text_of(m)]
    assert len(lines) == 1
    assert "Nobody has taken the alert about <@U0PRIYA>" in text_of(lines[0])
    await world.morgan.press(lines[0], action_id=TAKE)
    await world.quiet()
    assert "<@U0MORGAN> took this" in text_of(alert(world))


async def test_advice_is_asked_for_at_home_and_given(world: World) -> None:
    await world.monday()
    await world.priya.open_home()
    await world.quiet()
    await world.priya.press(world.priya.home or {}, action_id=said.ADVICE)
    await world.priya.submit({said.ADVICE_FIELD: "The second call"})
    await world.quiet()
    (wish,) = world.dana.messages("C0COACH")
    assert "<@U0PRIYA> *would like advice.*" in text_of(wish)
    outsider = await world.alex.press(wish, action_id=said.ADVICE_DONE)
    assert outsider.acked
    await world.dana.press(wish, action_id=said.ADVICE_DONE)
    await world.quiet()
    (wish,) = world.dana.messages("C0COACH")
    assert "<@U0DANA> took care of it" in text_of(wish)
    assert "Take it back" not in text_of(world.priya.home or {})


async def test_an_admin_writes_how_acts_are_done(world: World) -> None:
    await world.alex.command("/coach", "acts")
    field = f"{acts.GUIDE_FIELD}coach"
    await world.alex.submit({field: "1\n2\n3\n4"})
    assert list(world.alex.errors) == [field]
    await world.alex.submit({field: "Listen first."})
    assert world.alex.modal is None
    await world.dana.command("/coach", "acts")
    assert "Listen first." in text_of(world.dana.modal or {})
    refused = await world.priya.command("/coach", "acts")
    assert refused.acked
    assert world.priya.modal is None


def alert_row(world: World) -> Alert:
    return world.database.read_now(_alert)


def _alert(session: Session) -> Alert:
    return Alert(**session.exec(select(Alert)).one().model_dump())


def _agreement(session: Session) -> Agreement:
    return Agreement(**session.exec(select(Agreement)).one().model_dump())
