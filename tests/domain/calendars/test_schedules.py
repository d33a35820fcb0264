"""A team's schedule and a member's zone, as the rules want them."""

from __future__ import annotations

from datetime import time
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from bot.domain.calendars.schedules import schedule_of, teams_of, zone_of
from bot.domain.tables import Member, Team
from bot.rules.weeks import Schedule
from tests.domain.planning import Office

EVERY_COLUMN = {
    "check_in_day": 1,
    "check_in_at": time(8, 30),
    "deadline_day": 3,
    "deadline_at": time(16, 15),
    "working_from": time(7),
    "working_until": time(19, 45),
}


def test_a_schedule_takes_each_column_to_its_place(office: Office) -> None:
    def read(session: Session) -> Schedule:
        team = session.exec(select(Team).where(Team.name == "Harbor")).one()
        for name, value in EVERY_COLUMN.items():
            setattr(team, name, value)
        session.flush()
        return schedule_of(team)

    assert office.database.write_now(read) == Schedule(
        day=1,
        at=time(8, 30),
        deadline_day=3,
        deadline_at=time(16, 15),
        working_from=time(7),
        working_until=time(19, 45),
    )


def test_only_the_teams_that_were_asked_for_are_read(office: Office) -> None:
    def read(session: Session) -> tuple[dict[str, str], ZoneInfo]:
        ids = {team.name: team.id for team in session.exec(select(Team))}
        found = teams_of(session, [ids["Quay"]])
        zone = zone_of(session.exec(select(Member).where(Member.slack_user_id == "U1")).one())
        return {ids_of: found[ids[ids_of]].name for ids_of in ids if ids[ids_of] in found}, zone

    assert office.database.read_now(read) == ({"Quay": "Quay"}, ZoneInfo("Europe/London"))
