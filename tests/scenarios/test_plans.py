"""Plans, from the first goal to the Monday that asks about it: written, suggested, signed, sent back."""

from __future__ import annotations

import re

from bot.domain.shown.plans import (
    AMOUNT,
    BEGINS_ON,
    COMMISSION,
    ENDS_ON,
    FIRST_DAY,
    FROM_WEEK,
    HOURS,
    LAST_DAY,
    REASON,
    WORDS,
)
from bot.domain.shown.setup import FROM_WEEK as TARGETS_FROM
from bot.domain.shown.setup import NEXT_WEEK
from bot.rules.plan import AVERAGE_SALE, CLOSED, GOAL, RATIO, WORKING_WEEKS
from bot.slack.views.plans import buttons as buttons
from bot.slack.views.plans import versions as plan_versions
from bot.slack.views.plans.goals import ADD
from bot.slack.views.plans.wizard import BACK_TO_GOAL, BACK_TO_NUMBERS
from bot.slack.views.setup.menu import MORE as SETUP_MORE
from tests.scenarios.conftest import World, text_of
from tests.scenarios.planning import (
    COACHES,
    choose_dates,
    inputs_of,
    modal_of,
    newest,
    propose,
    title_of,
    words_of,
)


async def test_the_worked_example_from_the_goal_to_the_monday_that_asks_about_it(
    world: World,
) -> None:
    await world.priya.command("/plan")
    assert title_of(world.priya) == "Plan 1 of 3: goal"
    await choose_dates(world)
    await world.priya.submit({GOAL: "600k"})
    assert title_of(world.priya) == "Plan 2 of 3: numbers"
    assert "The calendar gives 46 from 23 November on." in words_of(world.priya)
    assert "Assumed: nothing is logged yet." in words_of(world.priya)
    await world.priya.submit({AVERAGE_SALE: "20,000"})
    words = words_of(world.priya)
    assert (
        "*22* conversations  (now 20)\n*9* base moves\n*$13,044* in sales  (now $10,000)" in words
    )
    assert "*1,000* conversations = 200 ÷ 20 %\n*22 a week* = 1,000 ÷ 46 weeks" in words

    # Back and forth loses nothing.
    await world.priya.press(modal_of(world.priya), action_id=BACK_TO_NUMBERS)
    await world.priya.press(
        modal_of(world.priya), action_id=BACK_TO_GOAL, values={RATIO + "first": "25"}
    )
    await world.priya.submit()
    assert "Yours; nothing is logged yet." in words_of(world.priya)
    await world.priya.submit({RATIO + "first": "20"})
    await world.priya.submit()
    assert "*Version 1 is on its way to <@U0DANA>.*" in words_of(world.priya)
    await world.priya.close_all()
    await world.quiet()

    message = newest(world)
    assert "<@U0DANA>: <@U0PRIYA> *sends a plan to be signed*, version 1." in text_of(message)
    assert "*22* conversations  (now 20)" in text_of(message)
    await world.dana.press(message, action_id=buttons.APPROVE)
    await world.quiet()
    assert len([m for m in world.dana.messages(COACHES) if "plan" in m.text]) == 1
    assert "<@U0DANA> *signed the plan of* <@U0PRIYA>, version 1" in text_of(newest(world))
    assert "*Your plan is signed.* It counts from the week 23–29 November on." in text_of(
        world.last(world.priya)
    )

    await world.monday()
    asked = world.check_in_message()
    assert "0 of 20 logged" in text_of(asked)  # the week that ended had the coach's targets
    await world.monday()
    assert "0 of 22 logged" in text_of(world.check_in_message())
    assert "$0 of $13,044 logged" in text_of(world.check_in_message())
    assert "of 20" in text_of(next(m for m in world.priya.messages() if m.ts == asked.ts))


