"""Away in every way: said by the rep or the coach, ahead or late, by command, by form and on Home."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from bot.domain.people import members
from bot.domain.people.members import Profile
from bot.domain.tables import Absence, Answer, CheckIn, Enrolment, Team
from bot.sandbox.people import Person
from bot.slack.views import absences as views
from bot.slack.views.alerts import DONE, TAKE
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES, OPEN_FORM
from bot.slack.views.setup import menu as setup
from tests.scenarios.conftest import World, text_of


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in London, which keeps UTC then; day 31 is 1 December."""
    return datetime(2026, 11, 1, hour, minute, tzinfo=UTC) + timedelta(days=day - 1)


async def away(person: Person, text: str = "") -> str:
    """Type `/checkin away …`; what the person is told."""
    outcome = await person.command("/checkin", f"away {text}")
    assert outcome.acked, outcome
    return "" if person.modal else text_of(person.messages()[-1])


async def answer_all(world: World, *numbers: str) -> None:
    await world.priya.command("/checkin")
    modal = world.priya.modal
    assert modal is not None
    fields = [b["block_id"] for b in modal["blocks"] if b["type"] == "input"]
    await world.priya.submit(dict(zip(fields, numbers, strict=True)))
    assert world.priya.errors == {}
    await world.quiet()


def posts(person: Person) -> list[str]:
    """What the bot posted to the person, without what was only said beside a command."""
    return [text_of(m) for m in person.messages() if not m.ephemeral_to]


def absences(world: World) -> list[Absence]:
    return list(world.database.read_now(lambda s: s.exec(select(Absence)).all()))


def standing(world: World) -> list[Absence]:
    return [absence for absence in absences(world) if absence.taken_back_at is None]


def reminders(person: Person) -> list[str]:
    return [words for words in posts(person) if "still has" in words]


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
    await world.dana.submit({"country": "United States"})
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
        message, action_id=ANSWER_NO, value=str(_first_answer(world, ANSWER_NO))
    )
    assert outcome.acked
    for hour in (9, 14, 19):
        await world.move_to(at(25, hour))
    assert [w for w in reminders(world.priya) if "Thursday" in w] == []
    assert world.dana.messages("C0COACH") == []
    await world.move_to(at(26, 17))
    assert "did not answer" in text_of(world.dana.messages("C0COACH")[-1])


def _first_answer(world: World, action_id: str) -> str:
    return next(
        str(element["value"])
        for block in world.check_in_message().blocks
        if block["type"] == "actions"
        for element in block["elements"]
        if element["action_id"] == action_id
    )


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
    assert "last check-in: was away (marked as away late, by <@U0PRIYA>, Wednesday 10:12" in home
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


# Home and the form


async def test_from_home_with_what_was_typed_kept_until_it_is_right(world: World) -> None:
    home = await world.priya.open_home()
    await world.quiet()
    await world.priya.press(world.priya.home or home, action_id=views.OPEN)
    assert (world.priya.modal or {})["title"]["text"] == "I’m away"
    form: dict[str, Any] = {"first_day": "2026-12-10", "last_day": "2026-12-03", "kind": "vacation"}
    await world.priya.submit(form)
    assert "comes before Thursday 10 December" in world.priya.errors["last_day"]
    assert standing(world) == []
    await world.priya.submit({"first_day": "2026-12-03", "last_day": "2026-12-10"})
    assert world.priya.errors == {}
    assert "You are marked as away *3–10 December* (vacation)." in text_of(world.priya.modal or {})
    await world.priya.close()
    await world.quiet()
    assert ":palm_tree: Away *3–10 December* (vacation)." in text_of(world.priya.home or {})
    await world.priya.press(world.priya.home or {}, action_id=views.TAKE_BACK)
    await world.quiet()
    assert "3–10 December" not in text_of(world.priya.home or {})
    assert standing(world) == []


