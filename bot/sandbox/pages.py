"""The workspace in a browser: a page for each person and place, and what can be done there.

A page is read with GET and used with POST to its own address; a POST leads back to it. The script
asks for the page again whenever `/changes` says that something changed, and puts the difference in.
Nothing is kept here that Slack would keep: only what each person has read and was last told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.sandbox import events
from bot.sandbox.pages_actions import ACTS, Act
from bot.sandbox.pages_forms import text
from bot.sandbox.people import Person
from bot.sandbox.render_page import Place
from bot.sandbox.render_screen import Memory, personas, screen

if TYPE_CHECKING:
    from bot.sandbox.server import SandboxServer

STATIC = Path(__file__).parent / "static"
FROM_SCRIPT = "x-sandbox-script"
"""The header of requests that the page's script makes: they want no redirect and open no tab."""
KEEP_ALIVE_SECONDS = 15.0
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
        "img-src 'self' data: https:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def build_routes(server: SandboxServer) -> list[BaseRoute]:
    """The routes of the page, for the server that serves the workspace."""
    pages = Pages(server)
    return [
        Route("/", pages.start, methods=["GET"]),
        Route("/p/{user}/{kind:str}", pages.place, methods=["GET", "POST"]),
        Route("/p/{user}/c/{channel}", pages.place, methods=["GET", "POST"]),
        Route("/changes", pages.changes, methods=["GET"]),
        Mount("/static", StaticFiles(directory=STATIC)),
    ]


class Pages:
    """The handlers, and what the page remembers between requests."""

    def __init__(self, server: SandboxServer) -> None:
        self._server = server
        self._memory = Memory(since=server.workspace.clock.now().timestamp())

    async def start(self, request: Request) -> Response:
        """The address that is printed: it leads to the first person's messages."""
        first = next(iter(personas(self._server)), None)
        if first is None:
            return _refusal("This workspace has nobody in it.", 404)
        return RedirectResponse(Place("dm", first.id).path, status_code=303)

    async def place(self, request: Request) -> Response:
        """One person's page of one place."""
        found = self._find(request)
        if found is None:
            return _refusal("There is no such place for this person.", 404)
        person, place = found
        if request.method == "POST":
            return await self._act(request, person, place)
        self._memory.forget_notice(person.id, place.name)
        from_script = FROM_SCRIPT in request.headers
        if place.kind != "channel" and not from_script:
            tab = "home" if place.kind == "home" else "messages"
            events.home_opened(self._server.workspace, person.user, tab=tab)
        if place.channel is not None and self._memory.mark_read(
            person.user, place.channel.id, person.messages(place.channel.id)
        ):
            self._server.workspace.touch()
        return HTMLResponse(
            screen(self._server, person, place, self._memory), headers=dict(HEADERS)
        )

    def _find(self, request: Request) -> tuple[Person, Place] | None:
        """The person and the place of an address, or None where they don't fit together."""
        workspace = self._server.workspace
        user = workspace.users.get(request.path_params["user"])
        if user is None or user.is_bot or user.deleted:
            return None
        person = Person(self._server, user.id)
        if "channel" in request.path_params:
            channel = workspace.channels.get(request.path_params["channel"])
            if channel is None or channel.kind == "im" or user.id not in channel.members:
                return None
            return person, Place("channel", user.id, channel)
        kind = request.path_params["kind"]
        if kind not in ("home", "dm"):
            return None
        channel = workspace.channels[person.dm] if kind == "dm" else None
        return person, Place(kind, user.id, channel)

    async def _act(self, request: Request, person: Person, place: Place) -> Response:
        """Do what a form asks for, and lead back to the page."""
        if not _from_here(request):
            return _refusal("This form did not come from the sandbox's own page.", 403)
        async with request.form() as form:
            name = "press" if "press" in form else text(form, "do")
            act = ACTS.get(name)
            if act is None:
                return _refusal("The sandbox's page has no such button.", 400)
            self._memory.notices.pop(person.id, None)
            try:
                notice = await act(Act(self._server, person, place, form))
            except (LookupError, ValueError) as refused:
                return _refusal(str(refused.args[0] if refused.args else refused), 409)
        if notice is not None:
            self._memory.notices[person.id] = notice
            self._server.workspace.touch()
        if FROM_SCRIPT in request.headers:
            return Response(status_code=204)
        return RedirectResponse(place.path, status_code=303)

    async def changes(self, request: Request) -> Response:
        """Server-sent events that say only the workspace's version, now and at each change."""
        return StreamingResponse(
            self._versions(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def _versions(self) -> AsyncIterator[str]:
        workspace, stopping = self._server.workspace, self._server.stopping
        ended = asyncio.ensure_future(stopping.wait())
        version = -1
        try:
            while not stopping.is_set():
                changed = asyncio.ensure_future(workspace.changed(version))
                try:
                    await asyncio.wait(
                        (changed, ended), timeout=KEEP_ALIVE_SECONDS, return_when="FIRST_COMPLETED"
                    )
                    if changed.done():
                        version = changed.result()
                        yield f"data: {version}\n\n"
                    elif not stopping.is_set():
                        yield ":\n\n"
                finally:
                    changed.cancel()
        finally:
            ended.cancel()


def _refusal(words: str, status: int) -> Response:
    return PlainTextResponse(words, status_code=status, headers=dict(HEADERS))


def _from_here(request: Request) -> bool:
    """Whether a POST comes from a page of this very server: browsers always say where from."""
    origin = urlsplit(request.headers.get("origin", ""))
    return origin.scheme == request.url.scheme and origin.netloc == request.headers.get("host")
