"""`/coach`, and the buttons and menus on all surfaces that open the set-up forms."""

from __future__ import annotations

import re
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.domain.access import Caller
from bot.domain.handover import audit
from bot.domain.refusals import Refusal
from bot.domain.setup import workspaces
from bot.rules.companies import plain_text
from bot.slack.listeners.absences import MENTIONED, handle_away
from bot.slack.listeners.coaching.card import open_card
from bot.slack.listeners.coaching.guides import open_guides
from bot.slack.listeners.payloads import chosen_value, identity, pressed_in
from bot.slack.listeners.plans.modals import has_two_below, modal_of, overview, push_view, rep_named
from bot.slack.listeners.privacy import handle_team_export
from bot.slack.listeners.setup import pauses as setup_pauses
from bot.slack.listeners.setup import submissions as setup_submissions
from bot.slack.listeners.setup import substitutes as setup_substitutes
from bot.slack.listeners.setup import team_targets as setup_team_targets
from bot.slack.listeners.setup.modals import keep_below, opened_from, render_form
from bot.slack.profiles import FRESH
from bot.slack.receiving.shapes import BlockActions, Command
from bot.slack.services import Services
from bot.slack.views.handover import log_modal
from bot.slack.views.setup import menu as views
from bot.slack.views.setup import team as team_views
from bot.slack.views.setup.inputs import PICK

COMMAND = "/coach"

WORDS = {
    "team": views.TEAM,
    "teams": views.TEAM,
    "enrol": views.ENROL,
    "enroll": views.ENROL,
    "target": views.TARGETS,
    "targets": views.TARGETS,
    "schedule": views.SCHEDULE,
    "plan": views.PLAN,
    "plans": views.PLAN,
    "metric": views.METRIC,
    "metrics": views.METRIC,
    "calendar": views.CALENDAR,
    "holidays": views.CALENDAR,
    "substitute": views.SUBSTITUTE,
    "pause": views.PAUSE,
    "rep": views.REPS,
    "reps": views.REPS,
}
"""The words that may follow `/coach`, and the form that each opens."""

WHOLE_TEAM = frozenset({("targets", "team"), ("target", "team"), ("team", "targets")})
"""The words that open the form of a whole team's targets."""

_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")


def register(app: AsyncApp, services: Services) -> None:
    """Listen to the command, to every `setup.…` button and menu, and to the forms."""
    listeners = _Listeners(services)
    app.command(COMMAND)(listeners.command)
    app.action(re.compile(rf"^{re.escape(views.OPEN)}"))(listeners.opened)
    app.action(views.MORE)(listeners.chosen)
    app.action(re.compile(rf"^{re.escape(PICK)}"))(listeners.picked)
    setup_submissions.register(app, services)
    setup_substitutes.register(app, services)
    setup_pauses.register(app, services)
    setup_team_targets.register(app, services)


