"""Readiness tries whether the database takes a write, and leaves one row behind."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.database import Database
from bot.database.write_probe import PROBE_BYTES, write_probe
from bot.domain.tables import WriteProbe
from tests.conftest import FRIDAY


def test_one_row_is_left_however_often_it_is_tried(database: Database) -> None:
    for minutes in range(3):
        database.write_now(write_probe, now=FRIDAY + timedelta(minutes=minutes))
    ((written_at, filler),) = database.read_now(left)
    assert written_at == FRIDAY + timedelta(minutes=2)
    assert len(filler) == PROBE_BYTES
    assert len(set(filler)) > 100  # so that no database makes it smaller


def left(session: Session) -> list[tuple[object, bytes]]:
    return [(row.written_at, row.filler) for row in session.exec(select(WriteProbe))]
