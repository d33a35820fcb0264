"""The forms of setting up as they are sent: read, checked against Slack, written, confirmed."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain import setup_forms as forms
from bot.domain import setup_metrics, target_setting, teams
from bot.domain.access import Caller
from bot.domain.members import choose_timezone
from bot.domain.problems import FieldProblems
from bot.domain.refusals import Refusal
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
from bot.slack.house import House
from bot.slack.listeners.payloads import identity
from bot.slack.profiles import FRESH
from bot.slack.views import setup_done as done
from bot.slack.views import setup_forms as team_views
from bot.slack.views import setup_metrics as metric_views
from bot.slack.views import setup_reps as rep_views
from bot.slack.views.blocks import View


def register(app: AsyncApp, house: House) -> None:
    """Listen to each form."""
    listeners = _Submissions(house)
    app.view(team_views.TEAM_MODAL)(listeners.team)
    app.view(team_views.SCHEDULE_MODAL)(listeners.schedule)
    app.view(rep_views.ENROL_MODAL)(listeners.enrol)
    app.view(rep_views.TARGETS_MODAL)(listeners.targets)
    app.view(rep_views.ZONE_MODAL)(listeners.zone)
    app.view(rep_views.REMOVE_MODAL)(listeners.remove)
    app.view(metric_views.METRIC_MODAL)(listeners.metric)
    app.view(metric_views.RENAME_MODAL)(listeners.rename)
    app.view(metric_views.ARCHIVE_MODAL)(listeners.archive)


class _Submissions:
    def __init__(self, house: House) -> None:
        self._house = house

    async def team(
        self,
        ack: AsyncAck,
        view: dict[str, Any],
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        caller = await self._fresh(context)
        form, confirmed = team_views.read_team(view)
        team = _metadata(view).get("team")
        team_id = identity(team) if team is not None else None
        channel, _ = await asyncio.gather(
            self._channel(client, form.channel), self._know_coaches(caller, form)
        )
        try:
            saved = await self._save_team(caller, team_id, form, channel, confirmed)
        except FieldProblems as problems:
            if channel is None or set(problems.sentences) != {public_field(channel.id)}:
                raise
            shown = await self._house.database.read(forms.team_form, caller=caller, team_id=team_id)
            asking = replace(shown, form=form, public_channel=channel)
            if any(block["block_id"] == public_field(channel.id) for block in view["blocks"]):
                raise
            await _show(ack, team_views.team_view(asking))
            return
        await _show(ack, done.team_done(saved))

    async def _save_team(
        self,
        caller: Caller,
        team_id: int | None,
        form: TeamForm,
        channel: Channel | None,
        confirmed: bool,
    ) -> TeamSaved:
        write, now = self._house.database.write, self._house.clock.now()
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

    async def schedule(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller = await self._fresh(context)
        saved = await self._house.database.write(
            teams.change_schedule,
            caller=caller,
            team_id=identity(_metadata(view).get("team")),
            form=team_views.read_schedule(view),
            now=self._house.clock.now(),
        )
        await _show(ack, done.schedule_done(saved))

    async def enrol(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller = await self._fresh(context)
        people = rep_views.read_reps(view)
        problems = await self._house.profiles.refresh(caller.workspace_id, people)
        if problems:
            raise FieldProblems({REPS: " ".join(dict.fromkeys(problems.values()))})
        saved = await self._house.database.write(
            forms.enrol_reps,
            caller=caller,
            team_id=identity(_metadata(view).get("team")),
            slack_user_ids=people,
            now=self._house.clock.now(),
        )
        await _show(ack, done.enrol_done(saved))

    async def targets(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller = await self._fresh(context)
        texts, from_week = rep_views.read_targets(view)
        saved = await self._house.database.write(
            target_setting.set_targets,
            caller=caller,
            member_id=identity(_metadata(view).get("member")),
            texts={identity(metric_id): text for metric_id, text in texts.items()},
            from_week=from_week,
            now=self._house.clock.now(),
        )
        await _show(ack, done.targets_done(saved))

    async def metric(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller = await self._fresh(context)
        metric = await self._house.database.write(
            setup_metrics.add_metric,
            caller=caller,
            team_id=identity(_metadata(view).get("team")),
            form=metric_views.read_metric(view),
            now=self._house.clock.now(),
        )
        await _show(ack, done.metric_done(metric, what="added"))

    async def rename(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller = await self._fresh(context)
        form = metric_views.read_metric(view)
        metric = await self._house.database.write(
            setup_metrics.rename_metric,
            caller=caller,
            metric_id=identity(_metadata(view).get("metric")),
            name=form.name,
            question=form.question,
            now=self._house.clock.now(),
        )
        await _show(ack, done.metric_done(metric, what="changed"))

    async def archive(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller = await self._fresh(context)
        metric = await self._house.database.write(
            setup_metrics.archive_metric,
            caller=caller,
            metric_id=identity(_metadata(view).get("metric")),
            now=self._house.clock.now(),
        )
        await _show(ack, done.metric_done(metric, what="archived"))

    async def zone(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller = await self._fresh(context)
        member_id = identity(_metadata(view).get("member"))
        timezone = await self._house.database.write(
            choose_timezone,
            caller=caller,
            member_id=member_id,
            text=rep_views.read_zone(view),
            field=ZONE,
            now=self._house.clock.now(),
        )
        rep = await self._house.database.read(forms.rep_card, caller=caller, member_id=member_id)
        await _show(ack, done.zone_done(rep.slack_user_id, timezone))

    async def remove(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        caller = await self._fresh(context)
        slack_user_id = await self._house.database.write(
            forms.end_enrolment,
            caller=caller,
            member_id=identity(_metadata(view).get("member")),
            now=self._house.clock.now(),
        )
        await _show(ack, done.removed(slack_user_id))

    async def _fresh(self, context: dict[str, Any]) -> Caller:
        """The caller, whose admin flag was read a moment ago."""
        caller: Caller = context["caller"]
        await self._house.profiles.ensure(caller, max_age=FRESH)
        return caller

    async def _channel(self, client: AsyncWebClient, channel_id: str | None) -> Channel | None:
        return await read_channel(client, channel_id) if channel_id is not None else None

    async def _know_coaches(self, caller: Caller, form: TeamForm) -> None:
        fields = {COACH: form.coach, SECOND_COACH: form.second_coach}
        people = [person for person in fields.values() if person]
        problems = await self._house.profiles.refresh(caller.workspace_id, people)
        found = {
            field: problems[person]
            for field, person in fields.items()
            if person and person in problems
        }
        if found:
            raise FieldProblems(found)


async def _show(ack: AsyncAck, view: View) -> None:
    """Answer a submission with another view in the place of the form."""
    await ack(response_action="update", view=view)


def _metadata(view: dict[str, Any]) -> dict[str, Any]:
    """What the form was about. It comes back from outside, so each id is checked again."""
    try:
        metadata = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        metadata = None
    if not isinstance(metadata, dict):
        raise Refusal("This form can’t be read any more: open it again with /coach.")
    return metadata
