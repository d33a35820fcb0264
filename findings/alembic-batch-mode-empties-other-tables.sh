#!/usr/bin/env bash
# Alembic's batch mode on SQLite deletes the rows of other tables that refer to the table with ON DELETE CASCADE.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet alembic==1.20.1 sqlalchemy==2.1.9

cd "$folder"
env -i PATH="$PATH" HOME="$folder" timeout 60 venv/bin/python - <<'EOF'
import sqlite3
import sys
from importlib.metadata import version

import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.operations import Operations

engine = sa.create_engine("sqlite:///coaching.db")


@sa.event.listens_for(engine, "connect")
def foreign_keys_are_checked(connection, record) -> None:
    connection.execute("PRAGMA foreign_keys = ON")


with engine.begin() as connection:
    for statement in (
        "CREATE TABLE reps (id INTEGER PRIMARY KEY, name TEXT)",
        "CREATE TABLE answers (id INTEGER PRIMARY KEY, rep_id INTEGER NOT NULL REFERENCES reps ON DELETE CASCADE)",
        "INSERT INTO reps VALUES (1, 'Ana'), (2, 'Ben')",
        "INSERT INTO answers VALUES (1, 1), (2, 1), (3, 2)",
    ):
        connection.exec_driver_sql(statement)


def count(table: str) -> int:
    with engine.connect() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()


before = {table: count(table) for table in ("reps", "answers")}
with engine.begin() as connection:
    operations = Operations(MigrationContext.configure(connection))
    with operations.batch_alter_table("reps") as batch:
        batch.alter_column("name", existing_type=sa.Text(), nullable=False)
after = {table: count(table) for table in ("reps", "answers")}

print(f"Alembic {version('alembic')}, SQLAlchemy {version('sqlalchemy')}, SQLite {sqlite3.sqlite_version}")
print("The migration makes reps.name NOT NULL, and raises nothing.")
print(f"rows before: {before}")
print(f"rows after:  {after}")
if before != {"reps": 2, "answers": 3} or after != {"reps": 2, "answers": 0}:
    sys.exit("The behaviour has changed.")
EOF
