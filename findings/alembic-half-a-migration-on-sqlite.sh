#!/usr/bin/env bash
# With Alembic as its own template sets it up, a migration that fails on SQLite leaves half of itself, and can't be repeated.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet alembic==1.20.1 sqlalchemy==2.1.9

cd "$folder"
venv/bin/alembic init --template generic migrations >init.log 2>&1
sed -i "s#^sqlalchemy.url = .*#sqlalchemy.url = sqlite:///coaching.db#" alembic.ini
cat >migrations/versions/0001_zones.py <<'EOF'
"""Adds a column, then stumbles over a name that is there twice."""

import sqlalchemy as sa
from alembic import op

revision, down_revision = "0001", None


def upgrade() -> None:
    op.add_column("reps", sa.Column("zone", sa.Text()))
    op.create_index("one_of_a_name", "reps", ["name"], unique=True)
EOF

env -i PATH="$PATH" HOME="$folder" timeout 60 venv/bin/python - <<'EOF'
import sqlite3
import subprocess
import sys
from importlib.metadata import version


def migrate() -> str:
    run = subprocess.run(["venv/bin/alembic", "upgrade", "head"], capture_output=True, text=True, timeout=30)
    said = [line for line in run.stderr.splitlines() if line.startswith("sqlalchemy.exc")]
    return said[0].partition(") ")[2] if said else "done"


def query(sql: str) -> list:
    connection = sqlite3.connect("coaching.db")
    try:
        with connection:
            return connection.execute(sql).fetchall()
    finally:
        connection.close()


query("CREATE TABLE reps (id INTEGER PRIMARY KEY, name TEXT NOT NULL)")
query("INSERT INTO reps VALUES (1, 'Ana'), (2, 'Ana')")
first = migrate()
columns = [row[1] for row in query("PRAGMA table_info(reps)")]
revisions = query("SELECT version_num FROM alembic_version")
query("UPDATE reps SET name = 'Ben' WHERE id = 2")  # what stood in the way is mended
second = migrate()

print(f"Alembic {version('alembic')}, SQLAlchemy {version('sqlalchemy')}, SQLite {sqlite3.sqlite_version}")
print(f"first run:  {first}")
print(f"then:       columns {columns}, revision {revisions}")
print(f"second run, with the name mended: {second}")
if columns != ["id", "name", "zone"] or revisions != [] or "duplicate column" not in second:
    sys.exit("The behaviour has changed.")
EOF
