"""A disk without room, as SQLite meets it: the database may not grow by another page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from bot.database import Database

MOST_PAGES = 1_073_741_823
"""SQLite's own limit."""

HUNGRY = """
CREATE TRIGGER hungry AFTER INSERT ON conversation BEGIN
    INSERT INTO write_probe (written_at, filler) VALUES ('2026-11-20 00:00:00', zeroblob(1000000));
END
"""
"""A conversation needs a page more than there is, however much room its own page has left."""


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """Have SQLite refuse every write that needs room."""
    with database.engine.begin() as connection:
        run = connection.exec_driver_sql
        run(HUNGRY)
        run("CREATE TABLE ballast (bytes)")
        while run("PRAGMA freelist_count").scalar():  # pages that are free for use again
            run("INSERT INTO ballast VALUES (zeroblob(4000))")
        run("PRAGMA max_page_count = 1")  # it becomes as many pages as there are
    try:
        yield
    finally:
        with database.engine.begin() as connection:
            connection.exec_driver_sql(f"PRAGMA max_page_count = {MOST_PAGES}")
            connection.exec_driver_sql("DROP TABLE ballast")
            connection.exec_driver_sql("DROP TRIGGER hungry")
