"""Which rows belong to which, and in which order they can be deleted: read from the tables' own foreign keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa

from bot.database import columns, table
from bot.domain.privacy.registry import ALL, BY_MODEL, OF_PEOPLE, Condition
from bot.domain.tables import Row


def below(root: type[Row], chosen: Condition) -> Iterator[tuple[type[Row], Condition]]:
    """Yield the tables with rows that belong to the chosen rows of `root`, and the condition that selects those.

    They come in an order in which the rows can be deleted; the last is `root` itself.
    """
    for held in OF_PEOPLE:
        condition = _belongs(held.model, root, chosen)
        if condition is not None:
            yield held.model, condition


def _belongs(model: type[Row], root: type[Row], chosen: Condition) -> Condition | None:
    if model is root:
        return chosen
    held = BY_MODEL[model]
    if held.owner is None or held.owner == "id":
        return None
    owner = columns(model)[held.owner]
    parent = parent_of(owner)
    above = _belongs(parent, root, chosen)
    if above is None:
        return None
    found: Condition = owner.in_(sa.select(columns(parent).id).where(above))
    return found


def parent_of(column: sa.Column[Any]) -> type[Row]:
    """Return the model whose id the column holds."""
    (key,) = column.foreign_keys
    return next(held.model for held in ALL if table(held.model) is key.column.table)


def points_to(model: type[Row]) -> Iterator[tuple[type[Row], str]]:
    """Yield the columns, other than those of owners, that may hold an id of the model's rows or nothing."""
    for held in OF_PEOPLE:
        for column in table(held.model).columns:
            may_point = column.name != held.owner and column.nullable and column.foreign_keys
            if may_point and parent_of(column) is model:
                yield held.model, column.name
