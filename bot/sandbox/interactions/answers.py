"""The bot's answers to interactions: what each does, and what Slack says if there is none."""

from __future__ import annotations

import logging
from typing import Any

from bot.sandbox.block_kit import inputs
from bot.sandbox.content.views import checked_view, push_modal, replace_view
from bot.sandbox.errors import SlackError
from bot.sandbox.interactions import payloads
from bot.sandbox.interactions.replies import reply
from bot.sandbox.records import Channel, Delivery, Interaction, Json, User, View
from bot.sandbox.workspace import Workspace

log = logging.getLogger(__name__)

MODAL_TROUBLE = "We had some trouble connecting. Try again?"


def command_outcome(
    workspace: Workspace, user: User, channel: Channel, command: str, delivery: Delivery
) -> Interaction:
    """Show what the acknowledgement of a command says: to its user alone, or to all with in_channel."""
    if not delivery.acked:
        return Interaction(acked=False, error=f"{command} failed because the app did not respond")
    if delivery.ack:
        try:
            reply(workspace, delivery.ack, channel_id=channel.id, user_id=user.id)
        except SlackError as refused:
            delivery.problems = [refused.code, *refused.messages]
            log.warning("the answer to %s was refused: %s", command, delivery.problems)
            words = f'{command} failed with the error "invalid_command_response"'
            return Interaction(acked=True, error=words, body=delivery.ack)
    return Interaction(acked=True, body=delivery.ack)


async def submit_view(workspace: Workspace, user: User, view: View) -> Interaction:
    """Send a modal's values to the bot and do what its answer says."""
    view.errors = inputs.refusals(view.body["blocks"], view.state)
    if view.errors:
        workspace.touch()
        return Interaction(acked=False, error=next(iter(view.errors.values())))
    payload = payloads.view_submission(workspace, user, view)
    delivery = await workspace.dispatcher.deliver("interactive", payload)
    if delivery.acked:
        try:
            _apply(workspace, user, view, delivery.ack or {})
        except SlackError as refused:
            delivery.problems = [refused.code, *refused.messages]
            log.warning("the answer to a submission was refused: %s", delivery.problems)
            return Interaction(acked=True, error=MODAL_TROUBLE, body=delivery.ack)
        finally:
            workspace.touch()
    return payloads.outcome(delivery, MODAL_TROUBLE)


async def close_view(
    workspace: Workspace, user: User, view: View, *, all_of_them: bool = False
) -> None:
    """Close a modal with everything above it, or with `all_of_them` the whole stack, and tell the bot."""
    stack = workspace.modals[user.id]
    everything = all_of_them or view.body.get("clear_on_close", False)
    closed = stack[:] if everything else stack[stack.index(view) :]
    for gone in closed:
        stack.remove(gone)
    workspace.touch()
    for gone in reversed(closed):
        if gone.body.get("notify_on_close"):
            payload = payloads.view_closed(workspace, user, gone, is_cleared=everything)
            await workspace.dispatcher.deliver("interactive", payload)


def _apply(workspace: Workspace, user: User, view: View, ack: Json) -> None:
    """Do what the answer to a submission says. Raises SlackError if Slack would refuse that answer."""
    stack = workspace.modals[user.id]
    match ack.get("response_action"):
        case None if not ack:
            if view in stack:
                stack.remove(view)
        case "clear":
            stack.clear()
        case "errors":
            view.errors = _errors(view, ack.get("errors"))
        case "update":
            body = checked_view(workspace, ack.get("view"), kind="modal", instead_of=view)
            replace_view(workspace, view, body)
        case "push":
            body = checked_view(workspace, ack.get("view"), kind="modal")
            push_modal(workspace, user.id, body, onto=view.id)
        case other:
            raise SlackError("invalid_arguments", messages=[f"no response_action {other!r}"])


def _errors(view: View, errors: Any) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.body["blocks"] if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise SlackError("invalid_arguments", messages=["errors must name at least one block"])
    for block_id, sentence in errors.items():
        if block_id not in inputs:
            raise SlackError("invalid_arguments", messages=[f"no input block {block_id!r}"])
        if not isinstance(sentence, str) or not sentence:
            raise SlackError("invalid_arguments", messages=[f"no words for {block_id!r}"])
    return dict(errors)
