"""Renders surfaces from the database: for each kind, the current content and the place to show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins import midweek, reminders, showing
from bot.domain.checkins.showing import Showing
from bot.domain.coaching import advice as wishes
from bot.domain.coaching import agreements, brief_showing, passing_on, praise
from bot.domain.coaching import showing as alerts
from bot.domain.direct_messages import showing as direct_replies
from bot.domain.handover import messages as moving
from bot.domain.handover import notices
from bot.domain.homes import homes
from bot.domain.outbox import outbox
from bot.domain.plans import accounts as plan_accounts
from bot.domain.plans import overview as plans
from bot.domain.plans import places as plan_places
from bot.domain.privacy import export_orders
from bot.domain.setup import welcomes
from bot.domain.shown.audit import WithdrawnBrief
from bot.domain.shown.plan_accounts import AccountShown
from bot.domain.tables import (
    Advice,
    Alert,
    Brief,
    CheckInState,
    Member,
    Plan,
    Team,
)
from bot.rules import absences, weeks
from bot.slack.delivery.addressing import (
    Misplaced,
    OnlyRedrawn,
    Rendered,
    Renderer,
    RenderRequest,
    ToChannel,
    ToHome,
    ToMember,
    in_turn,
    to,
    to_coaches,
)
from bot.slack.views.alerts import alert_buttons, alert_message
from bot.slack.views.blocks import Message
from bot.slack.views.checkins.messages import check_in_message
from bot.slack.views.checkins.midweek import midweek_message
from bot.slack.views.checkins.reminders import reminder_message
from bot.slack.views.coaching.agreements import agreement_message
from bot.slack.views.coaching.briefs import brief_message, praise_message
from bot.slack.views.coaching.words import advice_message, passed_on_message
from bot.slack.views.direct_messages import direct_reply_message
from bot.slack.views.handover import notice_message, withdrawn_brief_message, withdrawn_message
from bot.slack.views.home import home_view
from bot.slack.views.plans import accounts as account_views
from bot.slack.views.plans.messages import UNDECIDED, plan_message, plan_reply_message
from bot.slack.views.privacy import export_failed_message
from bot.slack.views.setup.welcome import welcome_message

Reader = Callable[[Session, Sequence[int], datetime], Mapping[int, Any]]
"""Reads the current state of many subjects, by id, with a number of statements that does not depend on theirs."""


def render(session: Session, *, surface: str, subject_id: int, now: datetime) -> Rendered | None:
    """Return what the surface should show now; raises KeyError for a surface without a renderer."""
    (rendered,) = render_many(session, [RenderRequest(surface, subject_id, now)])
    if isinstance(rendered, Exception):
        raise rendered
    return rendered


def render_many(
    session: Session, wanted: Sequence[RenderRequest]
) -> list[Rendered | Exception | None]:
    """Render each request; surfaces of one kind are read together.

    A surface that does not exist, or that can't be made a view, gets its error. An error of reading is raised:
    `Database.read_batched` then asks for each surface alone.
    """
    by_surface: dict[str, list[int]] = {}
    for one in wanted:
        by_surface.setdefault(one.surface, []).append(one.subject_id)
    read: dict[str, Mapping[int, Any]] = {
        surface: READERS[surface](session, ids, wanted[0].now)
        for surface, ids in by_surface.items()
        if surface in READERS
    }
    rendered: list[Rendered | Exception | None] = []
    for one in wanted:
        try:
            if one.surface in READERS:
                found = read[one.surface][one.subject_id]
                rendered.append(VIEWS[one.surface](found, one))
            else:
                rendered.append(RENDERERS[one.surface](session, one))
        except DBAPIError:
            raise  # the transaction is over, for all requests
        except Exception as error:
            rendered.append(error)
    return rendered


def _check_in(found: Showing, wanted: RenderRequest) -> Rendered | None:
    shown = found.shown
    withdrawn = shown.state in {CheckInState.SKIPPED, CheckInState.AWAY}
    if withdrawn and not found.was_delivered:
        return None
    return to(
        found.rep,
        check_in_message(shown),
        earliest=_earliest(found, wanted.now),
        latest=found.due_at + checkins.CATCH_UP,
    )


def _reminder(found: reminders.Showing, wanted: RenderRequest) -> Rendered | None:
    about, schedule = found.check_in, found.check_in.schedule
    is_open = about.shown.state == CheckInState.OPEN
    zone = about.shown.reader.zone
    return to(
        about.rep,
        reminder_message(found.shown),
        earliest=absences.into_working_day(
            wanted.now, calendar=found.calendar, schedule=schedule, zone=zone
        ),
        latest=about.shown.deadline_at if is_open else about.due_at,
    )


def _midweek(found: midweek.Showing | None, wanted: RenderRequest) -> Rendered | None:
    if found is None:
        return None
    return to(found.to, midweek_message(found.shown), latest=found.latest)


def _alert(found: alerts.Showing, wanted: RenderRequest) -> Rendered | None:
    done_at = found.shown.done_at
    if wanted.stands_in is None and done_at is not None and wanted.now - done_at >= outbox.NEWS:
        return None
    return to_coaches(
        found.place, lambda: alert_message(found.shown), wanted, is_open=found.is_open
    )


def _home(found: homes.Showing, wanted: RenderRequest) -> Rendered | None:
    return ToHome(found.member_id, found.slack_user_id, home_view(found.shown))


def _plan(session: Session, wanted: RenderRequest) -> Rendered | None:
    plan = session.get_one(Plan, wanted.subject_id)
    if wanted.stands_in is None and plan_places.is_past(plan, now=wanted.now):
        return None
    return to_coaches(
        plan_places.place(session, plan),
        lambda: plan_message(
            plans.show(session, plan.id, now=wanted.now, checked=plan.state in UNDECIDED)
        ),
        wanted,
        is_open=plan_places.is_open(session, plan),
    )


def _plan_reply(session: Session, wanted: RenderRequest) -> Rendered | None:
    plan = session.get_one(Plan, wanted.subject_id)
    if wanted.stands_in is None and plan_places.is_past(plan, now=wanted.now):
        return None
    member = session.get_one(Member, plan.member_id)
    shown = plans.show(session, wanted.subject_id, now=wanted.now, viewer=member, checked=False)
    return to(member, plan_reply_message(shown))


def _to_coaches_of_plan(view: Callable[[AccountShown], Message]) -> Renderer:
    """Return the renderer of an event of a plan, for those who coach its rep now."""

    def render(session: Session, wanted: RenderRequest) -> Rendered | None:
        plan = session.get_one(Plan, wanted.subject_id)
        return to_coaches(
            plan_places.place(session, plan),
            lambda: view(plan_accounts.account(session, plan.id, now=wanted.now)),
            wanted,
            is_open=plan_places.is_news(session, plan, now=wanted.now),
        )

    return render


def _to_rep_of_plan(view: Callable[[AccountShown], Message]) -> Renderer:
    """Return the renderer of an event of a plan, for its rep."""

    def render(session: Session, wanted: RenderRequest) -> Rendered | None:
        member = session.get_one(Member, session.get_one(Plan, wanted.subject_id).member_id)
        shown = plan_accounts.account(session, wanted.subject_id, now=wanted.now, viewer=member)
        return to(member, view(shown))

    return render


def _notice(session: Session, wanted: RenderRequest) -> Rendered | None:
    found = notices.show(session, wanted.subject_id)
    return to(found.to, notice_message(found.shown))


def _direct_reply(session: Session, wanted: RenderRequest) -> Rendered | None:
    found = direct_replies.show(session, wanted.subject_id, now=wanted.now)
    return to(found.to, direct_reply_message(found.shown))


def _export_failed(session: Session, wanted: RenderRequest) -> Rendered | None:
    """Files that can't be sent: their person is told why."""
    order = export_orders.find(session, wanted.subject_id)
    if order is None or order.failed_because is None:
        return None
    return to(order.to, export_failed_message(order.failed_because, order.caller.slack_user_id))


