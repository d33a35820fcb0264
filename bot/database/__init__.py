"""The database: exact column types, engines, transactions, statements, and bulk changes of rows.

The rest of the bot imports from this package; its modules import one another only downwards: `transactions` over
`sqlite_writer`, `commits` over `batching`, `opening`, `engines` over `postgresql`, `sqlite_copies`, `statements`,
`bulk`, `types` over `prepared`.
"""

from bot.database.bulk import as_parameter, given, insert_all, update_all
from bot.database.engines import create_engine, parse_url
from bot.database.opening import problem_of
from bot.database.postgresql import LIMITS, POOLERS, TransactionSettings
from bot.database.sqlite_copies import copy_database
from bot.database.statements import (
    among,
    any_of,
    columns,
    lock_due,
    padded,
    rows,
    run,
    signal,
    table,
)
from bot.database.transactions import Database, opened
from bot.database.types import ExactDecimal, UtcDateTime
from bot.problems import DatabaseProblem

__all__ = [
    "LIMITS",
    "POOLERS",
    "Database",
    "DatabaseProblem",
    "ExactDecimal",
    "TransactionSettings",
    "UtcDateTime",
    "among",
    "any_of",
    "as_parameter",
    "columns",
    "copy_database",
    "create_engine",
    "given",
    "insert_all",
    "lock_due",
    "opened",
    "padded",
    "parse_url",
    "problem_of",
    "rows",
    "run",
    "signal",
    "table",
    "update_all",
]
