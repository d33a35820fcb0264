"""Absences from Home, by form, by the coach, and what cannot be said."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from bot.domain.tables import CheckIn, Enrolment, Team
from bot.sandbox.people import Person
from bot.slack.views import absences as views
from bot.slack.views.checkins.messages import ANSWER_YES
from bot.slack.views.setup import menu as setup
from tests.scenarios.away import absences, at, away, first_answer, standing
from tests.scenarios.conftest import World, text_of

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
    value = first_answer(world, ANSWER_YES)
    await away(world.priya, "16-20 Nov")
    await world.priya.forge_press(ANSWER_YES, value, channel=world.priya.dm, message_ts=message.ts)
    await world.quiet()
    assert "You were away in that whole week" in text_of(world.last(world.priya))
    assert world.database.read_now(lambda s: s.exec(select(CheckIn.state)).all())[0] == "away"
