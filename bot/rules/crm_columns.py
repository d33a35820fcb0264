"""The columns of the exports of HubSpot, Salesforce and Pipedrive, and other names for the same things.

Where the names come from, by the titles of the documentation:

- HubSpot: *Export records* (columns have the labels of properties, or their internal names where these are chosen;
  several associated records stand in one cell, with semicolons), *HubSpot's default deal properties*, *HubSpot's
  default activity properties*, and the deal properties that it makes for each stage of a pipeline, `Date entered
  "Contract Sent (Sales Pipeline)"` or `hs_v2_date_entered_contractsent`.
- Salesforce: *Field Reference Guide*, the labels of Opportunity, Task and Event; *Export a Report*. Reports name
  the owner of an activity *Assigned*, its account *Company / Account* and its day *Date*. An organization with
  several currencies has a column `… Currency` beside each amount, and amounts that are `(converted)`.
- Pipedrive: *Importing: sample import spreadsheets*, sheet *All default Pipedrive fields* (columns are called
  `Deal - Title`, needed ones have an asterisk, linked records no prefix), and *Exporting data from Pipedrive*.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


class Field(enum.StrEnum):
    """What a column says."""

    USER = "user"
    DATE = "date"
    COMPANY = "company"
    BASE = "base"
    OUTCOME = "outcome"
    AMOUNT = "amount"
    CLOSE = "close"
    CURRENCY = "currency"
    TYPE = "type"
    DONE = "done"
    DEAL = "deal"
    STAGE = "stage"
    STATUS = "status"
    CREATED = "created"
    CLOSED = "closed"
    WON = "won"
    LOST = "lost"
    CHANGED = "changed"


class FileKind(enum.StrEnum):
    """What a line of the file is."""

    CONVERSATIONS = "conversations"
    DEALS = "deals"


DATES = (Field.DATE, Field.CREATED, Field.CLOSED, Field.WON, Field.LOST, Field.CHANGED)
"""The fields that hold a day."""

IGNORE = "ignore"
"""The word of a mapping file for a column that is not read."""

_COMPANIES = (
    "company, company name, account name, associated company (primary), primary company, associated company, "
    "associated companies, company / account, account, account.name, account: account name, organization, "
    "organisation, deal - organization, activity - organization, person - organization, organization - name, "
    "organization name, customer, client"
)
_PEOPLE = (
    "user, rep, sales rep, salesperson, owner email, owner, owner name, owner.email, owner.name"
)

_CONVERSATIONS: Mapping[Field, str] = {
    Field.USER: _PEOPLE
    + ", activity assigned to, assigned to, assigned, assigned to user, activity - assigned to user, "
    "activity - assigned to, activity owner, contact owner, company owner, account owner, lead owner, "
    "person - owner, organization - owner",
    Field.DATE: "date, activity date, activity - due date, due date, activity - marked as done time, "
    "meeting start time, meeting date, call date, last contacted, last activity, last activity date, "
    "person - last activity date",
    Field.COMPANY: _COMPANIES,
    Field.BASE: "base",
    Field.OUTCOME: "outcome",
    Field.AMOUNT: "amount",
    Field.CLOSE: "close",
    Field.CURRENCY: "currency, amount currency",
    Field.TYPE: "activity type, type, activity - type, task subtype",
    Field.DONE: "meeting outcome, call outcome, activity - done, done, activity status, task status, "
    "call status, status",
}
_DEALS: Mapping[Field, str] = {
    Field.USER: "deal owner email, opportunity owner email, deal owner, opportunity owner, deal - owner, "
    + _PEOPLE,
    Field.COMPANY: _COMPANIES,
    Field.DEAL: "deal name, dealname, opportunity name, deal - title, deal, opportunity, title, name",
    Field.STAGE: "deal stage, dealstage, stage, stage name, stagename, deal - stage, deal - stage (pipeline)",
    Field.STATUS: "deal status, deal - status, status, outcome",
    Field.AMOUNT: "amount, deal - value, value, deal value, amount (converted)",
    Field.CURRENCY: "currency, amount currency, opportunity currency, currencyisocode, deal currency code, "
    "deal - currency of value, deal - currency, amount (converted) currency",
    Field.CREATED: "create date, createdate, created date, createddate, deal - deal created, deal created, "
    "created, created on, creation date, deal - creation date, deal - add time, add time",
    Field.CLOSED: "close date, closedate, deal - deal closed on, deal - closed on, deal closed on, closed on, "
    "closed date, closed",
    Field.WON: "deal - won time, won time, won on, won date",
    Field.LOST: "deal - lost time, lost time, lost on, lost date",
    Field.CHANGED: "last stage change date, laststagechangedate, deal - last stage change, last stage change, "
    "date entered current stage, last activity date, deal - last activity date",
}
_NAMES = {FileKind.CONVERSATIONS: _CONVERSATIONS, FileKind.DEALS: _DEALS}
_KNOWN = frozenset(
    name for kind in _NAMES.values() for names in kind.values() for name in names.split(", ")
)
_NEEDED = {
    FileKind.CONVERSATIONS: (Field.USER, Field.DATE, Field.COMPANY),
    FileKind.DEALS: (Field.USER, Field.COMPANY, Field.STAGE),
}
_STAGE_DATE = re.compile(
    r"(?:(?:hs (?:v2 )?)?date (?:entered|of)|entered)[ :]+[\"“”']*(.+?)(?:\s*\([^()]*\))?[\"“”']*"
)


@dataclass(frozen=True)
class Layout:
    """Which column of the file says what: each has its place in the header, from 0."""

    kind: FileKind
    fields: Mapping[Field, int]
    stage_dates: Mapping[int, str]
    """The columns with the day on which a deal came to a stage, each with the stage's name."""
    ignored: Sequence[str]
    missing: Sequence[Field]


