"""The product as its users start it: `basecoach run --http` in a process of its own."""

from __future__ import annotations

import contextlib
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass

from bench.builds import Build
from bench.load import SIGNING_SECRET

READY = "bot.app: started"
LAZY = ("alembic", "matplotlib")
"""What nobody needs who only starts the bot."""

_CODE = f"""
import atexit, sys
atexit.register(lambda: print("imported", *(m for m in {LAZY!r} if m in sys.modules), file=sys.stderr))
sys.argv = ["basecoach", "run", "--http"]
from bot.__main__ import main
main()
"""


@dataclass
class Running:
    """A bot that is ready."""

    pid: int
    ready_after: float
    """Seconds from the start of the process."""
    imported: tuple[str, ...] = ()
    """Which of LAZY it had imported when it stopped; known once the `with` block has ended."""


@contextlib.contextmanager
def basecoach(build: Build, database_url: str, api_url: str) -> Iterator[Running]:
    """The build's bot over this database and this Web API, stopped as a supervisor would."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = build.environment(
        SLACK_BOT_TOKEN="xoxb-000000000000-000000000000-nobodys",  # noqa: S106
        SLACK_SIGNING_SECRET=SIGNING_SECRET,
        SLACK_API_URL=api_url,
        DATABASE_URL=database_url,
        BASECOACH_HTTP_PORT=str(port),
    )
    began = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [build.python, "-P", "-c", _CODE],
        stderr=subprocess.PIPE,
        text=True,
        cwd=build.folder,
        env=environment,
    )
    assert process.stderr is not None  # noqa: S101
    running = Running(process.pid, 0.0)
    told = []
    try:
        for line in process.stderr:
            told.append(line)
            if READY in line:
                break
        else:
            raise RuntimeError(f"the bot did not start:\n{''.join(told)}")
        running.ready_after = time.perf_counter() - began
        yield running
    finally:
        process.terminate()
        _, rest = process.communicate(timeout=30)
        running.imported = tuple(
            name
            for line in rest.splitlines()
            if line.startswith("imported")
            for name in line.split()[1:]
        )
