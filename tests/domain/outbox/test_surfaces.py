"""Which surfaces are marked as behind: a check-in's message, reminders and alert, and the Homes that show it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.domain.coaching import alerts
from bot.domain.outbox import outbox, surfaces
from bot.domain.people import enrolments
from bot.domain.tables import OutboxItem, Team
from bot.rules.weeks import WEEK as ONE_WEEK
from tests.domain.mondays import MONDAY, WEEK, Mondays, another_workspace, at

NOW = at(23, 14)
BY_PRESS = NOW + timedelta(seconds=3)


@pytest.fixture
def reminded(mondays: Mondays) -> Mondays:
    """Everybody was asked and reminded once; there are alerts about U1 and U2; four Homes were opened."""
    mondays.ask()
    mondays.beat(at(23, 13))
    mondays.deliver(at(23, 13))
    for user in ("U1", "U2"):
        mondays.write(alerts.ensure, check_ins=[mondays.check_in(user)], now=at(23, 13))
    mondays.open_homes("U1", "UC", "UD", "UN")
    return mondays


def due(mondays: Mondays, surface: str, subject_id: int) -> datetime | None:
    item = mondays.item(surface, subject_id)
    assert item is not None
    return item.due_at


def test_a_change_of_the_week_marks_all_that_shows_it(reminded: Mondays) -> None:
    member = reminded.member("U1")
    assert reminded.stale_after(
        lambda: reminded.write(surfaces.week_changed, member=member, week=WEEK, now=NOW)
    ) == {"check_in U1", "reminder U1", "alert U1", "home U1", "home UC", "home UD"}
    for item in reminded.rows(OutboxItem):
        if item.desired_version > item.rendered_version:
            assert (item.due_at, item.redraws_in_flight) == (NOW, 0)


def test_a_change_of_another_week_marks_homes_only(reminded: Mondays) -> None:
    member, week = reminded.member("U1"), WEEK + ONE_WEEK
    assert reminded.stale_after(
        lambda: reminded.write(surfaces.week_changed, member=member, week=week, now=NOW)
    ) == {"home U1", "home UC", "home UD"}


def test_a_press_leaves_its_message_to_its_response_url_and_nothing_else(
    reminded: Mondays,
) -> None:
    check_in, alert = reminded.check_in("U1"), reminded.alert("U1")
    (sent, _) = reminded.reminders("U1")
    assert alert is not None
    marked = reminded.stale_after(
        lambda: reminded.write(surfaces.check_ins_changed, check_ins={check_in.id: 1}, now=NOW)
    )
    assert marked == {"check_in U1", "reminder U1", "alert U1"}
    assert due(reminded, outbox.CHECK_IN, check_in.id) == BY_PRESS
    assert due(reminded, outbox.REMINDER, sent.id) == NOW
    assert due(reminded, outbox.ALERT, alert.id) == NOW


def test_a_press_on_an_old_message_has_that_message_drawn_anew(reminded: Mondays) -> None:
    check_in = reminded.check_in("U1")
    assert reminded.stale_after(
        lambda: reminded.write(surfaces.check_ins_stale, check_ins={check_in.id: 2}, now=NOW)
    ) == {"check_in U1"}
    assert due(reminded, outbox.CHECK_IN, check_in.id) == BY_PRESS


def test_a_reminder_that_was_not_sent_is_not_shown(reminded: Mondays) -> None:
    """Even where it was wanted: it goes out as it is then."""
    (_, unsent) = reminded.reminders("U1")
    named = {"workspace_id": reminded.workspace_id, "surface": outbox.REMINDER}
    reminded.write(outbox.mark_stale, **named, subject_id=unsent.id, now=at(23, 13))
    check_in = reminded.check_in("U1")
    before = reminded.desired_versions(outbox.REMINDER)[unsent.id]
    reminded.write(surfaces.check_in_changed, check_in=check_in, now=NOW)
    reminded.write(surfaces.check_ins_changed, check_ins={check_in.id: 1}, now=NOW)
    assert reminded.desired_versions(outbox.REMINDER)[unsent.id] == before


@pytest.mark.parametrize(
    ("state", "delivered_at", "is_shown"),
    [
        ("scheduled", None, False),
        ("skipped", MONDAY, False),
        ("away", None, False),
        ("away", MONDAY, True),
        ("answered", MONDAY, True),
        ("unanswered", MONDAY, True),
    ],
)
def test_only_what_was_asked_is_shown_anew(
    reminded: Mondays, state: str, delivered_at: datetime | None, is_shown: bool
) -> None:
    reminded.change(reminded.check_in("U1"), state=state, delivered_at=delivered_at)
    check_in = reminded.check_in("U1")
    assert reminded.stale_after(
        lambda: reminded.write(surfaces.check_in_changed, check_in=check_in, now=NOW)
    ) == ({"check_in U1", "reminder U1", "alert U1"} if is_shown else set())


def test_a_check_in_without_an_alert_marks_its_own_messages(reminded: Mondays) -> None:
    check_in = reminded.check_in("U3")
    assert reminded.stale_after(
        lambda: reminded.write(surfaces.check_in_changed, check_in=check_in, now=NOW)
    ) == {"check_in U3", "reminder U3"}


def test_many_that_changed_are_marked_as_each_would_be(reminded: Mondays) -> None:
    first, second, other = (reminded.check_in(user) for user in ("U1", "U2", "U3"))
    assert reminded.stale_after(
        lambda: reminded.write(
            surfaces.check_ins_changed,
            check_ins={first.id: 1, second.id: 0},
            now=NOW,
        )
    ) == {
        f"{surface} {rep}" for surface in ("check_in", "reminder", "alert") for rep in ("U1", "U2")
    }
    assert due(reminded, outbox.CHECK_IN, first.id) == BY_PRESS
    assert due(reminded, outbox.CHECK_IN, second.id) == NOW
    (sent, _), alert = reminded.reminders("U1"), reminded.alert("U1")
    assert alert is not None
    assert (due(reminded, outbox.REMINDER, sent.id), due(reminded, outbox.ALERT, alert.id)) == (
        NOW,
        NOW,
    )
    assert reminded.stale_after(
        lambda: reminded.write(
            surfaces.check_ins_changed,
            check_ins={other.id: 0},
            now=NOW,
        )
    ) == {"check_in U3", "reminder U3"}


# Homes.


def test_a_rep_is_seen_on_their_own_home_and_on_both_coaches(reminded: Mondays) -> None:
    for user, homes in {
        "U1": {"home U1", "home UC", "home UD"},
        "U2": {"home UC", "home UD"},
        "U3": {"home UN"},
        "UC": {"home UC"},
    }.items():
        member = reminded.member(user)
        marked = reminded.stale_after(
            lambda member=member: reminded.write(surfaces.homes_changed, member=member, now=NOW)
        )
        assert marked == homes, user
    assert due(reminded, outbox.HOME, reminded.member("UD").id) == NOW


def test_who_left_is_seen_by_no_coach_any_more(reminded: Mondays) -> None:
    member = reminded.member("U1")
    reminded.write(enrolments.end, member=member, now=NOW)
    assert reminded.stale_after(
        lambda: reminded.write(surfaces.homes_changed, member=member, now=NOW)
    ) == {"home U1"}
    named = {"workspace_id": reminded.workspace_id, "member_ids": [member.id]}
    assert reminded.stale_after(
        lambda: reminded.write(surfaces.reps_homes_changed, **named, now=NOW)
    ) == {"home U1"}


def test_many_reps_are_seen_on_the_same_homes_as_one_by_one(reminded: Mondays) -> None:
    for users, homes in (
        (("U1", "U2"), {"home U1", "home UC", "home UD"}),
        (("U2",), {"home UC", "home UD"}),
        (("U3", "U2"), {"home UC", "home UD", "home UN"}),
    ):
        ids = [reminded.member(user).id for user in users]
        named = {"workspace_id": reminded.workspace_id, "member_ids": ids}
        for _ in range(2):  # a Home that was never wanted, and one that was
            marked = reminded.stale_after(
                lambda named=named: reminded.write(surfaces.reps_homes_changed, **named, now=NOW)
            )
            assert marked == homes
            assert all(i.due_at == NOW for i in reminded.rows(OutboxItem, surface=outbox.HOME))


def test_a_team_is_seen_on_the_homes_of_those_who_are_in_it(reminded: Mondays) -> None:
    team = next(t for t in reminded.rows(Team) if t.coach_id == reminded.member("UC").id)

    def mark() -> None:
        reminded.write(surfaces.team_homes_changed, team=team, now=NOW)

    assert reminded.stale_after(mark) == {"home U1", "home UC", "home UD"}
    reminded.write(enrolments.end, member=reminded.member("U1"), now=NOW)
    assert reminded.stale_after(mark) == {"home UC", "home UD"}


def test_homes_that_nobody_opened_are_not_drawn(mondays: Mondays) -> None:
    mondays.ask()
    member = mondays.member("U1")
    named = {"workspace_id": mondays.workspace_id, "now": NOW}
    assert (
        mondays.signals(
            lambda: mondays.write(surfaces.reps_homes_changed, member_ids=[member.id], **named)
        )
        == 0
    )
    mondays.write(surfaces.homes_changed, member=member, now=NOW)
    mondays.write(surfaces.home_changed, member=member, now=NOW)
    mondays.write(surfaces.workspace_homes_changed, **named)
    assert mondays.rows(OutboxItem, surface=outbox.HOME) == []


def test_one_home_is_marked_alone(reminded: Mondays) -> None:
    member = reminded.member("UC")
    assert reminded.stale_after(
        lambda: reminded.write(surfaces.home_changed, member=member, now=NOW)
    ) == {"home UC"}
    assert due(reminded, outbox.HOME, member.id) == NOW


def test_the_set_up_is_seen_by_admins_and_coaches_of_the_workspace(reminded: Mondays) -> None:
    reminded.write(another_workspace, "UX")
    reminded.open_homes("UX", "UA", "U2")
    marked = reminded.stale_after(
        lambda: reminded.write(
            surfaces.workspace_homes_changed, workspace_id=reminded.workspace_id, now=NOW
        )
    )
    assert marked == {"home UA", "home UC", "home UD", "home UN"}
    reminded.change(reminded.team("Quay"), coach_id=reminded.member("UC").id)
    assert reminded.stale_after(
        lambda: reminded.write(
            surfaces.workspace_homes_changed, workspace_id=reminded.workspace_id, now=NOW
        )
    ) == {"home UA", "home UC", "home UD"}