def header_key(name: str) -> str:
    """Return a column's name as it is compared: without case, underscores, double spaces and a last asterisk."""
    return " ".join(name.casefold().replace("_", " ").split()).rstrip("* ")


def is_known_column(name: str) -> bool:
    """Whether a cell of the header, with or without quotation marks, is a column that the CRMs' exports have."""
    return header_key(name.strip().strip('"')) in _KNOWN


def layout_of(
    header: Sequence[str], *, named: Mapping[str, str], kind: FileKind | None = None
) -> Layout:
    """Return what the columns say. `named` comes from a mapping file, and goes before the known names.

    Where several columns say the same, the one that is first among the known names is read.
    """
    keys = [header_key(name) for name in header]
    chosen = {header_key(name): said for name, said in named.items()}
    stage_dates: dict[int, str] = {}
    for place, key in enumerate(keys):
        said = chosen.get(key, "")
        found = _STAGE_DATE.fullmatch(said or key)
        if found and not said.startswith(IGNORE) and "current stage" not in key:
            stage_dates[place] = found[1]
    fields: dict[Field, int] = {}
    for place, key in enumerate(keys):
        if chosen.get(key) in set(Field):
            fields.setdefault(Field(chosen[key]), place)
    kind = kind or _kind_of(keys, fields, stage_dates)
    for field, names in _NAMES[kind].items():
        places = (keys.index(name) for name in names.split(", ") if name in keys)
        free = (p for p in places if keys[p] not in chosen and p not in fields.values())
        found_at = next(free, None)
        if field not in fields and found_at is not None:
            fields[field] = found_at
    if kind is FileKind.DEALS and Field.COMPANY not in fields and Field.DEAL in fields:
        fields[Field.COMPANY] = fields[Field.DEAL]
    read = {*fields.values(), *(stage_dates if kind is FileKind.DEALS else ())}
    missing = [field for field in _NEEDED[kind] if field not in fields]
    if kind is FileKind.DEALS and (stage_dates or Field.STATUS in fields):
        missing = [field for field in missing if field is not Field.STAGE]
    ignored = [name for place, name in enumerate(header) if place not in read and name]
    return Layout(kind, fields, stage_dates, ignored, missing)


def _kind_of(
    keys: Sequence[str], fields: Mapping[Field, int], stage_dates: Mapping[int, str]
) -> FileKind:
    deals = {name for field in (Field.STAGE, Field.WON) for name in _DEALS[field].split(", ")}
    if stage_dates or Field.STAGE in fields or deals & set(keys):
        return FileKind.DEALS
    return FileKind.CONVERSATIONS
