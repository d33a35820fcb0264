"""Draws any view of setting up by its name, for whom it is opened, and anew where it lies below another."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.absences import forms as absence_forms
from bot.domain.access import Caller
from bot.domain.calendars import public_holidays
from bot.domain.refusals import Refusal
from bot.domain.setup import calendars as team_calendars
from bot.domain.setup import forms as forms
from bot.domain.setup import metrics as setup_metrics
from bot.domain.setup.plan_settings import plan_settings_form
from bot.slack.listeners.payloads import metadata_of
from bot.slack.services import Services
from bot.slack.views import absences as absence_views
from bot.slack.views.blocks import View
from bot.slack.views.setup import calendar as calendar_views
from bot.slack.views.setup import menu as views
from bot.slack.views.setup import metrics as metric_views
from bot.slack.views.setup import plan_settings as plan_views
from bot.slack.views.setup import reps as rep_views
from bot.slack.views.setup import team as team_views

log = logging.getLogger(__name__)

BELOW = "below"
"""In a form's metadata: which list or menu it was opened from, to be drawn anew once it is sent."""

_LISTS = {
    views.MENU_MODAL: views.MENU,
    views.REPS_MODAL: views.REPS,
    metric_views.METRIC_MODAL: views.METRIC,
}


async def draw(
    services: Services,
    form: str,
    subject: int | None,
    caller: Caller,
    *,
    slack_user_id: str | None = None,
) -> View:
    """The view called `form`, about the team, rep or metric `subject`; raises Refusal."""
    read, now = services.database.read, services.clock.now()
    match form:
        case views.MENU:
            return views.menu_view(await read(forms.menu, caller=caller))
        case views.TEAM:
            team = await read(forms.team_form, caller=caller, team_id=subject)
            return team_views.team_view(team)
        case views.SCHEDULE:
            schedule = await read(forms.schedule_form, caller=caller, team_id=subject)
            return team_views.schedule_view(schedule)
        case views.PLAN:
            settings = await read(plan_settings_form, caller=caller, team_id=subject)
            return plan_views.plan_settings_view(settings)
        case views.ENROL:
            enrol = await read(forms.enrol_form, caller=caller, team_id=subject)
            return rep_views.enrol_view(enrol)
        case views.METRIC:
            metric = await read(forms.metric_form, caller=caller, team_id=subject)
            return metric_views.metric_view(metric)
        case views.TARGETS:
            targets = await read(
                forms.targets_form,
                caller=caller,
                member_id=subject,
                slack_user_id=slack_user_id,
                now=now,
            )
            return rep_views.targets_view(targets)
        case views.CALENDAR:
            calendar = await read(team_calendars.calendar_form, caller=caller, team_id=subject)
            services.background.add(asyncio.to_thread(public_holidays.get_ready))
            return calendar_views.calendar_view(calendar)
        case views.AWAY if subject is None and slack_user_id is None:
            choice = await read(absence_forms.reps_to_choose, caller=caller)
            return absence_views.choose_modal(choice)
        case views.AWAY:
            absence = await read(
                absence_forms.form,
                caller=caller,
                member_id=subject,
                slack_user_id=slack_user_id,
                now=now,
            )
            return absence_views.form_modal(absence)
        case views.REPS:
            return views.reps_view(await read(forms.reps_list, caller=caller, now=now))
        case views.ZONE | views.REMOVE if subject is not None:
            rep = await read(forms.rep_card, caller=caller, member_id=subject)
            return (rep_views.zone_view if form == views.ZONE else rep_views.remove_view)(rep)
        case views.RENAME | views.ARCHIVE if subject is not None:
            own = await read(setup_metrics.shown_metric, caller=caller, metric_id=subject)
            return (
                metric_views.rename_view if form == views.RENAME else metric_views.archive_view
            )(own)
    raise Refusal("This button is from an older message: type /coach to go on.")


def opened_from(view: View, below: dict[str, Any]) -> View:
    """The view with a note of the list or menu that it is pushed onto."""
    form = _LISTS.get(str(below.get("callback_id")))
    if form is None:
        return view
    return _noted(view, [form, metadata_of(below).get("team")])


def keep_below(view: View, old: dict[str, Any]) -> View:
    """The view with the note of the one that it takes the place of."""
    below = metadata_of(old).get(BELOW)
    return view if below is None else _noted(view, below)


def _noted(view: View, below: Any) -> View:
    noted = metadata_of(view) | {BELOW: below}
    return {**view, "private_metadata": json.dumps(noted, separators=(",", ":"))}


class Redraws:
    """Draws what lies below a form anew, in tasks of their own: no ack waits for it, no form fails by it."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, client: AsyncWebClient, view: dict[str, Any], caller: Caller) -> None:
        """Redraw what the sent form was opened from, if it was a list or the menu."""
        below = metadata_of(view).get(BELOW)
        previous = view.get("previous_view_id")
        match below:
            case [str(form), None | int() as subject] if previous and form in _LISTS.values():
                task = asyncio.create_task(self._redraw(client, previous, form, subject, caller))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    async def _redraw(
        self, client: AsyncWebClient, view_id: str, form: str, subject: int | None, caller: Caller
    ) -> None:
        try:
            view = await draw(self._services, form, subject, caller)
            await client.views_update(view_id=view_id, view=view)
        except (Refusal, SlackApiError, aiohttp.ClientError, OSError) as error:
            # It was closed meanwhile, or the person may not see it any more.
            log.info("a view below was not redrawn", extra={"error": type(error).__name__})
