"""Tries whether the database takes writes."""

from __future__ import annotations

import os
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col

from bot.domain.tables import WriteProbe

PROBE_BYTES = 32 * 1024
"""How large a probe is: about as much as a press writes. A smaller one might fit where a press does not."""


def write_probe(session: Session, *, now: datetime) -> None:
    """Write a row of PROBE_BYTES, and delete those before it, so that there is never more than a few.

    The new row is written first: so it needs room of its own, as what people send does.
    """
    probe = WriteProbe(written_at=now, filler=os.urandom(PROBE_BYTES))  # no database compresses it
    session.add(probe)
    session.flush()
    session.execute(sa.delete(WriteProbe).where(col(WriteProbe.id) < probe.id))
