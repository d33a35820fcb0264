"""Handles sent set-up forms: reads them, checks them against Slack, writes the changes and confirms them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.people import teams
from bot.domain.people.members import choose_timezone
from bot.domain.refusals import FieldProblems
from bot.domain.setup import calendars as team_calendars
from bot.domain.setup import forms as forms
from bot.domain.setup import metrics as setup_metrics
from bot.domain.setup import targets as target_setting
from bot.domain.setup.plan_settings import change_plan_settings
from bot.domain.shown.calendars import CalendarForm
from bot.domain.shown.setup import (
    COACH,
    REPS,
    SECOND_COACH,
    ZONE,
    Channel,
    TeamForm,
    TeamSaved,
    public_field,
)
from bot.slack.channels import read_channel
from bot.slack.listeners.payloads import identity, metadata_of
from bot.slack.listeners.setup.modals import Redraws, keep_below
from bot.slack.profiles import FRESH
from bot.slack.services import Services
from bot.slack.views.blocks import View
from bot.slack.views.setup import calendar as calendar_views
from bot.slack.views.setup import done as done
from bot.slack.views.setup import metrics as metric_views
from bot.slack.views.setup import plan_settings as plan_views
from bot.slack.views.setup import reps as rep_views
from bot.slack.views.setup import team as team_views


def register(app: AsyncApp, services: Services) -> None:
    """Listen to each form."""
    sent = _Submissions(services)
    app.view(team_views.TEAM_MODAL)(sent.answered(sent.team))
    app.view(team_views.SCHEDULE_MODAL)(sent.answered(sent.schedule))
    app.view(calendar_views.CALENDAR_MODAL)(sent.answered(sent.calendar))
    app.view(calendar_views.REGION_MODAL)(sent.answered(sent.region))
    app.view(plan_views.PLAN_MODAL)(sent.answered(sent.plan_settings))
    app.view(rep_views.ENROL_MODAL)(sent.answered(sent.enrol))
    app.view(rep_views.TARGETS_MODAL)(sent.answered(sent.targets))
    app.view(rep_views.ZONE_MODAL)(sent.answered(sent.zone))
    app.view(rep_views.REMOVE_MODAL)(sent.answered(sent.remove))
    app.view(metric_views.METRIC_MODAL)(sent.answered(sent.metric))
    app.view(metric_views.RENAME_MODAL)(sent.answered(sent.rename))
    app.view(metric_views.ARCHIVE_MODAL)(sent.answered(sent.archive))


@dataclass(frozen=True)
class Sent:
    """A sent form."""

    view: dict[str, Any]
    caller: Caller
    client: AsyncWebClient

    def subject(self, name: str) -> int:
        """Return the id of the form's subject; it can't be trusted, so the use case checks it."""
        return identity(metadata_of(self.view).get(name))


class _Submissions:
    def __init__(self, services: Services) -> None:
        self._services = services
        self._redraws = Redraws(services)

    def answered(self, use: Callable[[Sent], Awaitable[View]]) -> Callable[..., Awaitable[None]]:
        """Return a listener that replaces the form with the view that `use` returns."""

        async def listener(
            ack: AsyncAck, view: dict[str, Any], context: dict[str, Any], client: AsyncWebClient
        ) -> None:
            caller: Caller = context["caller"]
            await self._services.profiles.ensure(caller, max_age=FRESH)
            answer = await use(Sent(view, caller, client))
            await ack(response_action="update", view=answer)
            self._redraws.start(client, view, caller)

        return listener

    async def team(self, sent: Sent) -> View:
        form, confirmed = team_views.read_team(sent.view)
        is_new = metadata_of(sent.view).get("team") is None
        team_id = None if is_new else sent.subject("team")
        # Who may not change teams has neither people nor channels looked up.
        await self._services.database.read(forms.team_form, caller=sent.caller, team_id=team_id)
        channel, _ = await asyncio.gather(
            self._channel(sent, form.channel), self._know_coaches(sent.caller, form)
        )
        try:
            saved = await self._save_team(sent.caller, team_id, form, channel, confirmed)
        except FieldProblems as problems:
            if channel is None or set(problems.sentences) != {public_field(channel.id)}:
                raise
            if any(b.get("block_id") == public_field(channel.id) for b in sent.view["blocks"]):
                raise
            shown = await self._services.database.read(
                forms.team_form, caller=sent.caller, team_id=team_id
            )
            asking = team_views.team_view(replace(shown, form=form, public_channel=channel))
            return keep_below(asking, sent.view)
        return done.team_done(saved)

    async def _save_team(
        self,
        caller: Caller,
        team_id: int | None,
        form: TeamForm,
        channel: Channel | None,
        confirmed: bool,
    ) -> TeamSaved:
        write, now = self._services.database.write, self._services.clock.now()
        if team_id is None:
            return await write(
                teams.create_team,
                caller=caller,
                form=form,
                channel=channel,
                public_confirmed=confirmed,
                now=now,
            )
        return await write(
            teams.update_team,
            caller=caller,
            team_id=team_id,
            form=form,
            channel=channel,
            public_confirmed=confirmed,
            now=now,
        )

    async def schedule(self, sent: Sent) -> View:
        saved = await self._services.database.write(
            teams.change_schedule,
            caller=sent.caller,
            team_id=sent.subject("team"),
            form=team_views.read_schedule(sent.view),
            now=self._services.clock.now(),
        )
        return done.schedule_done(saved)

    async def plan_settings(self, sent: Sent) -> View:
        saved = await self._services.database.write(
            change_plan_settings,
            caller=sent.caller,
            team_id=sent.subject("team"),
            form=plan_views.read_plan_settings(sent.view),
        )
        return plan_views.plan_settings_done(saved)

    async def enrol(self, sent: Sent) -> View:
        people, team_id = rep_views.read_reps(sent.view), sent.subject("team")
        # Nobody is stored for a person who may not enrol them.
        await self._services.database.read(forms.enrol_form, caller=sent.caller, team_id=team_id)
        problems = await self._services.profiles.refresh(sent.caller.workspace_id, people)
        if problems:
            raise FieldProblems({REPS: " ".join(dict.fromkeys(problems.values()))})
        saved = await self._services.database.write(
            forms.enrol_reps,
            caller=sent.caller,
            team_id=team_id,
            slack_user_ids=people,
            now=self._services.clock.now(),
        )
        return done.enrol_done(saved)

    async def targets(self, sent: Sent) -> View:
        texts, from_week = rep_views.read_targets(sent.view)
        saved = await self._services.database.write(
            target_setting.set_targets,
            caller=sent.caller,
            member_id=sent.subject("member"),
            texts={identity(metric_id): text for metric_id, text in texts.items()},
            from_week=from_week,
            now=self._services.clock.now(),
        )
        return done.targets_done(saved)

    async def calendar(self, sent: Sent) -> View:
        form = calendar_views.read_calendar(sent.view)
        # Read apart: which days depend on a region takes long enough to hold up other writers.
        question = await self._services.database.read(
            team_calendars.region_question,
            caller=sent.caller,
            team_id=sent.subject("team"),
            form=form,
            now=self._services.clock.now(),
        )
        if question is not None:
            return keep_below(calendar_views.region_view(question), sent.view)
        return await self._save_calendar(sent, form)

    async def region(self, sent: Sent) -> View:
        form = calendar_views.read_region(sent.view, metadata_of(sent.view))
        return await self._save_calendar(sent, form)

    async def _save_calendar(self, sent: Sent, form: CalendarForm) -> View:
        saved = await self._services.database.write(
            team_calendars.change_calendar,
            caller=sent.caller,
            team_id=sent.subject("team"),
            form=form,
            now=self._services.clock.now(),
        )
        return calendar_views.calendar_done(saved)

    async def metric(self, sent: Sent) -> View:
        metric = await self._services.database.write(
            setup_metrics.add_metric,
            caller=sent.caller,
            team_id=sent.subject("team"),
            form=metric_views.read_metric(sent.view),
            now=self._services.clock.now(),
        )
        return done.metric_done(metric, what="added")

    async def rename(self, sent: Sent) -> View:
        form = metric_views.read_metric(sent.view)
        metric = await self._services.database.write(
            setup_metrics.rename_metric,
            caller=sent.caller,
            metric_id=sent.subject("metric"),
            name=form.name,
            question=form.question,
            now=self._services.clock.now(),
        )
        return done.metric_done(metric, what="changed")

    async def archive(self, sent: Sent) -> View:
        metric = await self._services.database.write(
            setup_metrics.archive_metric,
            caller=sent.caller,
            metric_id=sent.subject("metric"),
            now=self._services.clock.now(),
        )
        return done.metric_done(metric, what="archived")

    async def zone(self, sent: Sent) -> View:
        member_id = sent.subject("member")
        timezone = await self._services.database.write(
            choose_timezone,
            caller=sent.caller,
            member_id=member_id,
            text=rep_views.read_zone(sent.view),
            field=ZONE,
            now=self._services.clock.now(),
        )
        rep = await self._services.database.read(
            forms.rep_card, caller=sent.caller, member_id=member_id
        )
        return done.zone_done(rep.slack_user_id, timezone)

    async def remove(self, sent: Sent) -> View:
        slack_user_id = await self._services.database.write(
            forms.end_enrolment,
            caller=sent.caller,
            member_id=sent.subject("member"),
            now=self._services.clock.now(),
        )
        return done.removed(slack_user_id)

    async def _channel(self, sent: Sent, channel_id: str | None) -> Channel | None:
        return await read_channel(sent.client, channel_id) if channel_id is not None else None

    async def _know_coaches(self, caller: Caller, form: TeamForm) -> None:
        fields = {COACH: form.coach, SECOND_COACH: form.second_coach}
        people = [person for person in fields.values() if person]
        problems = await self._services.profiles.refresh(caller.workspace_id, people)
        found = {
            field: problems[person]
            for field, person in fields.items()
            if person and person in problems
        }
        if found:
            raise FieldProblems(found)
