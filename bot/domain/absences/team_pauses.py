"""A coach pauses a whole team for some weeks, or takes that back: a kick-off week, or the days between the years.

Each rep of the team is away then: nothing is asked about these weeks, and streaks and ratios pass over them.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session

from bot.domain import access
from bot.domain.absences import recalculation
from bot.domain.access import Caller
from bot.domain.calendars import pauses
from bot.domain.calendars.open_weeks import today_of
from bot.domain.calendars.pauses import Pause
from bot.domain.handover import audit, notices
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import surfaces
from bot.domain.refusals import Refusal
from bot.domain.shown.audit import Change
from bot.domain.shown.pauses import FIRST_WEEK, PauseForm, PauseSaved, PauseShown
from bot.domain.shown.setup import Choice
from bot.domain.tables import Member, Team
from bot.rules.weeks import WEEK, monday_of

DAY = timedelta(days=1)
WEEKS_AHEAD = 26
MOST_WEEKS = 4

NOBODY_ELSE = "Only coaches and workspace admins pause a team: ask one of them."


def form(session: Session, *, caller: Caller, team_id: int | None, now: datetime) -> PauseForm:
    """Return the form that pauses a team: the given one, or the first that the caller may change."""
    by = access.known_member(session, caller)
    teams = access.manageable_teams(session, by)
    if not teams:
        access.deny(by, "pause", "workspace", by.workspace_id)
        raise Refusal(NOBODY_ELSE)
    team = next((one for one in teams if one.id == team_id), None)
    if team is None and team_id is not None:
        access.deny(by, "pause", "team", team_id)
        raise Refusal(NOBODY_ELSE)
    team = team or teams[0]
    today = today_of(by, now)
    first = monday_of(today)
    return PauseForm(
        teams=tuple(Choice(one.id, one.name) for one in teams),
        team_id=team.id,
        weeks=tuple(first + number * WEEK for number in range(WEEKS_AHEAD)),
        known=tuple(
            PauseShown(pause.key, pause.first_day, pause.last_day)
            for pause in pauses.of_team(session, team.id, today)
        ),
        reader=reader_of(by, team),
    )


def pause(
    session: Session, *, caller: Caller, team_id: int, first: date | None, weeks: int, now: datetime
) -> PauseSaved:
    """Pause the team for some weeks from a Monday on. Weeks that are paused already change nothing."""
    by, team = _team(session, caller, team_id)
    today = today_of(by, now)
    if first is None or first.weekday() or not 1 <= weeks <= MOST_WEEKS:
        raise Refusal("Choose the week with which the pause begins.", field=FIRST_WEEK)
    if not monday_of(today) <= first <= monday_of(today) + WEEKS_AHEAD * WEEK:
        raise Refusal("Choose this week or a later one.", field=FIRST_WEEK)
    reps = access.reps_of(session, team)
    if not reps:
        raise Refusal(f"{team.name} has no reps to pause: enrol them first with /coach enrol.")
    last = first + weeks * WEEK - DAY
    known = pauses.of_team(session, team.id, today)
    if not any(one.first_day <= first and last <= one.last_day for one in known):
        new = Pause(pauses.new_key(team.id), first, last, by.id, now)
        pauses.add(
            session, new, workspace_id=team.workspace_id, member_ids=[rep.id for rep in reps]
        )
        _changed(session, team, reps, by, new, Change.PAUSE, now)
    return PauseSaved(
        team=team.name,
        pause=PauseShown("", first, last),
        reps=len(reps),
        reader=reader_of(by, team),
    )


def take_back(
    session: Session, *, caller: Caller, team_id: int, key: str, now: datetime
) -> PauseSaved:
    """End a pause of the team today, or take it back if it has not begun. Repeating it changes nothing."""
    by, team = _team(session, caller, team_id)
    today = today_of(by, now)
    found = next((one for one in pauses.of_team(session, team.id, today) if one.key == key), None)
    reps = access.reps_of(session, team)
    if found is not None:
        members = pauses.take_back(session, key, by_id=by.id, now=now)
        if found.first_day < today:
            rest = found._replace(key=f"rest of {key}", last_day=today - DAY)
            pauses.add(session, rest, workspace_id=team.workspace_id, member_ids=members)
        _changed(session, team, reps, by, found, Change.PAUSE_OVER, now)
    return PauseSaved(
        team=team.name,
        pause=PauseShown(key, found.first_day, found.last_day) if found else None,
        reps=len(reps),
        reader=reader_of(by, team),
        taken_back=True,
    )


def _team(session: Session, caller: Caller, team_id: int) -> tuple[Member, Team]:
    by = access.known_member(session, caller)
    team = session.get(Team, team_id)
    if team is None or team.workspace_id != by.workspace_id:
        access.deny(by, "pause", "team", team_id)
        raise Refusal("This team is not there any more: open the form again with /coach pause.")
    access.must_manage(session, by, team)
    return by, team


def _changed(
    session: Session,
    team: Team,
    reps: list[Member],
    by: Member,
    pause: Pause,
    what: Change,
    now: datetime,
) -> None:
    """Tell reps and coaches, and bring check-ins into line that the days reach already."""
    entry = audit.record(
        session,
        what,
        team=team,
        now=now,
        by_id=by.id,
        before=pause.first_day.isoformat(),
        after=pause.last_day.isoformat(),
    )
    notices.tell(session, entry, team=team, now=now)
    if pause.first_day <= today_of(by, now) + DAY:
        for rep in sorted(reps, key=lambda rep: rep.id):  # check-ins are locked in this order
            recalculation.days_off_changed(session, member=rep, since=pause.first_day, now=now)
    surfaces.team_homes_changed(session, team=team, now=now)
    session.flush()
