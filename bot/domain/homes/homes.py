"""App Home: reps see their own week and history, coaches their reps, admins the checklist, and nothing else.

Homes are read together, with a number of statements that depends neither on how many Homes there are nor on how
many teams, reps, weeks or versions of plans they show.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypedDict

from sqlalchemy.exc import NoResultFound
from sqlmodel import Session

from bot.domain.absences.forms import shown_planned
from bot.domain.access import Caller, known_member
from bot.domain.calendars import days_off
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.calendars.working_days import Recorded
from bot.domain.calendars.zones import DEFAULT_ZONE
from bot.domain.homes import loop, rows
from bot.domain.homes.coach import (
    LAST_CHECK_IN,
    RepWeek,
    last_of,
    of_team,
    open_alerts,
    read_by,
    rep_facts,
    team_facts,
)
from bot.domain.homes.rows import CheckInRow, Rep, TeamRow, Viewer
from bot.domain.metrics import metrics, records, targets
from bot.domain.metrics.metrics import Counted, Logged
from bot.domain.metrics.targets import InForce
from bot.domain.outbox import budget, surfaces
from bot.domain.people.members import DEFAULT_LOCALE
from bot.domain.plans import on_home as plan_homes
from bot.domain.setup.checklist import SetUp, checklists
from bot.domain.shown.alerts import TrendWeek
from bot.domain.shown.budget import Spent
from bot.domain.shown.home import (
    HomeShown,
    RepHome,
)
from bot.domain.shown.loop import CoachShare, LeftAlerts, Loop
from bot.domain.shown.reader import Reader
from bot.domain.shown.setup import Checklist
from bot.domain.tables import CheckInState
from bot.rules import weeks
from bot.rules.absences import Calendar
from bot.rules.weeks import WEEK

HISTORY_WEEKS = 12


@dataclass(frozen=True)
class Showing:
    """A member's Home, with the Slack user whose it is."""

    shown: HomeShown
    member_id: int
    slack_user_id: str


def opened(session: Session, *, caller: Caller, now: datetime) -> None:
    """Have a Home that was opened rendered, and kept up to date from now on."""
    member = known_member(session, caller)
    member.home_opened_at, member.home_page = now, 0
    session.flush()
    surfaces.home_changed(session, member=member, now=now)


def of_stranger(name: str) -> HomeShown:
    """Return the Home of somebody about whom nothing is stored."""
    reader = Reader(DEFAULT_ZONE, DEFAULT_LOCALE, "USD")
    return HomeShown(name=name, reader=reader, rep=None, coached=(), checklist=None)


def turn(session: Session, *, caller: Caller, page: int, now: datetime) -> None:
    """Have another page of the caller's Home rendered, and kept up to date from now on."""
    member = known_member(session, caller)
    member.home_page = page
    session.flush()
    surfaces.home_changed(session, member=member, now=now)


def show(session: Session, *, member_id: int, now: datetime) -> HomeShown:
    """Return the member's Home in its current state; raises NoResultFound if there is no such member."""
    found = show_all(session, [member_id], now=now)
    if member_id not in found:
        raise NoResultFound(f"there is no member {member_id}")
    return found[member_id].shown


