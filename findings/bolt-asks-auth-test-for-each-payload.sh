#!/usr/bin/env bash
# A Bolt app with an installation store calls auth.test for every payload; one with a token calls it once.
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
from slack_sdk.oauth.installation_store import FileInstallationStore, Installation
from slack_sdk.web.async_client import AsyncWebClient

logging.disable()

PRESSES = 5
BODY = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "api_app_id": "A1",
    "actions": [{"type": "button", "action_id": "yes", "block_id": "b", "action_ts": "1.0"}],
}


async def main() -> None:
    calls = []

    async def auth_test(request: web.Request) -> web.Response:
        calls.append(request.path)
        return web.json_response({"ok": True, "team_id": "T1", "user_id": "U0", "bot_id": "B1"})

    server = web.Application()
    server.router.add_post("/api/auth.test", auth_test)
    runner = web.AppRunner(server)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"

    async def count(client: AsyncWebClient, **settings) -> int:
        """How often auth.test is called for five presses of one person in one workspace."""
        calls.clear()
        app = AsyncApp(name="finding", client=client, request_verification_enabled=False, **settings)

        @app.action("yes")
        async def yes(ack) -> None:
            await ack()

        for _ in range(PRESSES):
            answer = await app.async_dispatch(AsyncBoltRequest(body=BODY, mode="socket_mode"))
            assert answer.status == 200
        return len(calls)

    store = FileInstallationStore(base_dir=os.environ["HOME"])
    store.save(
        Installation(
            app_id="A1", team_id="T1", user_id="U1", bot_token="xoxb-none", bot_id="B1", bot_user_id="U0"
        )
    )
    with_token = await count(AsyncWebClient(token="xoxb-none", base_url=url))
    with_store = await count(AsyncWebClient(base_url=url), installation_store=store)
    await runner.cleanup()

    print(f"slack_bolt {version('slack-bolt')}, slack_sdk {version('slack-sdk')}")
    print(f"{PRESSES} presses, one workspace, the installation's bot and user ids are stored")
    print(f"auth.test with a token:              {with_token}")
    print(f"auth.test with an installation store: {with_store}")
    if (with_token, with_store) != (1, PRESSES):
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
