"""The event loop of a running bot, with uvloop and without."""

from __future__ import annotations

import asyncio
import sys

import pytest

from bot import event_loop


async def kind_of_loop() -> str:
    await asyncio.sleep(0)
    return type(asyncio.get_running_loop()).__module__.split(".")[0]


def test_a_bot_runs_on_uvloop_where_it_is_installed() -> None:
    pytest.importorskip("uvloop", reason="uvloop can't be had here")
    assert event_loop.run(kind_of_loop()) == "uvloop"


def test_without_uvloop_a_bot_runs_on_asyncio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvloop", None)
    assert event_loop.run(kind_of_loop()) == "asyncio"


def test_an_error_comes_out_and_closes_the_loop() -> None:
    found: list[asyncio.AbstractEventLoop] = []

    async def fail() -> None:
        found.append(asyncio.get_running_loop())
        raise LookupError("on purpose")

    with pytest.raises(LookupError):
        event_loop.run(fail())
    assert found[0].is_closed()
