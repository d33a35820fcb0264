#!/usr/bin/env bash
# In Bolt, an error right after `await ack()` takes the acknowledgement back: the person sees a failure after three seconds.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet slack-bolt==1.30.0 slack-sdk==3.47.0 aiohttp==3.14.5

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import asyncio
import logging
import sys
from importlib.metadata import version

from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

logging.disable()


async def authorize(enterprise_id, team_id) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-none", bot_id="B1", bot_user_id="U0")


app = AsyncApp(name="finding", authorize=authorize, request_verification_enabled=False)


@app.action("fine")
async def fine(ack) -> None:
    await ack()


@app.action("fails_at_once")
async def fails_at_once(ack) -> None:
    await ack()
    raise RuntimeError("after the ack")


@app.action("fails_later")
async def fails_later(ack) -> None:
    await ack()
    await asyncio.sleep(0.2)
    raise RuntimeError("after the ack")


async def press(action_id: str) -> int:
    body = {
        "type": "block_actions",
        "team": {"id": "T1"},
        "user": {"id": "U1", "team_id": "T1"},
        "api_app_id": "A1",
        "actions": [{"type": "button", "action_id": action_id, "block_id": "b", "action_ts": "1.0"}],
    }
    return (await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))).status


async def main() -> None:
    print(f"slack_bolt {version('slack-bolt')}, slack_sdk {version('slack-sdk')}")
    seen = {name: await press(name) for name in ("fine", "fails_at_once", "fails_later")}
    print("All three listeners call `await ack()` first. What Slack is answered:")
    for name, status in seen.items():
        print(f"{name:14} {status}")
    if seen != {"fine": 200, "fails_at_once": 404, "fails_later": 200}:
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
