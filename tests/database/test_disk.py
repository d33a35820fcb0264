"""What is left on an SQLite database's disk, and when that is too little."""

from __future__ import annotations

from pathlib import Path

from bot.database import parse_url
from bot.database.disk import LITTLE, Disk, disk_of


def test_the_database_and_its_log_are_measured(tmp_path: Path) -> None:
    path = tmp_path / "basecoach.db"
    url = parse_url(f"sqlite:///{path}")
    found = disk_of(url)
    assert found is not None
    assert found.database == 0  # not there yet
    path.write_bytes(b"x" * 1000)
    Path(f"{path}-wal").write_bytes(b"x" * 500)
    found = disk_of(url)
    assert found is not None
    assert found.database == 1500
    assert found.free > 0


def test_elsewhere_nothing_is_measured(tmp_path: Path) -> None:
    assert disk_of(parse_url("postgresql://localhost/basecoach")) is None
    assert disk_of(parse_url(f"sqlite:///{tmp_path}/nowhere/basecoach.db")) is None


def test_a_disk_is_nearly_full_without_room_for_a_copy_of_the_database() -> None:
    assert Disk(free=LITTLE - 1, database=0).is_nearly_full
    assert not Disk(free=LITTLE, database=LITTLE).is_nearly_full
    assert Disk(free=LITTLE, database=LITTLE + 1).is_nearly_full