def _agreement(session: Session, wanted: RenderRequest) -> Rendered | None:
    found = agreements.show(session, wanted.subject_id)
    return to(found.rep, agreement_message(found.shown))


def _passed_on(session: Session, wanted: RenderRequest) -> Rendered | None:
    found = passing_on.show(session, wanted.subject_id, now=wanted.now)
    if found is None or not found.is_entitled:
        return Misplaced(is_open=False) if wanted.stands_in is not None else None
    if wanted.stands_in is not None and wanted.stands_in != found.to.dm_channel:
        return Misplaced(is_open=True)
    shown = found.shown
    buttons = alert_buttons(shown.alert_id, shown.rep_name, is_taken=False)
    return to(found.to, passed_on_message(shown, buttons), earliest=found.earliest)


def _advice(session: Session, wanted: RenderRequest) -> Rendered | None:
    found = wishes.show(session, wanted.subject_id)
    if wanted.stands_in is None and not found.is_open:
        return None
    return to_coaches(
        found.place, lambda: advice_message(found.shown), wanted, is_open=found.is_open
    )


def _withdrawn(session: Session, wanted: RenderRequest) -> Rendered | None:
    shown = moving.show(session, wanted.subject_id)
    if isinstance(shown, WithdrawnBrief):
        return OnlyRedrawn(withdrawn_brief_message(shown))
    return OnlyRedrawn(withdrawn_message(shown))


