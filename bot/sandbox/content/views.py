"""Views on their way to a screen: checked, given ids, opened, replaced."""

from __future__ import annotations

import json
from typing import Any

from bot.sandbox.block_kit import checks, inputs
from bot.sandbox.errors import SlackError
from bot.sandbox.records import Json, View
from bot.sandbox.state.workspace import WorkspaceState

VIEW_BYTES = 250_000
STACK_LIMIT = 3


def checked_view(
    workspace: WorkspaceState, view: Any, *, kind: str | None = None, instead_of: View | None = None
) -> Json:
    """The view with every block and element given its id.

    Raises SlackError: view_too_large, invalid_arguments with a JSON pointer for each problem, and
    duplicate_external_id if another view (than `instead_of`) is open under it.
    """
    sent = json.dumps(view, ensure_ascii=False)
    if len(sent.encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = checks.check_view(view, kind=kind)
    if problems:
        raise SlackError("invalid_arguments", messages=[str(problem) for problem in problems])
    body: Json = json.loads(sent)
    checks.give_ids(body["blocks"])
    external_id = body.get("external_id")
    if external_id:
        other = workspace.find_view(external_id=external_id)
        if other is not None and other is not instead_of:
            raise SlackError("duplicate_external_id")
    return body


def replace_view(workspace: WorkspaceState, view: View, body: Json) -> None:
    """Put a new body into an open view; inputs that stay keep what was filled in."""
    view.body = body
    view.hash = workspace.new_hash()
    view.state = inputs.carried_over(view.state, body["blocks"])
    view.errors = {}
    workspace.touch()


def open_modal(workspace: WorkspaceState, user_id: str, body: Json) -> View:
    """Open a modal in place of whatever stack its person had open."""
    view = workspace.new_view(user_id, body)
    view.state = inputs.initial_state(body["blocks"])
    workspace.modals[user_id] = [view]
    workspace.touch()
    return view


def push_modal(workspace: WorkspaceState, user_id: str, body: Json, *, onto: str | None) -> View:
    """Lay a modal on the stack; the one with the id `onto`, which asked for it, must still be open."""
    stack = workspace.modals[user_id]
    below = next((view for view in stack if view.id == onto), None)
    if below is None:
        raise SlackError("not_found")
    if len(stack) >= STACK_LIMIT:
        raise SlackError("push_limit_reached")
    view = workspace.new_view(user_id, body, below=stack[-1])
    view.state = inputs.initial_state(body["blocks"])
    stack.append(view)
    workspace.touch()
    return view
