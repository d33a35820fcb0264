"""Takes the bytes of uploads, and serves files to the browser."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.sandbox.workspace import Workspace

Endpoint = Callable[[Request], Awaitable[Response]]


def upload(workspace: Workspace) -> Endpoint:
    """Make the endpoint behind every upload_url. Like Slack's it answers in plain words."""

    async def endpoint(request: Request) -> Response:
        content = await request.body()
        if workspace.files.receive(request.path_params["secret"], content) is None:
            return PlainTextResponse("the upload failed", status_code=400)
        return PlainTextResponse(f"OK - {len(content)}")

    return endpoint


def download(workspace: Workspace) -> Endpoint:
    """Make the endpoint of the links under a message. A browser saves what it gets there and opens nothing."""

    async def endpoint(request: Request) -> Response:
        file = workspace.files.uploaded(request.path_params["file"])
        if file is None:
            return PlainTextResponse("This file was deleted.", status_code=404)
        name = "".join(c for c in file.name if c.isascii() and (c.isalnum() or c in "._- "))
        return Response(
            file.content,
            media_type="application/octet-stream",
            headers={
                "Content-Disposition": f'attachment; filename="{name}"',
                "X-Content-Type-Options": "nosniff",
                "Cache-Control": "no-store",
            },
        )

    return endpoint
