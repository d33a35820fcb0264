"""Check-ins in the database, seen and changed from outside: due, posted, or to be posted once more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from bench.layouts import column
from bench.people import TIMEZONE
from bot.database import create_engine, parse_url, table
from bot.domain.tables import CheckIn, Enrolment, OutboxItem, Team


def reset(database_url: str) -> None:
    """Forget that the check-ins of `fill(check_ins="scheduled")` were ever posted; none is due."""
    with connected(database_url) as connection:
        known = {found["name"] for found in sa.inspect(connection).get_columns("outbox")}
        rendered = column("outbox", "rendered_version", known)
        desired = column("outbox", "desired_version", known)
        connection.exec_driver_sql("DELETE FROM reminder")
        connection.exec_driver_sql(
            "UPDATE check_in SET state = 'scheduled', delivered_at = NULL, deadline_at = NULL"
        )
        connection.exec_driver_sql(
            f"UPDATE outbox SET lane = 'post', {rendered} = 0, {desired} = 1,"  # noqa: S608
            " channel = NULL, ts = NULL, posted_at = NULL, claimed_by = NULL, due_at = NULL"
        )


def make_due(database_url: str) -> None:
    """Have all of them due this minute, by their teams' schedules too: others would wait for working hours."""
    now = datetime.now(UTC).replace(second=0, microsecond=0)
    local = now.astimezone(ZoneInfo(TIMEZONE))
    with connected(database_url) as connection:
        connection.execute(
            sa.update(table(Team)).values(check_in_day=local.weekday(), check_in_at=local.time())
        )
        connection.execute(sa.update(table(CheckIn)).values(due_at=now))
        connection.execute(sa.update(table(OutboxItem)).values(due_at=now))


def enrolments_due(database_url: str) -> None:
    """Have everybody's next check-in due since half a minute."""
    with connected(database_url) as connection:
        since = datetime.now(UTC) - timedelta(seconds=30)
        connection.execute(sa.update(table(Enrolment)).values(next_due_at=since))


def posted(database_url: str) -> int:
    """How many check-ins are noted as posted, delivered and open."""
    with connected(database_url) as connection:
        known = {found["name"] for found in sa.inspect(connection).get_columns("outbox")}
        return count(
            connection,
            "outbox JOIN check_in ON check_in.id = outbox.subject_id"
            f" WHERE ts IS NOT NULL AND {column('outbox', 'rendered_version', known)} = 1"
            " AND state = 'open'",
        )


def count(connection: sa.Connection, of: str) -> int:
    """How many rows there are of what follows FROM."""
    return int(connection.exec_driver_sql(f"SELECT count(*) FROM {of}").scalar_one())  # noqa: S608


def counted(database_url: str, of: str) -> int:
    """The same, on a connection of its own."""
    with connected(database_url) as connection:
        return count(connection, of)


@contextmanager
def connected(database_url: str) -> Iterator[sa.Connection]:
    """A transaction of its own, committed when the `with` block ends."""
    engine = create_engine(parse_url(database_url), writes=True, pool_size=1)
    with engine.begin() as connection:
        yield connection
    engine.dispose()
