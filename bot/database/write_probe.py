"""Tries whether the database takes writes."""

from __future__ import annotations

import os
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from bot.database.types import UtcDateTime

PROBE_BYTES = 32 * 1024
"""How large a probe is: about as much as a press writes. A smaller one might fit where a press does not."""


def write_probe(session: Session, *, now: datetime) -> None:
    """Write a row of PROBE_BYTES, and delete those before it, so that there is never more than a few.

    The new row is written first: so it needs room of its own, as what people send does.
    """
    filler = os.urandom(PROBE_BYTES)  # no database compresses it
    written = session.connection().execute(
        sa.insert(_PROBES).values(written_at=now, filler=filler).returning(_PROBES.c.id)
    )
    session.connection().execute(sa.delete(_PROBES).where(_PROBES.c.id < written.scalar_one()))


_PROBES = sa.table(
    "write_probe",
    sa.column("id", sa.Integer),
    sa.column("written_at", UtcDateTime()),
    sa.column("filler", sa.LargeBinary),
)
