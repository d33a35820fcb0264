"""Opens a database for the first time, and says in a sentence why it can't be opened and what to do next."""

from __future__ import annotations

import re

from sqlalchemy.engine import URL, Engine
from sqlalchemy.exc import DatabaseError, InterfaceError, OperationalError

from bot.database.failures import cause_of
from bot.problems import DatabaseProblem

_IN_ADDRESS = "“@” as %40, “/” as %2F, “:” as %3A, “#” as %23, “%” as %25"

_REFUSALS = (
    (
        r"database .* does not exist|no such database",
        "There is no database {database} on the server {host}. Make it "
        "(createdb --encoding=UTF8 --template=template0 --owner={user} {database}), or name another in "
        "DATABASE_URL.",
    ),
    (
        r"role .* does not exist|no such user",
        "The server {host} has no role {user}. Make it (createuser --pwprompt {user}), or name another in "
        "DATABASE_URL.",
    ),
    (
        r"is not permitted to log in",
        "The role {user} may not log in at the server {host}. Allow it (ALTER ROLE {user} LOGIN), or name "
        "another in DATABASE_URL.",
    ),
    (
        r"no password supplied",
        "The server {host} wants a password of the role {user}. Write it into DATABASE_URL: "
        "postgresql://{user}:password@…, with " + _IN_ADDRESS + ".",
    ),
    (
        r"password authentication failed|SASL authentication failed|auth failed",
        "The server {host} does not take the password of the role {user}, or has no such role. Write both "
        "into DATABASE_URL as the server knows them, in the password " + _IN_ADDRESS + ".",
    ),
    (
        r"no pg_hba\.conf entry|pg_hba\.conf rejects",
        "The server {host} does not let the role {user} in from this machine. Add a line for it to the "
        "server's pg_hba.conf and reload it.",
    ),
    (
        r"permission denied for database",
        "The role {user} may not use the database {database}. Allow it "
        "(GRANT CONNECT ON DATABASE {database} TO {user}), or name another in DATABASE_URL.",
    ),
    (
        r"too many clients|too many connections|remaining connection slots|no more connections allowed",
        "The server {host} has no connection left for the role {user}. Each process of Basecoach takes up to "
        "four: close others, raise the limit (max_connections, or that of the role or the database), or put a "
        "pooler before the server (docs/install.md).",
    ),
    (
        r"is starting up|is shutting down|in recovery mode|not yet accepting connections|terminating connection",
        "The server {host} is just starting or stopping. Try again in a moment.",
    ),
    (
        r"failed to resolve host|could not translate host name",
        "There is no host {host}. Check the name in DATABASE_URL, and that this machine can look it up.",
    ),
    (
        r"transaction blocks not allowed in statement pooling mode",
        "The pooler at {host} takes single statements only. Set pool_mode = transaction in its settings.",
    ),
)
"""What the server says in English when it refuses a connection, and the sentence for it. libpq gives no code for
such an error, so a server that speaks another language is quoted instead.
"""

_SILENT = re.compile(
    r"connection refused|timeout expired|no such file|no route|unreachable|server closed the connection"
    r"|connection reset|connection timed out",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"^.*(?:FATAL|failed|bad): *")


def check(engine: Engine) -> None:
    """Open the database once and, on SQLite, write to it.

    Raises DatabaseProblem, whose text is for the operator.
    """
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
                connection.exec_driver_sql("CREATE TABLE _writable (x)")
                connection.exec_driver_sql("DROP TABLE _writable")
            else:
                connection.exec_driver_sql("SELECT 1")
    except DatabaseError as error:
        raise problem_of(error, engine.url) from error


def problem_of(error: DatabaseError | InterfaceError, url: URL) -> DatabaseProblem:
    """Return why the database at this address could not be opened or used, as a problem for the operator."""
    if url.get_backend_name() == "sqlite":
        return DatabaseProblem(_of_sqlite(error, url))
    return DatabaseProblem(_of_postgresql(str(error.orig), url))


def _of_sqlite(error: DatabaseError | InterfaceError, url: URL) -> str:
    if not isinstance(error, OperationalError):
        return (
            f"{url.database} is not an SQLite database. "
            "Point DATABASE_URL at another file, or restore this one from a backup."
        )
    if "readonly" in str(error.orig):
        return (
            f"The database {url.database} is read-only. "
            "Make the file and its folder writable for the user that runs Basecoach."
        )
    if cause_of(error) == "disk_full":
        return f"The disk of the database {url.database} is full. Make room on it, and try again."
    return (
        f"The database {url.database} can't be opened ({error.orig}). "
        "Check that DATABASE_URL names a file in a folder that Basecoach may write to."
    )


def _of_postgresql(said: str, url: URL) -> str:
    name = url.render_as_string(hide_password=True)
    facts = {
        "host": url.host or url.query.get("host") or "localhost",
        "user": url.username or url.query.get("user") or "of this user",
        "database": url.database or "of the role's name",
    }
    for words, sentence in _REFUSALS:
        if re.search(words, said):
            return sentence.format(**facts)
    if _SILENT.search(said):
        return (
            f"PostgreSQL does not answer at {name}. Check DATABASE_URL and that the server is up."
        )
    reason = _PREFIX.sub("", said.strip().partition("\n")[0])
    return f"PostgreSQL at {name} says no ({reason}). Check DATABASE_URL and the server's log."
