"""One thread, virtual time: an event loop that jumps to its next timer instead of waiting for it.

`asyncio.sleep(3600)` costs nothing here, and everything that asks the loop or the clock what time it is gets the
same answer. Nothing real is waited for, so two runs with the same seed take the same steps in the same order.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from contextvars import Context, ContextVar
from datetime import datetime, timedelta
from typing import Any


class Standstill(Exception):
    """Everybody waits and nothing will ever happen: the simulation has a hole."""


class _NoSockets(selectors.BaseSelector):
    """A selector that never waits: it lets the loop's time pass instead."""

    def __init__(self) -> None:
        self.loop: VirtualLoop | None = None
        self._keys: dict[Any, selectors.SelectorKey] = {}

    def register(self, fileobj: Any, events: int, data: Any = None) -> selectors.SelectorKey:
        fd = fileobj if isinstance(fileobj, int) else fileobj.fileno()
        self._keys[fd] = selectors.SelectorKey(fileobj, fd, events, data)
        return self._keys[fd]

    def unregister(self, fileobj: Any) -> selectors.SelectorKey:
        return self._keys.pop(fileobj if isinstance(fileobj, int) else fileobj.fileno())

    def get_map(self) -> dict[Any, selectors.SelectorKey]:
        return self._keys

    def select(self, timeout: float | None = None) -> list[Any]:
        assert self.loop is not None
        if timeout is None:
            raise Standstill
        if timeout > 0:
            self.loop.pass_time(timeout)
        return []


class VirtualLoop(asyncio.SelectorEventLoop):
    """An event loop whose time is a number of its own."""

    def __init__(self) -> None:
        selector = _NoSockets()
        self._virtual_time = 0.0
        super().__init__(selector)
        selector.loop = self
        self._clock_resolution = 1e-6
        self.set_task_factory(_task_of_its_process)

    def time(self) -> float:
        return self._virtual_time

    def pass_time(self, seconds: float) -> None:
        """Let time pass at once; timers that fall due meanwhile are late."""
        self._virtual_time += seconds

    def call_soon_threadsafe(
        self, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.Handle:
        return self.call_soon(callback, *args, context=context)


class VirtualClock:
    """The world's clock, bound to the loop's time; what the sandbox and the checks go by."""

    def __init__(self, loop: asyncio.AbstractEventLoop, start: datetime) -> None:
        self._loop = loop
        self.start = start

    def now(self) -> datetime:
        return self.start + timedelta(seconds=self._loop.time())

    def seconds_until(self, moment: datetime) -> float:
        return (moment - self.now()).total_seconds()

    @property
    def offset(self) -> float:
        return 0.0

    def move(self, seconds: float) -> None:
        raise NotImplementedError("time passes by itself here")

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        return lambda: None


class SkewedClock(VirtualClock):
    """A process's own clock, some seconds beside the world's."""

    def __init__(self, clock: VirtualClock, skew: timedelta) -> None:
        super().__init__(clock._loop, clock.start + skew)


class Killed(BaseException):
    """The process was killed at this very point: nothing of it runs on."""


class Process:
    """What belongs to one operating system process: its tasks, and whether it lives, sleeps or is dead."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.alive = True
        self.wakes_at = 0.0
        """The loop's time until which it is stopped, as by SIGSTOP."""
        self.tasks: set[asyncio.Task[Any]] = set()
        self.dies_in: int | None = None
        """How many points are left until it is killed; None: it isn't."""
        self.points = 0
        self.at_point: Callable[[str], None] = lambda _: None
        self.died_at: str | None = None
        self.on_death: Callable[[], None] = lambda: None

    def start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        """Run `work`, and whatever it starts, as part of this process."""
        token = CURRENT.set(self)
        try:
            return asyncio.get_running_loop().create_task(work)
        finally:
            CURRENT.reset(token)

    def point(self, name: str) -> None:
        """A point at which a process can die; raises Killed when this is the one."""
        if not self.alive:
            raise Killed
        self.points += 1
        self.at_point(name)
        if self.dies_in is None:
            return
        if self.dies_in <= 0:
            self.kill(name)
            raise Killed
        self.dies_in -= 1

    def kill(self, where: str) -> None:
        """End it here and now."""
        if self.alive:
            self.alive = False
            self.died_at = where
            for task in list(self.tasks):
                task.cancel()
            self.on_death()

    async def awake(self) -> None:
        """Wait while the process is stopped; raises Killed once it is dead."""
        loop = asyncio.get_running_loop()
        while self.alive and self.wakes_at > loop.time():
            await asyncio.sleep(self.wakes_at - loop.time())
        if not self.alive:
            raise Killed


CURRENT: ContextVar[Process | None] = ContextVar("process", default=None)


def _task_of_its_process(
    loop: asyncio.AbstractEventLoop, work: Any, *, context: Context | None = None
) -> asyncio.Task[Any]:
    task: asyncio.Task[Any] = asyncio.Task(work, loop=loop, context=context)
    process = CURRENT.get()
    if process is not None:
        process.tasks.add(task)
        task.add_done_callback(process.tasks.discard)
        if not process.alive:
            task.cancel()
    return task


class OneThread(Executor):
    """Runs a process's database work in the event loop's own thread, between two of its steps."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._loop = asyncio.get_running_loop()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self._later(future, lambda: fn(*args, **kwargs))
        return future

    def _later(self, future: Future[Any], work: Callable[[], Any]) -> None:
        wait = self._process.wakes_at - self._loop.time()
        if wait > 0:
            self._loop.call_later(wait, self._later, future, work)
        else:
            self._loop.call_soon(self._run, future, work)

    def _run(self, future: Future[Any], work: Callable[[], Any]) -> None:
        if not self._process.alive or not future.set_running_or_notify_cancel():
            return
        try:
            result = work()
        except BaseException as error:
            future.set_exception(error)
        else:
            future.set_result(result)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """There is nothing to wait for."""