def _brief(found: brief_showing.Showing, wanted: RenderRequest) -> Rendered | None:
    return to_coaches(
        found.place,
        lambda: brief_message(found.shown),
        wanted,
        is_open=found.is_open,
        earliest=found.earliest,
    )


def _praise(session: Session, wanted: RenderRequest) -> Rendered | None:
    found = praise.show(session, wanted.subject_id, now=wanted.now)
    if found is None:
        return None
    return to(found.to, praise_message(found.shown), earliest=found.earliest)


def _welcome(found: welcomes.Showing, wanted: RenderRequest) -> Rendered | None:
    return to(found.rep, welcome_message(found.shown))


def _earliest(found: Showing, now: datetime) -> datetime | None:
    """Return when a check-in may be posted: at its due time, whatever the hour, or later in working hours.

    A check-in that was not sent yet never goes out on a day off. For a posted message the calendar is not read,
    because every press renders it again.
    """
    shown, schedule, zone = found.shown, found.schedule, found.shown.reader.zone
    late = now - found.due_at > checkins.PUNCTUAL
    if shown.state != CheckInState.SCHEDULED or found.calendar is None:
        return weeks.into_working_hours(now, schedule, zone) if late else None
    if not late and found.due_at <= weeks.due_at(shown.week, schedule, zone):
        return None  # a check-in that waited for its rep's return is not due at the schedule's time
    return absences.into_working_time(now, calendar=found.calendar, schedule=schedule, zone=zone)


def conversations(
    session: Session, *, surface: str, subject_id: int, rendered: ToMember | ToChannel | None
) -> list[ToMember | ToChannel]:
    """Return every place where a first post of this subject may have been made, its current place first.

    A message to coaches may have been posted to the coach channel or to either coach, depending on the state at
    that time, or to those of before a change of hands.
    """
    found: list[ToMember | ToChannel] = [] if rendered is None else [rendered]
    message = _NO_MESSAGE if rendered is None else rendered.message
    about: Alert | Plan | Advice | Brief | None = None
    if surface == outbox.ALERT:
        about = session.get_one(Alert, subject_id)
    elif surface == outbox.ADVICE:
        about = session.get_one(Advice, subject_id)
    elif surface == outbox.BRIEF:
        about = session.get_one(Brief, subject_id)
    elif surface in _ABOUT_PLANS:
        about = session.get_one(Plan, subject_id)
    if about is not None:
        team = session.get_one(Team, about.team_id)
        channels, people = moving.earlier_places(session, surface=surface, subject_id=subject_id)
        if team.coach_channel is not None and surface != outbox.BRIEF:
            found.append(ToChannel(team.coach_channel, message))
        for channel in channels:
            found.append(ToChannel(channel, message))
        for one in people:
            found.append(ToMember(one.id, one.slack_user_id, one.dm_channel, message))
        for coach_id in (team.coach_id, team.second_coach_id):
            coach = session.get(Member, coach_id) if coach_id is not None else None
            if coach is not None and coach.inactive_because is None:
                found.append(ToMember(coach.id, coach.slack_user_id, coach.dm_channel, message))
    return found