async def test_the_coach_suggests_the_rep_accepts_and_versions_can_be_compared(
    world: World,
) -> None:
    message = await propose(world)
    await world.dana.press(message, action_id=buttons.SUGGEST)
    await world.dana.submit({GOAL: "700k", RATIO + "first": "25", REASON: "You can <!here>"})
    assert world.dana.modal is None
    await world.quiet()
    assert "version 2 took its place" in text_of(newest(world))

    asked = world.last(world.priya)
    assert "*suggests other numbers for your plan.*" in text_of(asked)
    assert "You can <!here>" in text_of(asked)  # as text, in rich_text
    await world.priya.press(asked, action_id=buttons.ACCEPT)
    await world.quiet()
    assert "<@U0PRIYA> *accepted the suggested numbers*" in text_of(newest(world))

    # From `/plan @priya`, the coach has the same buttons; pressed there, the modal follows.
    await world.dana.command("/plan", "@priya")
    await world.dana.press(modal_of(world.dana), action_id=buttons.APPROVE)
    await world.quiet()
    assert "signed plan, version 2" in words_of(world.dana)
    await world.dana.press(modal_of(world.dana), action_id=buttons.VERSIONS)
    versions = modal_of(world.dana)
    compare = [
        option["value"]
        for block in versions["blocks"]
        for option in block.get("accessory", {}).get("options", [])
        if option["value"].startswith("compare:")
    ]
    await world.dana.press(versions, action_id=plan_versions.MORE, value=compare[0])
    differs = words_of(world.dana)
    assert "*Goal*\n$600,000 → $700,000" in differs
    assert "*Conversation → 1st*\n20 % → 25 %" in differs
    assert "Average sale" not in differs
    assert len(world.dana.modals) == 3

    # A declined suggestion says why, and changes nothing.
    await world.dana.close_all()
    await world.dana.command("/plan", "@priya")
    await world.dana.press(modal_of(world.dana), action_id=buttons.SUGGEST)
    await world.dana.submit({GOAL: "900k"})
    await world.quiet()
    assert "suggested numbers to" in words_of(world.dana)
    await world.priya.press(world.last(world.priya), action_id=buttons.DECLINE)
    await world.priya.submit({REASON: "Half of May I am away"})
    await world.quiet()
    assert "*did not take the suggested numbers*, version 3" in text_of(newest(world))
    assert "Half of May I am away" in text_of(newest(world))
    await world.priya.command("/plan")
    assert "Your signed plan, version 2" in words_of(world.priya)


async def test_sent_back_with_a_reason_changed_and_approved_from_a_later_week(
    world: World,
) -> None:
    await world.dana.press(await propose(world), action_id=buttons.SEND_BACK)
    await world.dana.submit({REASON: "   "})
    assert world.dana.errors == {REASON: "Say in a few words what should be different."}
    await world.dana.submit({REASON: "Your 1st → 2nd was better last year"})
    assert world.dana.modal is None
    await world.quiet()
    back = world.last(world.priya)
    assert "<@U0DANA> *gave your plan back to you.*" in text_of(back)
    await world.priya.press(back, action_id=buttons.CHANGE)
    await world.priya.submit()
    await world.priya.submit({RATIO + "second": "40 %"})
    assert "*28* conversations  (now 20)" in words_of(world.priya)
    assert "1st → 2nd at 45 %: *3 fewer*" in words_of(world.priya)
    await world.priya.submit()
    await world.priya.close_all()
    await world.quiet()
    assert "sent back the plan" in text_of(world.dana.messages(COACHES)[-2])
    await world.dana.press(newest(world), action_id=buttons.APPROVE_LATER)
    await world.dana.submit({FROM_WEEK: "2026-12-07"})
    assert world.dana.modal is None
    await world.quiet()
    assert "It counts from the week 7–13 December on" in text_of(world.last(world.priya))
    asked = []
    for _ in range(4):
        await world.monday()
        asked.append(re.findall(r"0 of (\d+) logged", text_of(world.check_in_message()))[0])
    assert asked == ["20", "20", "20", "28"]  # the last about 7–13 December


