"""Asks the mock of Slack what it has seen."""

from __future__ import annotations

import asyncio
import json
from typing import Any


async def calls(port: int) -> dict[str, int]:
    """How often each method was called so far, in small letters."""
    found: dict[str, int] = await _get(port, "calls")
    return found


async def opened(port: int, trigger: str) -> dict[str, Any]:
    """The form that was opened by this trigger."""
    view: dict[str, Any] | None = await _get(port, f"opened:{trigger}")
    if view is None:
        raise RuntimeError("no form was opened")
    return view


async def _get(port: int, path: str) -> Any:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /{path} HTTP/1.1\r\nhost: bench\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r")[0])
    body = await reader.readexactly(length)
    writer.close()
    return json.loads(body)
