"""A coach who is away names a substitute, who has the coach's place in each of their teams for that time.

The place itself changes hands, so everything that belongs to a team's coaches follows, as for any other coach:
alerts, plans, what nobody took, Home, and what may be seen. Afterwards the place is the coach's again.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, lock_due
from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import today_of
from bot.domain.calendars.schedules import zone_of
from bot.domain.handover import handover
from bot.domain.metrics.records import reader_of
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.places import may_coach
from bot.domain.shown.substitutes import (
    FIRST_DAY,
    LAST_DAY,
    SUBSTITUTE,
    StandsIn,
    SubstituteForm,
    SubstituteSaved,
)
from bot.domain.tables import Member, Substitution, Team

BATCH = 200
LONGEST = timedelta(days=366)
DAY = timedelta(days=1)

IS_DUE = columns(Substitution).next_at <= sa.bindparam("now")

NO_COACH = (
    "Only coaches name a substitute: ask a workspace admin to change who coaches with /coach team."
)


def form(session: Session, *, caller: Caller, now: datetime) -> SubstituteForm:
    """Return the form in which the caller names a substitute; raises Refusal for somebody who coaches nobody."""
    by = access.known_member(session, caller)
    rows = _open(session, by)
    away_from = {row.team_id for row in rows if row.began_at is not None}
    teams = access.coached_teams(session, by)
    if not teams and not rows:
        access.deny(by, "name", "substitute", by.id)
        raise Refusal(NO_COACH)
    own = [team.name for team in teams if team.id not in away_from]
    return SubstituteForm(
        teams=tuple(own),
        known=_shown(session, rows),
        first=today_of(by, now),
        reader=reader_of(by, teams[0] if teams else None),
    )


def name_substitute(
    session: Session,
    *,
    caller: Caller,
    slack_user_id: str | None,
    first: date | None,
    last: date | None,
    now: datetime,
) -> SubstituteSaved:
    """Have somebody stand in for the caller, in all teams that they coach, from the first day to the last.

    It replaces whoever was named before. Sending the form again changes nothing. Raises FieldProblems. The
    person's profile must be stored already.
    """
    by = access.known_member(session, caller)
    other = access.member_by_slack_id(session, by.workspace_id, slack_user_id or "")
    today = today_of(by, now)
    first, last = first or today, last or first or today
    if other is None:
        raise FieldProblems({SUBSTITUTE: "Choose who stands in for you."})
    _must_be_possible(by, other, first, last, today)
    rows = _open(session, by, lock=True)
    same = [
        row
        for row in rows
        if (row.substitute_id, row.first_day, row.last_day) == (other.id, first, last)
    ]
    if not same:
        for row in rows:
            _end(session, row, by_id=by.id, now=now)
        teams = access.coached_teams(session, by)
        if not teams:
            access.deny(by, "name", "substitute", by.id)
            raise Refusal(NO_COACH)
        same = [_plan(session, by, other, team, first, last, now) for team in teams]
    return SubstituteSaved(_shown(session, same)[0], (), reader_of(by, None))


def be_back(session: Session, *, caller: Caller, now: datetime) -> SubstituteSaved:
    """Give the caller their places back, and forget who was to stand in later. Repeating it changes nothing.

    Raises Refusal for somebody who neither coaches nor has a substitute.
    """
    by = access.known_member(session, caller)
    rows = _open(session, by, lock=True)
    for row in rows:
        _end(session, row, by_id=by.id, now=now)
    teams = tuple(team.name for team in access.coached_teams(session, by))
    if not rows and not teams:
        access.deny(by, "end", "substitute", by.id)
        raise Refusal(NO_COACH)
    return SubstituteSaved(None, teams, reader_of(by, None))


def change_due(
    session: Session,
    *,
    now: datetime,
    only: Collection[int] | None = None,
    without: Collection[int] = (),
) -> int:
    """Begin and end the substitutions that are due; return how many there were."""
    due = lock_due(
        session,
        Substitution,
        IS_DUE,
        by=col(Substitution.next_at),
        limit=BATCH,
        now=now,
        only=only,
        without=without,
    )
    for row in due:
        if row.next_at is None:
            continue  # it ended with the one before
        if row.began_at is not None or row.ends_at <= now:
            _end(session, row, by_id=None, now=now)
        else:
            _begin(session, row, by_id=row.member_id, now=now)
    return len(due)


def _must_be_possible(by: Member, other: Member, first: date, last: date, today: date) -> None:
    problems: dict[str, str] = {}
    if other.id == by.id:
        problems[SUBSTITUTE] = "Choose somebody else: you can’t stand in for yourself."
    elif not _can_stand_in(other):
        problems[SUBSTITUTE] = (
            f"{other.name} can’t see the numbers of reps, as a guest, a bot or a deactivated account: "
            "choose somebody else."
        )
    if first < today:
        problems[FIRST_DAY] = "That day is over: choose today or a later day."
    elif last < first:
        problems[LAST_DAY] = "The last day can’t be before the first: choose a later one."
    elif last - first > LONGEST:
        problems[LAST_DAY] = (
            "A substitute stands in for a year at most: have an admin choose another coach instead."
        )
    if problems:
        raise FieldProblems(problems)


def _can_stand_in(member: Member) -> bool:
    return member.inactive_because is None and may_coach(
        is_guest=member.is_guest, inactive_because=member.inactive_because
    )


def _plan(
    session: Session, by: Member, other: Member, team: Team, first: date, last: date, now: datetime
) -> Substitution:
    zone = zone_of(by)
    begins_at = datetime.combine(first, time(), tzinfo=zone).astimezone(UTC)
    row = Substitution(
        workspace_id=by.workspace_id,
        member_id=by.id,
        team_id=team.id,
        substitute_id=other.id,
        first_day=first,
        last_day=last,
        ends_at=datetime.combine(last + DAY, time(), tzinfo=zone).astimezone(UTC),
        next_at=begins_at,
        recorded_at=now,
    )
    session.add(row)
    session.flush()
    if begins_at <= now:
        _begin(session, row, by_id=by.id, now=now)
    return row


def _begin(session: Session, row: Substitution, *, by_id: int, now: datetime) -> None:
    """Give the coach's place to the substitute; end the substitution if either of them has no use for it."""
    team = session.get_one(Team, row.team_id, with_for_update=True, populate_existing=True)
    substitute = session.get_one(Member, row.substitute_id)
    if row.member_id not in {team.coach_id, team.second_coach_id} or not _can_stand_in(substitute):
        row.next_at = None
        session.flush()
        return
    row.is_second = team.coach_id != row.member_id
    row.was_other = substitute.id in {team.coach_id, team.second_coach_id}
    if row.is_second:
        team.second_coach_id = None if row.was_other else substitute.id
    else:
        team.coach_id = substitute.id
        team.second_coach_id = None if row.was_other else team.second_coach_id
    row.began_at, row.next_at = now, row.ends_at
    session.flush()
    handover.stood_in(session, team=team, stands_in=row, by_id=by_id, now=now)


