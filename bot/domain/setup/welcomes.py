"""The first message to a newly enrolled rep."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.calendars.schedules import zone_of
from bot.domain.metrics import targets
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.reader import Reader
from bot.domain.shown.welcome import WelcomeShown
from bot.domain.tables import Enrolment, Member, Team
from bot.rules import weeks


@dataclass(frozen=True)
class Showing:
    """A welcome, with the rep to whom it is sent."""

    shown: WelcomeShown
    rep: Addressee


class _Facts(NamedTuple):
    """An enrolment with its rep and its team."""

    id: int
    next_due_at: datetime | None
    member_id: int
    slack_user_id: str
    name: str
    dm_channel: str | None
    inactive_because: str | None
    timezone: str
    locale: str
    team: str
    currency: str
    coach: str


def show(session: Session, enrolment_id: int, *, now: datetime) -> WelcomeShown:
    """Return the welcome's data in its current state."""
    return show_all(session, [enrolment_id], now=now)[enrolment_id].shown


def show_all(
    session: Session, enrolment_ids: Collection[int], *, now: datetime
) -> dict[int, Showing]:
    """Return the welcomes in their current state, by enrolment id; one that does not exist is left out."""
    found = [_Facts(*row) for row in rows(session, _FACTS, ids=list(enrolment_ids))]
    week_of = {facts.member_id: weeks.week_of(now, zone_of(facts)) for facts in found}
    wanted = targets.in_weeks(session, week_of)
    return {
        facts.id: Showing(
            WelcomeShown(
                name=facts.name,
                team=facts.team,
                coach=facts.coach,
                first_due_at=facts.next_due_at,
                targets=tuple(
                    (metric.name, metric.unit, amount)
                    for metric, amount in wanted.get(facts.member_id, ())
                ),
                reader=Reader(facts.timezone, facts.locale, facts.currency),
            ),
            Addressee(
                facts.member_id, facts.slack_user_id, facts.dm_channel, facts.inactive_because
            ),
        )
        for facts in found
    }


_ENROLMENT, _MEMBER, _TEAM = columns(Enrolment), columns(Member), columns(Team)
_COACH = table(Member).alias()

_FACTS = (
    sa.select(
        _ENROLMENT.id,
        _ENROLMENT.next_due_at,
        _MEMBER.id,
        _MEMBER.slack_user_id,
        _MEMBER.name,
        _MEMBER.dm_channel,
        _MEMBER.inactive_because,
        _MEMBER.timezone,
        _MEMBER.locale,
        _TEAM.name,
        _TEAM.currency,
        _COACH.c.slack_user_id,
    )
    .join_from(table(Enrolment), table(Member), _MEMBER.id == _ENROLMENT.member_id)
    .join(table(Team), _TEAM.id == _ENROLMENT.team_id)
    .join(_COACH, _COACH.c.id == _TEAM.coach_id)
    .where(_ENROLMENT.id.in_(any_of("ids")))
)