async def test_home_shows_this_weeks_smaller_goals_and_a_running_absence(world: World) -> None:
    await world.priya.open_home()
    await away(world.priya, "19 Nov – 20 Nov")
    await world.quiet()
    words = text_of(world.priya.home or {})
    assert "You are away until Friday 20 November." in words
    assert "*Conversations*  0 of 12 (20 a week)" in words
    assert "2 of 5 days away, so the goals are smaller." in words
    await world.priya.press(
        world.priya.home or {},
        action_id=views.MORE,
        value=f"back:{standing(world)[0].id}",
    )
    await world.quiet()
    words = text_of(world.priya.home or {})
    assert "You are away until" not in words
    assert "0 of 16 (20 a week)" in words
    await away(world.priya, "16 Nov – 22 Nov")
    await world.quiet()
    assert "nothing is asked about it" in text_of(world.priya.home or {})


async def test_checkin_away_alone_opens_the_form_with_what_is_planned(world: World) -> None:
    await away(world.priya, "3-10 Dec")
    await away(world.priya)
    assert "Away *3–10 December*" in text_of(world.priya.modal or {})
    await world.priya.press(
        world.priya.modal or {}, action_id=views.TAKE_BACK, values={"last_day": "2026-12-24"}
    )
    await world.quiet()
    assert "3–10 December" not in text_of(world.priya.modal or {})
    await world.priya.submit({"first_day": "2026-12-23"})
    assert "*23–24 December*" in text_of(world.priya.modal or {})


async def test_days_that_are_recorded_already_change_nothing(world: World) -> None:
    await away(world.priya, "3-10 Dec")
    said = await away(world.priya, "4-5 Dec")
    assert "Nothing changed: you are marked as away *3–10 December* already." in said
    await away(world.priya, "9-14 Dec")
    assert len(standing(world)) == 2
    await away(world.priya)
    assert text_of(world.priya.modal or {}).count(":palm_tree:") == 2


# The coach


async def test_the_coach_for_a_rep_who_sees_who_recorded_it(world: World) -> None:
    await world.sam.open_home()
    await world.dana.open_home()
    outcome = await world.dana.command("/coach", "away @sam 20 Nov – 24 Nov")
    assert outcome.acked, outcome
    said = text_of(world.dana.messages()[-1])
    assert "<@U0SAM> is marked as away *20–24 November*." in said
    await world.quiet()
    assert "Away *20–24 November*. Recorded by <@U0DANA>." in text_of(world.sam.home or {})
    assert "<@U0SAM>   :palm_tree: away until Tuesday 24 November" in text_of(world.dana.home or {})
    await world.sam.press(world.sam.home or {}, action_id=views.TAKE_BACK)
    await world.quiet()
    assert standing(world) == []


async def test_the_coach_by_form_and_from_the_list_of_reps(world: World) -> None:
    await world.dana.command("/coach", "away")
    sam = world.database.read_now(
        lambda s: s.exec(select(Enrolment.member_id).order_by(Enrolment.member_id)).all()[1]
    )
    await world.dana.select(world.dana.modal or {}, action_id=views.PICK_REP, value=str(sam))
    assert "For <@U0SAM>." in text_of(world.dana.modal or {})
    await world.dana.submit({"first_day": "2026-11-24"})
    assert "<@U0SAM> is marked as away *Tuesday 24 November*." in text_of(world.dana.modal or {})
    await world.dana.close_all()
    await world.dana.command("/coach", "reps")
    await world.dana.press(world.dana.modal or {}, action_id=setup.MORE, value=f"away:{sam}")
    await world.dana.submit({"first_day": "2026-11-25"})
    assert world.dana.errors == {}
    assert len(standing(world)) == 2
    assert {absence.member_id for absence in standing(world)} == {sam}


