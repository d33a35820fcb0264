"""The history of the schema, and the upgrade of a database to the newest revision.

SQLite is upgraded at start; PostgreSQL by `basecoach migrate`. Alembic is imported only when an upgrade is needed:
one SELECT shows whether a database is up to date.
"""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot.database import Database
from bot.problems import DatabaseProblem

HEAD = "0014"
"""The newest revision. A test compares it with the scripts in `versions/`."""

_LOCK = 0x62617365  # "base": the advisory lock that lets one process migrate at a time


def current(database: Database) -> str | None:
    """Return the database's revision; None if it is empty. Raises DatabaseProblem for another program's tables."""
    with database.engine.connect() as connection:
        tables = set(sa.inspect(connection).get_table_names())
        if "alembic_version" not in tables:
            if tables:
                raise DatabaseProblem(
                    "The database holds other tables than Basecoach's. "
                    "Give Basecoach an empty database of its own in DATABASE_URL."
                )
            return None
        found: str | None = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return found


def is_known(revision: str | None) -> bool:
    """Return whether this release knows the revision (after a downgrade of the program it does not)."""
    return revision is None or any(
        path.name.startswith(f"{revision}_") for path in _folder().glob("versions/*.py")
    )


def require_current(database: Database) -> None:
    """Raise DatabaseProblem, which says what to do, unless the schema is this release's."""
    revision = current(database)
    if revision == HEAD:
        return
    if not is_known(revision):
        raise DatabaseProblem(
            f"The database's schema is at {revision}, which this release does not know. "
            "Run the newer release of Basecoach that made it, or restore a backup from before."
        )
    raise DatabaseProblem(
        f"The database's schema is at {revision or 'nothing'}, this release needs {HEAD}. "
        "Run `basecoach migrate`, then start again."
    )


def upgrade(database: Database) -> bool:
    """Upgrade the schema to HEAD in one transaction; return False if it was at HEAD already.

    Processes that start together take turns: PostgreSQL by an advisory lock, SQLite by its write lock.
    Raises DatabaseProblem for a schema that is newer than this release.
    """
    revision = current(database)
    if revision == HEAD:
        return False
    if not is_known(revision):
        require_current(database)
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_folder()))
    with database.engine.begin() as connection:
        if not database.is_sqlite:
            # A migration may take long, and so may the migration of another process that this one waits for.
            connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
            connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True


def _folder() -> Path:
    return Path(__file__).parent
