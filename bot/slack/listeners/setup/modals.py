"""Renders any set-up view by its name for its viewer, and renders it again when a form above it was sent."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.absences import forms as absence_forms
from bot.domain.absences import team_pauses
from bot.domain.access import Caller
from bot.domain.calendars import places
from bot.domain.handover import substitutes
from bot.domain.refusals import Refusal
from bot.domain.setup import calendars as team_calendars
from bot.domain.setup import forms as forms
from bot.domain.setup import metrics as setup_metrics
from bot.domain.setup.plan_settings import plan_settings_form
from bot.slack.listeners.payloads import metadata_of
from bot.slack.receiving.shapes import PressedView
from bot.slack.services import Services
from bot.slack.views import absences as absence_views
from bot.slack.views.blocks import View
from bot.slack.views.setup import calendar as calendar_views
from bot.slack.views.setup import menu as views
from bot.slack.views.setup import metrics as metric_views
from bot.slack.views.setup import pause as pause_views
from bot.slack.views.setup import plan_settings as plan_views
from bot.slack.views.setup import reps as rep_views
from bot.slack.views.setup import substitute as substitute_views
from bot.slack.views.setup import team as team_views

log = logging.getLogger(__name__)

BELOW = "below"
"""The key in a form's metadata for the list or menu below it, which is rendered again once the form is sent."""

_LISTS = {
    views.MENU_MODAL: views.MENU,
    views.REPS_MODAL: views.REPS,
    metric_views.METRIC_MODAL: views.METRIC,
}


OLD_BUTTON = "This button is from an older message: type /coach to go on."


@dataclass(frozen=True)
class FormRequest:
    """A request to see a form about the team, rep or metric `subject`."""

    caller: Caller
    now: datetime
    subject: int | None = None
    slack_user_id: str | None = None

    @property
    def needed_subject(self) -> int:
        """Return the subject of a form that can't be shown without one; raises Refusal if there is none."""
        if self.subject is None:
            raise Refusal(OLD_BUTTON)
        return self.subject


Render = Callable[[Services, FormRequest], Awaitable[View]]


async def render_form(
    services: Services,
    form: str,
    subject: int | None,
    caller: Caller,
    *,
    slack_user_id: str | None = None,
) -> View:
    """Return the view called `form` about the team, rep or metric `subject`; raises Refusal if there is none."""
    request = FormRequest(caller, services.clock.now(), subject, slack_user_id)
    if form not in _FORMS:
        raise Refusal(OLD_BUTTON)
    return await _FORMS[form](services, request)


def _of_team(read: Callable[..., Any], view: Callable[[Any], View]) -> Render:
    """Return a renderer for a form that one use case reads for a team, or for a team's metric."""

    async def render(services: Services, request: FormRequest) -> View:
        return view(
            await services.database.read(read, caller=request.caller, team_id=request.subject)
        )

    return render


def _of_rep(view: Callable[[Any], View]) -> Render:
    async def render(services: Services, request: FormRequest) -> View:
        return view(
            await services.database.read(
                forms.rep_card, caller=request.caller, member_id=request.needed_subject
            )
        )

    return render


def _of_metric(view: Callable[[Any], View]) -> Render:
    async def render(services: Services, request: FormRequest) -> View:
        return view(
            await services.database.read(
                setup_metrics.shown_metric, caller=request.caller, metric_id=request.needed_subject
            )
        )

    return render


async def _menu(services: Services, request: FormRequest) -> View:
    return views.menu_view(await services.database.read(forms.menu, caller=request.caller))


async def _targets(services: Services, request: FormRequest) -> View:
    targets = await services.database.read(
        forms.targets_form,
        caller=request.caller,
        member_id=request.subject,
        slack_user_id=request.slack_user_id,
        now=request.now,
    )
    return rep_views.targets_view(targets)


async def _calendar(services: Services, request: FormRequest) -> View:
    calendar = await services.database.read(
        team_calendars.calendar_form,
        caller=request.caller,
        team_id=request.subject,
        now=request.now,
    )
    services.background.add(asyncio.to_thread(places.get_ready))
    return calendar_views.calendar_view(calendar)


async def _away(services: Services, request: FormRequest) -> View:
    if request.subject is None and request.slack_user_id is None:
        choice = await services.database.read(absence_forms.reps_to_choose, caller=request.caller)
        return absence_views.choose_modal(choice)
    absence = await services.database.read(
        absence_forms.form,
        caller=request.caller,
        member_id=request.subject,
        slack_user_id=request.slack_user_id,
        now=request.now,
    )
    return absence_views.form_modal(absence)


async def _pause(services: Services, request: FormRequest) -> View:
    form = await services.database.read(
        team_pauses.form, caller=request.caller, team_id=request.subject, now=request.now
    )
    return pause_views.pause_view(form)


async def _substitute(services: Services, request: FormRequest) -> View:
    form = await services.database.read(substitutes.form, caller=request.caller, now=request.now)
    return substitute_views.substitute_view(form)


async def _reps(services: Services, request: FormRequest) -> View:
    reps = await services.database.read(forms.reps_list, caller=request.caller, now=request.now)
    return views.reps_view(reps)


_FORMS: Mapping[str, Render] = {
    views.MENU: _menu,
    views.TEAM: _of_team(forms.team_form, team_views.team_view),
    views.SCHEDULE: _of_team(forms.schedule_form, team_views.schedule_view),
    views.PLAN: _of_team(plan_settings_form, plan_views.plan_settings_view),
    views.ENROL: _of_team(forms.enrol_form, rep_views.enrol_view),
    views.METRIC: _of_team(forms.metric_form, metric_views.metric_view),
    views.TARGETS: _targets,
    views.CALENDAR: _calendar,
    views.AWAY: _away,
    views.SUBSTITUTE: _substitute,
    views.PAUSE: _pause,
    views.REPS: _reps,
    views.ZONE: _of_rep(rep_views.zone_view),
    views.REMOVE: _of_rep(rep_views.remove_view),
    views.RENAME: _of_metric(metric_views.rename_view),
    views.ARCHIVE: _of_metric(metric_views.archive_view),
}


def opened_from(view: View, below: PressedView) -> View:
    """Return the view, with the list or menu below it recorded in its metadata."""
    form = _LISTS.get(str(below.get("callback_id")))
    if form is None:
        return view
    return _noted(view, [form, metadata_of(below).get("team")])


def keep_below(view: View, old: PressedView | View) -> View:
    """Return the view, with the note of the view below copied from the view that it replaces."""
    below = metadata_of(old).get(BELOW)
    return view if below is None else _noted(view, below)


def _noted(view: View, below: Any) -> View:
    noted = metadata_of(view) | {BELOW: below}
    return {**view, "private_metadata": json.dumps(noted, separators=(",", ":"))}


class Redraws:
    """Renders the view below a form again, as a separate task: it can't delay an ack or make a form fail."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, client: AsyncWebClient, view: dict[str, Any], caller: Caller) -> None:
        """Render again the list or menu that the sent form was opened from, if it was opened from one."""
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
            view = await render_form(self._services, form, subject, caller)
            await client.views_update(view_id=view_id, view=view)
        except (Refusal, SlackApiError, aiohttp.ClientError, OSError) as error:
            # The view was closed meanwhile, or the person may not see it any more.
            log.info("a view below was not redrawn", extra={"error": type(error).__name__})
