"""The workspace in a browser: there is a page for each person and place.

The browser reads a page with GET and uses it with POST to the same address, which leads back to it. The
script asks for the page again whenever `/changes` says that something changed, and puts the difference
in. What Slack would keep is not kept here: only what each person has read and was last told.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
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

from bot.sandbox.clock import ClockControls
from bot.sandbox.pages.actions import ACTIONS, SentForm
from bot.sandbox.pages.forms import text
from bot.sandbox.pages.memory import Memory
from bot.sandbox.pages.places import Place
from bot.sandbox.pages.screen import personas, screen
from bot.sandbox.people import Person
from bot.sandbox.workspace import Workspace

STATIC = Path(__file__).parent / "static"
FROM_SCRIPT = "x-sandbox-script"
"""The page's script sends this header. Such a request wants no redirect and opens no tab."""
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


class Pages:
    """Handles the requests for the page, and remembers what it must between them.

    `stopping` is set when the server stops. Streams to the browser end then.
    """

    def __init__(
        self, workspace: Workspace, *, clock_controls: ClockControls, stopping: asyncio.Event
    ) -> None:
        self._workspace = workspace
        self._clock_controls = clock_controls
        self._stopping = stopping
        self._memory = Memory(since=workspace.clock.now().timestamp())

    def routes(self) -> list[BaseRoute]:
        """Return the routes of the page."""
        return [
            Route("/", self.start, methods=["GET"]),
            Route("/p/{user}/{kind:str}", self.place, methods=["GET", "POST"]),
            Route("/p/{user}/c/{channel}", self.place, methods=["GET", "POST"]),
            Route("/changes", self.changes, methods=["GET"]),
            Mount("/static", StaticFiles(directory=STATIC)),
        ]

    async def start(self, request: Request) -> Response:
        """Serve the address that the command prints. It leads to the first person's messages."""
        first = next(iter(personas(self._workspace)), None)
        if first is None:
            return _refusal("This workspace has nobody in it.", 404)
        return RedirectResponse(Place("dm", first.id).path, status_code=303)

    async def place(self, request: Request) -> Response:
        """Serve one person's page of one place."""
        found = self._find(request)
        if found is None:
            return _refusal("There is no such place for this person.", 404)
        person, place = found
        if request.method == "POST":
            return await self._use(request, person, place)
        self._memory.forget_notice(person.id, place.name)
        from_script = FROM_SCRIPT in request.headers
        if place.kind != "channel" and not from_script:
            tab = "home" if place.kind == "home" else "messages"
            self._workspace.events.home_opened(person.user, tab=tab)
        if place.channel is not None and self._memory.mark_read(
            person.user, place.channel.id, person.messages(place.channel.id)
        ):
            self._workspace.touch()
        page = screen(
            self._workspace, person, place, memory=self._memory, jumps=self._clock_controls.jumps
        )
        return HTMLResponse(page, headers=dict(HEADERS))

    def _find(self, request: Request) -> tuple[Person, Place] | None:
        """Find the person and the place of an address. Returns None if they don't fit together."""
        workspace = self._workspace
        user = workspace.users.get(request.path_params["user"])
        if user is None or user.is_bot or user.deleted:
            return None
        person = Person(workspace, user.id)
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

    async def _use(self, request: Request, person: Person, place: Place) -> Response:
        """Do what a form asks for, and lead back to the page."""
        if not _from_here(request):
            return _refusal("This form did not come from the sandbox's own page.", 403)
        async with request.form() as form:
            name = "press" if "press" in form else text(form, "do")
            action = ACTIONS.get(name)
            if action is None:
                return _refusal("The sandbox's page has no such button.", 400)
            self._memory.notices.pop(person.id, None)
            try:
                notice = await action(
                    SentForm(self._workspace, self._clock_controls, person, place, form)
                )
            except (LookupError, ValueError) as refused:
                return _refusal(str(refused.args[0] if refused.args else refused), 409)
        if notice is not None:
            self._memory.notices[person.id] = notice
            self._workspace.touch()
        if FROM_SCRIPT in request.headers:
            return Response(status_code=204)
        return RedirectResponse(place.path, status_code=303)

    async def changes(self, request: Request) -> Response:
        """Stream server-sent events with the workspace's version, now and at each change."""
        return StreamingResponse(
            self._versions(), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
        )

    async def _versions(self) -> AsyncIterator[str]:
        workspace, stopping = self._workspace, self._stopping
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
    """Tell whether a POST comes from a page of this server. Browsers always say where it is from."""
    origin = urlsplit(request.headers.get("origin", ""))
    return origin.scheme == request.url.scheme and origin.netloc == request.headers.get("host")
