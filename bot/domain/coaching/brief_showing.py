"""Reads what weekly briefs say now: many briefs with the same few statements as one, however many reps they have.

A brief is about the reps who are in the team now. The acts and their reasons are those of the alerts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import takewhile
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.calendars.schedules import teams_of
from bot.domain.coaching import history, hours, momentum
from bot.domain.coaching import showing as alerts
from bot.domain.coaching.brief_rows import NumberRow, RepRow, Rows
from bot.domain.metrics import carried, records
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.alerts import AlertShown
from bot.domain.shown.briefs import BriefShown, RepShown
from bot.domain.shown.momentum import MomentumShown
from bot.domain.shown.places import Place, place_of
from bot.domain.shown.reader import Reader
from bot.domain.tables import (
    Alert,
    Answer,
    Brief,
    CheckIn,
    CheckInState,
    Enrolment,
    Member,
    Team,
    Verdict,
)
from bot.rules import briefs
from bot.rules.acts import Act
from bot.rules.briefs import Best, RepWeek, Result, Waits
from bot.rules.verdicts import NOT_COUNTED
from bot.rules.weeks import WEEK

BEFORE = 4
"""How many weeks of earlier alerts the brief sums up."""


@dataclass(frozen=True)
class Showing:
    """A brief as the team's coaches read it, with the place where it belongs."""

    shown: BriefShown
    place: Place
    is_open: bool
    """Whether it is posted anew where its place changed: it is the team's newest one, and not old."""
    earliest: datetime
    """When it may be posted: in the working hours of the team's coach."""


class _Quiet(NamedTuple):
    """A rep whose week raised no alert, with the sales cycle that the team assumes."""

    member_id: int
    week: date
    cycle_days: int


class _Facts(NamedTuple):
    """A brief with its team and its coaches."""

    id: int
    team_id: int
    week: date
    page: int
    created_at: datetime
    is_newest: bool
    team_name: str
    currency: str
    coach_id: int
    coach: str
    coach_dm: str | None
    coach_inactive: str | None
    coach_is_guest: bool
    timezone: str
    locale: str
    second_id: int | None
    second: str | None
    second_dm: str | None
    second_inactive: str | None
    second_is_guest: bool | None

    @property
    def place(self) -> Place:
        """The coach's direct messages: a coach channel's other members have no claim to everybody's numbers."""
        coaches = [
            Addressee(
                self.coach_id, self.coach, self.coach_dm, self.coach_inactive, self.coach_is_guest
            )
        ]
        if self.second_id is not None:
            second = Addressee(
                self.second_id,
                self.second or "",
                self.second_dm,
                self.second_inactive,
                bool(self.second_is_guest),
            )
            coaches.append(second)
        return place_of(coaches, channel=None, problem=None)


def show_all(session: Session, brief_ids: Collection[int], *, now: datetime) -> dict[int, Showing]:
    """Return the briefs in their current state, by id; a brief that does not exist is left out."""
    found = [_Facts(*row) for row in rows(session, _FACTS, ids=list(brief_ids))]
    if not found:
        return {}
    read = Rows.of(session, [facts.id for facts in found])
    lasts = {(rep.member_id, rep.week) for rep in read.reps}
    streaks = records.streaks(session, lasts)
    shown = alerts.show_all(session, [rep.alert_id for rep in read.reps if rep.alert_id])
    waited = _waits(session, found)
    teams = teams_of(session, {facts.team_id for facts in found})
    alarms = _alarms(session, read, {one.id: teams[one.team_id].sales_cycle_days for one in found})
    facts_of = {facts.id: facts for facts in found}
    reps: dict[int, list[RepShown]] = defaultdict(list)
    for rep in read.reps:
        facts = facts_of[rep.brief_id]
        alert = shown[rep.alert_id].shown if rep.alert_id in shown else None
        streak = streaks[rep.member_id, rep.week]
        one = _rep(rep, read, alert, streak, facts)
        reps[facts.id].append(replace(one, momentum=alarms.get((rep.member_id, rep.week))))
    return {
        facts.id: Showing(
            BriefShown(
                brief_id=facts.id,
                team_name=facts.team_name,
                week=facts.week,
                coach=facts.place.acting or facts.coach,
                reader=Reader(facts.timezone, facts.locale, facts.currency),
                page=facts.page,
                reps=tuple(sorted(reps[facts.id], key=lambda rep: briefs.row_order(rep.week))),
                this_week=waited[facts.id][0],
                before=waited[facts.id][1],
            ),
            facts.place,
            facts.is_newest and now - facts.created_at < WEEK,
            hours.of_coach(teams[facts.team_id], facts, now=now),
        )
        for facts in found
    }