def _end(session: Session, row: Substitution, *, by_id: int | None, now: datetime) -> None:
    """Give the coach's place back, unless somebody else was chosen for it meanwhile."""
    if row.next_at is None:
        return
    row.next_at = None
    session.flush()
    if row.began_at is None:
        return
    for nested in _for_place_of(session, row):
        _end(session, nested, by_id=by_id, now=now)
    team = session.get_one(Team, row.team_id, with_for_update=True, populate_existing=True)
    if not _is_held(team, row):
        return
    if row.is_second:
        team.second_coach_id = row.member_id
    else:
        team.coach_id = row.member_id
        if row.was_other and team.second_coach_id is None:
            team.second_coach_id = row.substitute_id
    session.flush()
    handover.stood_in(session, team=team, stands_in=row, by_id=by_id, now=now)


def _is_held(team: Team, row: Substitution) -> bool:
    """Return whether the coach's place is still as the substitution left it."""
    if row.member_id in {team.coach_id, team.second_coach_id}:
        return False
    if row.is_second:
        return team.second_coach_id == (None if row.was_other else row.substitute_id)
    return team.coach_id == row.substitute_id


def _for_place_of(session: Session, row: Substitution) -> Sequence[Substitution]:
    """Return the running substitutions of the substitute, who named somebody for the place in turn."""
    return session.exec(
        select(Substitution).where(
            Substitution.team_id == row.team_id,
            Substitution.member_id == row.substitute_id,
            handover.IS_RUNNING,
        )
    ).all()


def _open(session: Session, by: Member, *, lock: bool = False) -> Sequence[Substitution]:
    """Return the substitutions of a coach that are not over, the earliest first."""
    found = (
        select(Substitution)
        .where(Substitution.member_id == by.id, col(Substitution.next_at).is_not(None))
        .order_by(col(Substitution.first_day), col(Substitution.id))
    )
    return session.exec(found.with_for_update() if lock else found).all()


def _shown(session: Session, rows: Sequence[Substitution]) -> tuple[StandsIn, ...]:
    names = {
        team.id: team.name
        for team in session.exec(
            select(Team).where(col(Team.id).in_([row.team_id for row in rows]))
        )
    }
    together: dict[tuple[int, date, date], list[Substitution]] = {}
    for row in rows:
        together.setdefault((row.substitute_id, row.first_day, row.last_day), []).append(row)
    return tuple(
        StandsIn(
            substitute=session.get_one(Member, substitute_id).slack_user_id,
            first_day=first,
            last_day=last,
            teams=tuple(sorted(names[row.team_id] for row in found)),
            began=any(row.began_at is not None for row in found),
        )
        for (substitute_id, first, last), found in together.items()
    )