def show_all(session: Session, member_ids: Collection[int], *, now: datetime) -> dict[int, Showing]:
    """Return the members' Homes in their current state, by id; a member who does not exist is left out."""
    viewers = rows.viewers(session, member_ids)
    if not viewers:
        return {}
    teams = rows.teams(session, viewers)
    own = {v.id: teams[v.team_id] for v in viewers if v.team_id is not None}
    owners = [viewer for viewer in viewers if viewer.id in own]
    coached = {v.id: [t for t in teams.values() if t.is_coached_by(v)] for v in viewers}
    coached_teams = {team.id: team for found in coached.values() for team in found}
    admins = {viewer.workspace_id for viewer in viewers if viewer.is_admin}
    theirs = {team.id: team for team in teams.values() if team.workspace_id in admins}
    everywhere = rows.reps(session, {**coached_teams, **theirs})
    coached_reps = [rep for rep in everywhere if rep.team_id in coached_teams]
    reps = rows.by_team(coached_reps)
    everybody: list[Rep | Viewer] = [*coached_reps, *owners]
    present = {rep.id: _present(rep, now) for rep in everybody}
    check_ins = _check_ins(session, coached_reps, owners, present)
    week_of = {rep_id: week for rep_id, (week, _) in present.items()}
    listed = rep_facts(rep for rep in everywhere if rep.team_id in theirs)
    next_of = {rep.id: rep.asked_about(now) for rep in listed}
    known = targets.read(session, [week_of, next_of])
    asked, questions = known.in_weeks(week_of), _questions(check_ins)
    rep_weeks, logged = _rep_weeks(
        session, coached_reps, owners, teams, present, asked, questions, now
    )
    loops = loop.of_people(session, everybody, now=now)
    budgets = budget.read(session, own, now=now)

    def own_of(one: Viewer) -> RepHome:
        week, asked_about = rep_weeks[one.id], check_ins.get(one.id, ())
        spent = budgets.spent(one.id, now)
        return _of_rep(one, own[one.id], week, asked_about, loops[one.id], now, messages=spent)

    of_reps = {one.id: own_of(one) for one in owners}
    lasts = {rep.id: last_of(rep_weeks[rep.id], check_ins.get(rep.id, ())) for rep in coached_reps}
    coached_loops = loop.for_coaches(session, coached_reps, loops, lasts, logged)
    of_teams = {
        team.id: of_team(team, reps.get(team.id, ()), rep_weeks, check_ins, logged, coached_loops)
        for team in coached_teams.values()
    }
    set_up = SetUp(team_facts(theirs.values()), listed, known.in_weeks(next_of))
    of_admins = _of_admins(session, admins, theirs, set_up, now)

    def home_of(viewer: Viewer) -> HomeShown:
        first = own.get(viewer.id) or next(iter(coached[viewer.id]), None)
        shown = HomeShown(
            name=viewer.name,
            reader=records.reader_of(viewer, first),
            rep=of_reps.get(viewer.id),
            coached=tuple(read_by(of_teams[team.id], viewer) for team in coached[viewer.id]),
            checklist=None,
            alerts=open_alerts(viewer, coached[viewer.id], reps, check_ins, logged, now),
            page=viewer.home_page,
        )
        return replace(shown, **of_admins[viewer.workspace_id]) if viewer.is_admin else shown

    return {one.id: Showing(home_of(one), one.id, one.slack_user_id) for one in viewers}


class _OfAdmin(TypedDict):
    """The fields of HomeShown that only admins read."""

    checklist: Checklist
    left_alerts: tuple[LeftAlerts, ...]
    shares: tuple[CoachShare, ...]


def _of_admins(
    session: Session,
    workspace_ids: Collection[int],
    teams: Mapping[int, TeamRow],
    set_up: SetUp,
    now: datetime,
) -> dict[int, _OfAdmin]:
    """Return what the admins of these workspaces read besides, by workspace; `teams` are all of theirs."""
    found = checklists(session, workspace_ids, now=now, known=set_up)
    held = loop.for_admins(session, workspace_ids, teams, now=now)
    return {
        workspace_id: _OfAdmin(
            checklist=found[workspace_id],
            left_alerts=tuple(held.left.get(workspace_id, ())),
            shares=tuple(held.shares.get(workspace_id, ())),
        )
        for workspace_id in workspace_ids
    }


def _present(rep: Rep | Viewer, now: datetime) -> tuple[date, date]:
    """Return the rep's present week and today's date, by the rep's own clock."""
    zone = zone_of(rep)
    return weeks.week_of(now, zone), now.astimezone(zone).date()


def _questions(
    check_ins: Mapping[int, Sequence[CheckInRow]],
) -> dict[tuple[int, date], list[Counted]]:
    """Return the metrics of all questions, by member id and week: the log's numbers stand beside the answers."""
    wanted: dict[tuple[int, date], list[Counted]] = defaultdict(list)
    for of_member in check_ins.values():
        for check_in in of_member:
            if check_in.asked:
                wanted[check_in.member_id, check_in.week] += check_in.asked
    return wanted


