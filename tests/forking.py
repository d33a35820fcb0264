"""Starts `basecoach …` as a process of its own, from one that has imported everything already.

Importing the bot takes longer than most of what tests start it for. So one process of each worker imports it
once, without a thread or an event loop, and every `basecoach` is a fork of it: with an environment, a folder,
pipes and an end of its own, and with the command line's own main function.

    python -m tests.forking 3     # serves the socket that is its file descriptor 3
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import zoneinfo
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

LONGEST = 100_000
"""Bytes of a request: arguments, folder and environment."""


class Forked:
    """A process that was forked; it can be told and awaited like one of asyncio's."""

    def __init__(
        self,
        pid: int,
        output: asyncio.StreamReader,
        told: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self.pid = pid
        self.stdout = output
        self.returncode: int | None = None
        self._told, self._line = told
        self._waiting = asyncio.Lock()

    async def wait(self) -> int:
        """Wait for its end; the exit code, or the negative number of the signal that ended it."""
        async with self._waiting:
            if self.returncode is None:
                self.returncode = int(await self._told.readline())
                self._line.close()
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.returncode is None:
            # Whoever waits for it is its parent, and tells of its end before the number can be another's.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


async def basecoach(
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    terminal: int | None = None,
    through: tuple[str, ...] = (),
) -> Forked:
    """`basecoach ARGUMENTS` in this folder with this environment alone; both outputs go to `stdout`.

    With the file descriptor of a terminal, they go there, and what is typed there is its input. `through` is a
    command that starts the process which it is forked from.
    """
    ours, theirs = socket.socketpair()
    reading, writing = os.pipe()
    if terminal is not None:
        os.dup2(terminal, writing)
    request = json.dumps(
        {
            "arguments": arguments,
            "folder": str(folder),
            "environment": dict(environment),
            "is_asked": terminal is not None,
        }
    ).encode()
    socket.send_fds(_server(through), [request], [theirs.fileno(), writing])
    theirs.close()
    os.close(writing)
    ours.setblocking(False)
    told = await asyncio.open_unix_connection(sock=ours)
    output = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb")
    )
    return Forked(int(await told[0].readline()), output, told)


@cache
def _server(through: tuple[str, ...]) -> socket.socket:
    """The socket to this worker's server that this command has started; it ends with the worker."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    process = subprocess.Popen(
        [*through, sys.executable, "-m", "tests.forking", str(theirs.fileno())],
        cwd=Path(__file__).parents[1],
        pass_fds=[theirs.fileno()],
    )
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


def _serve(requests: socket.socket) -> None:
    """Fork for each request; end when the other side has ended."""
    signal.signal(
        signal.SIGCHLD, signal.SIG_IGN
    )  # whoever waits for a process is reaped by the system
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        request, descriptors, _, _ = socket.recv_fds(requests, LONGEST, 2)
        if not request:
            return
        told, output = descriptors
        if os.fork() == 0:
            requests.close()
            _wait_for_another(json.loads(request), told, output)
        os.close(told)
        os.close(output)


def _wait_for_another(request: dict[str, Any], told: int, output: int) -> None:
    """Fork once more, and tell the one who asked the other's number and its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    pid = os.fork()
    if pid == 0:
        os.close(told)
        signal.signal(signal.SIGINT, signal.default_int_handler)
        _become(request, output)
    os.close(output)
    os.write(told, b"%d\n" % pid)
    _, status = os.waitpid(pid, 0)
    with contextlib.suppress(BrokenPipeError):
        os.write(told, b"%d\n" % os.waitstatus_to_exitcode(status))
    os._exit(0)


def _become(request: dict[str, Any], output: int) -> None:
    """Be `basecoach …`, to the end."""
    os.dup2(output if request["is_asked"] else os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", 1, encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    zoneinfo.ZoneInfo.clear_cache()
    sys.argv = ["basecoach", *request["arguments"]]
    code = 1
    try:
        import_module("bot.__main__").main()
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())  # type: ignore[arg-type]
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _import_everything() -> None:
    from bot.__main__ import COMMANDS

    for where in COMMANDS.values():
        import_module(where.partition(":")[0])
    import_module("bot.app")
    import_module("bot.sandbox.server")
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    _import_everything()
    _serve(socket.socket(fileno=int(sys.argv[1])))
