"""The database: each thing that can be wrong with it, and the line that says so."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from bot import migrations
from bot.database import LIMITS, TransactionSettings
from bot.doctor.findings import Level, Notebook
from bot.doctor.storage import tell_limits
from tests.doctor.office import Office, seed
from tests.pgbouncer import new_pooled
from tests.postgresql import make_read_only

__all__ = ["new_pooled"]

# The database


async def test_a_database_that_is_not_there_yet_is_not_made(
    office_on: Callable[[str], Office], tmp_path: Path
) -> None:
    path = tmp_path / "data" / "basecoach.db"
    office = office_on(f"sqlite:///{path}")
    assert await office.lines("note", "Database") == [
        f"There is no database {path} yet. `basecoach run` makes it."
    ]
    assert await office.lines("mend") == []
    assert list(tmp_path.iterdir()) == []


async def test_a_file_where_a_folder_should_be(
    office_on: Callable[[str], Office], tmp_path: Path
) -> None:
    (tmp_path / "data").write_text("a file")
    office = office_on(f"sqlite:///{tmp_path}/data/basecoach.db")
    (mend,) = await office.lines("mend", "Database")
    assert "can't be made" in mend


async def test_a_file_that_is_not_a_database(
    office_on: Callable[[str], Office], tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("these are my notes, not a database\n" * 50)
    assert await office_on(f"sqlite:///{path}").lines("mend", "Database") == [
        f"{path} is not an SQLite database. "
        "Point DATABASE_URL at another file, or restore this one from a backup."
    ]


async def test_a_folder_is_not_a_database(
    office_on: Callable[[str], Office], tmp_path: Path
) -> None:
    (mend,) = await office_on(f"sqlite:///{tmp_path}").lines("mend", "Database")
    assert mend.startswith(f"The database {tmp_path} can't be opened (unable to open")


async def test_a_disk_that_is_nearly_full_is_named(
    office_on: Callable[[str], Office], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = office_on(f"sqlite:///{tmp_path}/basecoach.db")
    assert await office.lines("mend", "Database") == []
    usage = shutil.disk_usage(tmp_path)._replace(free=42_000_000)
    monkeypatch.setattr("bot.database.disk.shutil.disk_usage", lambda path: usage)
    assert await office.lines("mend", "Database") == [
        "Only 42 MB are left on the database's disk, and the database takes 0 MB. "
        "Make room: backups fail first, and then everything that people do."
    ]


@contextlib.contextmanager
def as_nobody(*paths: Path) -> Iterator[None]:
    """Without the right to write to `paths`, also for root, who may write to everything."""
    for path in paths:
        path.chmod(0o555 if path.is_dir() else 0o444)
    root = os.geteuid() == 0
    if root:
        os.seteuid(65534)
    try:
        yield
    finally:
        if root:
            os.seteuid(0)
        for path in paths:
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user can reach, unlike pytest's own."""
    with tempfile.TemporaryDirectory(prefix="basecoach-") as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


@pytest.mark.parametrize("folder_too", [False, True])
async def test_a_read_only_file(
    office_on: Callable[[str], Office],
    new_sqlite: Callable[[], str],
    open_folder: Path,
    folder_too: bool,
) -> None:
    path = open_folder / "basecoach.db"
    path.write_bytes(Path(new_sqlite().removeprefix("sqlite:///")).read_bytes())
    if not folder_too:
        open_folder.chmod(0o777)
    office = office_on(f"sqlite:///{path}")
    with as_nobody(*([path, open_folder] if folder_too else [path])):
        (mend,) = await office.lines("mend", "Database")
    assert mend.startswith(f"The database {path} ")
    assert "writ" in mend


async def test_a_folder_in_which_no_database_can_be_made(
    office_on: Callable[[str], Office], open_folder: Path
) -> None:
    office = office_on(f"sqlite:///{open_folder}/data/basecoach.db")
    with as_nobody(open_folder):
        (mend,) = await office.lines("mend", "Database")
    assert f"{open_folder} is not writable" in mend


