"""The servers that are pressed: `python -m bench.servers floor|orm|basecoach [DATABASE_URL API_URL]`.

All three stand on the same web server with the same settings. `floor` is Bolt with a listener that does
nothing, `orm` is Bolt with the listener that everybody writes first, `basecoach` is the product.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlmodel import Session, col, func, select
from starlette.applications import Starlette
from starlette.routing import Route

from bench.load import PATH, SIGNING_SECRET
from bench.people import BOT_USER_ID, TEAM_ID
from bench.processes import pin
from bot import gc_tuning
from bot.app import running
from bot.clock import SystemClock
from bot.database import create_engine, parse_url
from bot.domain.tables import Answer, AnswerEdit, CheckIn, Conversation, Member, OutboxItem
from bot.http.server import HttpServer
from bot.http.serving import HttpListener
from bot.slack.receiving.transport import HttpSettings
from bot.slack.views.checkins.messages import ANSWER_YES


def told(port: int) -> None:
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()


def bolt() -> AsyncApp:
    """Bolt as one gets it, but for the poll for ack(): that would make it many times slower at one at a time."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=None,
            team_id=TEAM_ID,
            bot_token="xoxb-bench",  # noqa: S106
            bot_id="B0BENCH",
            bot_user_id=BOT_USER_ID,
        )

    return AsyncApp(
        signing_secret=SIGNING_SECRET, authorize=authorize, process_before_response=True
    )


async def serve(app: AsyncApp) -> None:
    handler = AsyncSlackRequestHandler(app)
    served = Starlette(routes=[Route(PATH, handler.handle, methods=["POST"])])
    listener = HttpListener(served, host="127.0.0.1", port=0, drain_seconds=1)
    await listener.start()
    told(listener.port)
    await asyncio.Event().wait()


async def floor() -> None:
    app = bolt()

    @app.action(ANSWER_YES)
    async def nothing(ack: AsyncAck) -> None:
        await ack()

    await serve(app)


async def orm(database_url: str) -> None:
    app = bolt()
    engine = create_engine(parse_url(database_url), writes=True, pool_size=1)
    thread = ThreadPoolExecutor(1)  # with more of them SQLite says "database is locked"

    @app.action(ANSWER_YES)
    async def pressed(ack: AsyncAck, body: dict[str, Any]) -> None:
        user, value = body["user"]["id"], int(body["actions"][0]["value"])
        await asyncio.get_running_loop().run_in_executor(thread, _record, user, value)
        await ack()

    def _record(slack_user_id: str, answer_id: int) -> None:
        now = datetime.now(UTC)
        with Session(engine) as session, session.begin():
            member = session.exec(
                select(Member).where(
                    Member.workspace_id == 1, Member.slack_user_id == slack_user_id
                )
            ).one()
            answer = session.get_one(Answer, answer_id)
            check_in = session.get_one(CheckIn, answer.check_in_id)
            assert check_in.member_id == member.id  # noqa: S101
            logged = session.exec(
                select(func.count()).where(
                    Conversation.member_id == member.id, Conversation.week == check_in.week
                )
            ).one()
            answer.verdict, answer.number, answer.answered_at = "yes", Decimal(logged), now
            session.add(
                AnswerEdit(
                    workspace_id=1,
                    answer_id=answer.id,
                    number=answer.number,
                    logged=answer.number,
                    verdict="yes",
                    given_by=member.id,
                    given_at=now,
                )
            )
            session.flush()
            missing = session.exec(
                select(func.count()).where(
                    Answer.check_in_id == check_in.id, col(Answer.verdict).is_(None)
                )
            ).one()
            if not missing:
                check_in.state, check_in.completed_at = "answered", now
            item = session.exec(
                select(OutboxItem).where(
                    OutboxItem.workspace_id == 1,
                    OutboxItem.surface == "check_in",
                    OutboxItem.subject_id == check_in.id,
                )
            ).one()
            item.desired_version += 1
            item.due_at = now

    await serve(app)


async def basecoach(database_url: str, api_url: str) -> None:
    from bot.commands.running import opened

    with opened(database_url) as database:
        async with running(
            database=database,
            clock=SystemClock(),
            bot_token="xoxb-bench",  # noqa: S106
            http=HttpSettings(SIGNING_SECRET, port=0),
            api_url=api_url,
        ) as bot:
            assert isinstance(bot.transport, HttpServer)  # noqa: S101
            gc_tuning.freeze_startup_objects()
            told(int(bot.transport.url.rsplit(":", 1)[1].split("/")[0]))
            await asyncio.Event().wait()


if __name__ == "__main__":
    pin(0)
    variant, *arguments = sys.argv[1:]
    asyncio.run({"floor": floor, "orm": orm, "basecoach": basecoach}[variant](*arguments))
