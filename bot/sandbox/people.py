"""A person at the keyboard: what they see, what they can do, and what Slack tells them.

The browser page and the scenario tests both use this, so a person can do whatever a test does. A press
finds its button on this person's screen, or raises LookupError.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.sandbox.block_kit import inputs
from bot.sandbox.interactions import payloads
from bot.sandbox.interactions.answers import close_view, command_outcome, submit_view
from bot.sandbox.interactions.surfaces import CurrentSurface, Pressable, channel_of, top_modal
from bot.sandbox.records import BOT_USER_ID, Channel, Interaction, Json, Message, User
from bot.sandbox.state.mentions import escape_typed
from bot.sandbox.workspace import Workspace

READ_ONLY = "Sending messages to this app has been turned off."


class Person:
    """A Person is one user of the workspace. It keeps nothing itself, so make as many as you like."""

    def __init__(self, workspace: Workspace, user_id: str) -> None:
        self.workspace = workspace
        if user_id not in self.workspace.users:
            raise LookupError(f"no user {user_id} in this workspace")
        self.id = user_id

    # What they see

    @property
    def user(self) -> User:
        """This is the person as the workspace knows them."""
        return self.workspace.users[self.id]

    @property
    def dm(self) -> str:
        """This is the id of the DM with the bot."""
        return self.workspace.dm_of(self.id).id

    @property
    def channels(self) -> list[Channel]:
        """The person is in these channels. They are in the order of their names, without DMs."""
        mine = [
            channel
            for channel in self.workspace.channels.values()
            if channel.kind != "im" and self.id in channel.members
        ]
        return sorted(mine, key=lambda channel: channel.name)

    def messages(self, channel: str | None = None) -> list[Message]:
        """Return what this person sees in a channel (or else the DM with the bot), oldest first.

        Ephemeral messages to this person stand among the others.
        """
        channel_id = channel or self.dm
        channel_of(self.workspace, self.id, channel_id)
        return self.workspace.messages(channel_id, viewer=self.id)

    @property
    def modals(self) -> list[Json]:
        """These modals are open. The last one is on top."""
        return [view.payload() for view in self.workspace.modals[self.id]]

    @property
    def modal(self) -> Json | None:
        """This modal is on top, so it is the one that can be used. It is None if no modal is open."""
        return self.modals[-1] if self.workspace.modals[self.id] else None

    @property
    def home(self) -> Json | None:
        """This is published in the person's Home. Reading it does not open the Home."""
        home = self.workspace.homes.get(self.id)
        return home.payload() if home else None

    @property
    def errors(self) -> dict[str, str]:
        """These sentences stand under the inputs of the top modal since the last submit, by block_id."""
        stack = self.workspace.modals[self.id]
        return dict(stack[-1].errors) if stack else {}

    # What they do

    async def command(
        self, command: str, text: str = "", channel: str | None = None
    ) -> Interaction:
        """Type a slash command into a channel, or else into the DM with the bot."""
        where = channel_of(self.workspace, self.id, channel or self.dm)
        if where.kind == "im" and self.workspace.manifest.messages_tab_read_only:
            return Interaction(acked=False, error=READ_ONLY)
        declared = self.workspace.manifest.commands.get(command)
        if declared is None:
            return Interaction(acked=False, error=f"{command} is not a valid command.")
        typed = text.strip()
        if declared.should_escape:
            typed = escape_typed(
                typed, self.workspace.users.values(), self.workspace.channels.values()
            )
        payload = payloads.slash_command(self.workspace, self.user, where, command, typed)
        delivery = await self.workspace.dispatcher.deliver("slash_commands", payload)
        return command_outcome(self.workspace, self.user, where, command, delivery)

    async def say(self, text: str, channel: str | None = None) -> Interaction:
        """Post an ordinary message into a channel, or else into the DM. The app may have turned that off."""
        where = channel_of(self.workspace, self.id, channel or self.dm)
        if where.is_archived:
            return Interaction(acked=False, error=f"#{where.name} is archived.")
        if where.kind == "im" and self.workspace.manifest.messages_tab_read_only:
            return Interaction(acked=False, error=READ_ONLY)
        typed = escape_typed(text, self.workspace.users.values(), self.workspace.channels.values())
        message = Message(where.id, self.workspace.next_ts(), self.id, typed)
        self.workspace.post(message)
        return Interaction(acked=True)

    async def press(
        self,
        surface: Pressable,
        *,
        action_id: str,
        value: str | None = None,
        block_id: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Interaction:
        """Press a button, or pick `value` in an overflow menu.

        `value` and `block_id` tell buttons with the same action_id apart. `values` are what the person has
        filled in around it, as for submit(). Raises LookupError if there is no such button on the screen.
        """
        place = CurrentSurface.find(self.workspace, self.id, surface)
        block, element = place.element(action_id, value=value, block_id=block_id)
        place.fill(values)
        action = inputs.button_action(block, element, value)
        return await self._act(place, action)

    async def select(
        self,
        surface: Pressable,
        *,
        action_id: str,
        value: Any,
        block_id: str | None = None,
        values: Mapping[str, Any] | None = None,
    ) -> Interaction:
        """Choose or type `value` in an input: an option's value, an id, a date, a text, or a list of them.

        The bot hears of it where Slack tells it: outside input blocks, and in those with dispatch_action.
        """
        place = CurrentSurface.find(self.workspace, self.id, surface)
        block, element = place.element(action_id, block_id=block_id)
        place.fill(values)
        chosen = inputs.state_of(element, value)
        place.state.setdefault(block["block_id"], {})[action_id] = chosen
        self.workspace.touch()
        if block["type"] == "input" and not block.get("dispatch_action"):
            return Interaction(acked=True)
        return await self._act(place, inputs.input_action(block, element, chosen))

    async def submit(
        self, values: Mapping[str, Any] | None = None, view: Mapping[str, Any] | None = None
    ) -> Interaction:
        """Submit the top modal with `values` by block_id. Inputs that are not named keep what they show.

        Slack itself refuses empty required fields and impossible numbers. `errors` then has the sentences, and
        the bot hears nothing. Raises LookupError for a block_id that is not an input of the modal.
        """
        top = top_modal(self.workspace, self.id, view)
        if top.body.get("submit") is None:
            raise LookupError("this modal has no submit button")
        inputs.fill(top.body["blocks"], top.state, values or {})
        return await submit_view(self.workspace, self.user, top)

    async def close(self, view: Mapping[str, Any] | None = None) -> None:
        """Close the top modal with its Cancel button. The one below it shows again."""
        top = top_modal(self.workspace, self.id, view)
        await close_view(self.workspace, self.user, top)

    async def close_all(self) -> None:
        """Close the whole stack with the X."""
        stack = self.workspace.modals[self.id]
        if stack:
            await close_view(self.workspace, self.user, stack[-1], all_of_them=True)

    async def open_home(self) -> Json | None:
        """Open the app's Home tab. Returns what is published after the bot has heard of it."""
        self.workspace.events.home_opened(self.user, tab="home")
        await self.workspace.settled()
        return self.home

    async def open_messages(self) -> list[Message]:
        """Open the app's Messages tab. Returns the messages after the bot has heard of it."""
        self.workspace.events.home_opened(self.user, tab="messages")
        await self.workspace.settled()
        return self.messages()

    # What only an attacker does

    async def forge(self, payload: Mapping[str, Any]) -> Interaction:
        """Send the bot an interaction exactly as given, whatever is on the screen."""
        delivery = await self.workspace.dispatcher.deliver("interactive", dict(payload))
        return payloads.outcome(delivery)

    async def forge_press(
        self,
        action_id: str,
        value: str | None = None,
        *,
        channel: str | None = None,
        message_ts: str = "1000000000.000000",
        block_id: str = "forged",
        **changes: Any,
    ) -> Interaction:
        """Press a button that this person can't see. `changes` replace fields of the payload."""
        where = self.workspace.channels[channel or self.dm]
        message = self.workspace.message(where.id, message_ts) or Message(
            where.id, message_ts, BOT_USER_ID
        )
        element: Json = {"type": "button", "action_id": action_id}
        element["text"] = {"type": "plain_text", "text": "Forged", "emoji": True}
        if value is not None:
            element["value"] = value
        action = inputs.button_action({"block_id": block_id}, element, None)
        payload = payloads.message_action(self.workspace, self.user, where, message, action, {})
        return await self.forge({**payload, **changes})

    async def forge_submit(
        self,
        callback_id: str,
        *,
        private_metadata: str = "",
        state: Mapping[str, Any] | None = None,
        **changes: Any,
    ) -> Interaction:
        """Submit a modal that was never opened. `state` has the shape of Slack's view.state.values."""
        body: Json = {
            "type": "modal",
            "blocks": [],
            "callback_id": callback_id,
            "private_metadata": private_metadata,
        }
        view = self.workspace.new_view(self.id, body)
        view.state = dict(state or {})
        payload = payloads.view_submission(self.workspace, self.user, view)
        return await self.forge({**payload, **changes})

    # How it is found

    async def _act(self, place: CurrentSurface, action: Json) -> Interaction:
        if place.view is not None:
            payload = payloads.view_action(self.workspace, self.user, place.view, action)
        else:
            message = place.message
            if message is None:
                raise LookupError("nothing to press")
            channel = self.workspace.channels[message.channel]
            payload = payloads.message_action(
                self.workspace, self.user, channel, message, action, place.state
            )
        return await self.forge(payload)
