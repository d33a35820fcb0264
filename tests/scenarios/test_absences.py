"""A rep says that they are away: ahead, while a check-in is open, and late."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import select

from bot.domain.people import members
from bot.domain.people.members import Profile
from bot.domain.shown.pauses import FIRST_WEEK, WEEKS
from bot.domain.tables import Answer
from bot.slack.views import absences as views
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.checkins.messages import ANSWER_NO, OPEN_FORM
from bot.slack.views.setup.pause import TAKE_BACK
from tests.scenarios.away import (
    absences,
    answer_all,
    at,
    away,
    first_answer,
    posts,
    reminders,
    standing,
)
from tests.scenarios.conftest import World, text_of

# Said ahead


async def test_two_of_five_days_away_turn_twenty_into_twelve(world: World) -> None:
    said = await away(world.priya, "24 Nov – 25 Nov")
    assert "You are marked as away *24–25 November*." in said
    assert "*Week 23–29 November:* 2 of 5 days away. Conversations 12 instead of 20," in said
    assert "Sales $6,000 instead of $10,000." in said
    assert "work goes on Thursday 26 November" in said
    await world.move_to(at(30, 9))
    words = text_of(world.check_in_message())
    assert (
        "*Conversations:* 0 logged, goal 12 (20 a week, 2 of 5 days away). "
        "Did you meet your conversation goal?" in words
    )
    assert "goal 5 (9 a week, 2 of 5 days away)" in words
    assert "goal $6,000 ($10,000 a week, 2 of 5 days away)" in words
    await answer_all(world, "12", "5", "6000")
    assert "You met every goal" in text_of(world.check_in_message())
    assert world.dana.messages("C0COACH") == []


async def test_a_zone_change_and_a_public_holiday_in_a_week_with_a_day_away(world: World) -> None:
    await world.dana.command("/coach", "calendar")
    await world.dana.submit({"country": "United States", "region": "New York"})
    assert world.dana.errors == {}
    assert "Thursday 26 November: Thanksgiving" in text_of(world.dana.modal or {})
    await world.move_to(at(23, 9))
    await answer_all(world, "20", "9", "10000")
    await away(world.priya, "24 Nov")
    await world.move_to(at(25, 12))
    in_new_york = Profile("U0PRIYA", "Priya Nair", timezone="America/New_York", locale="en-US")
    await world.database.write(
        members.apply_profile, workspace_id=1, profile=in_new_york, now=world.clock.now()
    )
    await world.move_to(at(30, 13, 59))  # 8:59 in New York
    assert "20 of 20" in text_of(world.check_in_message())
    await world.move_to(at(30, 14))
    words = text_of(world.check_in_message())
    share = "(20 a week, 2 of 5 days off, 1 of them a public holiday)"
    assert f"0 logged, goal 12 {share}." in words
    assert [(a.first_day, a.last_day) for a in absences(world)] == [(date(2026, 11, 24),) * 2]


async def test_a_check_in_waits_for_the_end_of_a_vacation_over_the_monday(world: World) -> None:
    await away(world.priya, "vacation 23 Nov – 25 Nov")
    home = await world.priya.open_home()
    await world.quiet()
    assert "The next check-in comes Thursday 26 November" in text_of(world.priya.home or home or {})
    before = len(posts(world.priya))
    await world.move_to(at(23, 9))
    await world.move_to(at(25, 19))
    assert len(posts(world.priya)) == before
    assert world.check_in("U0PRIYA").state == "scheduled"
    assert "comes Thursday 26 November at 9:00" in text_of(world.priya.home or {})
    await world.move_to(at(26, 9))
    words = text_of(world.check_in_message())
    assert "*Conversations:* 0 of 20 logged." in words  # the week before was a whole one
    assert "Closes Friday 27 November at 5:00" in words
    await world.move_to(at(27, 17, 1))
    assert "did not answer" in text_of(world.dana.messages("C0COACH")[-1])


async def test_a_rep_can_answer_while_away(world: World) -> None:
    await away(world.priya, "23 Nov – 25 Nov")
    await world.move_to(at(23, 10))
    home = await world.priya.open_home()
    await world.quiet()
    await world.priya.press(world.priya.home or home, action_id=OPEN_FORM)
    modal = world.priya.modal
    assert modal is not None
    fields = [b["block_id"] for b in modal["blocks"] if b["type"] == "input"]
    await world.priya.submit(dict(zip(fields, ("20", "9", "10000"), strict=True)))
    await world.quiet()
    assert world.check_in("U0PRIYA").state == "answered"


async def test_a_whole_week_away_asks_nothing_and_breaks_no_streak(world: World) -> None:
    await world.move_to(at(23, 9))
    await answer_all(world, "20", "9", "10000")
    said = await away(world.priya, "vacation next week")
    assert "5 of 5 days away. Nothing is asked about it." in said
    before = len(posts(world.priya))
    await world.move_to(at(30, 9))
    await answer_all(world, "20", "9", "10000")
    await world.move_to(at(37, 9))  # Monday 7 December, about the week of 30 November
    assert len(posts(world.priya)) == before + 1
    assert world.check_in("U0PRIYA").state == "away"
    await world.move_to(at(40, 9))
    assert world.dana.messages("C0COACH") == []
    home = await world.priya.open_home()
    await world.quiet()
    words = text_of(world.priya.home or home or {})
    assert ":large_green_square::large_green_square::palm_tree:" in words
    await world.move_to(at(44, 9))
    await answer_all(world, "20", "9", "10000")
    assert "That is 3 weeks in a row." in text_of(world.check_in_message())


async def test_a_public_holiday_is_nobodys_check_in_day(world: World) -> None:
    await world.dana.command("/coach", "calendar")
    await world.dana.submit({"country": "gb", "region": "eng"})
    assert world.dana.errors == {}
    for day in (23, 30, 37, 44, 51):
        await world.move_to(at(day, 9))
    await answer_all(world, "20", "9", "10000")
    await world.move_to(at(58, 19))  # Monday 28 December: Boxing Day, observed
    assert world.check_in("U0PRIYA").state == "scheduled"
    await world.move_to(at(59, 9))
    words = text_of(world.check_in_message())
    assert "goal 16 (20 a week, 1 of 5 days a public holiday)" in words
    assert "Closes Wednesday 30 December at 5:00" in words


# Said while a check-in is open


async def test_sick_today_is_not_reminded_today(world: World) -> None:
    await world.move_to(at(23, 9))
    said = await away(world.priya, "sick today")
    assert "marked as away *Monday 23 November* (sick)" in said
    for hour in (13, 15, 19):
        await world.move_to(at(23, hour))
    assert reminders(world.priya) == []
    assert "Closes Tuesday 24 November at 5:00" in text_of(world.check_in_message())
    await world.move_to(at(24, 13))
    assert len(reminders(world.priya)) == 1


async def test_a_deadline_on_a_day_away_moves_to_the_first_working_day(world: World) -> None:
    await world.move_to(at(23, 9))
    await away(world.priya, "sick tue – wed")
    await world.quiet()
    assert "Closes Thursday 26 November at 5:00" in text_of(world.check_in_message())
    message = world.check_in_message()
    await world.move_to(at(24, 18))
    outcome = await world.priya.press(
        message, action_id=ANSWER_NO, value=str(first_answer(world, ANSWER_NO))
    )
    assert outcome.acked
    for hour in (9, 14, 19):
        await world.move_to(at(25, hour))
    assert [w for w in reminders(world.priya) if "Thursday" in w] == []
    assert world.dana.messages("C0COACH") == []
    await world.move_to(at(26, 17))
    assert "did not answer" in text_of(world.dana.messages("C0COACH")[-1])


async def test_a_snooze_waits_for_the_rep_to_be_back(world: World) -> None:
    await world.move_to(at(23, 9))
    await away(world.priya, "tomorrow")
    await world.quiet()
    await world.priya.select(
        world.check_in_message(), action_id="check_in.snooze", value="tomorrow"
    )
    await world.quiet()
    assert "remind you Wednesday 8:00" in text_of(world.last(world.priya))
    await world.move_to(at(24, 19))
    assert reminders(world.priya) == []
    await world.move_to(at(25, 8))
    assert len(reminders(world.priya)) == 1


async def test_a_rep_who_is_back_early_says_so(world: World) -> None:
    await away(world.priya, "23 Nov – 27 Nov")
    await world.move_to(at(24, 10))
    outcome = await world.priya.command("/checkin", "back")
    assert outcome.acked
    assert "Taken back" in text_of(world.last(world.priya))
    await world.quiet()
    assert [(a.first_day, a.last_day) for a in standing(world)] == [(date(2026, 11, 23),) * 2]
    assert "how was your week" in text_of(world.check_in_message())
    outcome = await world.priya.command("/checkin", "back")
    assert "You are not marked as away today." in text_of(world.last(world.priya))


# Said late


async def silent_week(world: World) -> None:
    await world.move_to(at(23, 9))
    await world.move_to(at(24, 17))
    (alert,) = world.dana.messages("C0COACH")
    assert "did not answer" in text_of(alert)


async def test_a_week_that_is_marked_late_is_no_miss_and_the_coach_sees_it(world: World) -> None:
    await silent_week(world)
    await world.dana.open_home()
    await world.move_to(at(25, 10, 12))
    await away(world.priya, "sick last week")
    await world.quiet()
    assert world.check_in("U0PRIYA").state == "away"
    (alert,) = world.dana.messages("C0COACH")
    words = text_of(alert)
    assert "<@U0PRIYA> *was away* in the week 16–22 November, so it is no miss." in words
    assert (
        "Marked as away by <@U0PRIYA> after the week had ended, Wednesday 25 November at 10:12"
        in words
    )
    assert "sick" not in words  # whoever is in the channel reads it
    assert TAKE not in str(alert.blocks)
    assert DONE not in str(alert.blocks)
    assert "You were away in the week 16–22 November." in text_of(world.check_in_message())
    home = text_of(world.dana.home or {})
    assert "*was away (marked as away late, by <@U0PRIYA>, Wednesday 10:12" in home
    outcome = await world.priya.command("/checkin")
    assert outcome.acked
    assert "No check-in is open." in text_of(world.last(world.priya))


async def test_a_late_mark_judges_answers_anew_and_keeps_their_trail(world: World) -> None:
    await world.move_to(at(23, 9))
    await answer_all(world, "13", "5", "$6,000")
    assert "missed 3 of 3 goals" in text_of(world.dana.messages("C0COACH")[-1])
    await world.move_to(at(25, 10))
    await away(world.priya, "16-17 Nov")
    await world.quiet()
    (alert,) = world.dana.messages("C0COACH")
    words = text_of(alert)
    assert "*met every goal* in the week 16–22 November, now that days away are counted" in words
    assert ":white_check_mark: *Conversations:* 13 of 12 (20 a week)" in words
    assert ":palm_tree: 2 of 5 days away." in words
    assert "You met every goal" in text_of(world.check_in_message())
    given = select(Answer).where(Answer.number != None)  # noqa: E711
    answers = world.database.read_now(lambda s: list(s.exec(given).all()))
    assert [world.edits(answer.id) for answer in answers] == [1, 1, 1]
    assert not any(answer.edited for answer in answers)
    # Taken back, it is a miss again, in the same message.
    await away(world.priya)
    await world.priya.press(world.priya.modal or {}, action_id=views.TAKE_BACK)
    await world.quiet()
    (alert,) = world.dana.messages("C0COACH")
    assert "missed 3 of 3 goals" in text_of(alert)
    assert "palm_tree" not in text_of(alert)


async def test_silent_on_the_deadline_while_sick_can_still_answer_when_back(world: World) -> None:
    await silent_week(world)
    await world.move_to(at(25, 9))
    await away(world.priya, "sick 24 Nov")
    await world.quiet()
    assert world.check_in("U0PRIYA").state == "open"
    (alert,) = world.dana.messages("C0COACH")
    assert "*can answer until Wednesday 25 November at 5:00" in text_of(alert)
    await answer_all(world, "20", "9", "10000")
    (alert,) = world.dana.messages("C0COACH")
    assert "*met every goal*" in text_of(alert)
    assert not world.check_in("U0PRIYA").late


async def test_a_week_that_is_closed_for_good_stays(world: World) -> None:
    await silent_week(world)
    await world.move_to(at(24, 17) + timedelta(days=14))
    said = await away(world.priya, "16 Nov")
    assert "marked as away" in said
    await world.priya.press(world.last(world.priya), action_id=views.TAKE_BACK)
    await world.move(minutes=1)
    said = await away(world.priya, "16 Nov")
    assert "The week of Monday 16 November is closed for good: choose days from" in said


# A pause of the whole team


async def test_a_team_pauses_for_a_week_and_takes_it_back(world: World) -> None:
    await world.dana.command("/coach", "pause")
    await world.dana.submit({FIRST_WEEK: "2026-11-23", WEEKS: "1"})
    assert "*Harbor Sales* pauses, 23–29 November." in text_of(world.dana.modal)
    await world.quiet()
    told = text_of(world.last(world.priya))
    assert "Harbor Sales pauses, 23–29 November: nothing is asked" in told
    await world.dana.close_all()
    await world.dana.command("/coach", "pause")
    await world.dana.press(world.dana.modal, action_id=TAKE_BACK)
    await world.quiet()
    assert "was taken back" in text_of(world.dana.modal)
    assert "was taken back" in text_of(world.last(world.priya))
    assert {row.taken_back_at is None for row in absences(world)} == {False}
