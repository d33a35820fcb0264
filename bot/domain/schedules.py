"""A team's schedule and a member's zone, as the rules want them."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.domain.tables import Member, Team
from bot.rules.weeks import Schedule


def schedule_of(team: Team) -> Schedule:
    """The team's schedule for `bot.rules.weeks`."""
    return Schedule(
        day=team.check_in_day,
        at=team.check_in_at,
        deadline_day=team.deadline_day,
        deadline_at=team.deadline_at,
        working_from=team.working_from,
        working_until=team.working_until,
    )


def zone_of(member: Member) -> ZoneInfo:
    """The member's zone; only valid names are ever stored."""
    return ZoneInfo(member.timezone)
