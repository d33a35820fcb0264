#!/usr/bin/env bash
# Bolt's lazy listeners and a shared aiohttp session do not go together: every request with one ends in status 500.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet slack-bolt==1.30.0 slack-sdk==3.47.0 aiohttp==3.14.5

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import asyncio
import contextlib
import logging
import sys
from importlib.metadata import version

import aiohttp
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

errors = []
handler = logging.Handler(logging.ERROR)
handler.emit = lambda record: errors.append(str(record.exc_info[1] if record.exc_info else record.msg))

sys.unraisablehook = lambda unraisable: None  # Bolt's half-made copy of the event loop complains as it goes

BODY = {
    "type": "block_actions",
    "team": {"id": "T1"},
    "user": {"id": "U1", "team_id": "T1"},
    "api_app_id": "A1",
    "actions": [{"type": "button", "action_id": "yes", "block_id": "b", "action_ts": "1.0"}],
}


async def authorize(enterprise_id, team_id) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-none", bot_id="B1", bot_user_id="U0")


async def press(client: AsyncWebClient) -> tuple[int, int]:
    """The status of the answer, and how often the lazy part ran."""
    ran = asyncio.Event()
    logger = logging.Logger("finding")
    logger.addHandler(handler)
    app = AsyncApp(
        name="finding", client=client, authorize=authorize, request_verification_enabled=False, logger=logger
    )

    async def acknowledge(ack) -> None:
        await ack()

    async def work() -> None:
        ran.set()

    app.action("yes")(ack=acknowledge, lazy=[work])
    answer = await app.async_dispatch(AsyncBoltRequest(body=BODY, mode="socket_mode"))
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(ran.wait(), 2)
    return answer.status, int(ran.is_set())


async def main() -> None:
    alone = await press(AsyncWebClient())
    errors.clear()
    async with aiohttp.ClientSession() as session:
        shared = await press(AsyncWebClient(session=session))

    print(f"slack_bolt {version('slack-bolt')}, slack_sdk {version('slack-sdk')}, aiohttp {version('aiohttp')}")
    print(f"a client without a session: status {alone[0]}, the lazy listener ran {alone[1]} time")
    print(f"a client with a session:    status {shared[0]}, the lazy listener ran {shared[1]} times")
    print(f"the log says:               {errors[-1] if errors else ''}")
    if alone != (200, 1) or shared != (500, 0):
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
