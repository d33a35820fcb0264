#!/usr/bin/env bash
# slack_sdk takes a proxy from the environment even for an address that NO_PROXY excludes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet slack-sdk==3.47.0 aiohttp==3.14.5

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import asyncio
import os
import sys
from importlib.metadata import version
from urllib.request import proxy_bypass_environment

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

asked = {"Slack": 0, "proxy": 0}


async def start(name: str) -> tuple[web.AppRunner, str]:
    async def answer(request: web.Request) -> web.Response:
        asked[name] += 1
        return web.json_response({"ok": True})

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    return runner, f"http://127.0.0.1:{runner.addresses[0][1]}"


async def main() -> None:
    slack, slack_url = await start("Slack")
    proxy, proxy_url = await start("proxy")
    os.environ["HTTP_PROXY"] = proxy_url
    os.environ["NO_PROXY"] = "127.0.0.1,localhost"

    await AsyncWebClient(token="xoxb-none", base_url=f"{slack_url}/api/").auth_test()
    await slack.cleanup()
    await proxy.cleanup()

    print(f"slack_sdk {version('slack-sdk')}, aiohttp {version('aiohttp')}")
    print(f"HTTP_PROXY is set, and NO_PROXY={os.environ['NO_PROXY']}.")
    print(f"Python's own urllib goes past the proxy for 127.0.0.1: {bool(proxy_bypass_environment('127.0.0.1'))}")
    print(f"one call of auth.test at 127.0.0.1 was seen by: {asked}")
    if asked != {"Slack": 0, "proxy": 1} or not proxy_bypass_environment("127.0.0.1"):
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
