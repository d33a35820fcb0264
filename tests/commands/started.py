"""A `basecoach …` of its own: started by its environment alone, read line by line, ended by its signal."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.forking import Forked, basecoach
from tests.patience import PATIENCE


@dataclass
class Started:
    """A running process with what it has said so far, standard output and error together."""

    process: asyncio.subprocess.Process | Forked
    lines: list[str] = field(default_factory=list)
    _said: asyncio.Condition = field(default_factory=asyncio.Condition)
    _reader: asyncio.Task[None] | None = None

    @property
    def output(self) -> str:
        return "".join(self.lines)

    @property
    def url(self) -> str:
        """The address that a sandbox has printed."""
        found = re.search(r"http://127\.0\.0\.1:\d+", self.output)
        assert found is not None, self.output
        return found.group()

    def exported(self) -> dict[str, str]:
        """The settings that a sandbox has printed for a bot beside it."""
        return dict(re.findall(r"^\s*export (\w+)=(\S+)$", self.output, re.MULTILINE))

    async def until(self, words: str) -> str:
        """Wait for a line with these words in it, and give that line."""
        async with asyncio.timeout(PATIENCE), self._said:
            while True:
                for line in self.lines:
                    if words in line:
                        return line
                assert not self._ended, f"it ended without {words!r}:\n{self.output}"
                await self._said.wait()

    async def ended(self) -> int:
        """Wait for its end; the exit code."""
        async with asyncio.timeout(PATIENCE):
            code = await self.process.wait()
            assert self._reader is not None
            await self._reader
        return code

    async def terminate(self) -> int:
        """Ask it to stop, as a service manager or Ctrl-C does; the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended()

    @property
    def _ended(self) -> bool:
        return self._reader is not None and self._reader.done()

    async def _read(self) -> None:
        assert self.process.stdout is not None
        async for line in self.process.stdout:
            async with self._said:
                self.lines.append(line.decode())
                self._said.notify_all()

    async def _tell_of_the_end(self) -> None:
        assert self._reader is not None
        await asyncio.wait([self._reader])
        async with self._said:
            self._said.notify_all()


def alone(environment: Mapping[str, str] | None) -> dict[str, str]:
    """The whole environment of a process that is to know nothing but this."""
    return {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1", **(environment or {})}


@asynccontextmanager
async def started(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    through: Sequence[str] | None = None,
) -> AsyncIterator[Started]:
    """`basecoach ARGUMENTS` in this folder, for the length of an `async with`; killed if it still runs then.

    The environment holds nothing but PATH and what is given. It is forked from a process that has imported the
    bot already, and that was started by the command `through`, if there is one; with an empty one it is a Python
    of its own.
    """
    running = Started(
        await basecoach(
            *arguments,
            folder=folder,
            environment=alone(environment),
            through=tuple(through or ()),
        )
        if through is None or through
        else await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=folder,
            env=alone(environment),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    )
    running._reader = asyncio.create_task(running._read())
    telling = asyncio.create_task(running._tell_of_the_end())
    try:
        yield running
    finally:
        if running.process.returncode is None:
            running.process.kill()
        await running.ended()
        await telling


async def outcome(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str] | None = None,
    through: Sequence[str] | None = None,
) -> tuple[int, str]:
    """Run a command to its end: its exit code and what it said."""
    async with started(
        *arguments, folder=folder, environment=environment, through=through
    ) as running:
        code = await running.ended()
    return code, running.output
