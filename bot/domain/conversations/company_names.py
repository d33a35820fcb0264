"""The names of companies that a rep has logged, and what the rep said which company a name stands for.

"Is it Acme?" is asked once: the answer is kept in `CompanyName`, one for each rep and name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, select

from bot.database import columns, rows
from bot.domain.tables import CompanyName, Conversation, Member, Opportunity
from bot.rules import companies


@dataclass(frozen=True)
class Meant:
    """The company that a name stands for."""

    key: str
    name: str


@dataclass(frozen=True)
class Names:
    """The names that the bot knows of a rep's companies."""

    logged: Mapping[str, str]
    """The companies in the log, as key → the name first logged."""
    said: Mapping[str, Meant]
    """What the rep answered, by the key of the name that was asked about."""

    @property
    def keys(self) -> frozenset[str]:
        """The keys of all names that need no question."""
        return frozenset((*self.logged, *self.said))

    def meant_by(self, key: str) -> Meant | None:
        """Return the company that a name stands for; None for a name that is new."""
        if key in self.logged:
            return Meant(key, self.logged[key])
        meant = self.said.get(key)
        return meant and Meant(meant.key, self.logged.get(meant.key, meant.name))


def names_of(session: Session, member_id: int, *, without: int | None = None) -> Names:
    """Return the rep's names by one statement; `without` leaves one conversation of the log out."""
    logged: dict[str, str] = {}
    said: dict[str, Meant] = {}
    found = rows(session, _NAMES, member=member_id, without=without or 0)
    for _, key, name, name_key in sorted(found, key=lambda row: row[0]):
        if name_key is None:
            logged.setdefault(key, name)
        else:
            said[name_key] = Meant(key, name)
    return Names(logged, said)


def remember(session: Session, member: Member, *, typed: str, company: str, now: datetime) -> None:
    """Keep which company the typed name stands for; a later answer replaces an earlier one."""
    name_key, company_key = companies.key(typed), companies.key(company)
    row = session.exec(
        select(CompanyName).where(
            CompanyName.member_id == member.id, CompanyName.name_key == name_key
        )
    ).one_or_none()
    if row is None:
        row = CompanyName(
            workspace_id=member.workspace_id,
            member_id=member.id,
            name_key=name_key,
            company_key=company_key,
            company=company,
            said_at=now,
        )
    row.company_key, row.company, row.said_at = company_key, company, now
    session.add(row)
    session.flush()


_DEAL, _HELD, _NAME = columns(Opportunity), columns(Conversation), columns(CompanyName)

_NAMES = sa.union_all(
    sa.select(_DEAL.id, _DEAL.company_key, _DEAL.company, sa.null().label("name_key")).where(
        _DEAL.member_id == sa.bindparam("member"),
        sa.exists().where(
            _HELD.opportunity_id == _DEAL.id,
            _HELD.undone_at.is_(None),
            _HELD.id != sa.bindparam("without"),
        ),
    ),
    sa.select(_NAME.id, _NAME.company_key, _NAME.company, _NAME.name_key).where(
        _NAME.member_id == sa.bindparam("member")
    ),
)