async def test_who_may_not_is_told_so_and_twice_changes_nothing(world: World) -> None:
    message = await propose(world)
    plan = next(b for b in message.blocks if b["type"] == "actions")["elements"][0]["value"]

    await world.alex.press(message, action_id=buttons.APPROVE)  # in the channel, but no coach
    await world.quiet()
    said = world.last(world.alex, COACHES)
    assert said.ephemeral_to == "U0ALEX"
    assert "Only the coaches of Harbor Sales can act on this plan." in text_of(said)
    for action_id, words in (
        (buttons.ACCEPT, "This is somebody else’s plan."),
        (buttons.AGREE, "Only the rep and their coaches can decide this."),
        (buttons.SEE, "Only a rep and their coaches see the rep’s plan."),
        (buttons.DECLINE, "This is somebody else’s plan. Open yours with /plan."),
        (buttons.SUGGEST, "Only the coaches of Harbor Sales can act on this plan."),
        (BACK_TO_NUMBERS, "This is somebody else’s plan."),
    ):
        await world.sam.forge_press(action_id, plan, channel=world.sam.dm)
        await world.quiet()
        assert words in text_of(world.last(world.sam)), action_id
        assert world.sam.modal is None
    await world.sam.command("/plan", "@priya")
    await world.quiet()
    assert "Only a rep and their coaches see the rep’s plan." in text_of(world.last(world.sam))
    assert "*sends a plan to be signed*" in text_of(newest(world))

    await world.dana.press(message, action_id=buttons.APPROVE)
    await world.quiet()
    again = await world.dana.forge_press(
        buttons.APPROVE, plan, channel=COACHES, message_ts=message.ts
    )
    assert again.acked
    world.workspace.join(COACHES, "U0MORGAN")
    await world.morgan.forge_press(buttons.SEND_BACK, plan, channel=COACHES, message_ts=message.ts)
    await world.quiet()
    said = world.last(world.morgan, COACHES)
    assert "Dana Whitfield approved this version already" in text_of(said)
    assert world.morgan.modal is None
    assert len([m for m in world.priya.messages() if "plan is signed" in m.text]) == 1

    for rubbish in ("", "0", "x" * 2000, None):
        await world.priya.forge_press(buttons.ACCEPT, rubbish, channel=world.priya.dm)
        await world.quiet()
        assert "older message" in text_of(world.last(world.priya))


async def test_bad_input_of_every_field_is_said_in_words_under_it_and_stays_typed(
    world: World,
) -> None:
    priya = world.priya
    await priya.command("/plan")
    await choose_dates(world)
    for typed, sentence in (
        ("lots", "number"),
        ("0", "above 0"),
        ("-5", "below zero"),
        ("€600k", "currency"),
    ):
        await priya.submit({GOAL: typed})
        assert sentence in priya.errors[GOAL], priya.errors
        assert modal_of(priya)["state"]["values"][GOAL]["value"]["value"] == typed
    await priya.submit({GOAL: "600k", ENDS_ON: "2026-11-22"})
    assert "The end is before the beginning: choose a later end." in priya.errors[ENDS_ON]
    await priya.submit({BEGINS_ON: "2026-01-01", ENDS_ON: "2026-11-01"})
    assert "This period is over: choose one that ends after today." in priya.errors[ENDS_ON]
    await priya.submit({BEGINS_ON: "2026-11-23", ENDS_ON: "2036-11-01"})
    assert "choose up to three years" in priya.errors[ENDS_ON]
    await priya.submit({ENDS_ON: "2027-10-10"})
    assert priya.errors == {}

    good = {AVERAGE_SALE: "20k", WORKING_WEEKS: "46"}
    for block_id, typed, sentence in (
        (CLOSED, "-1", "below zero"),
        (CLOSED, "600k", "reached already"),
        (AVERAGE_SALE, "0", "above 0"),
        (AVERAGE_SALE, "a lot", "number"),
        (RATIO + "first", "0", "With 0 % nothing would ever get there"),
        (RATIO + "second", "101", "More than 100 % can't get on"),
        (RATIO + "third", "half", "number"),
        (RATIO + "home", "33.33", "one decimal"),
        (WORKING_WEEKS, "0", "needs working weeks"),
        (WORKING_WEEKS, "99", "Only 46 weeks are left"),
    ):
        await priya.submit({**good, block_id: typed})
        assert sentence in priya.errors.get(block_id, ""), (block_id, typed, priya.errors)
        filled = modal_of(priya)["state"]["values"][block_id]["value"]["value"]
        assert filled == typed
        await priya.select(
            modal_of(priya),
            action_id="value",
            block_id=block_id,
            value={CLOSED: "0", RATIO + "home": "60"}.get(block_id, "50"),
        )
    await priya.submit({**good, RATIO + "first": "20"})
    assert priya.errors == {}

    for kind, typed, block_id, sentence in (
        ("income", {AMOUNT: "nothing"}, AMOUNT, "number"),
        ("income", {AMOUNT: "90k", COMMISSION: "150"}, COMMISSION, "100 %"),
        ("personal", {WORDS: "Run", AMOUNT: "far"}, AMOUNT, "number"),
        ("personal", {WORDS: "Run", HOURS: "200"}, HOURS, "168"),
        ("leave", {FIRST_DAY: "2027-05-10", LAST_DAY: "2027-05-03"}, LAST_DAY, "later"),
        ("metric", {AMOUNT: "0"}, AMOUNT, "above 0"),
    ):
        await priya.press(modal_of(priya), action_id=ADD + kind)
        if kind == "metric":
            options = modal_of(priya)["blocks"][0]["element"]["options"]
            typed = {**typed, modal_of(priya)["blocks"][0]["block_id"]: options[0]["value"]}
        await priya.submit(typed)
        assert sentence in priya.errors.get(block_id, ""), (kind, priya.errors)
        await priya.close()
    assert title_of(priya) == "Plan 3 of 3: check"


