#!/usr/bin/env bash
# Bolt answers 404 to an event that nobody listens to, and an edited message is one for an app with `app.message`.
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

SAID = {"type": "message", "user": "U1", "text": "Acme second appointment", "ts": "1.0"}
IN_A_DM = {"channel": "D1", "channel_type": "im", "ts": "2.0"}
EVENTS = {
    "a message": {**SAID, **IN_A_DM},
    "the message is edited": {"type": "message", "subtype": "message_changed", "message": SAID, **IN_A_DM},
    "the message is deleted": {"type": "message", "subtype": "message_deleted", "deleted_ts": "1.0", **IN_A_DM},
    "somebody leaves a channel": {"type": "member_left_channel", "user": "U1", "channel": "C1"},
}


async def authorize(enterprise_id, team_id) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-none", bot_id="B1", bot_user_id="U0")


app = AsyncApp(name="finding", authorize=authorize, request_verification_enabled=False)


@app.message("")
async def every_message(message) -> None:
    """A listener for all that people write."""


async def deliver(event: dict) -> int:
    body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1", "event": event}
    return (await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))).status


async def main() -> None:
    print(f"slack_bolt {version('slack-bolt')}, slack_sdk {version('slack-sdk')}")
    print("An app whose one listener is app.message(\"\"). Slack delivers again what is not answered with 2xx.")
    seen = {name: await deliver(event) for name, event in EVENTS.items()}
    for name, status in seen.items():
        print(f"{name:26} {status}")
    if list(seen.values()) != [200, 404, 404, 404]:
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