@pytest.mark.postgresql
async def test_a_read_only_postgresql(
    office_on: Callable[[str], Office], new_postgresql: Callable[[], str]
) -> None:
    url = new_postgresql()
    office = office_on(url)
    office.change(seed)
    make_read_only(url)
    (mend,) = await office.lines("mend", "Database")
    assert "is read-only: a standby, or made so by a setting." in mend
    assert await office.lines("ok", "Set-up")


async def test_a_postgresql_that_does_not_answer(office_on: Callable[[str], Office]) -> None:
    office = office_on("postgresql://basecoach:hunter2@127.0.0.1:1/basecoach")
    (mend,) = await office.lines("mend", "Database")
    assert mend.startswith("PostgreSQL does not answer at ")
    assert "hunter2" not in mend


@pytest.mark.postgresql
async def test_a_pooler_is_named_and_limits_are_in_force(
    office_on: Callable[[str], Office], new_pooled: Callable[[], str]
) -> None:
    office = office_on(new_pooled())
    office.change(seed)
    assert await office.lines("mend", "Database") == []
    (note,) = await office.lines("note", "Database")
    assert note.startswith("A pooler stands before PostgreSQL: nothing is prepared on the server")
    assert (
        "Time limits are in force: a statement ends after 10s, a wait for a lock after 5s, an idle "
        "transaction after 30s."
    ) in await office.lines("ok", "Database")


@pytest.mark.postgresql
async def test_a_pooler_is_taken_for_granted_by_the_setting(
    office_on: Callable[[str], Office], new_postgresql: Callable[[], str]
) -> None:
    office = office_on(new_postgresql())
    office.change(seed)
    assert await office.lines("note", "Database") == []
    assert len([line for line in await office.lines("ok", "Database") if "in force" in line]) == 1
    office.values["BASECOACH_DATABASE_POOLER"] = "yes"
    (note,) = await office.lines("note", "Database")
    assert note.startswith("A pooler stands before PostgreSQL")


def test_limits_that_are_lost_on_the_way_are_to_be_mended() -> None:
    said = Notebook("Database")
    tell_limits(said, TransactionSettings(pooled=False, limits={**LIMITS, "lock_timeout": "0"}))
    (finding,) = said.findings
    assert finding.level is Level.MEND
    assert finding.words.startswith("Time limits are not in force (lock_timeout is 0)")
    assert finding.words.endswith("Set BASECOACH_DATABASE_POOLER=yes.")


def at_revision(revision: str | None) -> Callable[[Session], object]:
    def work(session: Session) -> None:
        connection = session.connection()
        connection.execute(sa.text("DELETE FROM alembic_version"))
        if revision is not None:
            connection.execute(sa.text("INSERT INTO alembic_version VALUES (:r)"), {"r": revision})

    return work


async def test_an_old_schema(any_office: Office) -> None:
    any_office.change(at_revision(None))
    if any_office.database_url.startswith("postgresql"):
        assert await any_office.lines("mend", "Database") == [
            f"The database's schema is at nothing, this release needs {migrations.HEAD}. "
            "Run `basecoach migrate`, then start again."
        ]
    else:
        assert await any_office.lines("note", "Database") == [
            f"The schema is at nothing, this release's is {migrations.HEAD}. "
            "`basecoach run` upgrades it when it starts."
        ]
    assert await any_office.lines("ok", "Slack")


async def test_copies_from_before_upgrades_are_named(office: Office, tmp_path: Path) -> None:
    path = Path(office.database_url.removeprefix("sqlite:///"))
    assert await office.lines("note", "Database") == []
    path.with_name(f"{path.name}.schema-0007").touch()
    (note,) = await office.lines("note", "Database")
    assert note.startswith(
        f"Beside the database lies what it was before an upgrade ({path.name}.schema-0007)."
    )


async def test_a_newer_schema(any_office: Office) -> None:
    any_office.change(at_revision("9999"))
    (mend,) = await any_office.lines("mend", "Database")
    assert mend.startswith("The database's schema is at 9999, which this release does not know.")


async def test_somebody_elses_database(any_office: Office) -> None:
    any_office.change(
        lambda session: session.connection().exec_driver_sql("DROP TABLE alembic_version")
    )
    (mend,) = await any_office.lines("mend", "Database")
    assert mend.startswith("The database holds other tables than Basecoach's.")
