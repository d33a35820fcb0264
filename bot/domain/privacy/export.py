"""A person's record, with everything that is stored about them, and the weeks of a team.

A record is read by the registry: each table whose rows belong to a person is a sheet, and what a row refers to is
named in words instead of by its id.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, rows, table
from bot.domain.access import Caller, coached_teams, known_member, manageable_teams
from bot.domain.privacy.belonging import below, parent_of
from bot.domain.privacy.registry import OF_PEOPLE, Condition, Held
from bot.domain.privacy.sheets import File, Sheet, as_csv, as_json, joined
from bot.domain.refusals import Refusal
from bot.domain.tables import (
    Alert,
    Answer,
    AuditEntry,
    CheckIn,
    Conversation,
    Enrolment,
    Member,
    Metric,
    Opportunity,
    Plan,
    Row,
    Team,
)

RECORD = "record"
WEEKS = "weeks"


@dataclass(frozen=True)
class Record:
    """Everything that is stored about one person, by table; tables without a row of theirs are left out."""

    member_id: int
    slack_user_id: str
    name: str
    sheets: tuple[Sheet, ...]

    def files(self, *, now: datetime) -> list[File]:
        """Return the record as one JSON file and a CSV file for each table."""
        whole = {
            "exported_at": now.isoformat(),
            "slack_user_id": self.slack_user_id,
            "name": self.name,
            **joined(self.sheets),
        }
        return [as_json(RECORD, whole), *(as_csv(sheet) for sheet in self.sheets)]


@dataclass(frozen=True)
class Weeks:
    """The weeks of reps as a sheet, with the ids of the reps who are in it."""

    sheet: Sheet
    about: frozenset[int]
    has_answers: bool


def own_record(session: Session, *, caller: Caller) -> Record:
    """Return the caller's record; raises Refusal for somebody about whom nothing is stored."""
    return record(session, known_member(session, caller))


def record(session: Session, member: Member) -> Record:
    """Return a person's record. The caller has checked who is asking."""
    own = dict(below(Member, columns(Member).id == member.id))
    # From the person down to the answers: the other way round than rows are deleted.
    sheets = [_sheet(session, held, own[held.model]) for held in reversed(OF_PEOPLE)]
    return Record(
        member.id,
        member.slack_user_id,
        member.name,
        tuple(sheet for sheet in sheets if sheet.rows),
    )


def _sheet(session: Session, held: Held, own: Condition) -> Sheet:
    shown = [column for column in table(held.model).columns if column.name not in held.hidden]
    order = columns(held.model).id
    found = rows(session, sa.select(*shown).where(own).order_by(order))
    words: list[Mapping[Any, Any] | None] = [
        _labels(session, parent_of(column), sa.select(column).where(own))
        if column.foreign_keys and found
        else None
        for column in shown
    ]
    return Sheet(
        held.name,
        tuple(
            column.name.removesuffix("_id") if column.foreign_keys else column.name
            for column in shown
        ),
        tuple(
            tuple(
                value if named is None or value is None else named[value]
                for value, named in zip(row, words, strict=True)
            )
            for row in found
        ),
    )


def _labels(session: Session, model: type[Row], ids: sa.Select[tuple[int]]) -> Mapping[Any, Any]:
    """Return what the rows with these ids are called, by id."""
    named = _NAMED[model]
    found = rows(session, named.where(columns(model).id.in_(ids)))
    return {
        row_id: words[0] if len(words) == 1 else " ".join(str(word) for word in words)
        for row_id, *words in found
    }


_ANSWER, _CHECK_IN, _MEMBER = columns(Answer), columns(CheckIn), columns(Member)
_ENROLMENT, _TEAM, _PLAN = columns(Enrolment), columns(Team), columns(Plan)

_NAMED: Mapping[type[Row], sa.Select[Any]] = {
    Member: sa.select(_MEMBER.id, _MEMBER.name),
    Team: sa.select(_TEAM.id, _TEAM.name),
    Metric: sa.select(columns(Metric).id, columns(Metric).name),
    Opportunity: sa.select(columns(Opportunity).id, columns(Opportunity).company),
    CheckIn: sa.select(_CHECK_IN.id, _CHECK_IN.week),
    Alert: sa.select(columns(Alert).id, _CHECK_IN.week).join_from(
        table(Alert), table(CheckIn), _CHECK_IN.id == columns(Alert).check_in_id
    ),
    Answer: sa.select(_ANSWER.id, _CHECK_IN.week, _ANSWER.name).join_from(
        table(Answer), table(CheckIn), _CHECK_IN.id == _ANSWER.check_in_id
    ),
    Plan: sa.select(
        _PLAN.id, sa.func.coalesce(sa.cast(_PLAN.version, sa.String), "draft").label("version")
    ),
    Conversation: sa.select(columns(Conversation).id, columns(Conversation).held_on),
    AuditEntry: sa.select(columns(AuditEntry).id, columns(AuditEntry).what, columns(AuditEntry).at),
}
"""What the rows of a table are called where others refer to them."""


