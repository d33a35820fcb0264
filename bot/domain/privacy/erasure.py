"""Deletes a person: removes what is theirs, and takes their name from what is others'.

The numbers, ratios and answers of others stay as they are: what only names the person (who set a target, took an
alert, changed a coach) names a deleted member from then on. That member is one row for the whole workspace, so
nothing tells which of those who were deleted it was. Somebody who is enrolled again starts as a new person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session, col, select

from bot.database import columns, rows, run, table
from bot.domain import access
from bot.domain.calendars.zones import DEFAULT_ZONE
from bot.domain.handover import audit, handover
from bot.domain.outbox import erased, outbox, surfaces
from bot.domain.privacy import forgetting
from bot.domain.privacy.belonging import below
from bot.domain.privacy.forgetting import Count
from bot.domain.privacy.registry import ALL, BY_MODEL, names_members
from bot.domain.refusals import Refusal
from bot.domain.shown.audit import Change
from bot.domain.shown.deleted import DELETED_ID, DELETED_NAME
from bot.domain.tables import (
    Alert,
    AuditEntry,
    Brief,
    CheckIn,
    Enrolment,
    Member,
    Notice,
    OutboxItem,
    Plan,
    Row,
    Substitution,
    Team,
)


@dataclass(frozen=True)
class Erasure:
    """What goes, or went, with a person."""

    slack_user_id: str
    name: str
    removed: tuple[Count, ...]
    """The rows that are removed, by table."""
    anonymised: tuple[Count, ...]
    """The rows of others in which the person is named, by column."""
    messages: int
    """How many messages, Homes and files Slack deletes or empties."""


def member_named(session: Session, slack_user_id: str) -> Member:
    """Return the member with this Slack id; raises Refusal if nobody has it, or if two workspaces do."""
    found = session.exec(
        select(Member).where(
            Member.slack_user_id == slack_user_id, Member.slack_user_id != DELETED_ID
        )
    ).all()
    if len(found) == 1:
        return found[0]
    if found:
        raise Refusal(f"{slack_user_id} is in several workspaces: use a database for each of them.")
    raise Refusal(
        f"Nothing is stored about {slack_user_id}. Copy the member id (U…) from the Slack profile."
    )


def preview(session: Session, *, slack_user_id: str) -> Erasure:
    """Return what deleting this person would do; raises Refusal as `erase` does."""
    member = member_named(session, slack_user_id)
    _must_not_coach(session, member)
    mine = columns(Member).id == member.id
    return Erasure(
        member.slack_user_id,
        member.name,
        removed=forgetting.count(session, Member, mine),
        anonymised=_named(session, member),
        messages=len(forgetting.messages(session, Member, mine)) + len(_in_dm(session, member)),
    )


def erase(session: Session, *, slack_user_id: str, now: datetime) -> Erasure:
    """Delete the person, and return what went.

    Raises Refusal for a coach, whose teams need another one first, and for somebody who is not known.
    """
    return erase_member(session, member_named(session, slack_user_id), now=now)


def erase_member(session: Session, member: Member, *, now: datetime) -> Erasure:
    """Do what `erase` does, for a member who was found already."""
    session.refresh(member, with_for_update=True)
    _must_not_coach(session, member)
    _lock(session, member)
    mine = columns(Member).id == member.id
    who = (member.slack_user_id, member.name)
    removed, anonymised = forgetting.count(session, Member, mine), _named(session, member)
    nobody = _deleted_member(session, member.workspace_id, now=now)
    _mark_what_names(session, member, now=now)
    _note_leaving(session, member, nobody, now=now)
    in_slack = erased.take_out(session, _in_dm(session, member), places=[], now=now)
    _replace_names(session, member, nobody)
    in_slack += forgetting.forget(session, Member, mine, now=now)
    return Erasure(*who, removed=removed, anonymised=anonymised, messages=in_slack)


def _must_not_coach(session: Session, member: Member) -> None:
    stands_in = select(Substitution.team_id).where(
        Substitution.member_id == member.id, handover.IS_RUNNING
    )
    teams = session.exec(
        select(Team.name)
        .where(
            sa.or_(
                col(Team.coach_id) == member.id,
                col(Team.second_coach_id) == member.id,
                col(Team.id).in_(stands_in),
            )
        )
        .order_by(Team.name)
    ).all()
    if teams:
        raise Refusal(
            f"{member.name} coaches {', '.join(teams)}: "
            "have an admin choose another coach there with /coach team first, then delete."
        )


def _lock(session: Session, member: Member) -> None:
    """Lock what a press or a signature changes, so that nothing is added to what is being deleted."""
    for model in (CheckIn, Plan):
        mine = columns(model).member_id == member.id
        rows(
            session,
            sa.select(columns(model).id).where(mine).order_by(columns(model).id).with_for_update(),
        )


def _deleted_member(session: Session, workspace_id: int, *, now: datetime) -> Member:
    """Return the row that stands for everybody who was deleted; it is made with the first of them."""
    found = access.member_by_slack_id(session, workspace_id, DELETED_ID)
    if found is None:
        found = Member(
            workspace_id=workspace_id,
            slack_user_id=DELETED_ID,
            name=DELETED_NAME,
            timezone=DEFAULT_ZONE,
            inactive_because="deleted",
            profile_read_at=now,
            created_at=now,
        )
        session.add(found)
        session.flush()
    return found


def _note_leaving(session: Session, member: Member, nobody: Member, *, now: datetime) -> None:
    """Tell the coaches' Homes, and the audit log without a name, that a rep is gone."""
    enrolment = access.enrolment_of(session, member.id)
    if enrolment is None:
        return
    surfaces.homes_changed(session, member=member, now=now)
    surfaces.workspace_homes_changed(session, workspace_id=member.workspace_id, now=now)
    team = session.get_one(Team, enrolment.team_id)
    audit.record(session, Change.REP_LEFT, team=team, now=now, by_id=None, whom_id=nobody.id)


