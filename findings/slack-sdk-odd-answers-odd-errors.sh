#!/usr/bin/env bash
# What stands between slack_sdk and Slack may answer in ways that `except SlackApiError` does not catch, or not whole.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet slack-sdk==3.47.0 aiohttp==3.14.5

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import asyncio
import sys
from importlib.metadata import version

from aiohttp import web
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

ANSWERS = {
    "a gateway's text with status 200": lambda: web.Response(text="Back in a minute"),
    "JSON that was cut off": lambda: web.Response(text='{"ok": tr', content_type="application/json"),
    "a page with status 503": lambda: web.Response(status=503, text="<p>Busy</p>", content_type="text/html"),
    # HTTP allows a date in Retry-After just as well as seconds.
    "status 429, Retry-After with a date": lambda: web.json_response(
        {"ok": False, "error": "ratelimited"},
        status=429,
        headers={"Retry-After": "Mon, 23 Nov 2026 09:00:00 GMT"},
    ),
}
EXPECTED = {
    "a gateway's text with status 200": "AttributeError",
    "JSON that was cut off": "SlackApiError with a ClientResponse, whose .get is missing",
    "a page with status 503": "SlackApiError with an AsyncSlackResponse, whose error is None",
    "status 429, Retry-After with a date": "ValueError",
}


async def outcome(client: AsyncWebClient) -> str:
    try:
        return f"{await client.auth_test()}"
    except SlackApiError as error:
        response = error.response
        kind = type(response).__name__
        if hasattr(response, "get"):
            return f"SlackApiError with an {kind}, whose error is {response.get('error')}"
        return f"SlackApiError with a {kind}, whose .get is missing"
    except Exception as error:
        return type(error).__name__


async def main() -> None:
    current = {}

    async def auth_test(request: web.Request) -> web.Response:
        return current["answer"]()

    app = web.Application()
    app.router.add_post("/api/auth.test", auth_test)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    client = AsyncWebClient(
        token="xoxb-none",
        base_url=f"http://127.0.0.1:{runner.addresses[0][1]}/api/",
        retry_handlers=[AsyncRateLimitErrorRetryHandler(max_retry_count=1)],
    )

    seen = {}
    print(f"slack_sdk {version('slack-sdk')}, aiohttp {version('aiohttp')}; with AsyncRateLimitErrorRetryHandler")
    for name, current["answer"] in ANSWERS.items():
        seen[name] = await outcome(client)
        print(f"{name:36} {seen[name]}")
    await runner.cleanup()
    if seen != EXPECTED:
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
