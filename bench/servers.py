"""The servers that stand beside the product: `python -m bench.servers floor|floor-h11|orm [DATABASE_URL]`.

`floor` is Bolt with a listener that does nothing, on the product's own web server and event loop. `floor-h11` is
the same on h11 and asyncio, which is what one gets without asking. `orm` is Bolt on the product's server with the
listener that everybody writes first.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from sqlmodel import Session, col, func, select
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp

from bench.load import PATH, SIGNING_SECRET
from bench.people import BOT_USER_ID, TEAM_ID
from bench.processes import pin
from bot import event_loop
from bot.database import create_engine, parse_url
from bot.domain.tables import Answer, AnswerEdit, CheckIn, Conversation, Member, OutboxItem
from bot.http.connections import Limits
from bot.http.serving import HttpListener
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


Serve = Callable[[ASGIApp], Awaitable[None]]


async def on_ours(served: ASGIApp) -> None:
    listener = HttpListener(served, host="127.0.0.1", port=0, drain_seconds=1)
    await listener.start()
    told(listener.port)
    await asyncio.Event().wait()


async def on_h11(served: ASGIApp) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, True)
    config = uvicorn.Config(
        served,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        limit_concurrency=Limits().most,
        timeout_keep_alive=Limits().idle_seconds,
    )
    told(listening.getsockname()[1])
    await uvicorn.Server(config).serve(sockets=[listening])


async def serve(app: AsyncApp, server: Serve = on_ours) -> None:
    handler = AsyncSlackRequestHandler(app)
    await server(Starlette(routes=[Route(PATH, handler.handle, methods=["POST"])]))


async def floor(server: Serve = on_ours) -> None:
    app = bolt()

    @app.action(ANSWER_YES)
    async def nothing(ack: AsyncAck) -> None:
        await ack()

    await serve(app, server)


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


if __name__ == "__main__":
    pin(0)
    variant, *arguments = sys.argv[1:]
    if variant == "floor-h11":
        asyncio.run(floor(on_h11))
    else:
        event_loop.run({"floor": floor, "orm": orm}[variant](*arguments))
