#!/usr/bin/env bash
# slack_sdk's client posts a message a second time when the connection is dropped after the request was read.
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

posts = []


async def post_message(request: web.Request) -> web.Response:
    """Takes every message; the answer to the first one is lost, as with a connection that breaks."""
    posts.append((await request.json())["text"])
    if len(posts) == 1:
        request.transport.close()
    return web.json_response({"ok": True, "channel": "D1", "ts": f"{len(posts)}.0"})


async def main() -> None:
    app = web.Application()
    app.router.add_post("/api/chat.postMessage", post_message)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    url = f"http://127.0.0.1:{port}/api/"

    answer = await AsyncWebClient(token="xoxb-none", base_url=url).chat_postMessage(channel="D1", text="Good morning")
    by_default = list(posts)
    posts.clear()
    try:
        await AsyncWebClient(token="xoxb-none", base_url=url, retry_handlers=[]).chat_postMessage(
            channel="D1", text="Good morning"
        )
        without = "no error"
    except aiohttp.ClientError as error:
        without = type(error).__name__
    await runner.cleanup()

    print(f"slack_sdk {version('slack-sdk')}, aiohttp {version('aiohttp')}")
    print("One call of chat_postMessage; the server reads it and drops the connection.")
    print(f"default client:    the server took {len(by_default)} messages {by_default}, the caller saw ok={answer['ok']}")
    print(f"retry_handlers=[]: the server took {len(posts)} message, the caller saw {without}")
    if len(by_default) != 2 or not answer["ok"] or len(posts) != 1 or without == "no error":
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
