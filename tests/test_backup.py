"""Backups: taken while the database is written to, whole or not there, and good to start from."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlmodel import Session, select

from bot import backup, migrations
from bot.__main__ import main
from bot.backup import back_up
from bot.database import Database, opened
from bot.domain.setup import workspaces
from bot.domain.tables import Workspace
from bot.problems import BackupProblem, DatabaseProblem

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def install(session: Session, number: int) -> None:
    workspaces.install(
        session, slack_team_id=f"T{number:06}", name="Harbor", bot_user_id="U0BOT", now=NOW
    )


def teams(session: Session) -> list[str]:
    return sorted(found.slack_team_id for found in session.exec(select(Workspace)))


def no_trace_of(target: Path) -> bool:
    return not any(target.name in path.name for path in target.parent.iterdir())


@pytest.fixture
def url(new_sqlite: Callable[[], str]) -> str:
    return new_sqlite()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "monday.backup"


def test_a_backup_is_one_file_that_the_bot_starts_from(url: str, target: Path) -> None:
    with opened(url) as database:
        database.write_now(install, 1)
        made = back_up(url, target)
        database.write_now(install, 2)  # after the backup
    assert (made.path, made.size) == (target, target.stat().st_size)
    assert made.revision == migrations.HEAD
    assert [path.name for path in target.parent.iterdir() if "monday" in path.name] == [target.name]
    assert target.stat().st_mode & 0o777 == 0o600
    with opened(f"sqlite:///{target}") as restored:
        migrations.require_current(restored)
        assert restored.read_now(teams) == ["T000001"]
        restored.write_now(install, 3)


def test_what_was_durable_before_it_began_is_in_it_whatever_is_written_meanwhile(
    url: str, tmp_path: Path
) -> None:
    written: list[int] = []
    stop, wrote = threading.Event(), threading.Semaphore(0)

    def write(database: Database) -> None:
        number = 0
        while not stop.is_set():
            database.write_now(install, number)
            written.append(number)
            wrote.release()
            number += 1

    with opened(url) as database:
        writer = threading.Thread(target=write, args=(database,))
        writer.start()
        try:
            for copy in range(10):
                wrote.acquire()  # a write for each copy, however fast copies are
                before = len(written)
                target = tmp_path / f"{copy}.backup"
                back_up(url, target)
                with closing(sqlite3.connect(target)) as connection:
                    found = connection.execute("SELECT slack_team_id FROM workspace").fetchall()
                numbers = sorted(int(team_id[1:]) for (team_id,) in found)
                # Everything up to some moment, with no hole, and no moment before the backup began.
                assert numbers == list(range(len(numbers)))
                assert len(numbers) >= before
        finally:
            stop.set()
            writer.join()
    assert len(written) >= 10


def test_it_takes_no_write_lock(url: str, target: Path) -> None:
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        back_up(url, target)
        other.execute("ROLLBACK")


@pytest.mark.parametrize("kind", ["file", "folder", "dangling link"])
def test_nothing_is_overwritten(url: str, target: Path, kind: str) -> None:
    match kind:
        case "file":
            target.write_text("precious")
        case "folder":
            target.mkdir()
        case _:
            target.symlink_to(target.parent / "nowhere")
    with pytest.raises(BackupProblem, match="is there already"):
        back_up(url, target)
    if kind == "file":
        assert target.read_text() == "precious"


def test_a_file_that_comes_into_being_meanwhile_is_not_overwritten(
    url: str, target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = os.link

    def late(source: Path, to: Path) -> None:
        target.write_text("precious")
        link(source, to)

    monkeypatch.setattr(backup.os, "link", late)
    with pytest.raises(BackupProblem, match="came into being meanwhile"):
        back_up(url, target)
    assert target.read_text() == "precious"
    assert [path.name for path in target.parent.iterdir() if "monday" in path.name] == [target.name]


def test_a_missing_folder_or_database_is_named(url: str, tmp_path: Path) -> None:
    with pytest.raises(BackupProblem, match="There is no folder"):
        back_up(url, tmp_path / "nowhere" / "backups" / "copy")
    (tmp_path / "file").touch()
    with pytest.raises(BackupProblem, match="file is not a folder"):
        back_up(url, tmp_path / "file" / "copy")
    missing = tmp_path / "none.db"
    with pytest.raises(BackupProblem, match="There is no database"):
        back_up(f"sqlite:///{missing}", tmp_path / "copy")
    assert not missing.exists()
    with pytest.raises(DatabaseProblem):
        back_up("mysql://host/database", tmp_path / "copy")


def test_a_damaged_or_foreign_file_is_no_backup(tmp_path: Path, target: Path) -> None:
    for content in (b"not a database" * 1000, b""):
        source = tmp_path / "source.db"
        source.write_bytes(content)
        with pytest.raises(BackupProblem, match="could not be copied"):
            back_up(f"sqlite:///{source}", target)
        assert no_trace_of(target)


def test_a_disk_that_fills_up_leaves_nothing_behind(url: str, target: Path) -> None:
    script = f"""
import resource
from pathlib import Path
from bot.backup import BackupProblem, back_up
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    back_up({url!r}, Path({str(target)!r}))
except BackupProblem as problem:
    print(problem)
"""
    said = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert "could not be copied" in said.stdout
    assert "that there is room for the copy" in said.stdout
    assert no_trace_of(target)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a folder that takes no files")
def test_a_folder_that_takes_no_files_is_named(url: str) -> None:
    with pytest.raises(BackupProblem, match="can't be written"):
        back_up(url, Path("/proc/monday.backup"))


def test_postgresql_has_its_own(target: Path) -> None:
    with pytest.raises(BackupProblem, match="pg_dump --format=custom"):
        back_up("postgresql://basecoach:secret@host/basecoach", target)


def test_the_command(url: str, target: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(target.parent)
    monkeypatch.setenv("DATABASE_URL", url)
    first = CliRunner().invoke(main, ["backup", str(target)])
    assert first.exit_code == 0, first.output
    assert f"schema {migrations.HEAD}, checked." in first.output
    second = CliRunner().invoke(main, ["backup", str(target)])
    assert second.exit_code == 1
    assert "Name a new file" in second.output
