"""Where a view of plans goes: by itself, in the place of the modal that was used, or on top of it."""

from __future__ import annotations

import re
from typing import cast

from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import overview as plans
from bot.domain.refusals import Refusal
from bot.slack.receiving.shapes import BlockActions, Command, PressedView
from bot.slack.services import Services
from bot.slack.views.blocks import View
from bot.slack.views.plans.overview import begins_at_once, overview_modal
from bot.slack.views.plans.wizard import goal_modal

OLD_BUTTON = "This button is from an older message: type /plan to go on."

_USER = re.compile("[UW][A-Z0-9]{1,50}")


async def overview(services: Services, caller: Caller, slack_user_id: str | None = None) -> View:
    """What `/plan` opens: the first step where the caller has no plan yet, else the overview."""
    now = services.clock.now()
    shown = await services.database.read(
        plans.overview, caller=caller, slack_user_id=slack_user_id, now=now
    )
    if begins_at_once(shown):
        step = await services.database.read(plan_drafts.goal_step, caller=caller, now=now)
        return goal_modal(step)
    return overview_modal(shown)


def rep_named(value: object) -> str | None:
    """The Slack id that a button names; None where it names none. Raises Refusal for what can't be one."""
    if not value:
        return None
    if not isinstance(value, str) or _USER.fullmatch(value) is None:
        raise Refusal(OLD_BUTTON)
    return value


def modal_of(body: BlockActions | Command) -> PressedView | None:
    """The modal that was pressed in; None for a command, and for a press in a message or in Home."""
    view = cast("BlockActions", body).get("view")
    return view if view is not None and view["type"] == "modal" else None


async def replace_view(client: AsyncWebClient, body: BlockActions | Command, view: View) -> None:
    """Show the view in the place of the modal that was pressed in; open it where there is none."""
    here = modal_of(body)
    if here is not None:
        await client.views_update(view_id=here["id"], hash=here["hash"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def push_view(client: AsyncWebClient, body: BlockActions | Command, view: View) -> None:
    """Show the view on top of the modal that was pressed in; in its place where three are open already."""
    here = modal_of(body)
    if here is not None and not has_two_below(here):
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await replace_view(client, body, view)


def has_two_below(view: PressedView) -> bool:
    """Whether Slack takes no further view on top of this modal: it shows three at the most."""
    return view.get("previous_view_id") not in {None, view.get("root_view_id")}
