#!/usr/bin/env bash
# With a busy timeout of two seconds, SQLite refuses at once to turn to its write-ahead log while somebody else writes.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet pysqlite3-binary==0.5.4.post2

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - "$folder" <<'EOF'
import sys
import time

from pysqlite3 import dbapi2 as sqlite3

TIMEOUT = 2.0
"""Seconds for which a connection is told to wait for locks."""


def waited(name: str, holds: tuple[str, ...], wants: str) -> float:
    """For how many seconds `wants` waits, until it fails, while another connection is where `holds` left it."""
    path = f"{sys.argv[1]}/{name}.db"
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("CREATE TABLE visit (place TEXT)")
    for statement in holds:
        other.execute(statement)
    connection = sqlite3.connect(path, isolation_level=None, timeout=TIMEOUT)
    began = time.monotonic()
    try:
        connection.execute(wants)
    except sqlite3.OperationalError as error:
        took = time.monotonic() - began
        print(f"{' '.join(holds)}: another's {wants} fails after {took:.1f} s: {error}")
        return took
    sys.exit(f"The behaviour has changed: {wants} went through.")


print(f"SQLite {sqlite3.sqlite_version}, busy timeout {TIMEOUT:.0f} s")
write = waited("write", ("BEGIN IMMEDIATE",), "BEGIN IMMEDIATE")
alone = waited("alone", ("BEGIN EXCLUSIVE",), "PRAGMA journal_mode=WAL")
beside = waited("beside", ("BEGIN IMMEDIATE",), "PRAGMA journal_mode=WAL")
if not (write >= TIMEOUT - 0.2 and alone >= TIMEOUT - 0.2 and beside < 0.5):
    sys.exit("The behaviour has changed.")
EOF