def _alarms(
    session: Session, read: Rows, cycles: Mapping[int, int]
) -> Mapping[history.Key, MomentumShown]:
    """Return the alarms of weeks without an alert, on which they would stand else."""
    quiet = [
        _Quiet(rep.member_id, rep.week, cycles[rep.brief_id])
        for rep in read.reps
        if rep.alert_id is None
    ]
    histories = history.read(session, {(one.member_id, one.week) for one in quiet})
    return momentum.raised(session, quiet, histories)


def _rep(rep: RepRow, read: Rows, alert: AlertShown | None, streak: int, facts: _Facts) -> RepShown:
    rows_of = read.numbers.get(rep.check_in_id or 0, ())
    result = _result(rep, rows_of)
    compared = [read.compared(rep, row) for row in rows_of]
    beside_log = [(row, read.logged_of(rep, row)) for row in rows_of]
    act = _act(alert) if result in {Result.MISSED, Result.SILENT} else None
    steps = read.steps.get((rep.member_id, rep.week), ())
    week = RepWeek(
        name=rep.name,
        result=result,
        act=None if alert is None or alert.done_by is not None else act,
        asked_advice=alert is not None and alert.asked_advice,
        misses=_misses(alert),
        differs=any(carried.difference(row, logged) for row, logged in beside_log),
        holds=rep.is_nodded or all(carried.carries(row, logged) for row, logged in beside_log),
        streak=streak,
        bests=_bests(rep, read, rows_of),
        kept_steps=[step.step for step in steps if step.told and step.kept == Verdict.YES],
    )
    praise = briefs.praised_for(week, currency=facts.currency, locale=facts.locale)
    if rep.praise is not None and not praise:
        praise = [rep.praise]  # it was said, and stays said
    return RepShown(
        check_in_id=rep.check_in_id,
        rep=rep.slack_user_id,
        week=week,
        numbers=tuple(compared) if result not in {Result.AWAY, Result.UNASKED} else (),
        late=bool(rep.late),
        steps=tuple(steps),
        because=_because(alert),
        chosen=alert is not None and alert.act is not None,
        taken_by=alert.taken_by if alert is not None else None,
        praise=tuple(praise),
        praised_by=rep.praised_by,
        praised_at=rep.praised_at,
        praise_waits_until=rep.praise_waits_until,
    )


def _result(rep: RepRow, answers: Sequence[NumberRow]) -> Result:
    """Return how the week ended; nothing was asked without a check-in, or if it was skipped."""
    met_all = all(answer.verdict == Verdict.YES for answer in answers)
    result = records.result_from(rep.state or CheckInState.SKIPPED, met_all)
    return Result.UNASKED if result == "skipped" else Result(result)


def _act(alert: AlertShown | None) -> Act | None:
    if alert is None:
        return None
    name = alert.act or alert.suggested_act
    return Act(name) if name is not None else None


def _because(alert: AlertShown | None) -> str | None:
    """Return the reason of the act; an act that the coach chose against the suggestion has none of ours."""
    if alert is None or (alert.act is not None and alert.act != alert.suggested_act):
        return None
    return alert.suggested_because


def _misses(alert: AlertShown | None) -> int:
    if alert is None:
        return 0
    asked = [one.result for one in reversed(alert.trend) if one.result not in NOT_COUNTED]
    return len(list(takewhile(lambda result: result in {"missed", "silent"}, asked)))


