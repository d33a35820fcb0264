"""Hands change in the middle of a Monday: what people see and may press, old messages included."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.domain.shown.plans import SIGNER
from bot.domain.shown.substitutes import LAST_DAY, SUBSTITUTE
from bot.domain.tables import Member, Team
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.coaching.acts import DONE_MODAL, NOTE_FIELD
from bot.slack.views.plans.buttons import APPROVE
from bot.slack.views.setup.inputs import BACK
from tests.scenarios.answering import answer_all
from tests.scenarios.conftest import World, text_of
from tests.scenarios.planning import to_the_third_step, words_of


async def test_the_second_coach_acts_on_an_alert_from_home(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    await world.morgan.open_home()
    await world.quiet()
    await world.morgan.press(world.morgan.home, action_id=TAKE)
    await world.quiet()
    (alert,) = world.dana.messages("C0COACH")
    assert "<@U0MORGAN> took this" in text_of(alert)
    await world.morgan.press(world.morgan.home, action_id=DONE)
    assert world.morgan.modal is not None
    assert world.morgan.modal["callback_id"] == DONE_MODAL
    await world.morgan.submit({NOTE_FIELD: "We talked."})
    await world.quiet()
    assert "<@U0MORGAN> marked this as done" in text_of(world.dana.messages("C0COACH")[0])


async def test_a_channel_that_became_public_takes_no_more_numbers(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    (alert,) = world.dana.messages("C0COACH")
    world.workspace.channels["C0COACH"].kind = "public"
    assert world.bot is not None
    await world.bot.look_at_channels()
    await world.quiet()
    (old,) = world.dana.messages("C0COACH")
    assert old.ts == alert.ts
    assert text_of(old) == ":arrow_right: The alert about <@U0PRIYA> is now with <@U0DANA>."
    told, new = world.dana.messages()[-2:]
    if "became public" in text_of(new):
        told, new = new, told
    assert "#coach-dana became public" in text_of(told)
    assert "Conversations:* 17 of 20" in text_of(new)
    assert "a private one with `/coach team`" in text_of(new)
    check_in = text_of(world.check_in_message())
    assert "<@U0DANA> sees it in a direct message" in check_in
    assert "#coach-dana" not in check_in
    await world.priya.open_home()
    await world.quiet()
    assert "#coach-dana" not in text_of(world.workspace.homes["U0PRIYA"].body)


async def test_a_press_on_the_old_message_is_refused_in_words(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    (alert,) = world.dana.messages("C0COACH")
    world.workspace.change_user("U0DANA", is_restricted=True)
    assert world.bot is not None
    await world.bot._profiles.refresh(world.bot.installation.workspace_id, ["U0DANA"])
    await world.dana.press(alert, action_id=TAKE)
    await world.quiet()
    assert "Only the coaches of Harbor Sales" in text_of(world.last(world.dana, "C0COACH"))
    alert = world.dana.messages("C0COACH")[0]
    assert "<@U0MORGAN>: <@U0PRIYA> *missed 1 of 3 goals*" in text_of(alert)


async def test_a_substitute_has_the_alerts_until_the_coach_is_back(world: World) -> None:
    await world.monday()
    await answer_all(world, "17", "9", "12,500")
    await world.dana.command("/coach", "substitute")
    today = world.clock.now().date()
    last = (today + timedelta(days=4)).isoformat()
    await world.dana.submit({SUBSTITUTE: "U0DANA", LAST_DAY: last})
    assert "you can’t stand in for yourself" in str(world.dana.errors)
    await world.dana.submit({SUBSTITUTE: "U0ALEX", LAST_DAY: last})
    assert "<@U0ALEX> stands in for you in Harbor Sales" in text_of(world.dana.modal)
    await world.quiet()
    assert "You stand in for <@U0DANA>" in text_of(world.last(world.alex))
    assert "<@U0ALEX> stands in for <@U0DANA> as your coach" in text_of(world.last(world.priya))
    (alert,) = world.dana.messages("C0COACH")
    await world.dana.press(alert, action_id=TAKE)
    await world.quiet()
    assert "Only the coaches of Harbor Sales" in text_of(world.last(world.dana, "C0COACH"))
    await world.alex.press(alert, action_id=TAKE)
    await world.quiet()
    assert "<@U0ALEX> took this" in text_of(world.dana.messages("C0COACH")[0])
    told = world.last(world.dana)
    assert "stands in for you as coach of Harbor Sales" in text_of(told)
    await world.dana.press(told, action_id=BACK)
    await world.quiet()
    assert "You coach Harbor Sales" in text_of(world.dana.messages()[-1])
    assert "took this" not in text_of(world.dana.messages("C0COACH")[0])
    assert "<@U0DANA> coaches you again" in text_of(world.last(world.priya))


async def test_an_admin_reads_the_log_and_nobody_else(world: World) -> None:
    await world.alex.command("/coach", "log")
    assert "<@U0DANA> coaches Harbor Sales." in text_of(world.alex.modal or {"blocks": []})
    outcome = await world.dana.command("/coach", "log")
    assert outcome.acked
    assert "Only a workspace admin" in text_of(world.last(world.dana))


async def test_a_coach_who_coaches_alone_chooses_who_signs_their_own_plan(world: World) -> None:
    def alone(session: Session) -> None:
        priya = session.exec(select(Member).where(Member.slack_user_id == "U0PRIYA")).one()
        team = session.exec(select(Team)).one()
        team.coach_id, team.second_coach_id = priya.id, None

    world.database.write_now(alone)
    await to_the_third_step(world)
    await world.priya.submit({SIGNER: "U0SAM"})
    assert "is neither a coach nor a workspace admin" in world.priya.errors[SIGNER]
    await world.priya.submit({SIGNER: "U0ALEX"})
    assert "is on its way to <@U0ALEX>" in words_of(world.priya)
    await world.quiet()
    plan = world.last(world.alex)
    assert "<@U0ALEX>: <@U0PRIYA> *sends a plan to be signed*" in text_of(plan)
    assert world.dana.messages("C0COACH") == []
    await world.alex.press(plan, action_id=APPROVE)
    await world.quiet()
    assert "*Your plan is signed.*" in text_of(world.last(world.priya))
