"""views.*: modals and Homes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.block_kit.inputs import initial_state
from bot.sandbox.content.messages import parsed
from bot.sandbox.content.views import checked_view, open_modal, push_modal, replace_view
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json, View
from bot.sandbox.web_api.call import Call, Method


def open_view(call: Call) -> Json:
    """Open a modal for the person whose interaction gave the trigger."""
    call.need("trigger_id")
    body = checked_view(call.workspace, _view(call), kind="modal")
    trigger = call.workspace.triggers.check(call.text("trigger_id"))
    trigger.used = True
    return {"view": open_modal(call.workspace, trigger.user, body).payload()}


def push(call: Call) -> Json:
    """Put a modal on top of the one whose interaction gave the trigger."""
    call.need("trigger_id")
    body = checked_view(call.workspace, _view(call), kind="modal")
    trigger = call.workspace.triggers.check(call.text("trigger_id"))
    view = push_modal(call.workspace, trigger.user, body, onto=trigger.view_id)
    trigger.used = True
    return {"view": view.payload()}


def update(call: Call) -> Json:
    """Change a view, found by view_id or external_id. With `hash`, only if nobody changed it since."""
    view_id, external_id = call.text("view_id"), call.text("external_id")
    if not view_id and not external_id:
        call.need("view_id")
    view = call.workspace.find_view(view_id=view_id, external_id=external_id)
    if view is None:
        raise SlackError("not_found")
    body = checked_view(call.workspace, _view(call), kind=view.body["type"], instead_of=view)
    _check_hash(call, view)
    replace_view(call.workspace, view, body)
    if view.body["type"] == "home":
        call.workspace.publish_home(view)
    return {"view": view.payload()}


def publish(call: Call) -> Json:
    """Put a view into one person's Home. With `hash`, only if nobody changed it since."""
    workspace = call.workspace
    if not workspace.manifest.home_tab:
        raise SlackError("not_enabled")
    user_id = call.text("user_id")
    if user_id not in workspace.users:
        raise SlackError("user_not_found")
    home = workspace.homes.get(user_id)
    body = checked_view(workspace, _view(call), kind="home", instead_of=home)
    if home is None:
        if call.text("hash"):
            raise SlackError("hash_conflict")
        home = workspace.new_view(user_id, body)
        home.state = initial_state(body["blocks"])
    else:
        _check_hash(call, home)
        replace_view(workspace, home, body)
    workspace.publish_home(home)
    return {"view": home.payload()}


def _view(call: Call) -> Any:
    try:
        return parsed(call.arguments["view"])
    except ValueError:
        raise SlackError("invalid_arguments", messages=["[ERROR] view is not JSON"]) from None


def _check_hash(call: Call, view: View) -> None:
    if call.text("hash") and call.text("hash") != view.hash:
        raise SlackError("hash_conflict")


METHODS: Mapping[str, Method] = {
    "views.open": Method(open_view, (), ("view",)),
    "views.push": Method(push, (), ("view",)),
    "views.update": Method(update, (), ("view",)),
    "views.publish": Method(publish, (), ("user_id", "view")),
}
