"""Reads the current state of check-ins for the views: many of them with a few statements.

On a Monday morning the sender renders hundreds of check-ins, and every press renders one again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, run, table
from bot.domain.calendars import days_off
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import schedule_of, teams_of, zone_of
from bot.domain.checkins import lifecycle as checkins
from bot.domain.coaching import agreements, questions
from bot.domain.metrics import records
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.agreements import AgreementShown
from bot.domain.shown.checkins import CheckInShown, QuestionShown
from bot.domain.shown.reader import Reader
from bot.domain.tables import (
    Advice,
    CheckIn,
    CheckInState,
    Enrolment,
    Member,
    Team,
)
from bot.rules.absences import Calendar
from bot.rules.weeks import WEEK, Schedule


@dataclass(frozen=True)
class Showing:
    """A check-in as its rep sees it, with the facts that decide where and when it may be posted."""

    shown: CheckInShown
    rep: Addressee
    due_at: datetime
    was_delivered: bool
    schedule: Schedule
    calendar: Calendar | None
    """The rep's calendar, for a check-in that was not sent yet."""


class _Facts(NamedTuple):
    """A check-in with its rep."""

    id: int
    team_id: int
    state: str
    week: date
    due_at: datetime
    delivered_at: datetime | None
    deadline_at: datetime | None
    completed_at: datetime | None
    late: bool
    work_days: int | None
    days_off: int
    holidays: int
    joined_on: date | None
    cause: str | None
    cause_words: str | None
    advice_id: int | None
    member_id: int
    name: str
    slack_user_id: str
    dm_channel: str | None
    inactive_because: str | None
    timezone: str
    locale: str
    enrolled_in: int | None
    next_week: date | None
    next_due_at: datetime | None

    @property
    def check_in_id(self) -> int:
        return self.id

    @property
    def is_closed(self) -> bool:
        return self.state in {CheckInState.ANSWERED, CheckInState.UNANSWERED}


def show(session: Session, check_in_id: int, *, now: datetime) -> CheckInShown:
    """Return the check-in in its current state."""
    return show_all(session, [check_in_id], now=now)[check_in_id].shown


def show_all(
    session: Session, check_in_ids: Collection[int], *, now: datetime
) -> dict[int, Showing]:
    """Return the check-ins in their current state, by id; a check-in that does not exist is left out."""
    found = _facts(session, check_in_ids)
    wanted = {facts.team_id for facts in found} | {facts.enrolled_in for facts in found}
    teams = _teams(session, [team_id for team_id in wanted if team_id is not None])
    asked = questions.of_check_ins(session, found)
    calendar_of = _calendars(session, found, now)
    next_due_at, streaks = _next_due_at(session, found, now), _streaks(session, found, asked)
    agreed = agreements.asked_in(session, [facts.id for facts in found])
    shown = {}
    for facts in found:
        team = teams[facts.team_id]
        schedule = schedule_of(team)
        shown[facts.id] = Showing(
            shown=_shown(
                facts,
                team,
                teams[facts.enrolled_in or facts.team_id],
                asked[facts.id],
                calendar_of.get(facts.id),
                now,
                next_due_at=next_due_at.get(facts.id),
                streak=streaks.get((facts.member_id, facts.week), 0),
                agreed=tuple(agreed.get(facts.id, ())),
            ),
            rep=Addressee(
                facts.member_id, facts.slack_user_id, facts.dm_channel, facts.inactive_because
            ),
            due_at=facts.due_at,
            was_delivered=facts.delivered_at is not None,
            schedule=schedule,
            calendar=calendar_of.get(facts.id),
        )
    return shown


def _calendars(session: Session, found: Sequence[_Facts], now: datetime) -> dict[int, Calendar]:
    """Return the calendars of the reps whose check-ins were not sent yet, by check-in id."""
    coming = [facts for facts in found if facts.deadline_at is None]
    since = now.date() - WEEK - timedelta(days=1)
    return calendars.of_check_ins(session, coming, since) if coming else {}


def _shown(
    facts: _Facts,
    team: Any,
    present: Any,
    asked: Sequence[QuestionShown],
    calendar: Calendar | None,
    now: datetime,
    *,
    next_due_at: datetime | None,
    streak: int,
    agreed: tuple[AgreementShown, ...],
) -> CheckInShown:
    """Return the check-in: `team` asked, and `present` is the team whose coaches see the answers now."""
    deadline_at = facts.deadline_at
    if deadline_at is None and calendar is not None:  # if nothing holds it up
        delivered_at = max(now, facts.due_at)
        deadline_at = days_off.deadline_of(facts, facts, team, calendar, delivered_at=delivered_at)
    return CheckInShown(
        check_in_id=facts.id,
        state=facts.state,
        week=facts.week,
        name=facts.name,
        reader=Reader(timezone=facts.timezone, locale=facts.locale, currency=team.currency),
        questions=tuple(asked),
        deadline_at=deadline_at,
        completed_at=facts.completed_at,
        late=facts.late,
        work=days_off.work_of(facts),
        closed=facts.deadline_at is not None and now > facts.deadline_at,
        closed_for_good=checkins.is_closed_for_good(facts.state, facts.deadline_at, now),
        coach=present.coach,
        second_coach=present.second_coach,
        coach_channel=present.coach_channel if present.channel_problem is None else None,
        channel_name=present.coach_channel_name,
        channel_members=present.channel_members,
        next_due_at=next_due_at,
        streak=streak,
        cause=facts.cause,
        cause_words=facts.cause_words,
        asked_advice=facts.advice_id is not None,
        agreed=agreed,
    )


