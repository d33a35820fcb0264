"""One seed's world, lived through: quietly, with seeded secrets, and what came of it."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import hashlib
import logging
import secrets
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.slack.delivery import sender as senders
from tests.simulation.mix import Mix
from tests.simulation.records import Broken
from tests.simulation.virtual_time import VirtualLoop
from tests.simulation.world import World
from tests.simulation.yard import Yard


@dataclass
class Outcome:
    """How a seed ended."""

    mix: Mix
    broken: list[Broken]
    trace: list[str]
    sometimes: Counter[str]
    seconds: float
    """Processor seconds."""
    digest: str
    """Of the trace: the same for the same seed and code, on any machine."""


def run(mix: Mix, yard: Yard, *, mutations: Any = None) -> Outcome:
    """Live through one seed's world."""
    began = time.process_time()
    yard.clear()
    idle_check, senders.IDLE_CHECK = senders.IDLE_CHECK, 86_400.0
    levels = _hush()
    try:
        with (
            _seldom_collecting(),
            _seeded_secrets(mix.seed),
            asyncio.Runner(loop_factory=VirtualLoop) as runner,
        ):

            async def live() -> World:
                loop = asyncio.get_running_loop()
                assert isinstance(loop, VirtualLoop)
                loop.set_exception_handler(lambda _loop, _context: None)
                world = World(mix, yard, loop, mutations=mutations)
                if mutations is not None:
                    mutations(world)
                await world.live()
                return world

            world = runner.run(live())
    finally:
        senders.IDLE_CHECK = idle_check
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
    return Outcome(
        mix=mix,
        broken=world.promises.broken,
        trace=world.trace,
        sometimes=world.counts,
        seconds=time.process_time() - began,
        digest=digest_of(world.trace),
    )


def digest_of(lines: Iterable[str]) -> str:
    """A few letters that differ wherever the lines do."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def _hush() -> dict[str, int]:
    """Have the bot's logs say nothing: failures are the point here."""
    levels = {}
    for name in ("bot", "slack_bolt", "slack_sdk", "tests.simulation", "asyncio"):
        logger = logging.getLogger(name)
        levels[name] = logger.level
        logger.setLevel(logging.CRITICAL + 1)
    return levels


@contextlib.contextmanager
def _seldom_collecting() -> Iterator[None]:
    """Garbage is collected a fifth as often: a run makes much of it and keeps little."""
    thresholds = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)
        gc.unfreeze()


@contextlib.contextmanager
def _seeded_secrets(seed: int) -> Iterator[None]:
    """Tokens rendered from the seed, so that a run can be told again to the letter."""
    random = Random(f"secrets {seed}")
    kept = {name: getattr(secrets, name) for name in ("token_bytes", "token_hex", "token_urlsafe")}
    below = secrets.randbelow

    def token_bytes(nbytes: int | None = None) -> bytes:
        return random.randbytes(nbytes or 32)

    secrets.token_bytes = token_bytes
    secrets.token_hex = lambda nbytes=None: token_bytes(nbytes).hex()
    secrets.token_urlsafe = lambda nbytes=None: token_bytes(nbytes).hex()
    secrets.randbelow = random.randrange  # type: ignore[assignment]
    try:
        yield
    finally:
        for name, function in kept.items():
            setattr(secrets, name, function)
        secrets.randbelow = below
