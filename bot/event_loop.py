"""The event loop of a running bot: uvloop's where it is installed, else asyncio's.

uvloop does the same in C. It can't be had on Windows or PyPy, and everything works without it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run the coroutine in a new event loop as `asyncio.run` does, and return its result."""
    with asyncio.Runner(loop_factory=fastest_loop()) as runner:
        return runner.run(main)


def fastest_loop() -> Callable[[], asyncio.AbstractEventLoop]:
    """Return the function that makes a new event loop."""
    try:
        import uvloop  # only a bot that runs imports it
    except ImportError:
        return asyncio.new_event_loop
    return uvloop.new_event_loop
