"""Views that the bot sends: they are checked, given ids, opened, pushed and replaced."""

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
    """Check a view and return it with an id for every block and element.

    Raises SlackError: view_too_large, invalid_arguments with a JSON pointer for each problem, and
    duplicate_external_id if a view other than `instead_of` is open under that id.
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
    """Put a new body into an open view. Inputs that stay keep what was filled in."""
    view.body = body
    view.hash = workspace.new_hash()
    view.state = inputs.carried_over(view.state, body["blocks"])
    view.errors = {}
    workspace.touch()


def open_modal(workspace: WorkspaceState, user_id: str, body: Json) -> View:
    """Open a modal for a person. It takes the place of every modal that they had open."""
    view = workspace.new_view(user_id, body)
    view.state = inputs.initial_state(body["blocks"])
    workspace.modals[user_id] = [view]
    workspace.touch()
    return view


def push_modal(workspace: WorkspaceState, user_id: str, body: Json, *, onto: str | None) -> View:
    """Put a modal on top of the stack.

    Raises SlackError: not_found if the modal with the id `onto`, which asked for it, is no longer open, and
    push_limit_reached if the stack is full.
    """
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
