"""The history of the schema, and the upgrade of a database to the newest revision.

SQLite is upgraded at start, and copied before that; PostgreSQL is upgraded by `basecoach migrate`. Alembic is
imported only when an upgrade is needed: one SELECT shows whether a database is up to date.
"""

from __future__ import annotations

import itertools
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from bot.database import Database, copy_database
from bot.problems import DatabaseProblem

HEAD = "0029"
"""The newest revision. A test compares it with the scripts in `versions/`."""

_LOCK = 0x62617365  # "base": the advisory lock that lets one process migrate at a time

_INSUFFICIENT_PRIVILEGE = "42501"


@dataclass(frozen=True)
class Upgrade:
    """What an upgrade has done: from which revision it came (None: nothing), and the copy from before (SQLite)."""

    before: str | None
    copy: Path | None = None


def current(database: Database) -> str | None:
    """Return the database's revision; None if it is empty. Raises DatabaseProblem for another program's tables."""
    with database.engine.connect() as connection:
        return _revision(connection)


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


def upgrade(database: Database) -> Upgrade | None:
    """Upgrade the schema to HEAD in one transaction; return None if it was at HEAD already.

    An SQLite database that holds something is copied first, to a file beside it; if the upgrade fails, the copy is
    removed, for nothing has changed. Processes that start together take turns: PostgreSQL by an advisory lock,
    SQLite by its write lock. Raises DatabaseProblem for a schema that is newer than this release, for a role that
    may not make tables, and if there can be no copy.
    """
    revision = current(database)
    if revision == HEAD:
        return None
    if not is_known(revision):
        require_current(database)
    copies: list[Path] = []
    try:
        with database.engine.begin() as connection:
            return _upgrade(database, connection, copies)
    except BaseException as error:
        for copy in copies:
            copy.unlink(missing_ok=True)
        if getattr(getattr(error, "orig", None), "sqlstate", None) == _INSUFFICIENT_PRIVILEGE:
            user = database.url.username
            raise DatabaseProblem(
                f"The role {user} may not make tables in the database {database.url.database}. Give it to the "
                f"role (ALTER DATABASE {database.url.database} OWNER TO {user}), or allow it "
                f"(GRANT CREATE ON SCHEMA public TO {user})."
            ) from error
        raise


def _upgrade(database: Database, connection: sa.Connection, copies: list[Path]) -> Upgrade | None:
    """Upgrade inside the transaction; a copy that is made is added to `copies`."""
    if not database.is_sqlite:
        # A migration may take long, and so may the migration of another process that this one waits for.
        connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
    before = _revision(connection)
    if before == HEAD:
        return None  # another process was faster
    if database.is_sqlite and before is not None:
        copies.append(_copied(Path(database.url.database or ""), before))
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_folder()))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    return Upgrade(before, *copies)


def _copied(database: Path, revision: str) -> Path:
    """Copy the database to a new file beside it, which is named after the revision."""
    for number in itertools.count(1):
        name = f"{database.name}.schema-{revision}" + (f"-{number}" if number > 1 else "")
        copy = database.with_name(name)
        try:
            copy_database(database, copy)
        except FileExistsError:
            continue
        except (OSError, sqlite3.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise DatabaseProblem(
                f"The database {database} can't be copied to {copy} before its schema is upgraded ({reason}). "
                "Nothing was changed: make room for the copy there, or let Basecoach write there."
            ) from error
        return copy
    raise AssertionError("there is always a next number")


def _revision(connection: sa.Connection) -> str | None:
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


def _folder() -> Path:
    return Path(__file__).parent