async def test_nobody_else_says_when_a_rep_is_away(world: World) -> None:
    for person in (world.sam, world.alex):
        outcome = await person.command("/coach", "away @priya today")
        assert outcome.acked
        said = text_of(person.messages()[-1])
        assert "Only Priya Nair and the coaches of Harbor Sales can say" in said
    await world.alex.command("/coach", "reps")
    assert "Mark as away" not in str(world.alex.modal)
    await away(world.priya, "today")
    (absence,) = standing(world)
    await world.sam.forge_press(views.TAKE_BACK, str(absence.id))
    await world.sam.forge_submit(
        views.FORM_MODAL,
        private_metadata=f'{{"member":{absence.member_id}}}',
        state={
            "first_day": {"value": {"type": "datepicker", "selected_date": "2026-12-01"}},
            "last_day": {"value": {"type": "datepicker", "selected_date": None}},
            "kind": {"value": {"type": "radio_buttons", "selected_option": {"value": "away"}}},
        },
    )
    assert [a.id for a in standing(world)] == [absence.id]


# Bad input


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon", "I can't read “soon” as days: type them like today or 3 Dec – 10 Dec."),
        ("10 Dec – 3 Dec", "comes before Thursday 10 December: type the first day first"),
        ("3/12", "“3/12” can be read as two days: type one like 2026-11-20."),
        ("31 Feb", "“31 Feb” is not in the calendar"),
        ("2028-01-01", "is more than a year ahead: choose days up to Sunday 21 November 2027."),
        ("1 Oct", "The week of Monday 28 September is closed for good: choose days from"),
        ("<!channel>", "as days: type them like today"),
        ("x" * 300, "That is too long to be days"),
    ],
)
async def test_what_cannot_be_is_said_in_words(world: World, typed: str, sentence: str) -> None:
    assert sentence in await away(world.priya, typed)
    assert absences(world) == []


@pytest.mark.parametrize(
    ("person", "text", "sentence"),
    [
        ("dana", "away tomorrow", "Say who is away first: /coach away @name 3 Dec – 10 Dec."),
        ("dana", "away @alex today", "Alex Chen is in no team"),
        ("sam", "away", "Only coaches record absences for others."),
    ],
)
async def test_a_coach_who_types_it_wrong_is_told_how(
    world: World, person: str, text: str, sentence: str
) -> None:
    who: Person = getattr(world, person)
    outcome = await who.command("/coach", text)
    assert outcome.acked
    assert sentence in text_of(who.messages()[-1])


async def test_somebody_in_no_team_is_told_so(world: World) -> None:
    assert "You are not in a sales team yet." in await away(world.alex, "today")


@pytest.mark.parametrize(
    ("form", "field", "sentence"),
    [
        ({"working_days": []}, "working_days", "Please complete"),
        ({"country": "Atlantis"}, "country", "I know no public holidays of “Atlantis”"),
        ({"country": "Untied States"}, "country", "Did you mean United States?"),
        ({"country": "Germany", "region": "xx"}, "region", "“xx” is no region of Germany"),
        ({"country": "Aruba", "region": "x"}, "region", "has the same public holidays everywhere"),
        ({"region": "BY"}, "region", "A region needs its country"),
    ],
)
async def test_a_calendar_that_cannot_be_is_said_under_its_input(
    world: World, form: dict[str, Any], field: str, sentence: str
) -> None:
    await world.dana.command("/coach", "calendar")
    await world.dana.submit(form)
    if sentence != "Please complete":
        assert sentence in world.dana.errors[field]
    assert world.dana.errors
    team = world.database.read_now(lambda s: s.exec(select(Team)).one())
    assert (team.working_days, team.country, team.region) == ("01234", None, None)


async def test_an_old_button_of_a_week_away_is_refused_in_words(world: World) -> None:
    await world.move_to(at(23, 9))
    message = world.check_in_message()
    value = _first_answer(world, ANSWER_YES)
    await away(world.priya, "16-20 Nov")
    await world.priya.forge_press(ANSWER_YES, value, channel=world.priya.dm, message_ts=message.ts)
    await world.quiet()
    assert "You were away in that whole week" in text_of(world.last(world.priya))
    assert world.database.read_now(lambda s: s.exec(select(CheckIn.state)).all())[0] == "away"