class _Listeners:
    def __init__(self, services: Services) -> None:
        self._services = services

    async def command(
        self,
        ack: AsyncAck,
        body: Command,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        said = body.get("text", "").strip()
        word, _, rest = said.partition(" ")
        word, rest = word.casefold(), rest.strip()
        if word == "help" and not rest:
            await ack(response_type="ephemeral", **views.usage_message())
            return
        if word == "away":
            await self._away(ack, body, context["caller"], client, rest)
            return
        if word == "export":
            await handle_team_export(
                self._services,
                ack=ack,
                body=body,
                caller=context["caller"],
                client=client,
                team=plain_text(rest),
            )
            return
        if word == "messages":
            await self._message_budget(ack, context["caller"], rest)
            return
        if await self._opens_by_itself(body, context["caller"], client):
            await ack()
            return
        form = WORDS.get(word) if word else views.MENU
        mentioned = _MENTION.fullmatch(rest)
        if form is None or (rest and not (form == views.TARGETS and mentioned)):
            await ack(response_type="ephemeral", **views.usage_message(plain_text(said)))
            return
        await self._services.profiles.ensure(context["caller"], max_age=FRESH)
        view = await render_form(
            self._services,
            form,
            None,
            context["caller"],
            slack_user_id=mentioned[1] if mentioned else None,
        )
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def _message_budget(self, ack: AsyncAck, caller: Caller, rest: str) -> None:
        """Answer `/coach messages`, which says the message budget, and `/coach messages 5`, which sets it."""
        await self._services.profiles.ensure(caller, max_age=FRESH)
        found = await self._services.database.write(
            workspaces.message_budget, caller=caller, typed=plain_text(rest)
        )
        said = views.message_budget_message(found.most, is_changed=found.is_changed)
        await ack(response_type="ephemeral", **said)

    async def _opens_by_itself(self, body: Command, caller: Caller, client: AsyncWebClient) -> bool:
        """Open what is no form of the set-up, and return whether the words asked for such a thing."""
        said = body.get("text", "").strip()
        words, named = " ".join(said.casefold().split()), _MENTION.fullmatch(said)
        whole_team = tuple(words.partition(" ")[::2]) in WHOLE_TEAM
        if not (words in {"log", "acts"} or whole_team or named):
            return False
        await self._services.profiles.ensure(caller, max_age=FRESH)
        if named:
            await open_card(self._services, client=client, body=body, caller=caller, rep=named[1])
        elif words == "acts":
            await open_guides(
                self._services, client=client, trigger_id=body["trigger_id"], caller=caller
            )
        else:
            if whole_team:
                view = await setup_team_targets.open_team_targets(self._services, caller)
            else:
                view = log_modal(await self._services.database.read(audit.log, caller=caller))
            await client.views_open(trigger_id=body["trigger_id"], view=view)
        return True

    async def _away(
        self,
        ack: AsyncAck,
        body: Command,
        caller: Caller,
        client: AsyncWebClient,
        rest: str,
    ) -> None:
        mentioned = MENTIONED.fullmatch(rest)
        if mentioned is not None:
            await handle_away(
                self._services,
                ack=ack,
                body=body,
                caller=caller,
                client=client,
                text=mentioned[2].strip(),
                slack_user_id=mentioned[1],
            )
            return
        if rest:
            raise Refusal("Say who is away first: /coach away @name 3 Dec – 10 Dec.")
        view = await render_form(self._services, views.AWAY, None, caller)
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    async def opened(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Open the form of a button on Home, in a message or in a modal; the value names the form's subject."""
        action = body["actions"][0]
        form, value = str(action["action_id"]).removeprefix(views.OPEN), action.get("value")
        await self._open(form, value, body, context["caller"], client)
        await ack()

    async def chosen(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Open what was chosen in a ⋯ menu: `form:id`, or a rep's plan."""
        choice = chosen_value(body)
        form, _, value = choice.partition(":")
        if form == views.PLAN:
            plan = await overview(self._services, context["caller"], rep_named(value))
            await push_view(client, body, plan)
        else:
            await self._open(form, value, body, context["caller"], client)
        await ack()

    async def picked(
        self,
        ack: AsyncAck,
        body: BlockActions,
        context: dict[str, Any],
        client: AsyncWebClient,
    ) -> None:
        """Show the form for the team or rep that was chosen at its top."""
        action, caller, old = body["actions"][0], context["caller"], pressed_in(body)
        await self._services.profiles.ensure(caller, max_age=FRESH)
        form = str(action["action_id"]).removeprefix(PICK)
        if "selected_user" in action:
            chosen = str(action["selected_user"])
            view = await render_form(self._services, form, None, caller, slack_user_id=chosen)
        else:
            value = chosen_value(body)
            subject = None if value in {"", team_views.NEW} else identity(value)
            view = await render_form(self._services, form, subject, caller)
        await client.views_update(view_id=old["id"], hash=old["hash"], view=keep_below(view, old))
        await ack()

    async def _open(
        self,
        form: str,
        value: str | None,
        body: BlockActions,
        caller: Caller,
        client: AsyncWebClient,
    ) -> None:
        """Open the form on top of the current modal, in its place if three are open, or as a new modal."""
        await self._services.profiles.ensure(caller, max_age=FRESH)
        view = await render_form(self._services, form, identity(value) if value else None, caller)
        here = modal_of(body)
        if here is None:
            await client.views_open(trigger_id=body["trigger_id"], view=view)
        elif has_two_below(here):
            await client.views_update(view_id=here["id"], hash=here["hash"], view=view)
        else:
            await client.views_push(trigger_id=body["trigger_id"], view=opened_from(view, here))
