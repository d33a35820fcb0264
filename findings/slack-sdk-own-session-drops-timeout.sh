#!/usr/bin/env bash
# AsyncWebClient(timeout=…) has no effect as soon as it is given a session of one's own.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet slack-sdk==3.47.0 aiohttp==3.14.5

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import asyncio
import sys
from importlib.metadata import version

import aiohttp
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient


async def auth_test(request: web.Request) -> web.Response:
    """Answers after three seconds."""
    await asyncio.sleep(3)
    return web.json_response({"ok": True})


async def outcome(client: AsyncWebClient) -> str:
    try:
        return f"ok={(await client.auth_test())['ok']}"
    except TimeoutError:
        return "TimeoutError"


async def main() -> None:
    app = web.Application()
    app.router.add_post("/api/auth.test", auth_test)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/api/"

    alone = await outcome(AsyncWebClient(token="xoxb-none", base_url=url, timeout=1))
    async with aiohttp.ClientSession() as session:
        shared = await outcome(AsyncWebClient(token="xoxb-none", base_url=url, timeout=1, session=session))
    await runner.cleanup()

    print(f"slack_sdk {version('slack-sdk')}, aiohttp {version('aiohttp')}")
    print("Both clients have timeout=1; the server answers after 3 seconds.")
    print(f"the SDK's own session: {alone}")
    print(f"a session handed in:   {shared}")
    if (alone, shared) != ("TimeoutError", "ok=True"):
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
