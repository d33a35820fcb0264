"""The senders beside the product's: `python -m bench.senders raw|stateless API_URL COUNT`.

`raw` posts the same message over and over with aiohttp alone. `stateless` renders each check-in from memory, posts
it with the product's client, and keeps nothing. Each waits for a line on its standard input, sends COUNT messages,
and answers with the seconds that took.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

from bench.payloads import shown_of
from bench.people import dm_of
from bench.processes import pin
from bot import event_loop, gc_tuning
from bot.app import slack_client, slack_session
from bot.slack.delivery.sender import CONCURRENCY
from bot.slack.views.checkins.messages import check_in_message

Send = Callable[[], Awaitable[None]]
TOKEN = "xoxb-bench"  # noqa: S105


@asynccontextmanager
async def raw(api_url: str, count: int) -> AsyncIterator[Send]:
    message = check_in_message(shown_of(1))
    async with slack_session() as session:

        async def post(number: int) -> None:
            body = {"channel": dm_of(number), "metadata": _metadata(number), **message}
            async with session.post(
                f"{api_url}chat.postMessage",
                data=json.dumps(body),
                headers={"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"},
            ) as response:
                answer = json.loads(await response.read())
            if not answer["ok"]:
                raise RuntimeError(answer)

        yield lambda: _all(post, count)


@asynccontextmanager
async def stateless(api_url: str, count: int) -> AsyncIterator[Send]:
    shown = shown_of(1)
    async with slack_session() as session:
        client = slack_client(session, api_url, TOKEN)
        gc_tuning.freeze_startup_objects()

        async def post(number: int) -> None:
            rendered = check_in_message(replace(shown, check_in_id=number, name=f"Rep {number}"))
            answer = await client.chat_postMessage(
                channel=dm_of(number),
                metadata=_metadata(number),
                unfurl_links=False,
                unfurl_media=False,
                **rendered,
            )
            str(answer["ts"])

        yield lambda: _all(post, count)


async def _all(post: Callable[[int], Awaitable[None]], count: int) -> None:
    numbers = iter(range(1, count + 1))

    async def work() -> None:
        for number in numbers:
            await post(number)

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))


def _metadata(number: int) -> dict[str, object]:
    return {"event_type": "basecoach_delivery", "event_payload": {"token": f"{number:032x}"}}


async def main(variant: str, api_url: str, count: str) -> None:
    senders = {"raw": raw, "stateless": stateless}
    async with senders[variant](api_url, int(count)) as send:
        _say("ready")
        while await asyncio.to_thread(sys.stdin.readline):
            began = time.perf_counter()
            await send()
            _say(f"{time.perf_counter() - began}")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    pin(0)
    event_loop.run(main(*sys.argv[1:]))
