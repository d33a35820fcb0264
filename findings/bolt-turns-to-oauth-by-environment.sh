#!/usr/bin/env bash
# Two variables in the environment turn a Bolt app with a bot token into an OAuth app that no longer knows the token.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet slack-bolt==1.30.0 slack-sdk==3.47.0 aiohttp==3.14.5

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import asyncio
import logging
import os
import sys
from importlib.metadata import version

from aiohttp import web
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_sdk.web.async_client import AsyncWebClient

logging.disable()

BODY = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "api_app_id": "A1",
    "actions": [{"type": "button", "action_id": "yes", "block_id": "b", "action_ts": "1.0"}],
}


async def auth_test(request: web.Request) -> web.Response:
    return web.json_response({"ok": True, "team_id": "T1", "user_id": "U0", "bot_id": "B1"})


async def press(url: str) -> tuple[int, int, str]:
    """The very same program each time: an app with a token, a listener, one press."""
    ran = []
    client = AsyncWebClient(token="xoxb-none", base_url=url)
    app = AsyncApp(name="finding", client=client, request_verification_enabled=False)

    @app.action("yes")
    async def yes(ack) -> None:
        ran.append("yes")
        await ack()

    answer = await app.async_dispatch(AsyncBoltRequest(body=BODY, mode="socket_mode"))
    return answer.status, len(ran), answer.body


async def main() -> None:
    server = web.Application()
    server.router.add_post("/api/auth.test", auth_test)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"

    before = await press(url)
    os.environ |= {"SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "none"}
    after = await press(url)
    await runner.cleanup()

    print(f"slack_bolt {version('slack-bolt')}, slack_sdk {version('slack-sdk')}")
    print(f"without the variables:                       status {before[0]}, the listener ran {before[1]} time")
    print(f"SLACK_CLIENT_ID and SLACK_CLIENT_SECRET set: status {after[0]}, the listener ran {after[1]} times")
    print(f"what Slack is answered then: {after[2][:84]} …")
    if before[:2] != (200, 1) or after[:2] != (200, 0):
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
