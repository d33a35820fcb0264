"""Members: stores what Slack says about people, as far as it can be used.

Any field of a Slack profile may be missing, empty or absurd. Unusable values are not stored, and the checklist
shows an admin what is missing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from babel import Locale, UnknownLocaleError
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from bot.domain.access import (
    Caller,
    coached_teams,
    deny,
    enrolment_of,
    known_member,
    member_by_slack_id,
    must_manage,
)
from bot.domain.calendars.zones import DEFAULT_ZONE, known_zone
from bot.domain.handover import handover
from bot.domain.outbox import surfaces
from bot.domain.people import enrolments
from bot.domain.people.enrolled import BOT, DEACTIVATED, why_not_rep
from bot.domain.refusals import Refusal
from bot.domain.shown.places import may_coach
from bot.domain.tables import Enrolment, Member, Team

NAME_LIMIT = 80
DEFAULT_LOCALE = "en_US"
LONGEST_LOCALE = 20


@dataclass(frozen=True)
class Profile:
    """The fields of users.info that the bot uses."""

    slack_user_id: str
    name: str
    timezone: str | None = None
    locale: str | None = None
    is_admin: bool = False
    """Whether the person is admin, owner or primary owner of the workspace."""
    is_guest: bool = False
    """Whether the person is a guest or belongs to another organization."""
    is_bot: bool = False
    deleted: bool = False


class Known(Protocol):
    """A Member, or a row with these of its columns."""

    @property
    def locale(self) -> str: ...
    @property
    def timezone(self) -> str: ...
    @property
    def timezone_chosen(self) -> bool: ...


def eligible(profile: Profile) -> str | None:
    """Return the sentence that says why this person can't be a rep; None if they can."""
    return why_not_rep(profile.name, _inactive_because(profile))


def why_not_coach(member: Member) -> str | None:
    """Return the sentence that says why this member can't be a coach; None if they can."""
    if member.inactive_because == BOT:
        return f"{member.name} is a bot and can’t coach: choose a person."
    if member.inactive_because == DEACTIVATED:
        return f"{member.name}’s Slack account is deactivated: choose another coach."
    if member.is_guest:
        return f"{member.name} is a guest and may not see the reps’ numbers: choose a full member."
    return None


def apply_profile(
    session: Session,
    *,
    workspace_id: int,
    profile: Profile,
    now: datetime,
    admin_users: Collection[str] = (),
) -> int:
    """Store a person's profile, creating the member if needed; return the member's id.

    `admin_users` are Slack ids that count as admins in addition to Slack's. If the zone can't be used, the last
    good one stays. A deactivated person is asked no more; for one who comes back, the next check-in is scheduled
    again.
    """
    member = member_by_slack_id(session, workspace_id, profile.slack_user_id)
    if member is None:
        member = _create(session, workspace_id, profile, now)
    before = (member.timezone, member.inactive_because)
    could_coach = may_coach(is_guest=member.is_guest, inactive_because=member.inactive_because)
    shown_before = (member.name, member.is_admin, member.locale)
    for column, value in profile_columns(
        profile, known=member, now=now, admin_users=admin_users
    ).items():
        setattr(member, column, value)
    session.flush()
    handover.standing_changed(session, member=member, could_coach=could_coach, now=now)
    if before != (member.timezone, member.inactive_because):
        enrolments.reschedule_member(session, member=member, now=now)
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)
    if shown_before != (member.name, member.is_admin, member.locale):
        surfaces.homes_changed(session, member=member, now=now)
    if shown_before[0] != member.name:
        # Others read the name: reps that of their coach, admins and coaches the names in what set-up lacks.
        for team in coached_teams(session, member):
            surfaces.team_homes_changed(session, team=team, now=now)
        surfaces.workspace_homes_changed(session, workspace_id=workspace_id, now=now)
    return member.id


def apply_known_profile(
    session: Session,
    *,
    workspace_id: int,
    profile: Profile,
    now: datetime,
    admin_users: Collection[str] = (),
) -> None:
    """Do what `apply_profile` does for somebody who has a row; nobody who was deleted meanwhile gets one again."""
    if member_by_slack_id(session, workspace_id, profile.slack_user_id) is not None:
        apply_profile(
            session,
            workspace_id=workspace_id,
            profile=profile,
            now=now,
            admin_users=admin_users,
        )


