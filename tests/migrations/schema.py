"""What there is in a database, for the tests of migrations."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from bot import migrations
from bot.database import Database
from bot.domain.tables import SQLModel
from tests.patience import PATIENCE as PATIENCE

SCRIPTS = Path(migrations.__file__).parent


def tables(database: Database) -> set[str]:
    return set(sa.inspect(database.engine).get_table_names())


ALL_TABLES = {*SQLModel.metadata.tables, "alembic_version"}


def execute(database: Database, *statements: str) -> None:
    with database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)
