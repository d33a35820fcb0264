"""The three steps of a plan, and the goals beside the sales goal."""

from __future__ import annotations

import contextlib
import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import goals as plan_goals
from bot.domain.plans import overview as plans
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.plans import SIGNER, ReviewStep
from bot.slack.listeners.payloads import (
    OLD_FORM,
    chosen_value,
    identity,
    metadata_of,
    pressed_in,
    pressed_value,
)
from bot.slack.listeners.plans.modals import overview, push_view, replace_view
from bot.slack.receiving.shapes import BlockActions
from bot.slack.responding.modals import update_modal
from bot.slack.services import Services
from bot.slack.views.plans import buttons as plan_buttons
from bot.slack.views.plans import goals as goal_views
from bot.slack.views.plans import wizard as views


def register(app: AsyncApp, services: Services) -> None:
    """Listen to each step and to the form of a goal."""
    listeners = _Listeners(services)
    app.action(plan_buttons.CHANGE)(listeners.change)
    app.action(plan_buttons.AFRESH)(listeners.afresh)
    app.action(plan_buttons.DISCARD)(listeners.discard)
    app.action(views.PICK_PERIOD)(listeners.period_picked)
    app.action(views.BACK_TO_GOAL)(listeners.back_to_goal)
    app.action(views.BACK_TO_NUMBERS)(listeners.back_to_numbers)
    app.view(views.GOAL_MODAL)(listeners.goal_sent)
    app.view(views.NUMBERS_MODAL)(listeners.numbers_sent)
    app.view(views.REVIEW_MODAL)(listeners.review_sent)
    app.action(re.compile(rf"^{re.escape(goal_views.ADD)}"))(listeners.goal_asked)
    app.action(goal_views.MORE)(listeners.goal_chosen)
    app.view(goal_views.GOAL_FORM)(listeners.other_goal_sent)


class _Listeners:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def change(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Show the first step, filled in with the draft or with the newest version."""
        step = await self._services.database.read(
            plan_drafts.goal_step, caller=context["caller"], now=self._services.clock.now()
        )
        await replace_view(client, body, views.goal_modal(step))
        await ack()

    async def afresh(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Show the first step of a new draft that copies the last version, with later dates."""
        step = await self._services.database.write(
            plan_drafts.goal_step,
            caller=context["caller"],
            fresh=True,
            now=self._services.clock.now(),
        )
        await replace_view(client, body, views.goal_modal(step))
        await ack()

    async def discard(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Delete the draft, and show the overview without it."""
        here, caller = pressed_in(body), context["caller"]
        await self._services.database.write(
            plan_drafts.discard,
            caller=caller,
            plan_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        view = await overview(self._services, caller)
        await ack()
        self._services.background.add(update_modal(client, here["id"], view))

    async def period_picked(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        chosen = chosen_value(body)
        step = await self._services.database.read(
            plan_drafts.period_chosen,
            caller=context["caller"],
            period=str(chosen),
            now=self._services.clock.now(),
        )
        pressed_in(body)
        await replace_view(client, body, views.goal_modal(step))
        await ack()

    async def goal_sent(self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]) -> None:
        step = await self._services.database.write(
            plan_drafts.save_goal,
            caller=context["caller"],
            form=views.read_goal(view),
            now=self._services.clock.now(),
        )
        await ack(response_action="update", view=views.numbers_modal(step))

    async def back_to_goal(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Return to the first step; the text typed so far is kept as far as it can be read."""
        with contextlib.suppress(FieldProblems):
            await self._services.database.write(
                plan_drafts.save_numbers,
                caller=context["caller"],
                plan_id=identity(pressed_value(body)),
                form=views.read_numbers(pressed_in(body)),
                now=self._services.clock.now(),
            )
        await self.change(ack, body, context, client)

    async def numbers_sent(
        self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]
    ) -> None:
        step = await self._services.database.write(
            plan_drafts.save_numbers,
            caller=context["caller"],
            plan_id=_plan_of(view),
            form=views.read_numbers(view),
            now=self._services.clock.now(),
        )
        await ack(response_action="update", view=views.review_modal(step))

    async def back_to_numbers(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        step = await self._services.database.write(
            plan_drafts.numbers_step,
            caller=context["caller"],
            plan_id=identity(pressed_value(body)),
            now=self._services.clock.now(),
        )
        await replace_view(client, body, views.numbers_modal(step))
        await ack()

    async def review_sent(
        self, ack: AsyncAck, view: dict[str, Any], context: dict[str, Any]
    ) -> None:
        caller, now = context["caller"], self._services.clock.now()
        signer = views.read_signer(view)
        if signer is not None:
            unread = await self._services.profiles.refresh(caller.workspace_id, [signer])
            if signer in unread:
                raise FieldProblems({SIGNER: unread[signer]})
        sent = await self._services.database.write(
            plan_drafts.propose,
            caller=caller,
            plan_id=_plan_of(view),
            pairs=views.read_pairs(view),
            signer=signer,
            now=now,
        )
        shown = await self._services.database.read(
            plans.version, caller=caller, plan_id=sent.plan_id, now=now
        )
        await ack(response_action="update", view=views.sent_modal(shown))

    # Other goals

    async def goal_asked(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        action = body["actions"][0]
        await self._goal_form(
            identity(action.get("value")),
            str(action["action_id"]).removeprefix(goal_views.ADD),
            None,
            body,
            context,
            client,
        )
        await ack()

    async def goal_chosen(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Change or remove a goal: `change:kind:plan:goal`, or `remove::plan:goal`."""
        here = pressed_in(body)
        chosen = chosen_value(body)
        match str(chosen).split(":"):
            case ["change", kind, plan_id, goal_id]:
                plan, goal = identity(plan_id), identity(goal_id)
                await self._goal_form(plan, kind, goal, body, context, client)
                await ack()
            case ["remove", _, _, goal_id]:
                step = await self._services.database.write(
                    plan_goals.remove_other_goal,
                    caller=context["caller"],
                    goal_id=identity(goal_id),
                    now=self._services.clock.now(),
                )
                await ack()
                self._redraw(client, here["id"], step)
            case _:
                raise Refusal(OLD_FORM)

    async def other_goal_sent(
        self,
        ack: AsyncAck,
        view: dict[str, Any],
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Save the goal; the third step below the form shows it."""
        metadata = metadata_of(view)
        goal = metadata.get("goal")
        step = await self._services.database.write(
            plan_goals.save_other_goal,
            caller=context["caller"],
            plan_id=identity(metadata.get("plan")),
            goal_id=identity(goal) if goal is not None else None,
            form=goal_views.read_goal(view, str(metadata.get("kind"))),
            now=self._services.clock.now(),
        )
        below = view.get("previous_view_id")
        if below is None:
            await ack(response_action="update", view=views.review_modal(step))
            return
        await ack()
        self._redraw(client, below, step)

    async def _goal_form(
        self,
        plan_id: int,
        kind: str,
        goal_id: int | None,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        step = await self._services.database.read(
            plan_goals.other_goal_step,
            caller=context["caller"],
            plan_id=plan_id,
            kind=kind,
            goal_id=goal_id,
            now=self._services.clock.now(),
        )
        await push_view(client, body, goal_views.goal_modal(step))

    def _redraw(self, client: AsyncWebClient, view_id: str, step: ReviewStep) -> None:
        self._services.background.add(update_modal(client, view_id, views.review_modal(step)))


def _plan_of(view: dict[str, Any]) -> int:
    return identity(metadata_of(view).get("plan"))