# The weeks of a team.

_ASKED = ("Team", "Rep", "Week", "Question", "Unit", "Target")
_ANSWERED = (
    "State",
    "Number",
    "Logged",
    "Answer",
    "Answered at (UTC)",
    "Late",
    "Changed",
    "Working days",
    "Days off",
)


def coached_weeks(session: Session, *, caller: Caller, team: str = "") -> Weeks:
    """Return the weeks of the teams that the caller coaches today, or of the one that is named.

    Reps are those of today, with all of their weeks. A workspace admin gets the teams that they don't coach too,
    with what was asked there and without any answer. Raises Refusal for somebody else, and for an unknown name.
    """
    viewer = known_member(session, caller)
    coached = {one.id for one in coached_teams(session, viewer)}
    allowed = manageable_teams(session, viewer)
    if not allowed:
        raise Refusal(
            "You coach no team, so there is nothing to export. `/checkin export` sends you your own record."
        )
    if team:
        wanted = " ".join(team.split()).casefold()
        allowed = [one for one in allowed if one.name_key == wanted]
        if not allowed:
            raise Refusal(
                "None of your teams has this name: "
                "type /coach export alone for all of them, or the name as /coach shows it."
            )
    found = _weeks(session, {one.id for one in allowed}, with_answers=coached)
    if not found.sheet.rows:
        raise Refusal("Nobody there was asked about a week yet, so there is nothing to export.")
    return found


def team_weeks(session: Session, team_ids: Collection[int]) -> Weeks:
    """Return the weeks of the present reps of these teams with their answers, for an operator."""
    return _weeks(session, team_ids, with_answers=team_ids)


def _weeks(session: Session, team_ids: Collection[int], *, with_answers: Collection[int]) -> Weeks:
    found = rows(
        session,
        sa.select(
            _MEMBER.id,
            _TEAM.id,
            _TEAM.name,
            _MEMBER.name,
            _CHECK_IN.week,
            _ANSWER.question,
            _ANSWER.unit,
            _ANSWER.target,
            _CHECK_IN.state,
            _ANSWER.number,
            _ANSWER.logged,
            _ANSWER.verdict,
            _ANSWER.answered_at,
            _ANSWER.late,
            _ANSWER.edited,
            _CHECK_IN.work_days,
            _CHECK_IN.days_off,
        )
        .join_from(table(CheckIn), table(Member), _MEMBER.id == _CHECK_IN.member_id)
        .join(
            table(Enrolment),
            (_ENROLMENT.member_id == _MEMBER.id) & _ENROLMENT.ended_on.is_(None),
        )
        .join(table(Team), _TEAM.id == _ENROLMENT.team_id)
        .outerjoin(table(Answer), _ANSWER.check_in_id == _CHECK_IN.id)
        .where(_TEAM.id.in_(team_ids))
        .order_by(_TEAM.name, _CHECK_IN.week, _MEMBER.name, _MEMBER.id, _ANSWER.position),
    )
    any_answers = any(team_id in with_answers for _, team_id, *_ in found)
    shown = []
    for _, team_id, *facts in found:
        asked, answered = facts[: len(_ASKED)], facts[len(_ASKED) :]
        if team_id not in with_answers:
            if asked[3] is None:
                continue  # a week without a question says whether somebody was away
            answered = [None] * len(_ANSWERED)
        shown.append((*asked, *answered) if any_answers else tuple(asked))
    names = (*_ASKED, *_ANSWERED) if any_answers else _ASKED
    about = frozenset(member_id for member_id, *_ in found)
    return Weeks(Sheet(WEEKS, names, tuple(shown)), about, any_answers)


# What an operator names.


def team_named(session: Session, name: str) -> Team:
    """Return the team with this name or id; raises Refusal if there is none, or several."""
    found = session.exec(
        select(Team).where(Team.name_key == " ".join(name.split()).casefold())
    ).all()
    if not found and name.isdecimal():
        found = session.exec(select(Team).where(Team.id == int(name))).all()
    if len(found) == 1:
        return found[0]
    if found:
        ids = ", ".join(str(team.id) for team in found)
        raise Refusal(f"Several workspaces have a team “{name}”: name it by its id, one of {ids}.")
    known = session.exec(select(Team.name).order_by(col(Team.name))).all()
    raise Refusal(
        f"There is no team “{name}”. "
        + (f"The teams are: {', '.join(known)}." if known else "There is no team at all yet.")
    )


def reps_of(session: Session, team: Team) -> list[Member]:
    """Return everybody who is or was a rep of the team, and is in no other since."""
    return list(
        session.exec(
            select(Member)
            .join(Enrolment, col(Enrolment.member_id) == col(Member.id))
            .where(Enrolment.team_id == team.id)
            .order_by(col(Member.name), col(Member.id))
        )
    )
