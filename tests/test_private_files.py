"""Whatever the umask is, what holds people's data is its owner's alone: SQLite's files, their folder, backups."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import migrations, private_files
from bot.backup import back_up
from bot.database import opened


@pytest.fixture(params=[0o000, 0o022, 0o777], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): oct(path.stat().st_mode & 0o777)
        for path in sorted(folder.rglob("*"))
    }


def test_a_new_database_the_files_beside_it_and_its_backup(umask: None, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kept/data/basecoach.db"
    with opened(url) as database:
        migrations.upgrade(database)
        back_up(url, tmp_path / "backups" / "monday.db")
        assert modes(tmp_path) == {
            "backups": "0o700",
            "backups/monday.db": "0o600",
            "kept": "0o700",
            "kept/data": "0o700",
            "kept/data/basecoach.db": "0o600",
            "kept/data/basecoach.db-shm": "0o600",
            "kept/data/basecoach.db-wal": "0o600",
        }


def test_a_database_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir(mode=0o755)
    for name in ("basecoach.db", "basecoach.db-wal", "basecoach.db-shm"):
        (tmp_path / "there" / name).touch(mode=0o644)
    (tmp_path / "there" / "basecoach.db").chmod(0o464)
    private_files.make_database(tmp_path / "there" / "basecoach.db")
    assert modes(tmp_path) == {
        "there": "0o755",  # it may hold other things, so it stays as it is
        "there/basecoach.db": "0o400",  # what its owner may not do is not allowed either
        "there/basecoach.db-shm": "0o600",
        "there/basecoach.db-wal": "0o600",
    }


def test_a_file_in_the_place_of_a_folder_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match=r"File exists|not a folder"):
        private_files.make_folder(tmp_path / "file")
    with pytest.raises(OSError, match="Not a directory"):
        private_files.make_folder(tmp_path / "file" / "folder")
