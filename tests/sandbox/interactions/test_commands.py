"""People type slash commands, and a real Bolt app answers."""

from __future__ import annotations

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from tests.sandbox.interactions.building import Json, plain


async def test_a_command_is_answered_to_its_user_alone(
    app: AsyncApp, connect: Any, dana: Person, workspace: Workspace
) -> None:
    heard: list[Json] = []

    @app.command("/greet")
    async def greet(ack: Any, body: Json) -> None:
        heard.append(body)
        await ack("Hello, Dana")

    await connect(app)
    outcome = await dana.command("/greet", "  you all ", channel="C0COACH")
    assert outcome.acked
    assert outcome.error is None
    (body,) = heard
    assert body["text"] == "you all"
    assert (body["user_id"], body["user_name"]) == ("U0DANA", "dana")
    assert (body["channel_id"], body["channel_name"]) == ("C0COACH", "privategroup")
    assert (body["team_id"], body["api_app_id"]) == ("T0HARBOR", "A0BASECOACH")
    assert body["trigger_id"]
    assert body["response_url"].startswith(workspace.base_url)
    assert [message.text for message in dana.messages("C0COACH")] == ["Hello, Dana"]
    assert Person(workspace, "U0ALEX").messages("C0COACH") == []


async def test_a_command_may_be_answered_in_the_channel(
    app: AsyncApp, connect: Any, dana: Person, workspace: Workspace
) -> None:
    @app.command("/greet")
    async def greet(ack: Any) -> None:
        await ack(text="Hello, all", response_type="in_channel")

    await connect(app)
    await dana.command("/greet", channel="C0GENERAL")
    (message,) = workspace.messages("C0GENERAL")
    assert (message.text, message.ephemeral_to) == ("Hello, all", None)


async def test_a_command_whose_answer_has_bad_blocks(
    app: AsyncApp, connect: Any, dana: Person, workspace: Workspace
) -> None:
    @app.command("/greet")
    async def greet(ack: Any) -> None:
        await ack(text="x", blocks=[{"type": "header", "text": plain("x" * 151)}])

    await connect(app)
    outcome = await dana.command("/greet")
    assert outcome.error == '/greet failed with the error "invalid_command_response"'
    assert dana.messages() == []
    assert "/blocks/0/text/text" in workspace.deliveries[-1].problems[1]


async def test_without_a_bot_slack_says_so(dana: Person, server: SandboxServer) -> None:
    outcome = await dana.command("/greet")
    assert not outcome.acked
    assert outcome.error == "/greet failed because the app did not respond"
    assert server.workspace.deliveries[-1].result == "no_connection"


@pytest.mark.parametrize("ack_seconds", [0.05])
async def test_a_command_that_is_never_acknowledged(
    app: AsyncApp, connect: Any, dana: Person, workspace: Workspace
) -> None:
    @app.command("/greet")
    async def greet() -> None:
        """Forgets to acknowledge."""

    await connect(app)
    outcome = await dana.command("/greet")
    assert outcome.error == "/greet failed because the app did not respond"
    assert workspace.deliveries[-1].result == "timeout"


async def test_an_unknown_command_never_reaches_the_bot(dana: Person, workspace: Workspace) -> None:
    outcome = await dana.command("/nope")
    assert outcome.error == "/nope is not a valid command."
    assert workspace.deliveries == []


async def test_nobody_types_in_a_channel_they_are_not_in(priya: Person) -> None:
    with pytest.raises(LookupError, match="not in C0COACH"):
        await priya.command("/greet", channel="C0COACH")


@pytest.mark.parametrize(
    ("typed", "escaped"),
    [
        ("Marks & Spencer <2nd>", "Marks &amp; Spencer &lt;2nd&gt;"),
        ("met @sam in #general", "met <@U0SAM|sam> in <#C0GENERAL|general>"),
        ("@nobody #nowhere a@sam.example", "@nobody #nowhere a@sam.example"),
        ("see https://x.example/?a=1&b=2 <b>", "see <https://x.example/?a=1&amp;b=2> &lt;b&gt;"),
        ("@channel", "<!channel>"),
        ("<!channel>", "&lt;!channel&gt;"),
        ("<@U0SAM>", "&lt;@U0SAM&gt;"),
    ],
)
async def test_typed_text_is_escaped_where_the_manifest_says_so(
    server: SandboxServer, priya: Person, typed: str, escaped: str
) -> None:
    await priya.command("/greet", typed)
    await priya.command("/raw", typed)
    texts = [delivery.payload["text"] for delivery in server.workspace.deliveries]
    assert texts == [escaped, typed]
