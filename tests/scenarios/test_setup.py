"""Setting up from nothing, through the real command, modals and buttons."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from bot.domain.tables import Enrolment, Member, Metric, Team
from bot.sandbox.people import Person
from bot.slack.views.setup import menu as views
from tests.scenarios.coach_forms import coach
from tests.scenarios.conftest import World, text_of
from tests.scenarios.planning import title_of


def teams(world: World) -> list[Team]:
    return list(world.database.read_now(lambda s: s.exec(select(Team)).all()))


def enrolments(world: World) -> list[Enrolment]:
    return list(world.database.read_now(lambda s: s.exec(select(Enrolment)).all()))


def said(person: Person) -> str:
    """What the person was told last, in the conversation with the bot."""
    return text_of(person.messages()[-1])


async def create_team(world: World, **values: Any) -> None:
    await coach(world.alex, "team")
    assert title_of(world.alex) == "Create a team"
    form = {"name": "Harbor", "coach": "U0DANA", "channel": "C0COACH"}
    await world.alex.submit({**form, **values})


async def test_from_an_empty_workspace_to_the_first_check_in(empty_world: World) -> None:
    world = empty_world
    alex, dana = world.alex, world.dana
    await coach(alex)
    assert title_of(alex) == "Set up Basecoach"
    await alex.press(alex.modal, action_id=views.OPEN_TEAM)
    assert title_of(alex) == "Create a team"
    await alex.submit({"name": "Harbor", "coach": "U0DANA", "channel": "C0COACH"})
    assert alex.errors == {}
    assert "*Harbor* was created." in text_of(alex.modal)
    await alex.press(alex.modal, action_id=views.OPEN_ENROL)
    await alex.submit({"reps": ["U0PRIYA", "U0NOZONE"]})
    words = text_of(alex.modal)
    assert "<@U0PRIYA> and <@U0NOZONE> are reps of *Harbor* now." in words
    # Of this week only Friday is left, so the first check-in is about the next one.
    assert "first asked Monday 30 November at" in words
    assert "Slack gives no time zone for <@U0NOZONE>" in words
    # The third modal is the last that Slack stacks: what follows takes its place.
    assert len(alex.modals) == 3
    await alex.press(alex.modal, action_id=views.OPEN_ZONE)
    assert len(alex.modals) == 3
    await alex.submit({"zone": "Asia/Dubai"})
    assert "*Asia/Dubai*" in text_of(alex.modal)
    await alex.close_all()

    # The coach is welcomed, and sets the targets.
    await world.quiet()
    welcome = dana.messages()[-1]
    assert "You coach Harbor now." in text_of(welcome)
    await dana.press(welcome, action_id=views.OPEN_SCHEDULE)
    assert title_of(dana) == "Change the schedule"
    await dana.close_all()
    await coach(dana, "targets @priya")
    metrics = world.database.read_now(lambda s: {m.key: m.id for m in s.exec(select(Metric))})
    await dana.submit(
        {f"amount.{metrics['conversations']}": "2", f"amount.{metrics['sales']}": "1.5k"}
    )
    words = text_of(dana.modal)
    assert "The targets of <@U0PRIYA> from the week 16–22 November on:" in words
    assert "Sales: $1,500" in words

    await world.quiet()
    assert len(world.priya.messages()) == 1  # the welcome
    await world.monday()
    assert "0 of 2 logged" in text_of(world.last(world.priya))


async def test_words_behind_the_command(world: World) -> None:
    for word, opened in (
        ("team", "Create a team"),
        ("TEAM", "Create a team"),
        ("enrol", "Enrol reps"),
        ("enroll", "Enrol reps"),
        ("targets", "Set targets"),
        ("schedule", "Change the schedule"),
        ("plan", "Plan settings"),
        ("Plans", "Plan settings"),
        ("metric", "Add a metric"),
        ("reps", "Reps"),
    ):
        await coach(world.alex, word)
        assert title_of(world.alex) == opened
        await world.alex.close_all()


async def test_a_country_asks_for_its_region_before_it_counts(world: World) -> None:
    dana = world.dana
    await coach(dana, "calendar")
    await dana.submit({"country": "Germny"})
    assert "Did you mean Germany?" in str(dana.errors)
    await dana.submit({"country": "Britain"})
    assert title_of(dana) == "Choose the region"
    words = text_of(dana.modal)
    assert "• Easter Monday (England, Northern Ireland and Wales)" in words
    assert [team.country for team in teams(world)] == [None]
    await dana.submit({"region": "SCT"})
    assert "Next public holidays, United Kingdom (Scotland):" in text_of(dana.modal)
    assert [(team.country, team.region) for team in teams(world)] == [("GB", "SCT")]


async def test_help_and_unknown_words_get_the_usage_with_their_text(world: World) -> None:
    await coach(world.dana, "help")
    assert "`/coach targets`" in said(world.dana)
    for text in ("flurb <!channel>", "team now", "targets everybody", "x" * 3000):
        await coach(world.dana, text)
        assert "I don’t know what “" in said(world.dana)
        assert "<!channel>" not in said(world.dana)
    assert world.dana.modal is None


async def test_others_get_a_sentence(world: World) -> None:
    for text in ("", "team", "enrol", "targets", "schedule", "plan", "metric", "reps"):
        await coach(world.priya, text)
        assert world.priya.modal is None
        assert "Only " in said(world.priya)
    assert len(teams(world)) == 1


async def test_a_coach_is_not_offered_to_create_teams(world: World) -> None:
    await coach(world.dana)
    assert views.OPEN_TEAM not in str(world.dana.modal)
    await coach(world.dana, "team")
    assert "Only a workspace admin" in said(world.dana)


async def test_everything_wrong_is_said_at_once_and_nothing_is_lost(empty_world: World) -> None:
    alex = empty_world.alex
    await create_team(
        empty_world,
        name="🚀",
        coach="U0GUEST",
        second_coach="U0ROBOT",
        channel="C0ARCHIVED",
        currency="zzz",
        deadline_at="08:00",
        deadline_day="0",
    )
    assert set(alex.errors) == {
        "name",
        "coach",
        "second_coach",
        "channel",
        "currency",
        "deadline_at",
    }
    assert "is archived" in alex.errors["channel"]
    assert teams(empty_world) == []
    await alex.submit(
        {
            "name": "Harbor",
            "coach": "U0DANA",
            "second_coach": "U0MORGAN",
            "channel": "C0COACH",
            "currency": "gbp",
            "deadline_day": "2",
        }
    )
    [team] = teams(empty_world)
    assert (team.currency, team.deadline_day, team.deadline_at.hour) == ("GBP", 2, 8)


async def test_a_public_channel_is_named_and_confirmed(empty_world: World) -> None:
    world, alex = empty_world, empty_world.alex
    await create_team(world, channel="C0GENERAL")
    assert "not in #general" in alex.errors["channel"]
    world.workspace.channels["C0GENERAL"].members.append("U0BASECOACH")
    await alex.submit()
    assert "*#general is public.* Everybody in" in text_of(alex.modal)
    assert teams(world) == []
    await alex.submit()
    assert "is public" in alex.errors["public.C0GENERAL"]
    await alex.submit({"public.C0GENERAL": ["yes"]})
    [team] = teams(world)
    assert (team.name, team.coach_channel) == ("Harbor", "C0GENERAL")


async def test_a_channel_that_the_bot_cannot_see(empty_world: World) -> None:
    empty_world.workspace.remove_bot("C0COACH")
    await create_team(empty_world)
    assert "/invite @basecoach" in empty_world.alex.errors["channel"]
    assert teams(empty_world) == []


@pytest.mark.parametrize(
    ("person", "words"),
    [
        ("U0LEFT", "Slack account is deactivated"),
        ("U0ROBOT", "is a bot"),
        ("USLACKBOT", "is a bot"),
        ("U0BASECOACH", "is a bot"),
    ],
)
async def test_who_cannot_be_a_rep_is_said_under_the_input(
    world: World, person: str, words: str
) -> None:
    before = len(enrolments(world))
    await coach(world.dana, "enrol")
    await world.dana.submit({"reps": ["U0MORGAN", person]})
    assert words in world.dana.errors["reps"]
    assert len(enrolments(world)) == before


async def test_a_changed_schedule_moves_the_next_check_in(world: World) -> None:
    before = world.due("U0PRIYA")
    await coach(world.dana, "schedule")
    await world.dana.submit({"check_in_at": "08:00", "deadline_day": "0", "deadline_at": "08:30"})
    assert "at least an hour" in world.dana.errors["deadline_at"]
    await world.dana.submit({"deadline_at": "17:00"})
    assert "asked on *Monday* at *8:00 AM*" in text_of(world.dana.modal)
    assert (before - world.due("U0PRIYA")).total_seconds() == 3600


async def test_an_admin_sets_the_message_budget_and_others_are_refused(world: World) -> None:
    for person, text, answer in (
        (world.alex, "messages 3", "From now on a rep gets at most *3 messages* a week"),
        (world.dana, "messages", "Now a rep gets at most *3 messages* a week"),
        (world.alex, "messages lots", "Type a number from 1 to 20"),
        (world.dana, "messages 9", "Only a workspace admin"),
        (world.priya, "messages", "Only a workspace admin"),
    ):
        outcome = await person.command("/coach", text)
        assert answer in str(outcome.body)


async def test_what_plans_are_made_with_is_set_from_the_menu(world: World) -> None:
    dana = world.dana
    await coach(dana)
    await dana.press(dana.modal, action_id=views.OPEN_PLAN)
    assert title_of(dana) == "Plan settings"
    assert dana.modal is not None
    filled = {
        b["block_id"]: b["element"]["initial_value"]
        for b in dana.modal["blocks"]
        if b["type"] == "input"
    }
    assert filled == {
        "sales_cycle_days": "60",
        "conversation_minutes": "30",
        "weekly_hours": "25",
        "raise_after_weeks": "4",
    }
    await dana.submit(
        {
            "sales_cycle_days": "0",
            "conversation_minutes": "half an hour",
            "weekly_hours": "37.5",
            "raise_after_weeks": "60",
        }
    )
    assert dana.errors == {
        "sales_cycle_days": "Type days from 1 to 730.",
        "conversation_minutes": "“half an hour” is not a number: type it in digits, like 17.",
        "weekly_hours": "“37.5” is not a whole number: type one without decimals, like 17.",
        "raise_after_weeks": "Type weeks from 1 to 52.",
    }
    assert teams(world)[0].sales_cycle_days == 60
    await dana.submit(
        {
            "sales_cycle_days": "45",
            "conversation_minutes": "20",
            "weekly_hours": "30",
            "raise_after_weeks": "1",
        }
    )
    words = text_of(dana.modal)
    assert "The plan settings of *Harbor Sales* were saved." in words
    assert "A sale takes 45 days where a rep’s log does not say." in words
    assert "after 1 week with everything met" in words
    [team] = teams(world)
    assert (team.sales_cycle_days, team.conversation_minutes) == (45, 20)
    assert (team.weekly_hours, team.raise_after_weeks) == (30, 1)


async def test_a_metric_of_the_team_is_added_changed_and_archived(world: World) -> None:
    dana = world.dana
    await coach(dana, "metric")
    await dana.submit({"name": "Demos", "unit": "hours", "source": "asked"})
    assert "*Demos* of Harbor Sales was added." in text_of(dana.modal)
    await coach(dana, "metric")
    await dana.submit({"name": "demos"})
    assert "has a metric called Demos" in dana.errors["name"]
    metric = world.database.read_now(
        lambda s: s.exec(select(Metric.id).where(Metric.name == "Demos")).one()
    )
    await dana.press(dana.modal, action_id=views.MORE, value=f"{views.RENAME}:{metric}")
    await dana.submit({"name": "Demonstrations"})
    await dana.close()
    await dana.press(dana.modal, action_id=views.MORE, value=f"{views.ARCHIVE}:{metric}")
    await dana.submit()
    assert "was archived" in text_of(dana.modal)
    archived = world.database.read_now(lambda s: s.get_one(Metric, metric))
    assert archived.name == "Demonstrations"
    assert archived.archived_at is not None


async def test_a_rep_is_taken_out_and_is_not_asked_any_more(world: World) -> None:
    dana = world.dana
    await coach(dana, "reps")
    assert "<@U0PRIYA>\nConversations: 20, Base moves: 9, Sales: $10,000" in text_of(dana.modal)
    priya = world.database.read_now(
        lambda s: s.exec(select(Member.id).where(Member.slack_user_id == "U0PRIYA")).one()
    )
    await dana.press(dana.modal, action_id=views.MORE, value=f"{views.REMOVE}:{priya}")
    await dana.submit()
    assert "no rep any more" in text_of(dana.modal)
    # The list below is drawn anew.
    await world.workspace.until(lambda: "<@U0PRIYA>" not in text_of(dana.modals[0]))
    assert "<@U0SAM>" in text_of(dana.modals[0])
    await world.quiet()
    assert "You are no longer in Harbor" in said(world.priya)
    count = len(world.priya.messages())
    await world.move(days=4)
    assert len(world.priya.messages()) == count


async def test_home_shows_an_admin_what_is_missing_and_its_button_mends_it(
    empty_world: World,
) -> None:
    alex = empty_world.alex
    await alex.open_home()
    await empty_world.quiet()
    assert alex.home is not None
    assert "There is no team yet." in text_of(alex.home)
    await alex.press(alex.home, action_id=views.OPEN_TEAM)
    assert title_of(alex) == "Create a team"
    await alex.submit({"name": "Harbor", "coach": "U0DANA"})
    await alex.close_all()
    await empty_world.quiet()
    words = text_of(alex.home)
    assert "Harbor has no coach channel" in words
    assert "Harbor has no reps yet" in words


async def test_a_demoted_admin_loses_it_within_five_minutes(world: World) -> None:
    await coach(world.alex, "team")
    assert title_of(world.alex) == "Create a team"
    users = world.workspace.users
    users["U0ALEX"] = replace(users["U0ALEX"], is_admin=False)
    world.clock.move(5 * 60 + 1)
    await world.alex.submit({"name": "Mine", "coach": "U0ALEX"})
    assert "Only a workspace admin" in str(world.alex.errors)
    assert len(teams(world)) == 1


async def test_forged_ids_get_nowhere(world: World) -> None:
    """Buttons and metadata of a form that Priya never had."""
    priya, dana = world.priya, world.dana
    for action_id, value in (
        (views.OPEN_TEAM, "1"),
        (views.OPEN_TARGETS, "1"),
        (views.OPEN_ZONE, "1"),
        (views.OPEN + "archive", "1"),
        (views.OPEN + "nonsense", "1"),
    ):
        outcome = await priya.forge_press(action_id, value)
        assert outcome.acked
        assert priya.modal is None
    for value in ("999999", "-1", "x", "1" * 30):
        await dana.forge_press(views.OPEN_TARGETS, value)
        assert dana.modal is None
