"""Socket Mode over the sandbox's real sockets: what is cut off comes back, a refresh loses no press."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp

from bot.problems import StartProblem
from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace
from bot.slack.receiving.payload_metrics import PayloadMetrics
from bot.slack.receiving.socket_mode import RETRY_WAITS, SocketMode
from tests.patience import PATIENCE
from tests.slack.receiving.seconds import Pauses
from tests.slack.receiving.sockets import connected


async def test_presses_reach_bolt_and_are_counted(
    make: Callable[..., SocketMode], workspace: Workspace
) -> None:
    received = PayloadMetrics()
    await make(payload_metrics=received).start()
    assert (await Person(workspace, "U0PRIYA").command("/greet")).body == {"text": "hi"}
    assert received.payloads == {("command", 200): 1}


async def test_a_wrong_token_fails_at_once_and_in_words(
    app: AsyncApp, make: Callable[..., SocketMode]
) -> None:
    transport = SocketMode(app, "xapp-of-somebody-else")
    with pytest.raises(StartProblem, match=r"Slack does not take SLACK_APP_TOKEN \(\w+\)"):
        await transport.start()
    await transport.stop()


async def test_a_refresh_opens_the_new_connection_before_it_closes_the_old(
    app: AsyncApp, make: Callable[..., SocketMode], server: SandboxServer, workspace: Workspace
) -> None:
    pressed, go_on = asyncio.Event(), asyncio.Event()

    @app.command("/slow")
    async def slow(ack: Callable[..., Awaitable[None]]) -> None:
        pressed.set()
        await go_on.wait()
        await ack("done")

    transport = make()
    await transport.start()
    await connected(workspace, 1)
    pressing = asyncio.create_task(
        workspace.dispatcher.deliver(
            "slash_commands",
            {"command": "/slow", "user_id": "U0PRIYA", "team_id": "T0HARBOR", "text": ""},
        )
    )
    await pressed.wait()
    await server.disconnect_sockets("refresh_requested")
    await workspace.until(lambda: len(workspace.socket_mode.connections) == 2)
    assert (await Person(workspace, "U0SAM").command("/greet")).acked  # over the new one
    go_on.set()
    assert (await pressing).ack == {"text": "done"}  # over the old one, where it came from
    await connected(workspace, 2)
    assert transport.reconnects == 1
    assert not transport.gave_up.is_set()


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_every_reason_to_leave_ends_in_one_new_connection(
    make: Callable[..., SocketMode], server: SandboxServer, workspace: Workspace, reason: str
) -> None:
    await make().start()
    await connected(workspace, 1)
    for number in (2, 3):
        await server.disconnect_sockets(reason)
        await connected(workspace, number)
    assert (await Person(workspace, "U0PRIYA").command("/greet")).acked


async def test_too_many_connections_end_in_one_when_there_is_room(
    make: Callable[..., SocketMode], workspace: Workspace
) -> None:
    others = [make() for _ in range(10)]
    for other in others:
        await other.start()
    await workspace.until(lambda: len(workspace.socket_mode.connections) == 10)
    late = make()
    await late.start()
    await workspace.until(lambda: late.reconnects > 2)
    assert len(workspace.socket_mode.connections) == 10
    await others[0].stop()
    await workspace.until(
        lambda: len({c.number for c in workspace.socket_mode.connections} - set(range(1, 11))) == 1
    )


@pytest.mark.parametrize("cut", ["drop_sockets", "abort_sockets"])
async def test_a_cut_connection_comes_back_and_events_with_it(
    make: Callable[..., SocketMode], server: SandboxServer, workspace: Workspace, cut: str
) -> None:
    await make().start()
    await connected(workspace, 1)
    await getattr(server, cut)()
    workspace.change_user("U0SAM", title="x")
    await connected(workspace, 2)
    await workspace.until(lambda: workspace.deliveries[-1].acked)


async def test_slack_away_and_back_on_the_same_port(
    make: Callable[..., SocketMode], clock: Any, server: SandboxServer, workspace: Workspace
) -> None:
    transport = make()
    await transport.start()
    await connected(workspace, 1)
    port = server.port
    await server.stop()
    await transport.watchdog.look()
    again = SandboxServer(workspace, clock=clock, port=port)
    await again.start()
    try:
        await connected(workspace, 2)
        assert (await Person(workspace, "U0PRIYA").command("/greet")).acked
        await transport.watchdog.look()
        assert transport.cut_off_seconds == 0
    finally:
        await transport.stop()
        await again.stop()


async def test_each_attempt_has_an_address_of_its_own(
    make: Callable[..., SocketMode], server: SandboxServer, workspace: Workspace
) -> None:
    """The network fails between the address and the connection; the address is of no use afterwards."""
    transport = make()
    await transport.start()
    await connected(workspace, 1)
    workspace.socket_mode.refusing = True
    await server.drop_sockets()
    await workspace.until(lambda: workspace.socket_mode.refused >= 3)
    workspace.socket_mode.expire_tickets()
    workspace.socket_mode.refusing = False
    await connected(workspace, 2)
    assert (await Person(workspace, "U0PRIYA").command("/greet")).acked
    assert transport.reconnects == 1


async def test_an_abort_is_followed_by_a_new_connection_without_a_pause(
    make: Callable[..., SocketMode], pauses: Pauses, server: SandboxServer, workspace: Workspace
) -> None:
    await make(sleep=pauses, retry_waits=RETRY_WAITS).start()
    await connected(workspace, 1)
    await server.abort_sockets()
    await connected(workspace, 2)
    assert pauses.asked == []
    for number in (3, 4, 5, 6):
        await server.abort_sockets()
        await connected(workspace, number)
    assert max(pauses.asked) <= 1.5
    assert (await Person(workspace, "U0PRIYA").command("/greet")).acked


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "500"},
        {"kind": "lost"},
        {"kind": "broken"},
        {"kind": "error", "code": "internal_error"},
        {"kind": "error", "code": "invalid_auth"},
        {"kind": "error", "code": "a_code_that_nobody_has_seen"},
    ],
    ids=lambda fault: fault.get("code", fault["kind"]),
)
async def test_after_refused_addresses_it_is_back_in_less_than_two_seconds(
    make: Callable[..., SocketMode],
    pauses: Pauses,
    server: SandboxServer,
    workspace: Workspace,
    fault: dict[str, str],
) -> None:
    transport = make(sleep=pauses, retry_waits=RETRY_WAITS)
    await transport.start()
    await connected(workspace, 1)
    workspace.faults.next_call(method="apps.connections.open", times=9, **fault)
    await server.abort_sockets()
    await connected(workspace, 2)
    assert pauses.asked == [0.0, 0.5, 1.0, *(1.5 for _ in range(6))]
    assert workspace.faults.waiting == []
    assert not transport.gave_up.is_set()


async def test_after_a_429_it_waits_as_long_as_slack_says(
    make: Callable[..., SocketMode], pauses: Pauses, server: SandboxServer, workspace: Workspace
) -> None:
    await make(sleep=pauses, retry_waits=RETRY_WAITS).start()
    await connected(workspace, 1)
    workspace.faults.next_call("429", "apps.connections.open", retry_after=37)
    await server.abort_sockets()
    await connected(workspace, 2)
    assert pauses.asked == [37]


async def test_a_payload_in_hand_holds_no_new_connection_up(
    app: AsyncApp, make: Callable[..., SocketMode], server: SandboxServer, workspace: Workspace
) -> None:
    pressed, go_on, done = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @app.command("/slow")
    async def slow(ack: Callable[..., Awaitable[None]]) -> None:
        pressed.set()
        await go_on.wait()
        await ack("done")
        done.set()

    await make().start()
    pressing = asyncio.create_task(
        workspace.dispatcher.deliver(
            "slash_commands",
            {"command": "/slow", "user_id": "U0PRIYA", "team_id": "T0HARBOR", "text": ""},
        )
    )
    await asyncio.wait_for(pressed.wait(), timeout=PATIENCE)
    await server.abort_sockets()
    await connected(workspace, 2)
    assert not done.is_set()
    go_on.set()
    await asyncio.wait_for(done.wait(), timeout=PATIENCE)
    assert not (await pressing).acked
    assert (await Person(workspace, "U0PRIYA").command("/greet")).acked


async def test_while_slack_has_trouble_the_start_waits_longer_and_longer(
    make: Callable[..., SocketMode],
    pauses: Pauses,
    workspace: Workspace,
    caplog: pytest.LogCaptureFixture,
) -> None:
    workspace.faults.next_call("500", "apps.connections.open")
    workspace.faults.next_call("broken", "apps.connections.open")
    workspace.faults.next_call("429", "apps.connections.open", retry_after=40)
    await make(sleep=pauses).start()
    await connected(workspace, 1)
    assert pauses.asked == [1, 2, 40]
    assert [
        record.getMessage() for record in caplog.records if record.name == "bot.slack.starting"
    ] == [
        "Slack has trouble, so the bot has to wait",
        "Slack has trouble, so the bot has to wait",
        "Slack asks to wait before it lets the bot start",
    ]


async def test_a_payload_in_hand_is_finished_at_the_stop(
    app: AsyncApp, make: Callable[..., SocketMode], workspace: Workspace
) -> None:
    pressed, go_on = asyncio.Event(), asyncio.Event()

    @app.command("/slow")
    async def slow(ack: Callable[..., Awaitable[None]]) -> None:
        pressed.set()
        await go_on.wait()
        await ack("done")

    transport = make()
    await transport.start()
    pressing = asyncio.create_task(
        workspace.dispatcher.deliver(
            "slash_commands",
            {"command": "/slow", "user_id": "U0PRIYA", "team_id": "T0HARBOR", "text": ""},
        )
    )
    await pressed.wait()
    stopping = asyncio.create_task(transport.stop())
    asyncio.get_running_loop().call_soon(go_on.set)
    assert (await pressing).ack == {"text": "done"}
    await stopping
    await workspace.until(lambda: not workspace.socket_mode.connections)