async def test_home_and_the_command_lead_each_person_to_what_is_theirs(world: World) -> None:
    home = await world.priya.open_home()
    await world.quiet()
    home = world.priya.home
    assert home is not None
    assert "*You have no plan yet*" in text_of(home)
    await world.priya.press(home, action_id=buttons.OPEN)
    assert title_of(world.priya) == "Plan 1 of 3: goal"
    await world.priya.submit({GOAL: "600k"})
    await world.priya.close_all()
    await world.quiet()
    assert world.priya.home is not None
    assert "*Your plan is half written.*" in text_of(world.priya.home)
    await propose(world)
    await world.dana.open_home()
    await world.quiet()
    home = world.dana.home
    assert home is not None
    assert "Plan: *waits for you*" in text_of(home)
    assert "Plan: none yet" not in text_of(home)
    await world.dana.press(home, action_id=buttons.OPEN, value="U0PRIYA")
    assert title_of(world.dana) == "Priya’s plan"
    assert "*sends a plan to be signed*" in words_of(world.dana)
    await world.dana.close_all()
    await world.dana.command("/coach", "reps")
    await world.dana.press(modal_of(world.dana), action_id=SETUP_MORE, value="plan:U0PRIYA")
    assert title_of(world.dana) == "Priya’s plan"
    await world.dana.press(modal_of(world.dana), action_id=buttons.APPROVE)
    await world.quiet()
    await world.dana.close_all()
    await world.dana.command("/coach", "targets @priya")
    hint = "The signed plan sets it; suggest other numbers from there. This week it is still 20."
    targets = {b["block_id"]: b.get("hint") for b in inputs_of(world.dana)}
    field = next(name for name, told in targets.items() if told and told["text"] == hint)
    await world.dana.submit({field: "30", TARGETS_FROM: NEXT_WEEK})
    assert "signed plan sets this target" in world.dana.errors.get(field, ""), world.dana.errors
    await world.dana.close_all()

    for said, expected in (
        ("help", "`/plan @name`  opens the plan of a rep whom you coach"),
        ("<!here> nonsense", "I don’t know what “"),
        ("@alex", "Only a rep and their coaches see"),
    ):
        await world.priya.command("/plan", said)
        await world.quiet()
        assert expected in text_of(world.last(world.priya))
    await world.dana.command("/plan")
    await world.quiet()
    assert "Name one of your reps" in text_of(world.last(world.dana))
    await world.alex.command("/plan")
    await world.quiet()
    assert "You are not in a sales team yet." in text_of(world.last(world.alex))
