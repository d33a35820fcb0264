#!/usr/bin/env bash
# When Slack announces that a Socket Mode connection will end, slack_sdk answers what it has in hand on the next one.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet slack-sdk==3.47.0 aiohttp==3.14.5

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import asyncio
import json
import sys
from importlib.metadata import version

from aiohttp import WSMsgType, web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient


async def main() -> None:
    events: list[str] = []
    sockets: list[web.WebSocketResponse] = []
    taken, second, acknowledged = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def connections_open(request: web.Request) -> web.Response:
        return web.json_response({"ok": True, "url": f"ws://127.0.0.1:{port}/socket"})

    async def socket(request: web.Request) -> web.WebSocketResponse:
        """The first connection delivers a press; both write down what is answered on them."""
        here = web.WebSocketResponse()
        await here.prepare(request)
        sockets.append(here)
        number = len(sockets)
        events.append(f"connection {number} opens")
        await here.send_json({"type": "hello", "num_connections": 1})
        if number == 1:
            press = {"type": "interactive", "envelope_id": "E1", "payload": {"type": "block_actions"}}
            await here.send_json(press)
        else:
            second.set()
        async for message in here:
            if message.type == WSMsgType.TEXT and message.data.startswith("{"):
                events.append(f"{json.loads(message.data)['envelope_id']} is acknowledged on connection {number}")
                acknowledged.set()
        events.append(f"connection {number} is closed by the client")
        return here

    app = web.Application()
    app.router.add_post("/api/apps.connections.open", connections_open)
    app.router.add_get("/socket", socket)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]

    client = SocketModeClient(
        app_token="xapp-none", web_client=AsyncWebClient(base_url=f"http://127.0.0.1:{port}/api/")
    )

    async def listener(socket_client, request) -> None:
        """Still at work when Slack asks for the connection to be renewed."""
        taken.set()
        await second.wait()
        await socket_client.send_socket_mode_response(SocketModeResponse(envelope_id=request.envelope_id))

    client.socket_mode_request_listeners.append(listener)
    await client.connect()
    await asyncio.wait_for(taken.wait(), 10)
    events.append("E1 is delivered on connection 1, and Slack announces that it will end")
    await sockets[0].send_json({"type": "disconnect", "reason": "warning"})
    await asyncio.wait_for(acknowledged.wait(), 20)
    seen = list(events)
    await client.close()
    await client.aiohttp_client_session.close()
    await runner.cleanup()

    print(f"slack_sdk {version('slack-sdk')}, aiohttp {version('aiohttp')}")
    print("\n".join(seen))
    closed, opened = "connection 1 is closed by the client", "connection 2 opens"
    acknowledged_on_second = "E1 is acknowledged on connection 2" in seen
    if not acknowledged_on_second or seen.index(closed) > seen.index(opened):
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
