#!/usr/bin/env bash
# The keyword of Bolt's app.message(…) is a regular expression that is looked for anywhere in the text.
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

CASES = {
    # (keyword, text, who wrote it): whether the listener is called
    ("log", "log Acme", "a person"): True,
    ("log", "send them the catalog", "a person"): True,
    ("won $500", "won $500", "a person"): False,
    ("/log", "log Acme", "a person"): False,
    ("Log", "log Acme", "a person"): False,
    ("log", "daily log: all jobs ran", "another bot"): True,
}


async def authorize(enterprise_id, team_id) -> AuthorizeResult:
    return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-none", bot_id="B1", bot_user_id="U0")


async def is_called(keyword: str, text: str, who: str) -> bool:
    app = AsyncApp(name="finding", authorize=authorize, request_verification_enabled=False)

    @app.message(keyword)
    async def heard() -> None:
        pass

    author = {"user": "U1"} if who == "a person" else {"bot_id": "B9", "subtype": "bot_message"}
    event = {"type": "message", "text": text, "channel": "D1", "channel_type": "im", "ts": "1.0", **author}
    body = {"type": "event_callback", "team_id": "T1", "api_app_id": "A1", "event_id": "Ev1", "event": event}
    answer = await app.async_dispatch(AsyncBoltRequest(body=body, mode="socket_mode"))
    return answer.status == 200


async def main() -> None:
    print(f"slack_bolt {version('slack-bolt')}, slack_sdk {version('slack-sdk')}")
    seen = {case: await is_called(*case) for case in CASES}
    for (keyword, text, who), called in seen.items():
        print(f"app.message({keyword!r:10}) and {text!r:26} of {who:11} {'called' if called else 'not called'}")
    if seen != CASES:
        sys.exit("The behaviour has changed.")


asyncio.run(main())
EOF
