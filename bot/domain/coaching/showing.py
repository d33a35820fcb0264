"""Reads the current state of alerts for the view: many of them with a few statements."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows, table
from bot.domain.calendars import days_off
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.working_days import Recorded
from bot.domain.coaching import acts, history, momentum, questions
from bot.domain.coaching.history import History
from bot.domain.shown.addressee import Addressee
from bot.domain.shown.alerts import AlertShown
from bot.domain.shown.checkins import QuestionShown
from bot.domain.shown.momentum import MomentumShown
from bot.domain.shown.places import NOWHERE, Place, place_of
from bot.domain.shown.reader import Reader
from bot.domain.tables import (
    Advice,
    Agreement,
    Alert,
    CheckIn,
    CheckInState,
    Enrolment,
    Member,
    Team,
    Verdict,
)
from bot.rules.acts import Suggestion


@dataclass(frozen=True)
class Showing:
    """An alert as the rep's coach reads it, with the place where it belongs."""

    shown: AlertShown
    place: Place
    is_open: bool
    """Whether somebody still has to act on it: it is not done, and its rep is in the team."""


class _Facts(NamedTuple):
    """An alert with its check-in, its rep and its team."""

    id: int
    taken_at: datetime | None
    done_at: datetime | None
    note: str | None
    check_in_id: int
    member_id: int
    week: date
    state: str
    late: bool
    deadline_at: datetime | None
    work_days: int | None
    days_off: int
    holidays: int
    joined_on: date | None
    cause: str | None
    cause_words: str | None
    created_at: datetime
    suggested_act: str | None
    suggested_because: str | None
    act: str | None
    rep: str
    rep_name: str
    timezone: str
    team_name: str
    coach_channel: str | None
    channel_problem: str | None
    currency: str
    coach_id: int
    coach: str
    coach_dm: str | None
    coach_inactive: str | None
    coach_is_guest: bool
    coach_timezone: str
    coach_locale: str
    second_id: int | None
    second: str | None
    second_dm: str | None
    second_inactive: str | None
    second_is_guest: bool | None
    taken_by: str | None
    done_by: str | None
    passed_on_to: str | None
    advice_id: int | None
    advice_words: str | None
    step: str | None
    due_on: date | None
    kept: str | None
    otherwise: str | None
    has_plan: bool
    cycle_days: int
    """The sales cycle that the team assumes."""
    is_rep: bool
    """Whether the rep is in the alert's team now."""

    @property
    def key(self) -> history.Key:
        return self.member_id, self.week

    @property
    def asked_advice(self) -> bool:
        return self.advice_id is not None

    @property
    def place(self) -> Place:
        if not self.is_rep:
            return NOWHERE
        first = Addressee(
            self.coach_id, self.coach, self.coach_dm, self.coach_inactive, self.coach_is_guest
        )
        if self.second_id is None:
            return place_of([first], self.coach_channel, self.channel_problem)
        second = Addressee(
            self.second_id,
            self.second or "",
            self.second_dm,
            self.second_inactive,
            bool(self.second_is_guest),
        )
        return place_of([first, second], self.coach_channel, self.channel_problem)


def show(session: Session, alert_id: int) -> AlertShown:
    """Return the alert in its current state, as the rep's coach reads it."""
    return show_all(session, [alert_id])[alert_id].shown


def show_all(session: Session, alert_ids: Collection[int]) -> dict[int, Showing]:
    """Return the alerts in their current state, by id; an alert that does not exist is left out."""
    found = [_Facts(*row) for row in rows(session, _FACTS, ids=list(alert_ids))]
    if not found:
        return {}
    asked = questions.of_check_ins(session, found)
    histories = history.read(session, [facts.key for facts in found])
    off = [facts for facts in found if facts.days_off]
    since = min((facts.week for facts in off), default=date.max)
    absences = calendars.recorded(session, {facts.member_id for facts in off}, since)
    suggestions = acts.suggest([facts for facts in found if facts.act is None], histories)
    alarms = momentum.raised(session, found, histories)
    return {
        facts.id: Showing(
            shown=_shown(
                facts,
                asked[facts.check_in_id],
                histories[facts.key],
                absences.get(facts.member_id, ()),
                suggestions.get(facts.id),
                alarms.get(facts.key),
            ),
            place=facts.place,
            is_open=facts.done_at is None and facts.is_rep,
        )
        for facts in found
    }


def suggestion(session: Session, alert_id: int) -> Suggestion | None:
    """Return the act that is suggested for the alert now, whatever the coach chose; None for no miss."""
    found = [_Facts(*row) for row in rows(session, _FACTS, ids=[alert_id])]
    histories = history.read(session, [facts.key for facts in found])
    return acts.suggest(found, histories).get(alert_id)


