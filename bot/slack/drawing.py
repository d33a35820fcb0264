"""Surfaces as projections of the database: for each kind, what it shows now and where it belongs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from bot.domain import alerts, checkins, homes, outbox, reminders, welcomes
from bot.domain.tables import Alert, CheckIn, CheckInState, Enrolment, Member, Reminder, Team
from bot.slack.views.alerts import alert_message
from bot.slack.views.blocks import Message, View
from bot.slack.views.checkins import check_in_message, reminder_message
from bot.slack.views.home import home_view
from bot.slack.views.welcome import welcome_message


@dataclass(frozen=True)
class ToMember:
    """A message in a member's DM with the bot."""

    member_id: int
    slack_user_id: str
    dm_channel: str | None
    message: Message


@dataclass(frozen=True)
class ToChannel:
    """A message in a coach channel."""

    channel: str
    message: Message


@dataclass(frozen=True)
class ToHome:
    """A member's App Home."""

    member_id: int
    slack_user_id: str
    view: View


Drawn = ToMember | ToChannel | ToHome
Draw = Callable[[Session, int, datetime], Drawn | None]
"""Draws a subject from current state; None when there is nothing to show (any more)."""


def draw(session: Session, *, surface: str, subject_id: int, now: datetime) -> Drawn | None:
    """What the surface should show now; raises KeyError for a surface that nobody draws."""
    return DRAWINGS[surface](session, subject_id, now)


def _check_in(session: Session, subject_id: int, now: datetime) -> Drawn | None:
    check_in = session.get_one(CheckIn, subject_id)
    if check_in.state == CheckInState.SKIPPED and check_in.delivered_at is None:
        return None
    member = session.get_one(Member, check_in.member_id)
    return _to(member, check_in_message(checkins.show(session, subject_id, now=now)))


def _reminder(session: Session, subject_id: int, now: datetime) -> Drawn | None:
    reminder = session.get_one(Reminder, subject_id)
    check_in = session.get_one(CheckIn, reminder.check_in_id)
    member = session.get_one(Member, check_in.member_id)
    return _to(member, reminder_message(reminders.show(session, subject_id, now=now)))


def _alert(session: Session, subject_id: int, now: datetime) -> Drawn | None:
    alert = session.get_one(Alert, subject_id)
    team = session.get_one(Team, alert.team_id)
    message = alert_message(alerts.show(session, subject_id))
    if team.coach_channel is not None and team.channel_problem is None:
        return ToChannel(team.coach_channel, message)
    coach = session.get_one(Member, team.coach_id)
    if coach.inactive_because is not None and team.second_coach_id is not None:
        coach = session.get_one(Member, team.second_coach_id)
    return _to(coach, message)


def _home(session: Session, subject_id: int, now: datetime) -> Drawn | None:
    member = session.get_one(Member, subject_id)
    view = home_view(homes.show(session, member_id=subject_id, now=now))
    return ToHome(member.id, member.slack_user_id, view)


def _welcome(session: Session, subject_id: int, now: datetime) -> Drawn | None:
    enrolment = session.get_one(Enrolment, subject_id)
    member = session.get_one(Member, enrolment.member_id)
    return _to(member, welcome_message(welcomes.show(session, subject_id, now=now)))


def _to(member: Member, message: Message) -> Drawn | None:
    if member.inactive_because is not None:
        return None
    return ToMember(member.id, member.slack_user_id, member.dm_channel, message)


DRAWINGS: Mapping[str, Draw] = {
    outbox.CHECK_IN: _check_in,
    outbox.REMINDER: _reminder,
    outbox.ALERT: _alert,
    outbox.HOME: _home,
    outbox.WELCOME: _welcome,
}