def _rep_weeks(
    session: Session,
    coached: Sequence[Rep],
    owners: Sequence[Viewer],
    teams: Mapping[int, TeamRow],
    present: Mapping[int, tuple[date, date]],
    asked: InForce,
    questions: Mapping[tuple[int, date], Sequence[Counted]],
    now: datetime,
) -> tuple[dict[int, RepWeek], Logged]:
    """Return the present week of the coached reps and of the people whose own Home is shown, by member id.

    The log's numbers come with them, for `questions` as well.
    """
    reps: dict[int, Rep | Viewer] = {rep.id: rep for rep in coached}
    reps.update({owner.id: owner for owner in owners})
    if not reps:
        return {}, {}
    week_of = {rep_id: week for rep_id, (week, _) in present.items()}
    wanted: dict[tuple[int, date], Sequence[Counted]] = dict(questions)
    for rep_id, pairs in asked.items():
        key = rep_id, week_of[rep_id]
        wanted[key] = [*(metric for metric, _ in pairs), *wanted.get(key, ())]
    logged = metrics.numbers_of(session, wanted)
    planned = [min(o.next_week, now.date() - WEEK) for o in owners if o.next_week is not None]
    since = min([min(week_of.values()) - LAST_CHECK_IN, *planned])
    absences = calendars.recorded(session, reps, since)
    plans = plan_homes.in_short(session, reps.values(), now=now)
    found = {}
    for rep_id, rep in reps.items():
        week = week_of[rep_id]
        calendar = _calendar(
            teams[rep.team_id or 0], week, absences.get(rep_id, ()), begins=rep.enrolled_on
        )
        work = calendar.week(week)
        found[rep_id] = RepWeek(
            week=week,
            today=present[rep_id][1],
            calendar=calendar,
            work=work,
            goals=tuple(
                calendars.goal_shown(metric, full, work, logged.get((rep_id, week, metric.id)))
                for metric, full in asked.get(rep_id, ())
            ),
            absences=absences.get(rep_id, ()),
            plan=plans[rep_id],
        )
    return found, logged


def _calendar(
    team: TeamRow, since: date, absences: Sequence[Recorded], *, begins: date | None
) -> Calendar:
    plain = calendars.of_team(team, since)
    if not absences and (begins is None or begins <= since):
        return plain
    return replace(plain, away=calendars.spans_of(absences), begins=begins)


def _check_ins(
    session: Session,
    reps: Sequence[Rep],
    owners: Sequence[Viewer],
    present: Mapping[int, tuple[date, date]],
) -> dict[int, list[CheckInRow]]:
    """Return the last check-ins of coached reps, and all that the people's own Homes tell of."""
    first = min((week for week, _ in present.values()), default=date.max)
    return rows.check_ins(
        session,
        coached=[rep.id for rep in reps],
        since=first - LAST_CHECK_IN,
        own=[owner.id for owner in owners],
        history_since=first - records.LONGEST_STREAK * WEEK,
    )


def _of_rep(
    viewer: Viewer,
    team: TeamRow,
    rep: RepWeek,
    check_ins: Sequence[CheckInRow],
    held: Loop,
    now: datetime,
    *,
    messages: Spent | None,
) -> RepHome:
    waiting = next((found for found in check_ins if found.state in rows.WAITING), None)
    results = {check_in.week: check_in.result for check_in in check_ins}
    last = rep.week - WEEK
    return RepHome(
        team=team.name,
        coach=team.coach,
        coach_name=team.coach_name,
        second_coach=team.second_coach,
        coach_channel=team.coach_channel if team.channel_problem is None else None,
        channel_name=team.coach_channel_name,
        channel_members=team.channel_members,
        week=rep.week,
        goals=rep.goals,
        work=rep.work if rep.work.off else None,
        away_until=rep.calendar.away_until(rep.today),
        planned=shown_planned([a for a in rep.absences if a.last_day >= rep.today], rep.today),
        by_hand=team.by_hand,
        open_check_in=waiting.id if waiting else None,
        open_week=waiting.week if waiting else None,
        deadline_at=waiting.deadline_at if waiting else None,
        comes_at=_comes_at(waiting, now) if waiting else None,
        midweek_at=viewer.midweek_at,
        next_due_at=_next_due_at(viewer, team, rep.absences, now),
        history=tuple(
            TrendWeek(week, results.get(week, "none"), ())
            for week in (last - n * WEEK for n in range(HISTORY_WEEKS - 1, -1, -1))
        ),
        streak=records.streak_of(results, last),
        plan=rep.plan,
        loop=held,
        messages=messages,
    )


def _comes_at(check_in: CheckInRow, now: datetime) -> datetime | None:
    waits = check_in.state == CheckInState.SCHEDULED and check_in.due_at > now
    return check_in.due_at if waits else None


def _next_due_at(
    viewer: Viewer, team: TeamRow, absences: Sequence[Recorded], now: datetime
) -> datetime | None:
    if viewer.next_week is None:
        return viewer.next_due_at
    since = min(viewer.next_week, now.date() - WEEK)
    calendar = _calendar(team, since, absences, begins=viewer.enrolled_on)
    return days_off.asked_next(viewer, calendar, schedule_of(team), zone_of(viewer))