def _next_due_at(
    session: Session, found: Sequence[_Facts], now: datetime
) -> dict[int, datetime | None]:
    """Return when the reps are asked next, by check-in id.

    Days off are considered only where the message shows that moment.
    """
    next_due_at = {facts.id: facts.next_due_at for facts in found}
    planned = [facts for facts in found if facts.is_closed and facts.next_week is not None]
    if not planned:
        return next_due_at
    teams = teams_of(session, {facts.enrolled_in or 0 for facts in planned})
    team_of = {facts.member_id: teams[facts.enrolled_in or 0] for facts in planned}
    weeks = [facts.next_week for facts in planned if facts.next_week is not None]
    since = min(now.date() - WEEK, *weeks)
    calendar_of = calendars.of_reps(session, team_of, since)
    for facts in planned:
        next_due_at[facts.id] = days_off.asked_next(
            facts,
            calendar_of[facts.member_id],
            schedule_of(team_of[facts.member_id]),
            zone_of(facts),
        )
    return next_due_at


def _streaks(
    session: Session, found: Sequence[_Facts], asked: Mapping[int, Sequence[QuestionShown]]
) -> dict[tuple[int, date], int]:
    """Return the streaks that end with a week in which every goal was met, by member id and week."""
    met = [
        (facts.member_id, facts.week)
        for facts in found
        if records.result_of(facts, asked[facts.id]) == "met"
    ]
    return records.streaks(session, met)


def _facts(session: Session, check_in_ids: Collection[int]) -> list[_Facts]:
    return [_Facts(*row) for row in rows(session, _FACTS, ids=list(check_in_ids))]


def _teams(session: Session, team_ids: Collection[int]) -> dict[int, Any]:
    """Return the teams' rows, each with its coaches' Slack ids as `coach` and `second_coach`."""
    found = run(session, _TEAMS, ids=list(team_ids))
    return {row.id: row for row in found}


_CHECK_IN, _MEMBER, _ENROLMENT = columns(CheckIn), columns(Member), columns(Enrolment)
_COACH, _SECOND_COACH = table(Member).alias(), table(Member).alias()

_FACTS = (
    sa.select(
        _CHECK_IN.id,
        _CHECK_IN.team_id,
        _CHECK_IN.state,
        _CHECK_IN.week,
        _CHECK_IN.due_at,
        _CHECK_IN.delivered_at,
        _CHECK_IN.deadline_at,
        _CHECK_IN.completed_at,
        _CHECK_IN.late,
        _CHECK_IN.work_days,
        _CHECK_IN.days_off,
        _CHECK_IN.holidays,
        _CHECK_IN.joined_on,
        _CHECK_IN.cause,
        _CHECK_IN.cause_words,
        columns(Advice).id,
        _MEMBER.id,
        _MEMBER.name,
        _MEMBER.slack_user_id,
        _MEMBER.dm_channel,
        _MEMBER.inactive_because,
        _MEMBER.timezone,
        _MEMBER.locale,
        _ENROLMENT.team_id,
        _ENROLMENT.next_week,
        _ENROLMENT.next_due_at,
    )
    .join_from(table(CheckIn), table(Member), _MEMBER.id == _CHECK_IN.member_id)
    .outerjoin(
        table(Enrolment),
        (_ENROLMENT.member_id == _MEMBER.id) & _ENROLMENT.ended_on.is_(None),
    )
    .outerjoin(
        table(Advice),
        (columns(Advice).member_id == _MEMBER.id) & columns(Advice).closed_at.is_(None),
    )
    .where(_CHECK_IN.id.in_(any_of("ids")))
)

_TEAMS = (
    sa.select(
        table(Team),
        _COACH.c.slack_user_id.label("coach"),
        _SECOND_COACH.c.slack_user_id.label("second_coach"),
    )
    .join_from(table(Team), _COACH, _COACH.c.id == columns(Team).coach_id)
    .outerjoin(_SECOND_COACH, _SECOND_COACH.c.id == columns(Team).second_coach_id)
    .where(columns(Team).id.in_(any_of("ids")))
)