def places_in_turn(
    session: Session, *, surface: str, subject_id: int, rendered: ToMember | ToChannel
) -> list[ToMember | ToChannel]:
    """Return where an alert or a plan may be posted today: its channel, its coach, its second coach.

    Places of before a change of hands are not among them, nor is a channel that others can read.
    """
    if surface == outbox.ALERT:
        place = alerts.show_all(session, [subject_id])[subject_id].place
    elif surface == outbox.ADVICE:
        place = wishes.show(session, subject_id).place
    elif surface == outbox.BRIEF:
        brief = session.get_one(Brief, subject_id)
        team = session.get_one(Team, brief.team_id)
        place = replace(notices.place_of_team(session, team), channel=None)
    else:
        place = plan_places.place(session, session.get_one(Plan, subject_id))
    earliest = rendered.earliest if isinstance(rendered, ToMember) else None
    return in_turn(place, lambda: rendered.message, earliest=earliest) or [rendered]


_ABOUT_PLANS = frozenset({outbox.PLAN, outbox.PLAN_ENDED, outbox.PLAN_REACHED})
"""The surfaces that show something of a plan to its rep's coaches."""

_NO_MESSAGE: Message = {"text": "", "blocks": []}
"""What is shown in a place that is only searched."""

READERS: Mapping[str, Reader] = {
    outbox.CHECK_IN: lambda session, ids, now: showing.show_all(session, ids, now=now),
    outbox.MIDWEEK: lambda session, ids, now: midweek.show_all(session, ids, now=now),
    outbox.REMINDER: lambda session, ids, now: reminders.show_all(session, ids, now=now),
    outbox.ALERT: lambda session, ids, now: alerts.show_all(session, ids),
    outbox.HOME: lambda session, ids, now: homes.show_all(session, ids, now=now),
    outbox.WELCOME: lambda session, ids, now: welcomes.show_all(session, ids, now=now),
    outbox.BRIEF: lambda session, ids, now: brief_showing.show_all(session, ids, now=now),
}
VIEWS: Mapping[str, Callable[[Any, RenderRequest], Rendered | None]] = {
    outbox.CHECK_IN: _check_in,
    outbox.REMINDER: _reminder,
    outbox.MIDWEEK: _midweek,
    outbox.ALERT: _alert,
    outbox.HOME: _home,
    outbox.WELCOME: _welcome,
    outbox.BRIEF: _brief,
}
"""Make what the reader of the same surface returned into what is shown."""

RENDERERS: Mapping[str, Renderer] = {
    outbox.PLAN: _plan,
    outbox.PLAN_REPLY: _plan_reply,
    outbox.PLAN_ENDED: _to_coaches_of_plan(account_views.ended_message),
    outbox.PLAN_REACHED: _to_coaches_of_plan(account_views.reached_message),
    outbox.PLAN_ENDED_REPLY: _to_rep_of_plan(account_views.ended_reply_message),
    outbox.PLAN_REACHED_REPLY: _to_rep_of_plan(account_views.reached_reply_message),
    outbox.NOTICE: _notice,
    outbox.DIRECT_REPLY: _direct_reply,
    outbox.EXPORT: _export_failed,
    outbox.WITHDRAWN: _withdrawn,
    outbox.AGREEMENT: _agreement,
    outbox.PASSED_ON: _passed_on,
    outbox.ADVICE: _advice,
    outbox.PRAISE: _praise,
}
