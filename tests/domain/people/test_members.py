"""People as Slack describes them: every field may be missing, and nothing of that may stop a week."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.access import Caller
from bot.domain.metrics.metrics import add_built_in_metrics
from bot.domain.people import enrolments, members
from bot.domain.people.members import Profile, apply_profile
from bot.domain.refusals import Refusal
from bot.domain.tables import Enrolment, Member, Team, Workspace
from bot.rules.weeks import monday_of
from tests.domain.marked import marked, open_homes
from tests.domain.setting_up import Setup

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # a Friday
ABSURD_ZONES = [None, "", "Europe", "../../etc/passwd", "/etc/localtime", "Z" * 10_240, "Mars/Base"]


def add_workspace(session: Session, team: str = "T1") -> int:
    workspace = Workspace(slack_team_id=team, name="Harbor", bot_user_id="UBOT", created_at=NOW)
    session.add(workspace)
    session.flush()
    add_built_in_metrics(session, workspace.id)
    return workspace.id


def add_team(session: Session, workspace_id: int, coach_id: int) -> int:
    team = Team(
        workspace_id=workspace_id,
        name="Harbor",
        name_key="harbor",
        coach_id=coach_id,
        check_in_day=0,
        check_in_at=time(9),
        deadline_day=1,
        deadline_at=time(17),
        working_from=time(8),
        working_until=time(20),
        created_at=NOW,
    )
    session.add(team)
    session.flush()
    return team.id


def get(session: Session, slack_user_id: str) -> Member:
    return session.exec(select(Member).where(Member.slack_user_id == slack_user_id)).one()


def enrolment(session: Session) -> Enrolment:
    return session.exec(select(Enrolment)).one()


def rep(database: Database, profile: Profile) -> tuple[int, int]:
    """A workspace with one team and this person as its rep."""

    def make(session: Session) -> tuple[int, int]:
        workspace_id = add_workspace(session)
        coach = apply_profile(
            session, workspace_id=workspace_id, profile=Profile("UC", "Dana", "UTC"), now=NOW
        )
        team_id = add_team(session, workspace_id, coach)
        member_id = apply_profile(session, workspace_id=workspace_id, profile=profile, now=NOW)
        enrolments.enrol(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team_id,
            enrolled_on=monday_of(NOW.date()),
            now=NOW,
        )
        return workspace_id, member_id

    return database.write_now(make)


def test_a_profile_is_taken_over_and_taken_over_again(database: Database) -> None:
    workspace_id = database.write_now(add_workspace)
    first = Profile("U1", "  Priya \n Nair ", "europe/london", "en-GB", is_admin=True)
    database.write_now(apply_profile, workspace_id=workspace_id, profile=first, now=NOW)
    member = database.read_now(get, "U1")
    assert (member.name, member.timezone, member.locale) == ("Priya Nair", "Europe/London", "en_GB")
    assert member.is_admin
    later = NOW + timedelta(hours=1)
    second = Profile("U1", "Priya", "Asia/Kolkata", "xx'; drop table", is_admin=False)
    database.write_now(apply_profile, workspace_id=workspace_id, profile=second, now=later)
    member = database.read_now(get, "U1")
    assert (member.name, member.timezone, member.locale) == ("Priya", "Asia/Kolkata", "en_GB")
    assert not member.is_admin
    assert member.profile_read_at == later


@pytest.mark.parametrize("zone", ABSURD_ZONES, ids=lambda zone: str(zone)[:20])
def test_a_zone_that_is_none_leaves_the_last_good_one_and_is_marked(
    database: Database, zone: str | None
) -> None:
    workspace_id = database.write_now(add_workspace)

    def read(profile: Profile) -> Member:
        database.write_now(apply_profile, workspace_id=workspace_id, profile=profile, now=NOW)
        return database.read_now(get, profile.slack_user_id)

    stranger = read(Profile("U1", "New", zone))
    assert (stranger.timezone, stranger.timezone_missing) == ("UTC", True)
    known = read(Profile("U2", "Known", "Asia/Tokyo"))
    assert (known.timezone, known.timezone_missing) == ("Asia/Tokyo", False)
    known = read(Profile("U2", "Known", zone))
    assert (known.timezone, known.timezone_missing) == ("Asia/Tokyo", True)
    known = read(Profile("U2", "Known", "Asia/Seoul"))
    assert (known.timezone, known.timezone_missing) == ("Asia/Seoul", False)


def test_named_in_the_settings_counts_as_admin(database: Database) -> None:
    workspace_id = database.write_now(add_workspace)
    database.write_now(
        apply_profile,
        workspace_id=workspace_id,
        profile=Profile("U1", "Op", "UTC"),
        now=NOW,
        admin_users=frozenset({"U1"}),
    )
    assert database.read_now(get, "U1").is_admin


def test_a_changed_zone_moves_the_next_check_in_and_keeps_its_week(database: Database) -> None:
    workspace_id, _ = rep(database, Profile("U1", "Priya", "Europe/London"))
    before = database.read_now(enrolment)
    assert before.next_due_at == datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    moved = Profile("U1", "Priya", "America/New_York")
    database.write_now(apply_profile, workspace_id=workspace_id, profile=moved, now=NOW)
    after = database.read_now(enrolment)
    assert after.next_week == before.next_week
    assert after.next_due_at == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def test_an_overdue_check_in_keeps_its_moment_when_the_zone_changes(database: Database) -> None:
    workspace_id, _ = rep(database, Profile("U1", "Priya", "Europe/London"))
    before = database.read_now(enrolment)
    late = datetime(2026, 11, 23, 9, 5, tzinfo=UTC)  # due, and not yet asked
    moved = Profile("U1", "Priya", "America/New_York")
    database.write_now(apply_profile, workspace_id=workspace_id, profile=moved, now=late)
    after = database.read_now(enrolment)
    assert (after.next_week, after.next_due_at) == (before.next_week, before.next_due_at)


def test_a_zone_that_puts_the_due_moment_into_the_past_asks_in_the_next_working_hour(
    database: Database,
) -> None:
    workspace_id, _ = rep(database, Profile("U1", "Priya", "America/New_York"))
    before = database.read_now(enrolment)
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # 07:00 in New York, 21:00 in Tokyo
    moved = Profile("U1", "Priya", "Asia/Tokyo")
    database.write_now(apply_profile, workspace_id=workspace_id, profile=moved, now=now)
    after = database.read_now(enrolment)
    assert after.next_week == before.next_week
    assert after.next_due_at == datetime(2026, 11, 23, 23, 0, tzinfo=UTC)  # 08:00 there


def test_deactivation_stops_the_planning_and_a_return_resumes_it(database: Database) -> None:
    workspace_id, _ = rep(database, Profile("U1", "Priya", "Europe/London"))

    def read(profile: Profile, now: datetime) -> Enrolment:
        database.write_now(apply_profile, workspace_id=workspace_id, profile=profile, now=now)
        return database.read_now(enrolment)

    gone = read(Profile("U1", "Priya", "Europe/London", deleted=True), NOW)
    assert (gone.next_week, gone.next_due_at) == (None, None)
    assert database.read_now(get, "U1").inactive_because == "deactivated"
    wednesday = NOW + timedelta(days=12)
    back = read(Profile("U1", "Priya", "Europe/London"), wednesday)
    assert database.read_now(get, "U1").inactive_because is None
    assert back.next_due_at == datetime(2026, 12, 7, 9, 0, tzinfo=UTC)  # nothing in retrospect


def test_somebody_who_could_not_be_reached_is_tried_again_once_slack_knows_them(
    database: Database,
) -> None:
    workspace_id = database.write_now(add_workspace)
    profile = Profile("U1", "Priya", "UTC")
    database.write_now(apply_profile, workspace_id=workspace_id, profile=profile, now=NOW)

    def unreachable(session: Session) -> None:
        get(session, "U1").inactive_because = "user_not_found"

    database.write_now(unreachable)
    database.write_now(apply_profile, workspace_id=workspace_id, profile=profile, now=NOW)
    assert database.read_now(get, "U1").inactive_because is None


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        (Profile("U1", "Robot", is_bot=True), "Robot is a bot and has nothing to answer"),
        (Profile("U1", "Lee", deleted=True), "Lee’s Slack account is deactivated"),
    ],
)
def test_who_cannot_be_enrolled_is_told_in_words(
    database: Database, profile: Profile, words: str
) -> None:
    assert words in (members.eligible(profile) or "")
    with pytest.raises(Refusal, match=words):
        rep(database, profile)
    assert database.read_now(lambda s: s.exec(select(Enrolment)).all()) == []


def test_a_person_and_a_guest_can_be_enrolled() -> None:
    assert members.eligible(Profile("U1", "Priya")) is None
    assert members.eligible(Profile("U1", "Guest", is_guest=True)) is None


def test_a_chosen_zone_counts_over_slacks(database: Database, clock: SettableClock) -> None:
    workspace_id, member_id = rep(database, Profile("U1", "Priya", None))
    caller = Caller(workspace_id, "UC")

    def choose(text: str) -> str:
        return database.write_now(
            members.choose_timezone,
            caller=caller,
            member_id=member_id,
            text=text,
            field="zone",
            now=NOW,
        )

    with pytest.raises(Refusal, match="is not a time zone") as refused:
        choose("London, I think")
    assert refused.value.field == "zone"
    assert choose("america/new york") == "America/New_York"
    member = database.read_now(get, "U1")
    assert (member.timezone_chosen, member.timezone_missing) == (True, False)
    assert database.read_now(enrolment).next_due_at == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
    database.write_now(
        apply_profile,
        workspace_id=workspace_id,
        profile=Profile("U1", "Priya", "Europe/London"),
        now=NOW,
    )
    assert database.read_now(get, "U1").timezone == "America/New_York"


def test_a_zone_is_chosen_by_those_who_manage_the_team_only(database: Database) -> None:
    workspace_id, member_id = rep(database, Profile("U1", "Priya", None))
    stranger = Caller(workspace_id, "U1")
    with pytest.raises(Refusal, match="Only the coach of Harbor"):
        database.write_now(
            members.choose_timezone,
            caller=stranger,
            member_id=member_id,
            text="UTC",
            field="zone",
            now=NOW,
        )


def test_those_of_a_team_are_read_again_oldest_first(database: Database) -> None:
    workspace_id, _ = rep(database, Profile("U1", "Priya", "UTC"))
    other = Profile("U9", "Nobody’s rep", "UTC")
    database.write_now(apply_profile, workspace_id=workspace_id, profile=other, now=NOW)
    later = NOW + timedelta(days=1)
    database.write_now(
        apply_profile,
        workspace_id=workspace_id,
        profile=Profile("UC", "Dana", "UTC"),
        now=NOW + timedelta(hours=1),
    )

    def stale(session: Session) -> list[str]:
        return members.to_refresh(session, workspace_id=workspace_id, read_before=later, limit=10)

    assert database.read_now(stale) == ["U1", "UC"]


def test_another_name_is_told_wherever_it_is_read(setup: Setup) -> None:
    setup.enrol(setup.create().team_id)
    homes = ("UA", "UC", "UD", "U1")
    open_homes(setup.database, homes, now=NOW)

    def rename(user: str, name: str) -> set[str]:
        profile = Profile(user, name, "Europe/London", is_admin=user == "UA")
        return marked(
            setup.database,
            lambda: setup.database.write_now(
                apply_profile, workspace_id=setup.workspace_id, profile=profile, now=NOW
            ),
        )

    everybody = {f"home {user}" for user in homes}
    assert rename("UC", "Dana Reyes") == everybody  # their reps read it, and the checklist may
    assert rename("UC", "Dana Reyes") == set()
    assert rename("U1", "Priya Nair") == everybody
    assert rename("UG", "Gus Grey") == everybody - {"home U1"}


def test_another_zone_and_leaving_mark_the_homes_that_tell_of_it(setup: Setup) -> None:
    setup.enrol(setup.create().team_id)
    homes = ("UA", "UC", "UD", "U1")
    open_homes(setup.database, homes, now=NOW)
    for profile in (
        Profile("U1", "Priya", "Asia/Kolkata"),
        Profile("U1", "Priya", "Asia/Kolkata", deleted=True),
    ):
        apply = partial(
            setup.database.write_now,
            apply_profile,
            workspace_id=setup.workspace_id,
            profile=profile,
            now=NOW,
        )
        assert marked(setup.database, apply) == {f"home {user}" for user in homes}


def test_a_chosen_zone_is_told_on_the_homes_and_a_long_text_is_cut(setup: Setup) -> None:
    member_id = setup.enrol(setup.create().team_id)
    open_homes(setup.database, ("UA", "UC", "U1"), now=NOW)

    def choose(text: str) -> None:
        setup.database.write_now(
            members.choose_timezone,
            caller=setup.caller("UC"),
            member_id=member_id,
            text=text,
            field="zone",
            now=NOW,
        )

    assert marked(setup.database, lambda: choose("Asia/Kolkata")) == {
        "home UA",
        "home UC",
        "home U1",
    }
    with pytest.raises(Refusal) as refused:
        choose("x" * 300)
    assert refused.value.sentence == (
        f"“{'x' * 39}…” is not a time zone: type one like Europe/London."
    )
    assert refused.value.field == "zone"


def test_second_coaches_are_read_again_too_and_no_more_than_asked_for(setup: Setup) -> None:
    setup.enrol(setup.create().team_id)

    def due(read_before: datetime, limit: int = 10) -> list[str]:
        return setup.database.read_now(
            members.to_refresh,
            workspace_id=setup.workspace_id,
            read_before=read_before,
            limit=limit,
        )

    assert due(NOW) == []
    later = NOW + timedelta(seconds=1)
    assert due(later) == ["UC", "UD", "U1"]
    assert due(later, limit=2) == ["UC", "UD"]
