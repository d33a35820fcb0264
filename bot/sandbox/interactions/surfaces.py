"""The surfaces on a person's screen: where they are, what can be used there, what is filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.block_kit import inputs
from bot.sandbox.records import Channel, Json, Message, View
from bot.sandbox.state.workspace import WorkspaceState

Pressable = Message | Mapping[str, Any]
"""A person can press in a message, or in a modal or Home as `modal` and `home` of Person return them."""


def channel_of(workspace: WorkspaceState, user_id: str, channel_id: str) -> Channel:
    """Return a channel that this person is in. Raises LookupError for any other."""
    channel = workspace.channels.get(channel_id)
    if channel is None or user_id not in channel.members:
        raise LookupError(f"{workspace.users[user_id].real_name} is not in {channel_id}")
    return channel


def top_modal(
    workspace: WorkspaceState, user_id: str, view: Mapping[str, Any] | None = None
) -> View:
    """Return the modal on top. Raises LookupError if there is none, or if it is not `view`."""
    stack = workspace.modals[user_id]
    if not stack:
        raise LookupError(f"{workspace.users[user_id].real_name} has no modal open")
    if view is not None and view["id"] != stack[-1].id:
        raise LookupError("this modal is not on top any more")
    return stack[-1]


class CurrentSurface:
    """This is a message, a modal or a Home as it is now, with what its person has filled in."""

    def __init__(
        self,
        blocks: list[Json],
        state: dict[str, dict[str, Json]],
        *,
        message: Message | None = None,
        view: View | None = None,
    ) -> None:
        self.blocks = blocks
        self.state = state
        self.message = message
        self.view = view

    @classmethod
    def find(cls, workspace: WorkspaceState, user_id: str, surface: Pressable) -> CurrentSurface:
        """Find `surface` as it is now. Raises LookupError if this person no longer sees it."""
        if not isinstance(surface, Message):
            home = workspace.homes.get(user_id)
            if home is not None and home.id == surface["id"]:
                return cls(home.body["blocks"], home.state, view=home)
            top = top_modal(workspace, user_id, surface)
            return cls(top.body["blocks"], top.state, view=top)
        channel_of(workspace, user_id, surface.channel)
        message = workspace.message(surface.channel, surface.ts)
        if message is None or message.ephemeral_to not in (None, user_id):
            raise LookupError("this message is gone")
        key = (user_id, f"{message.channel}/{message.ts}")
        before = workspace.input_states.get(key, {})
        state = inputs.carried_over(before, message.blocks)
        workspace.input_states[key] = state
        return cls(message.blocks, state, message=message)

    def fill(self, values: Mapping[str, Any] | None) -> None:
        """Fill in inputs by block_id, as `inputs.fill` does."""
        inputs.fill(self.blocks, self.state, values or {})

    def element(
        self, action_id: str, *, value: str | None = None, block_id: str | None = None
    ) -> tuple[Json, Json]:
        """Return the block and the element. Raises LookupError if there is none, or more than one."""
        found = [
            (block, element)
            for block, element in inputs.elements(self.blocks)
            if element.get("action_id") == action_id
            and block_id in (None, block["block_id"])
            and (value is None or inputs.offers(element, value))
        ]
        if not found:
            there = [str(element.get("action_id")) for _, element in inputs.elements(self.blocks)]
            wanted = action_id if value is None else f"{action_id} with {value!r}"
            raise LookupError(
                f"no {wanted} here; there is {', '.join(there) or 'nothing to press'}"
            )
        if len(found) > 1:
            raise LookupError(f"{action_id} stands here {len(found)} times: say value or block_id")
        return found[0]