def _bests(rep: RepRow, read: Rows, answers: Sequence[NumberRow]) -> list[Best]:
    found = []
    for answer in answers:
        earlier = read.bests.get((rep.member_id, rep.week, answer.metric.id))
        if answer.number is None or earlier is None or earlier.weeks < briefs.EARLIER_WEEKS:
            continue
        logged = read.logged_of(rep, answer)
        is_held = rep.is_nodded or logged is None or logged >= answer.number
        if answer.number > earlier.number and is_held:
            found.append(Best(answer.name, answer.unit, answer.number, earlier.number))
    return found


def _waits(session: Session, found: Sequence[_Facts]) -> Mapping[int, tuple[Waits, Waits]]:
    """Return how long each team's alerts waited: those of the brief's week, and of the weeks before."""
    by_team: dict[int, list[tuple[date, datetime, datetime | None]]] = defaultdict(list)
    first = min(facts.week for facts in found) - BEFORE * WEEK
    team_ids = list({facts.team_id for facts in found})
    for team_id, *alert in rows(session, _WAITED, teams=team_ids, since=first):
        by_team[team_id].append((alert[0], alert[1], alert[2]))
    return {
        facts.id: (
            briefs.waits(
                (came, took) for week, came, took in by_team[facts.team_id] if week == facts.week
            ),
            briefs.waits(
                (came, took)
                for week, came, took in by_team[facts.team_id]
                if facts.week - BEFORE * WEEK <= week < facts.week
            ),
        )
        for facts in found
    }


_BRIEF, _TEAM, _ALERT = columns(Brief), columns(Team), columns(Alert)
_CHECK_IN, _ANSWER, _ENROLMENT = columns(CheckIn), columns(Answer), columns(Enrolment)
_COACH, _SECOND, _LATER = table(Member).alias(), table(Member).alias(), table(Brief).alias()

_FACTS = (
    sa.select(
        _BRIEF.id,
        _BRIEF.team_id,
        _BRIEF.week,
        _BRIEF.page,
        _BRIEF.created_at,
        ~sa.exists().where(_LATER.c.team_id == _BRIEF.team_id, _LATER.c.week > _BRIEF.week),
        _TEAM.name,
        _TEAM.currency,
        _COACH.c.id,
        _COACH.c.slack_user_id,
        _COACH.c.dm_channel,
        _COACH.c.inactive_because,
        _COACH.c.is_guest,
        _COACH.c.timezone,
        _COACH.c.locale,
        _SECOND.c.id,
        _SECOND.c.slack_user_id,
        _SECOND.c.dm_channel,
        _SECOND.c.inactive_because,
        _SECOND.c.is_guest,
    )
    .join_from(table(Brief), table(Team), _TEAM.id == _BRIEF.team_id)
    .join(_COACH, _COACH.c.id == _TEAM.coach_id)
    .outerjoin(_SECOND, _SECOND.c.id == _TEAM.second_coach_id)
    .where(_BRIEF.id.in_(any_of("ids")))
    .order_by(_BRIEF.id)
)

_IS_MISSED = sa.or_(
    _CHECK_IN.state == CheckInState.UNANSWERED.value,
    sa.exists().where(_ANSWER.check_in_id == _CHECK_IN.id, _ANSWER.verdict == Verdict.NO.value),
)

_WAITED = (
    sa.select(
        _ALERT.team_id,
        _CHECK_IN.week,
        sa.func.coalesce(_ALERT.waits_since, _ALERT.created_at),
        _ALERT.taken_at,
    )
    .join_from(table(Alert), table(CheckIn), _CHECK_IN.id == _ALERT.check_in_id)
    .join(
        table(Enrolment),
        (_ENROLMENT.member_id == _CHECK_IN.member_id)
        & (_ENROLMENT.team_id == _ALERT.team_id)
        & _ENROLMENT.ended_on.is_(None),
    )
    .where(
        _ALERT.team_id.in_(any_of("teams")),
        _CHECK_IN.week >= sa.bindparam("since"),
        _ALERT.taken_at.is_not(None) | _IS_MISSED,
    )
)
"""Selects the alerts of teams about their present reps, when each came to its coaches, and when one took it.

An alert that nobody took, and whose week is no miss any more, is left out.
"""
