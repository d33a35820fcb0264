"""Weeks in which a whole team pauses, as days on which each of its reps is away.

A pause is the absences that were recorded for all reps at once. The key of each begins with that of the pause, so
that they are found together, and a rep who joins later gets one, too.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, insert_all, rows, run, table
from bot.domain.tables import Absence


class Pause(NamedTuple):
    """The days of a pause, both included, who recorded it and when."""

    key: str
    first_day: date
    last_day: date
    recorded_by: int
    recorded_at: datetime


def new_key(team_id: int) -> str:
    """Return the key of a pause of the team that is recorded now; no other pause has it."""
    return f"pause {team_id} {secrets.token_hex(8)}"


def of_team(session: Session, team_id: int, since: date) -> list[Pause]:
    """Return the team's pauses with a day from `since` on that were not taken back, the earliest first."""
    found = {
        key.partition("/")[0]: Pause(key.partition("/")[0], first, last, by_id, at)
        for key, first, last, by_id, at in rows(
            session, _OF_TEAM, begins=f"pause {team_id} ", since=since
        )
    }
    return sorted(found.values(), key=lambda pause: (pause.first_day, pause.key))


def add(session: Session, pause: Pause, *, workspace_id: int, member_ids: Collection[int]) -> None:
    """Record the pause for these reps."""
    insert_all(
        session,
        table(Absence),
        [
            {
                "workspace_id": workspace_id,
                "member_id": member_id,
                "first_day": pause.first_day,
                "last_day": pause.last_day,
                "kind": "away",
                "recorded_by": pause.recorded_by,
                "recorded_at": pause.recorded_at,
                "request_key": f"{pause.key}/{member_id}",
            }
            for member_id in sorted(member_ids)
        ],
    )


def take_back(session: Session, key: str, *, by_id: int, now: datetime) -> list[int]:
    """Take the absences of a pause back; return the members who had one."""
    members = [member_id for (member_id,) in rows(session, _MEMBERS, begins=f"{key}/")]
    run(session, _TAKE_BACK, begins=f"{key}/", by_id=by_id, at=now)
    return members


def follow_team(
    session: Session, *, workspace_id: int, team_of: Mapping[int, int], now: datetime
) -> None:
    """Give reps who join a team the pauses that it still has, in place of those to come of their old team."""
    run(session, _LEAVE, members=list(team_of), today=now.date(), at=now)
    for team_id in sorted(set(team_of.values())):
        joining = [member_id for member_id, team in team_of.items() if team == team_id]
        for pause in of_team(session, team_id, now.date()):
            known = {member_id for (member_id,) in rows(session, _MEMBERS, begins=f"{pause.key}/")}
            new: Sequence[int] = [one for one in joining if one not in known]
            # The key is another: the rep may have had this pause before, and left.
            again = pause._replace(key=f"{pause.key}/{secrets.token_hex(8)}")
            add(session, again, workspace_id=workspace_id, member_ids=new)


_ABSENCE = columns(Absence)

_BEGINS = _ABSENCE.request_key.startswith(sa.bindparam("begins"))
_STANDS = _ABSENCE.taken_back_at.is_(None)

_OF_TEAM = sa.select(
    _ABSENCE.request_key,
    _ABSENCE.first_day,
    _ABSENCE.last_day,
    _ABSENCE.recorded_by,
    _ABSENCE.recorded_at,
).where(_BEGINS, _STANDS, _ABSENCE.last_day >= sa.bindparam("since"))

_MEMBERS = sa.select(_ABSENCE.member_id).where(_BEGINS, _STANDS).order_by(_ABSENCE.member_id)

_TAKE_BACK = (
    sa.update(table(Absence))
    .where(_BEGINS, _STANDS)
    .values(
        taken_back_by=sa.bindparam("by_id"),
        taken_back_at=sa.bindparam("at", type_=_ABSENCE.taken_back_at.type),
    )
)

_LEAVE = (
    sa.update(table(Absence))
    .where(
        _ABSENCE.request_key.startswith("pause "),
        _STANDS,
        _ABSENCE.first_day > sa.bindparam("today"),
        _ABSENCE.member_id.in_(any_of("members")),
    )
    .values(
        taken_back_by=_ABSENCE.recorded_by,
        taken_back_at=sa.bindparam("at", type_=_ABSENCE.taken_back_at.type),
    )
)
