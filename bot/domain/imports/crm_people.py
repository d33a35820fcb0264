"""Finds the Slack ids of the people whom a CRM names by e-mail address or by full name."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from bot.domain.imports.csv_files import quoted
from bot.domain.imports.rows import USER_ID
from bot.domain.refusals import Refusal
from bot.domain.tables import Enrolment, Member

_NAME_AND_EMAIL = re.compile(r"(.*?)\s*[(<]([^()<>\s]+@[^()<>\s]+)[)>]")


@dataclass(frozen=True)
class SlackPerson:
    """What Slack says of a person: their id, and the names and the e-mail address that it shows."""

    slack_user_id: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class People:
    """The people whom a file may name. A name of several people is no answer, unless one of them is a rep."""

    by_name: Mapping[str, frozenset[str]]
    """The Slack ids by `person_key` of a name or an e-mail address."""
    reps: frozenset[str]
    mapped: Mapping[str, str]
    """The Slack ids that a mapping file gives, by `person_key`."""

    def slack_id(self, text: str) -> str:
        """Return the Slack id of the person in a cell; raises Refusal if nobody, or several people, are meant."""
        if USER_ID.fullmatch(text):
            return text
        found = _NAME_AND_EMAIL.fullmatch(text)
        for name in (text, found[2], found[1]) if found else (text,):
            key = person_key(name)
            if key in self.mapped:
                return self.mapped[key]
            ids = self.by_name.get(key, frozenset())
            one = ids & self.reps or ids
            if len(one) == 1:
                return next(iter(one))
            if one:
                raise Refusal(
                    f"{len(one)} people here are called {quoted(name)}: {_say_which(name)}",
                    field="user",
                )
        raise Refusal(
            f"nobody here is known as {quoted(text)}: {_say_which(text)}",
            field="user",
        )

    def knows(self, text: str) -> bool:
        """Whether the cell names one person."""
        try:
            return bool(self.slack_id(text))
        except Refusal:
            return False


def read_people(
    session: Session,
    *,
    workspace_id: int,
    mapped: Mapping[str, str],
    slack: Iterable[SlackPerson] = (),
) -> People:
    """Return the people of the database, and those of Slack where it was asked."""
    by_name: dict[str, set[str]] = defaultdict(set)
    reps: set[str] = set()
    found = session.exec(
        select(Member.slack_user_id, Member.name, Enrolment.id)
        .outerjoin(
            Enrolment,
            (col(Enrolment.member_id) == col(Member.id)) & col(Enrolment.ended_on).is_(None),
        )
        .where(Member.workspace_id == workspace_id)
    )
    for slack_user_id, name, enrolment_id in found:
        by_name[person_key(name)].add(slack_user_id)
        if enrolment_id is not None:
            reps.add(slack_user_id)
    for person in slack:
        for name in person.names:
            by_name[person_key(name)].add(person.slack_user_id)
    return People(
        {key: frozenset(ids) for key, ids in by_name.items()},
        frozenset(reps),
        {person_key(name): slack_user_id for name, slack_user_id in mapped.items()},
    )


def person_key(name: str) -> str:
    """Return a name or an e-mail address as it is compared: without case and double spaces."""
    return " ".join(name.casefold().split())


def _say_which(name: str) -> str:
    return f"give their Slack id in a mapping file (--map), under [people]: {quoted(name)} = “U…”."
