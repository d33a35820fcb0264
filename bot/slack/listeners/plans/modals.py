"""Shows views of plans: as a new modal, in place of the current modal, or on top of it."""

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
    """Return the view that `/plan` opens: the first step if the caller has no plan yet, else the overview."""
    now = services.clock.now()
    shown = await services.database.read(
        plans.overview, caller=caller, slack_user_id=slack_user_id, now=now
    )
    if begins_at_once(shown):
        step = await services.database.read(plan_drafts.goal_step, caller=caller, now=now)
        return goal_modal(step)
    return overview_modal(shown)


def rep_named(value: object) -> str | None:
    """Return the Slack id in a button's value; None if it is empty. Raises Refusal if it can't be a Slack id."""
    if not value:
        return None
    if not isinstance(value, str) or _USER.fullmatch(value) is None:
        raise Refusal(OLD_BUTTON)
    return value


def modal_of(body: BlockActions | Command) -> PressedView | None:
    """Return the modal that contains the pressed button; None for a command or a press in a message or Home."""
    view = cast("BlockActions", body).get("view")
    return view if view is not None and view["type"] == "modal" else None


async def replace_view(client: AsyncWebClient, body: BlockActions | Command, view: View) -> None:
    """Show the view in place of the modal with the pressed button; open a new modal if there is none."""
    here = modal_of(body)
    if here is not None:
        await client.views_update(view_id=here["id"], hash=here["hash"], view=view)
    else:
        await client.views_open(trigger_id=body["trigger_id"], view=view)


async def push_view(client: AsyncWebClient, body: BlockActions | Command, view: View) -> None:
    """Show the view on top of the modal with the pressed button; in its place if three are open already."""
    here = modal_of(body)
    if here is not None and not has_two_below(here):
        await client.views_push(trigger_id=body["trigger_id"], view=view)
    else:
        await replace_view(client, body, view)


def has_two_below(view: PressedView) -> bool:
    """Return whether Slack accepts no further view on top of this modal: it shows at most three."""
    return view.get("previous_view_id") not in {None, view.get("root_view_id")}
