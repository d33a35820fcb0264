"""Why a database can't be opened: a sentence of its own for each reason, with what to do next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
import sqlalchemy as sa

from bot.database import Database, problem_of
from bot.problems import DatabaseProblem
from tests.full_disk import full_disk

URL = sa.make_url("postgresql+psycopg://sales:hunter2@db.example.com/basecoach")
AT = 'connection failed: connection to server at "192.0.2.7", port 5432 failed: '


def words(said: str) -> str:
    """The sentence for what the server or the library said."""
    error = sa.exc.OperationalError("", None, psycopg.OperationalError(said))
    return str(problem_of(error, URL))


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (
            AT + 'FATAL:  database "basecoach" does not exist',
            "There is no database basecoach on the server db.example.com. Make it (createdb --encoding=UTF8 "
            "--template=template0 --owner=sales basecoach), or name another in DATABASE_URL.",
        ),
        (
            AT + "FATAL:  no such database: basecoach",
            "There is no database basecoach on the server",
        ),
        (
            AT + 'FATAL:  role "sales" does not exist',
            "The server db.example.com has no role sales. Make it (createuser --pwprompt sales), or name "
            "another in DATABASE_URL.",
        ),
        (
            AT + 'FATAL:  role "sales" is not permitted to log in',
            "The role sales may not log in at the server db.example.com. Allow it (ALTER ROLE sales LOGIN), "
            "or name another in DATABASE_URL.",
        ),
        (AT + "fe_sendauth: no password supplied", "wants a password of the role sales."),
        (
            AT + 'FATAL:  password authentication failed for user "sales"',
            "The server db.example.com does not take the password of the role sales, or has no such role.",
        ),
        (
            AT
            + 'FATAL:  no pg_hba.conf entry for host "192.0.2.9", user "sales", database "basecoach"',
            "does not let the role sales in from this machine. Add a line for it to the server's pg_hba.conf",
        ),
        (
            AT
            + 'FATAL:  permission denied for database "basecoach"\nDETAIL:  User does not have CONNECT',
            "Allow it (GRANT CONNECT ON DATABASE basecoach TO sales)",
        ),
        (
            AT + "FATAL:  sorry, too many clients already",
            "The server db.example.com has no connection left for the role sales. Each process of Basecoach "
            "takes up to four: close others",
        ),
        (
            AT + 'FATAL:  too many connections for role "sales"',
            "has no connection left for the role sales.",
        ),
        (
            AT
            + "FATAL:  remaining connection slots are reserved for roles with the SUPERUSER attribute",
            "has no connection left for the role sales.",
        ),
        (AT + "FATAL:  no more connections allowed (max_client_conn)", "has no connection left"),
        (
            AT + "FATAL:  the database system is starting up",
            "is just starting or stopping. Try again",
        ),
        (
            "terminating connection due to administrator command",
            "is just starting or stopping. Try again",
        ),
        (
            "failed to resolve host 'db.example.com': [Errno -2] Name or service not known",
            "There is no host db.example.com. Check the name in DATABASE_URL",
        ),
        (
            AT + "FATAL:  transaction blocks not allowed in statement pooling mode",
            "Set pool_mode = transaction in its settings.",
        ),
        (
            AT + "Connection refused\n\tIs the server running on that host?",
            "PostgreSQL does not answer at postgresql+psycopg://sales:***@db.example.com/basecoach. Check "
            "DATABASE_URL and that the server is up.",
        ),
        ("connection timeout expired", "PostgreSQL does not answer at "),
        (
            AT + "FATAL:  Datenbank »basecoach« existiert nicht\nDETAIL:  …",
            "says no (Datenbank »basecoach« existiert nicht). Check DATABASE_URL and the server's log.",
        ),
    ],
)
def test_each_reason_has_a_sentence_of_its_own(said: str, sentence: str) -> None:
    assert sentence in words(said)
    assert "hunter2" not in words(said)


@contextmanager
def made(connection: sa.Connection, name: str, how: str, what: str) -> Iterator[None]:
    connection.exec_driver_sql(f"CREATE {what} {name} {how}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"DROP {what} {name}")


@pytest.mark.postgresql
def test_the_server_itself_says_what_the_sentences_are_for(postgresql_server: str) -> None:
    url = sa.make_url(postgresql_server)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)

    def refused(**facts: str) -> str:
        address = url.set(**facts).render_as_string(hide_password=False)  # type: ignore[arg-type]
        database = Database(address)
        try:
            with pytest.raises(DatabaseProblem) as problem:
                database.check()
        finally:
            database.close()
        return str(problem.value)

    with (
        admin.connect() as connection,
        made(connection, "shut_out", "NOLOGIN", "ROLE"),
        made(connection, "crowded", "LOGIN CONNECTION LIMIT 0", "ROLE"),
    ):
        assert "There is no database nowhere on the server" in refused(database="nowhere")
        assert "has no role nobody. Make it" in refused(username="nobody")
        assert "The role shut_out may not log in" in refused(username="shut_out")
        assert "has no connection left for the role crowded" in refused(username="crowded")


def test_nobody_where_the_server_should_be() -> None:
    database = Database("postgresql://basecoach:hunter2@127.0.0.1:1/basecoach")
    with pytest.raises(DatabaseProblem, match="PostgreSQL does not answer at") as refused:
        database.check()
    assert "hunter2" not in str(refused.value)
    database.close()


@pytest.mark.sqlite
def test_a_full_disk_is_named(new_sqlite: Callable[[], str]) -> None:
    database = Database(new_sqlite())
    try:
        with (
            full_disk(database),
            pytest.raises(
                DatabaseProblem, match=r"The disk of the database .* is full\. Make room"
            ),
        ):
            database.check()
        database.check()
    finally:
        database.close()
