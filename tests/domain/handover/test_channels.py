"""What Slack says of coach channels, and where numbers may stand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.handover import channels
from bot.domain.outbox import outbox
from bot.domain.shown.places import CHANNEL_PUBLIC, CHANNEL_SHARED
from bot.domain.shown.setup import Channel
from bot.domain.tables import AuditEntry
from bot.slack.views.alerts import TAKE
from tests.domain.handover.desk import Desk
from tests.domain.marked import marked, open_homes
from tests.domain.mondays import DEADLINE, at

NOW = at(24, 19)
PRIVATE = Channel("CHarbor", "coaches", is_private=True, is_member=True)
PUBLIC = Channel("CHarbor", "coaches", is_private=False, is_member=True)


def see(desk: Desk, seen: Channel | None, channel: str = "CHarbor") -> str | None:
    """Slack says this of Harbor's channel; the problem that is noted."""
    desk.write(
        channels.channel_seen,
        workspace_id=desk.workspace_id,
        channel=channel,
        seen=seen,
        now=NOW,
    )
    return desk.team().channel_problem


@pytest.mark.parametrize(
    ("facts", "problem"),
    [
        ({}, None),
        ({"is_archived": True}, "is_archived"),
        ({"is_member": False}, "not_in_channel"),
        ({"is_shared": True}, CHANNEL_SHARED),
        ({"is_private": False}, CHANNEL_PUBLIC),
    ],
)
def test_what_slack_says_decides_whether_the_channel_takes_numbers(
    desk: Desk, facts: dict[str, Any], problem: str | None
) -> None:
    said = {"is_private": True, "is_member": True, **facts}
    assert see(desk, Channel("CHarbor", "coaches", **said)) == problem
    assert see(desk, None) == "channel_not_found"
    assert see(desk, PRIVATE) is None
    assert desk.team("Quay").channel_problem is None


def test_a_channel_that_was_confirmed_as_public_goes_on(desk: Desk) -> None:
    desk.change(desk.team(), public_channel=True)
    assert see(desk, PUBLIC) is None
    assert desk.rows(AuditEntry, what="channel_opened") == []


def test_the_first_look_at_a_team_of_before_takes_what_it_sees(desk: Desk) -> None:
    desk.change(desk.team(), public_channel=None)
    assert see(desk, PUBLIC) is None
    assert desk.team().public_channel is True


def test_what_came_to_the_dm_stays_there_when_the_channel_is_private_again(desk: Desk) -> None:
    desk.ask()
    desk.beat(DEADLINE)
    desk.deliver(DEADLINE)
    see(desk, PUBLIC)
    desk.deliver(NOW)
    assert desk.with_button(TAKE) == ["CQuay", "DUC", "DUC"]
    (first, _) = desk.standing(outbox.ALERT, "DUC")
    assert "that channel is public now" in first.text
    see(desk, PRIVATE)
    desk.deliver(NOW)
    assert desk.with_button(TAKE) == ["CQuay", "DUC", "DUC"]


def test_a_channel_with_another_id_counts_as_shared_until_somebody_looks(desk: Desk) -> None:
    desk.ask()
    desk.beat(DEADLINE)
    desk.deliver(DEADLINE)
    desk.write(
        channels.renumbered, workspace_id=desk.workspace_id, old="CHarbor", new="CNew", now=NOW
    )
    assert desk.team().coach_channel == "CNew"
    assert desk.team().channel_problem == CHANNEL_SHARED
    assert {item.channel for item in desk.rows(outbox.OutboxItem, surface=outbox.ALERT)} == {
        "CNew",
        "CQuay",
    }
    assert see(desk, Channel("CNew", "coaches", True, True), "CNew") is None
    found = desk.database.read_now(channels.coach_channels, workspace_id=desk.workspace_id)
    assert found == ["CNew", "CQuay"]


def test_the_channels_name_is_kept_as_slack_last_told_it(desk: Desk) -> None:
    see(desk, PRIVATE)
    assert desk.team().coach_channel_name == "coaches"
    see(desk, None)
    see(desk, replace(PRIVATE, name=PRIVATE.id))  # Slack told no name
    assert desk.team().coach_channel_name == "coaches"
    see(desk, replace(PRIVATE, name="harbor-coaches"))
    assert desk.team().coach_channel_name == "harbor-coaches"
    open_homes(desk.database, ["UC", "U1"], now=NOW)
    changed = marked(
        desk.database,
        lambda: desk.write(
            channels.renamed, workspace_id=desk.workspace_id, channel="CHarbor", name="new", now=NOW
        ),
    )
    assert (desk.team().coach_channel_name, changed) == (
        "new",
        {"home UC", "home UD", "home U1"},
    )
    desk.write(
        channels.renumbered, workspace_id=desk.workspace_id, old="CHarbor", new="C2", now=NOW
    )
    assert desk.team().coach_channel_name is None


def test_who_reads_a_miss_is_said_anew_when_the_channel_has_other_members(desk: Desk) -> None:
    desk.ask()
    open_homes(desk.database, ("U1", "UC"), now=NOW)
    for members, is_news in ((4, True), (4, False), (5, True), (None, True)):
        stale = desk.stale_after(lambda seen=members: see(desk, replace(PRIVATE, members=seen)))  # type: ignore[misc]
        assert desk.team().channel_members == members
        assert ({"home U1", "home UC", "check_in U1", "check_in U2"} <= stale) == is_news
        assert (stale == set()) != is_news
    for seen in (None, PRIVATE):  # alerts go to the coach meanwhile
        assert "check_in U1" in desk.stale_after(lambda seen=seen: see(desk, seen))  # type: ignore[misc]
