"""What every test can ask for: a settable clock and a migrated database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import gc
import itertools
import os
import shutil
import zoneinfo
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from bot import gc_tuning, migrations
from bot.clock import SettableClock
from bot.database import Database
from tests import fits
from tests.connections import connecting
from tests.memory import leave_memory, move_into_memory
from tests.postgresql import new_postgresql, postgresql_databases, postgresql_server
from tests.statements import share_statements
from tests.turns import leave_to_others, turn

__all__ = ["new_postgresql", "postgresql_databases", "postgresql_server"]

zoneinfo.reset_tzpath(to=())  # as the command line does


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

LONG = (
    ("browser/",),
    ("commands/", "http/", "fuzz/"),
    ("slack/permissions/", "simulation/", "processes/", "soak/", "slack/delivery/test_every_code"),
)
"""Where tests start processes or let weeks pass, in parts that take about as long as each other."""


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


@pytest.fixture
def new_sqlite(sqlite_template: Path, tmp_path: Path) -> Callable[[], str]:
    """Makes the address of a migrated SQLite database."""
    numbers = itertools.count()

    def make() -> str:
        path = tmp_path / f"basecoach-{next(numbers)}.db"
        shutil.copy(sqlite_template, path)
        return f"sqlite:///{path}"

    return make


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


def pytest_configure(config: pytest.Config) -> None:
    """Keep files in memory, decided once for all workers, and compiled statements from test to test.

    From here on, views that are built while tests are collected have to fit as well.
    """
    fits.VIEWS.addHandler(fits.REFUSES)
    if not hasattr(config, "workerinput"):
        folder = move_into_memory()
        if folder is not None:
            config.add_cleanup(lambda: leave_memory(folder))
    share_statements()
    psycopg.connect = connecting()


def pytest_xdist_auto_num_workers() -> int | None:
    """Three workers for two cores: a third of the time a test waits for a process that it started."""
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None
    cores = os.cpu_count() or 1
    return cores + (cores + 1) // 2


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave repetitions to the runs whose turn it is, and have each worker begin with tests that take long.

    Each begins with a part of the long ones, so that none is left with one at the end. A worker begins with the
    tests of one stretch, all of which are of the same length (xdist's worksteal).
    """
    config.hook.pytest_deselected(items=leave_to_others(items, turn()))
    workers = int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1"))
    here = Path(__file__).parent
    stretches: list[list[pytest.Item]] = [[] for _ in range(workers)]
    short = []
    for item in items:
        place = item.path.relative_to(here).as_posix()
        part = next((n for n, rooms in enumerate(LONG) if place.startswith(rooms)), None)
        if part is None:
            short.append(item)
        else:
            stretches[part % workers].append(item)
    for number, stretch in enumerate(stretches):
        missing = (
            len(items) * (number + 1) // workers - len(items) * number // workers - len(stretch)
        )
        stretch += short[: max(missing, 0)]
        del short[: max(missing, 0)]
    items[:] = [item for stretch in stretches for item in stretch] + short


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
