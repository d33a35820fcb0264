"""PgBouncer in transaction mode before the embedded PostgreSQL, as its user, reached by a socket in a folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.patience import PATIENCE

PORT = 6432
"""A part of the socket's name; nothing listens on a port."""

CONNECTIONS = 3
"""How many connections to the server all clients of a database share: fewer than a bot has of its own."""


def program() -> str | None:
    """Where PgBouncer is, if there is one: Debian has it in a folder that is not on every user's PATH."""
    return shutil.which("pgbouncer", path=f"{os.environ['PATH']}{os.pathsep}/usr/sbin")


def required() -> None:
    """Skip the test where there is no PgBouncer, or fail it if one is required."""
    if program() is None:
        words = "no pgbouncer (Debian: apt-get install --no-install-recommends pgbouncer)"
        if os.environ.get("REQUIRE_PGBOUNCER") == "1":
            pytest.fail(words)
        pytest.skip(words)


@contextlib.contextmanager
def pgbouncer(server: str, *settings: str) -> Iterator[Callable[[str], str]]:
    """Run a PgBouncer before the server at this address, with further lines of settings.

    Gives the function that turns the address of one of the server's databases into one through PgBouncer.
    """
    socket_folder = Path(str(sa.make_url(server).query["host"]))
    owner = socket_folder.stat()
    folder = Path(tempfile.mkdtemp(prefix="basecoach-pgbouncer-"))
    file = folder / "pgbouncer.ini"
    file.write_text(
        "[databases]\n"
        f"* = host={socket_folder} user=postgres\n"
        "[pgbouncer]\n"
        "listen_addr =\n"  # no port, which another process might take first
        f"listen_port = {PORT}\n"
        f"unix_socket_dir = {folder}\n"
        "auth_type = any\n"
        "pool_mode = transaction\n"
        f"default_pool_size = {CONNECTIONS}\n" + "".join(f"{line}\n" for line in settings)
    )
    as_owner: dict[str, int] = {}
    if os.getuid() == 0:  # PgBouncer refuses to run as root, and only the owner reaches the socket
        as_owner = {"user": owner.st_uid, "group": owner.st_gid}
        os.chown(folder, owner.st_uid, owner.st_gid)
    process = subprocess.Popen(
        [program() or "pgbouncer", "--quiet", str(file)],
        stderr=subprocess.DEVNULL,
        extra_groups=[] if as_owner else None,
        **as_owner,  # type: ignore[call-overload]
    )
    try:
        _wait_for(folder / f".s.PGSQL.{PORT}", process)

        def through(address: str) -> str:
            name = sa.make_url(address).database
            return f"postgresql://postgres@/{name}?host={folder}&port={PORT}"

        yield through
    finally:
        process.terminate()
        process.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(path: Path, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as client:
            client.connect(str(path))
            return
        assert process.poll() is None, "pgbouncer did not start"
        assert time.monotonic() < deadline, "pgbouncer does not listen"
        time.sleep(0.01)


@pytest.fixture
def new_pooled(
    postgresql_server: str, new_postgresql: Callable[[], str]
) -> Iterator[Callable[[], str]]:
    """Gives the address of a migrated database through PgBouncer, at each call that of another."""
    required()
    with pgbouncer(postgresql_server) as through:
        yield lambda: through(new_postgresql())