def _shown(
    facts: _Facts,
    asked: Sequence[QuestionShown],
    past: History,
    absences: Sequence[Recorded],
    suggestion: Suggestion | None,
    alarm: MomentumShown | None,
) -> AlertShown:
    suggested, because = facts.suggested_act, facts.suggested_because
    if suggestion is not None:
        suggested, because = suggestion.act.value, suggestion.reason
    return AlertShown(
        alert_id=facts.id,
        rep=facts.rep,
        rep_name=facts.rep_name,
        week=facts.week,
        state=facts.state,
        questions=tuple(asked),
        late=facts.late,
        work=days_off.work_of(facts),
        marked_late=calendars.marked_late(absences, facts, facts),
        edited=any(question.edited for question in asked),
        all_met=facts.state == CheckInState.ANSWERED
        and all(question.verdict == Verdict.YES for question in asked),
        trend=past.trend,
        coach=facts.place.acting or facts.coach,
        reader=Reader(facts.coach_timezone, facts.coach_locale, facts.currency),
        deadline_at=facts.deadline_at,
        taken_by=facts.taken_by,
        taken_at=facts.taken_at,
        done_by=facts.done_by,
        done_at=facts.done_at,
        note=facts.note,
        problem=facts.channel_problem if facts.coach_channel else "no_channel",
        coach_channel=facts.coach_channel,
        team_name=facts.team_name,
        created_at=facts.created_at,
        suggested_act=suggested,
        suggested_because=because,
        act=facts.act,
        cause=facts.cause,
        cause_words=facts.cause_words,
        asked_advice=facts.asked_advice,
        advice_words=facts.advice_words,
        step=facts.step,
        due_on=facts.due_on,
        kept=facts.kept,
        otherwise=facts.otherwise,
        passed_on_to=facts.passed_on_to,
        momentum=alarm,
    )


_ALERT, _CHECK_IN = columns(Alert), columns(CheckIn)
_TEAM, _ENROLMENT = columns(Team), columns(Enrolment)
_ADVICE, _AGREEMENT = columns(Advice), columns(Agreement)
_REP, _COACH, _SECOND, _TAKER, _FINISHER, _NEXT = (table(Member).alias() for _ in range(6))

_ASKED_BY = table(Team).alias()
"""The team that the rep was in when the week was asked about: its currency is that of the numbers."""

_IS_REP = sa.exists().where(
    _ENROLMENT.member_id == _CHECK_IN.member_id,
    _ENROLMENT.team_id == _ALERT.team_id,
    _ENROLMENT.ended_on.is_(None),
)

_FACTS = (
    sa.select(
        _ALERT.id,
        _ALERT.taken_at,
        _ALERT.done_at,
        _ALERT.note,
        _ALERT.check_in_id,
        _CHECK_IN.member_id,
        _CHECK_IN.week,
        _CHECK_IN.state,
        _CHECK_IN.late,
        _CHECK_IN.deadline_at,
        _CHECK_IN.work_days,
        _CHECK_IN.days_off,
        _CHECK_IN.holidays,
        _CHECK_IN.joined_on,
        _CHECK_IN.cause,
        _CHECK_IN.cause_words,
        _ALERT.created_at,
        _ALERT.suggested_act,
        _ALERT.suggested_because,
        _ALERT.act,
        _REP.c.slack_user_id,
        _REP.c.name,
        _REP.c.timezone,
        _TEAM.name,
        _TEAM.coach_channel,
        _TEAM.channel_problem,
        _ASKED_BY.c.currency,
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
        _TAKER.c.slack_user_id,
        _FINISHER.c.slack_user_id,
        _NEXT.c.slack_user_id,
        _ADVICE.id,
        _ADVICE.words,
        _AGREEMENT.step,
        _AGREEMENT.due_on,
        _AGREEMENT.kept,
        _AGREEMENT.otherwise,
        acts.HAS_PLAN,
        _TEAM.sales_cycle_days,
        _IS_REP,
    )
    .join_from(table(Alert), table(CheckIn), _CHECK_IN.id == _ALERT.check_in_id)
    .join(_REP, _REP.c.id == _CHECK_IN.member_id)
    .join(table(Team), _TEAM.id == _ALERT.team_id)
    .join(_ASKED_BY, _ASKED_BY.c.id == _CHECK_IN.team_id)
    .join(_COACH, _COACH.c.id == _TEAM.coach_id)
    .outerjoin(_SECOND, _SECOND.c.id == _TEAM.second_coach_id)
    .outerjoin(_TAKER, _TAKER.c.id == _ALERT.taken_by)
    .outerjoin(_FINISHER, _FINISHER.c.id == _ALERT.done_by)
    .outerjoin(_NEXT, _NEXT.c.id == _ALERT.passed_on_to)
    .outerjoin(
        table(Advice), (_ADVICE.member_id == _CHECK_IN.member_id) & _ADVICE.closed_at.is_(None)
    )
    .outerjoin(table(Agreement), _AGREEMENT.alert_id == _ALERT.id)
    .where(_ALERT.id.in_(any_of("ids")))
    .order_by(_ALERT.id)
)
