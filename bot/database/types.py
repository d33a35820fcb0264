"""Column types that keep moments and numbers exact on both kinds of database."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

DECIMAL_PLACES = 4
DECIMAL_SCALE = 10**DECIMAL_PLACES


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware datetime in UTC. Naive datetimes are refused with a ValueError, in and out."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a naive datetime never enters the database: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class ExactDecimal(sa.types.TypeDecorator[Decimal]):
    """A Decimal with four places, stored exactly.

    PostgreSQL has NUMERIC; SQLite has only floating point, so there it is an integer of ten-thousandths,
    which SQL can still sum and compare.
    """

    impl = sa.Numeric(20, DECIMAL_PLACES)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[Any]:
        if dialect.name == "sqlite":
            return dialect.type_descriptor(sa.BigInteger())
        return dialect.type_descriptor(sa.Numeric(20, DECIMAL_PLACES))

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> Any:
        if value is None or dialect.name != "sqlite":
            return value
        return int((value * DECIMAL_SCALE).to_integral_exact())

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        if value is None:
            return None
        if dialect.name == "sqlite":
            whole, rest = divmod(value, DECIMAL_SCALE)
            return Decimal(value) / DECIMAL_SCALE if rest else Decimal(whole)
        exact = Decimal(value)
        return exact.quantize(Decimal(1)) if exact == exact.to_integral_value() else exact