def profile_columns(
    profile: Profile, *, known: Known | None, now: datetime, admin_users: Collection[str]
) -> dict[str, Any]:
    """Return the columns of a member that their profile sets; `known` is the member's row, None for a new member.

    A member who could not be reached is tried again once Slack says that they are active.
    """
    columns: dict[str, Any] = {
        "name": _name(profile),
        "locale": _locale(profile.locale) or (known.locale if known else DEFAULT_LOCALE),
        "is_admin": profile.is_admin or profile.slack_user_id in admin_users,
        "is_guest": profile.is_guest,
        "profile_read_at": now,
        "inactive_because": _inactive_because(profile),
    }
    if known is None or not known.timezone_chosen:
        zone = known_zone(profile.timezone)
        columns["timezone_missing"] = zone is None
        columns["timezone"] = zone or (known.timezone if known else DEFAULT_ZONE)
    return columns


def choose_timezone(
    session: Session, *, caller: Caller, member_id: int, text: str, field: str, now: datetime
) -> str:
    """Set a rep's zone to the one that a coach or an admin typed; return the zone's name."""
    by = known_member(session, caller)
    member = session.get(Member, member_id)
    enrolment = enrolment_of(session, member_id)
    if member is None or enrolment is None or member.workspace_id != by.workspace_id:
        deny(by, "choose a zone for", "member", member_id)
        raise Refusal(
            "This person is not in one of your teams: enrol them with /coach enrol first."
        )
    must_manage(session, by, session.get_one(Team, enrolment.team_id))
    try:
        set_timezone(session, member=member, text=text, now=now)
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field=field) from None
    surfaces.workspace_homes_changed(session, workspace_id=by.workspace_id, now=now)
    return member.timezone


def set_timezone(session: Session, *, member: Member, text: str, now: datetime) -> bool:
    """Use a chosen zone instead of Slack's; return False if it is used already; raises Refusal for no zone."""
    zone = typed_zone(text)
    if member.timezone_chosen and member.timezone == zone:
        return False
    moved = member.timezone != zone
    member.timezone, member.timezone_chosen, member.timezone_missing = zone, True, False
    session.flush()
    if moved:
        enrolments.reschedule_member(session, member=member, now=now)
    return True


def typed_zone(text: str) -> str:
    """Return the name of the zone in a text; raises Refusal for no zone."""
    zone = known_zone(text)
    if zone is None:
        shown = text if len(text) <= 40 else text[:39] + "…"
        raise Refusal(f"“{shown}” is not a time zone: type one like Europe/London.")
    return zone


def to_refresh(
    session: Session, *, workspace_id: int, read_before: datetime, limit: int
) -> list[str]:
    """Return the Slack ids of reps and coaches whose profile was last read before a moment, oldest first.

    The profiles of people without a team are read when they next do something.
    """
    reps = select(Enrolment.member_id).where(col(Enrolment.ended_on).is_(None))
    coaches = select(Team.coach_id)
    second = select(Team.second_coach_id).where(col(Team.second_coach_id).is_not(None))
    return list(
        session.exec(
            select(Member.slack_user_id)
            .where(
                Member.workspace_id == workspace_id,
                Member.profile_read_at < read_before,
                col(Member.id).in_(reps) | col(Member.id).in_(coaches) | col(Member.id).in_(second),
            )
            .order_by(col(Member.profile_read_at), col(Member.id))
            .limit(limit)
        )
    )


def _create(session: Session, workspace_id: int, profile: Profile, now: datetime) -> Member:
    member = Member(
        workspace_id=workspace_id,
        slack_user_id=profile.slack_user_id,
        name=_name(profile),
        locale=DEFAULT_LOCALE,
        timezone=DEFAULT_ZONE,
        profile_read_at=now,
        created_at=now,
    )
    try:
        with session.begin_nested():
            session.add(member)
    except IntegrityError:  # another press created the member at the same moment
        found = member_by_slack_id(session, workspace_id, profile.slack_user_id)
        if found is None:
            raise
        return found
    return member


def _inactive_because(profile: Profile) -> str | None:
    if profile.is_bot:
        return BOT
    return DEACTIVATED if profile.deleted else None


def _name(profile: Profile) -> str:
    name = " ".join(profile.name.split())
    return name[:NAME_LIMIT] or profile.slack_user_id


def _locale(text: str | None) -> str | None:
    """Return `en_GB` for Slack's `en-GB`; None for a locale that can't be used."""
    if not text or len(text) > LONGEST_LOCALE:
        return None
    try:
        return str(Locale.parse(text.replace("-", "_")))
    except (UnknownLocaleError, ValueError):
        return None
