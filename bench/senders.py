"""The senders that fan out: `python -m bench.senders raw|stateless|durable API_URL COUNT [DATABASE_URL]`.

`raw` posts the same message over and over with aiohttp alone. `stateless` draws each check-in from memory, posts
it with the product's client, and keeps nothing. `durable` is the product. Each waits for a line on its standard
input, sends COUNT messages, and answers with the seconds that took.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from bench.load import SIGNING_SECRET, shown_of
from bench.people import TIMEZONE, dm_of
from bench.processes import pin
from bot import gc_tuning
from bot.app import running, slack_client, slack_session
from bot.clock import SystemClock
from bot.database import Database, create_engine, parse_url, rows, table
from bot.domain.tables import CheckIn, OutboxItem, Team
from bot.slack.delivery.pacing import RATES, Pace, Rate
from bot.slack.delivery.sender import CONCURRENCY
from bot.slack.receiving.transport import HttpSettings
from bot.slack.views.checkins.messages import check_in_message

PATIENCE = 240.0
"""Seconds after which a fan-out counts as stalled, and the bench ends with an error instead of waiting on."""

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


@asynccontextmanager
async def durable(api_url: str, count: int, database_url: str) -> AsyncIterator[Send]:
    logging.getLogger("slack_sdk.web").setLevel(logging.WARNING)
    database = Database(database_url)
    unhurried = {method: Rate(1e6, 1_000_000) for method in RATES}
    async with running(
        database=database,
        clock=SystemClock(),
        bot_token=TOKEN,
        http=HttpSettings(SIGNING_SECRET, port=0),
        api_url=api_url,
        pace=Pace(unhurried, channel_spacing=timedelta(0)),
    ) as bot:
        gc_tuning.freeze_startup_objects()

        async def send() -> None:
            bot.sender.wake()
            async with asyncio.timeout(PATIENCE):
                while await database.read(_left):
                    await asyncio.sleep(0.05)

        yield send
    database.close()


async def _all(post: Callable[[int], Awaitable[None]], count: int) -> None:
    numbers = iter(range(1, count + 1))

    async def work() -> None:
        for number in numbers:
            await post(number)

    await asyncio.gather(*(work() for _ in range(CONCURRENCY)))


def _metadata(number: int) -> dict[str, object]:
    return {"event_type": "basecoach_delivery", "event_payload": {"token": f"{number:032x}"}}


def _left(session: Session) -> bool:
    # On a connection for reading: the one for writing is the sender's, and waiting for it stops everything.
    found = "SELECT 1 FROM outbox WHERE lane = 'post' AND due_at IS NOT NULL LIMIT 1"
    return bool(rows(session, sa.text(found)))


def reset(database_url: str) -> None:
    """Forget that the check-ins of `fill(check_ins="scheduled")` were ever posted; none is due."""
    with _connected(database_url) as connection:
        connection.exec_driver_sql("DELETE FROM reminder")
        connection.exec_driver_sql(
            "UPDATE check_in SET state = 'scheduled', delivered_at = NULL, deadline_at = NULL"
        )
        connection.exec_driver_sql(
            "UPDATE outbox SET lane = 'post', rendered_version = 0, desired_version = 1,"
            " channel = NULL, ts = NULL,"
            " posted_at = NULL, claimed_by = NULL, due_at = NULL"
        )


def make_due(database_url: str) -> None:
    """Have all of them due this minute, by their teams' schedules too: others would wait for working hours."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    local = now.astimezone(ZoneInfo(TIMEZONE))
    with _connected(database_url) as connection:
        connection.execute(
            sa.update(table(Team)).values(check_in_day=local.weekday(), check_in_at=local.time())
        )
        connection.execute(sa.update(table(CheckIn)).values(due_at=now))
        connection.execute(sa.update(table(OutboxItem)).values(due_at=now))


@contextmanager
def _connected(database_url: str) -> Iterator[sa.Connection]:
    engine = create_engine(parse_url(database_url), writes=True, pool_size=1)
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def posted(database_url: str) -> int:
    """How many check-ins are noted as posted, delivered and open."""
    with _connected(database_url) as connection:
        found = connection.exec_driver_sql(
            "SELECT count(*) FROM outbox JOIN check_in ON check_in.id = outbox.subject_id"
            " WHERE ts IS NOT NULL AND shown = 1 AND state = 'open'"
        )
        return int(found.scalar_one())


async def main(variant: str, api_url: str, count: str, *more: str) -> None:
    senders = {"raw": raw, "stateless": stateless, "durable": durable}
    async with senders[variant](api_url, int(count), *more) as send:
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
    asyncio.run(main(*sys.argv[1:]))
