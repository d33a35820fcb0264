"""The changes of hands that the table of cases goes through, and what is open when they come."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest

from bot.domain import deliveries
from bot.domain.handover import channels, substitutes
from bot.domain.setup import forms
from bot.domain.shown.audit import Change
from bot.domain.shown.setup import Channel
from tests.domain.handover.desk import Desk
from tests.domain.mondays import DEADLINE, at

NOW = at(24, 19)
"""Tuesday evening: the check-ins are closed, and alerts stand."""
LATER = NOW + timedelta(minutes=10)
HARBOR, QUAY, NEW = "CHarbor", "CQuay", "CNew"


@dataclass(frozen=True)
class Row:
    """One change, the place of what the coaches are shown afterwards, and who may act on it."""

    change: Callable[[Desk, datetime], None]
    place: str | None
    coaches: frozenset[str]
    told: frozenset[str]
    noted: Change | None


def seen(desk: Desk, now: datetime, *, channel: str = HARBOR, **facts: bool) -> None:
    said = {"is_private": True, "is_member": True, **facts}
    desk.write(
        channels.channel_seen,
        workspace_id=desk.workspace_id,
        channel=channel,
        seen=Channel(channel, "coaches", **said),
        now=now,
    )


def move_rep(desk: Desk, now: datetime) -> None:
    desk.now = now
    team_id = desk.team("Quay").id
    desk.do(forms.enrol_reps, "UA", team_id=team_id, slack_user_ids=["U1"])


def remove_rep(desk: Desk, now: datetime) -> None:
    desk.now = now
    desk.do(forms.end_enrolment, "UA", member_id=desk.member("U1").id)


def stand_in(
    desk: Desk,
    now: datetime,
    *,
    whom: str = "UC",
    who: str = "UN",
    first: date = date(2026, 11, 24),
    last: date = date(2026, 11, 27),
) -> None:
    """A coach of Harbor names a substitute."""
    desk.write(
        substitutes.name_substitute,
        caller=desk.caller(whom),
        slack_user_id=who,
        first=first,
        last=last,
        now=now,
    )


def lose_channel(desk: Desk, now: datetime) -> None:
    desk.write(
        deliveries.channel_event,
        workspace_id=desk.workspace_id,
        channel=HARBOR,
        problem="channel_not_found",
        now=now,
    )


def row(
    change: Callable[[Desk, datetime], None],
    place: str | None,
    coaches: str,
    told: str = "",
    noted: Change | None = None,
) -> Row:
    return Row(change, place, frozenset(coaches.split()), frozenset(told.split()), noted)


ROWS = {
    "coach replaced": row(
        lambda desk, now: desk.change_team(now, coach="UN"),
        HARBOR,
        "UN UD",
        "U1 UC UD UN",
        Change.COACH,
    ),
    "coach and channel replaced": row(
        lambda desk, now: desk.change_team(now, coach="UN", channel=NEW),
        NEW,
        "UN UD",
        "U1 UC UD UN",
        Change.CHANNEL,
    ),
    "second coach replaced": row(
        lambda desk, now: desk.change_team(now, second_coach="UN"),
        HARBOR,
        "UC UN",
        "U1 UC UD UN",
        Change.SECOND_COACH,
    ),
    "channel changed": row(
        lambda desk, now: desk.change_team(now, channel=NEW), NEW, "UC UD", "UC UD", Change.CHANNEL
    ),
    "channel public": row(
        lambda desk, now: seen(desk, now, is_private=False),
        "DUC",
        "UC UD",
        "UC UD",
        Change.CHANNEL_OPENED,
    ),
    "channel shared": row(
        lambda desk, now: seen(desk, now, is_shared=True),
        "DUC",
        "UC UD",
        "UC UD",
        Change.CHANNEL_OPENED,
    ),
    "channel gone": row(lose_channel, "DUC", "UC UD"),
    "rep moved": row(move_rep, QUAY, "UN", "U1 UC UD UN", Change.REP_MOVED),
    "rep left": row(remove_rep, None, "", "U1 UC UD", Change.REP_LEFT),
    "coach guest": row(
        lambda desk, now: desk.profile("UC", now, is_guest=True),
        HARBOR,
        "UD",
        "U1 UC UD",
        Change.COACH_LOST,
    ),
    "coach deactivated": row(
        lambda desk, now: desk.profile("UC", now, deleted=True),
        HARBOR,
        "UD",
        "U1 UD",
        Change.COACH_LOST,
    ),
    "substitute": row(
        lambda desk, now: stand_in(desk, now),
        HARBOR,
        "UN UD",
        "U1 UC UD UN",
        Change.SUBSTITUTE,
    ),
    "coach away": row(
        lambda desk, now: desk.away("UC", date(2026, 11, 23), date(2026, 11, 27), now),
        HARBOR,
        "UC UD",
    ),
}
COACHES = ("U1", "UC", "UD", "UN")
EVERY_CHANGE = pytest.mark.parametrize("name", ROWS)


def happens(desk: Desk, name: str, now: datetime = NOW) -> Row:
    """The change happens, and everything that follows from it is shown."""
    found = ROWS[name]
    found.change(desk, now)
    desk.deliver(now + timedelta(minutes=5))
    return found


def withdrawn(desk: Desk, surface: str, found: Row) -> None:
    """What stands where it no longer belongs has neither numbers nor buttons."""
    allowed = {found.place, *(f"D{user}" for user in found.coaches)}
    for message in desk.standing(surface):
        if "<@U1>" not in message.text:
            continue
        if message.where not in allowed and found.place is not None:
            assert message.buttons == set()
            assert re.search(r"\d", re.sub(r"<@\w+>", "", message.text)) is None
            assert "is now with" in message.text
        if found.place is None:
            assert message.buttons == set()
            assert "in no team any more" in message.text


def miss(desk: Desk) -> int:
    """U1 did not answer, and the alert stands; its id."""
    desk.ask()
    desk.beat(DEADLINE)
    desk.deliver(DEADLINE)
    alert = desk.alert("U1")
    assert alert is not None
    return alert.id


def check_coaches(desk: Desk, found: Row, use_case: Callable[..., object], **given: object) -> None:
    may = {user for user in COACHES if desk.allowed(user, use_case, **given)}
    assert may == found.coaches