def _in_dm(session: Session, member: Member) -> list[OutboxItem]:
    """Return the rows of messages in the person's DM that are about others: alerts and plans of their reps."""
    if member.dm_channel is None:
        return []
    own = [
        item.id for item in forgetting.messages(session, Member, columns(Member).id == member.id)
    ]
    return list(
        session.exec(
            select(OutboxItem).where(
                OutboxItem.workspace_id == member.workspace_id,
                OutboxItem.channel == member.dm_channel,
                col(OutboxItem.id).not_in(own),
                col(OutboxItem.surface).not_in(outbox.ERASED),
            )
        )
    )


# What others' rows say of the person.


def _references(member: Member) -> Iterator[tuple[type[Row], str, sa.ColumnElement[bool]]]:
    """Yield the columns of others' rows that name the person, with the condition that selects those rows."""
    own = dict(below(Member, columns(Member).id == member.id))
    for held in ALL:
        for name in names_members(held):
            names = columns(held.model)[name] == member.id
            if held.model in own:
                names &= ~own[held.model]
            yield held.model, name, names
    for name in ("before", "after"):
        entry = columns(AuditEntry)
        yield (
            AuditEntry,
            name,
            (entry.workspace_id == member.workspace_id) & (entry[name] == member.slack_user_id),
        )


def _named(session: Session, member: Member) -> tuple[Count, ...]:
    found = []
    for model, name, condition in _references(member):
        ((number,),) = rows(
            session, sa.select(sa.func.count()).select_from(table(model)).where(condition)
        )
        if number:
            held = BY_MODEL[model]
            found.append(Count(f"{held.name}.{name}", held.what, number))
    return tuple(found)


def _replace_names(session: Session, member: Member, nobody: Member) -> None:
    for model, name, condition in _references(member):
        stands = DELETED_ID if name in {"before", "after"} else nobody.id
        run(session, sa.update(table(model)).where(condition).values({name: stands}))


def _mark_what_names(session: Session, member: Member, *, now: datetime) -> None:
    """Mark the messages that mention the person: they are drawn once more, without the name."""
    alert, plan, check_in = columns(Alert), columns(Plan), columns(CheckIn)
    notice, entry, enrolment = columns(Notice), columns(AuditEntry), columns(Enrolment)
    coached = [
        team_id
        for (team_id,) in rows(
            session,
            sa.select(entry.team_id)
            .where(
                entry.workspace_id == member.workspace_id,
                entry.what.in_([Change.COACH.value, Change.SECOND_COACH.value]),
                (entry.before == member.slack_user_id) | (entry.after == member.slack_user_id),
            )
            .distinct(),
        )
    ]
    brief = columns(Brief)
    own = sa.select(enrolment.team_id).where(enrolment.member_id == member.id)
    asked = sa.select(check_in.team_id).where(check_in.member_id == member.id)
    shown_in = {*coached, *(id_ for (id_,) in rows(session, sa.union(own, asked)))}
    acted = (plan.coach_agreed_by == member.id) | (plan.decided_by == member.id)
    about = (entry.by_id == member.id) | (entry.whom_id == member.id)
    about |= (entry.before == member.slack_user_id) | (entry.after == member.slack_user_id)
    plans = sa.select(plan.id).where(acted | plan.team_id.in_(coached))
    for surface, subjects in (
        (
            outbox.ALERT,
            sa.select(alert.id).where(
                (alert.taken_by == member.id)
                | (alert.done_by == member.id)
                | alert.team_id.in_(coached)
            ),
        ),
        (outbox.PLAN, plans),
        (outbox.PLAN_REPLY, plans),
        *((surface, plans) for surface in outbox.PLAN_EVENTS),
        (outbox.BRIEF, sa.select(brief.id).where(brief.team_id.in_(shown_in))),
        (outbox.CHECK_IN, sa.select(check_in.id).where(check_in.team_id.in_(coached))),
        (outbox.WELCOME, sa.select(enrolment.id).where(enrolment.team_id.in_(coached))),
        (
            outbox.NOTICE,
            sa.select(notice.id).where(notice.audit_id.in_(sa.select(entry.id).where(about))),
        ),
    ):
        found = [subject_id for (subject_id,) in rows(session, subjects)]
        if found:
            outbox.mark_many_stale(
                session,
                workspace_id=member.workspace_id,
                surface=surface,
                subject_ids=found,
                now=now,
            )
