"""Decides what an import does with one line of members, by the same rules as in the forms. It changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.schedules import schedule_of
from bot.domain.imports.csv_files import Row, quoted
from bot.domain.imports.member_facts import Facts
from bot.domain.imports.rows import LOCALE, UNREAD, Known, Planned, read_day, read_user
from bot.domain.metrics import metrics
from bot.domain.people import members, team_forms
from bot.domain.people.enrolled import Enrolled, enrolled_again, must_be_rep, rescheduled
from bot.domain.people.enrolments import Change
from bot.domain.people.members import Profile
from bot.domain.plans import targets as plan_targets
from bot.domain.plans.in_force import counting
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup import targets as target_setting
from bot.rules import weeks
from bot.rules.weeks import monday_of

TARGETS = (metrics.CONVERSATIONS, metrics.BASE_MOVES, metrics.SALES)


PERSON = (
    "name", "locale", "timezone", "timezone_chosen", "timezone_missing", "is_admin", "is_guest",
    "inactive_because", "profile_read_at",
)  # fmt: skip
"""The columns of a member that an import may change."""


@dataclass(frozen=True)
class Decision:
    """What becomes of one line: the person's columns, the enrolment and the targets."""

    planned: Planned
    slack_user_id: str
    known: Any
    """The member's row as it is; None for a person who is new."""
    person: Mapping[str, Any]
    """The member's columns after the import, all of PERSON."""
    before: Enrolled | None
    enrolled: Enrolled
    amounts: Mapping[int, Decimal | None]
    """The targets, by metric id, if any of them changes; else none."""
    from_week: date
    """The week from which the targets count."""
    this_week: date

    @property
    def changes(self) -> frozenset[str]:
        """The columns of a known member that change."""
        if self.known is None:
            return frozenset()
        return frozenset(n for n in PERSON if getattr(self.known, n) != self.person[n])

    @property
    def moves(self) -> bool:
        """Whether the person was in another team before."""
        return self.before is not None and self.before.team_id != self.enrolled.team_id


def decide(row: Row, facts: Facts, known: Known, now: datetime) -> Decision:
    """Return what the import does with the line; raises Refusal for a line that can't be imported."""
    slack_user_id, team, begins = _read(row, facts)
    profile = known.profiles.get(slack_user_id)
    if isinstance(profile, str):
        raise Refusal(profile, field="user")
    member = facts.members.get(slack_user_id)
    met = _met(slack_user_id, profile, member, known, now)
    person = _with_zone(met, row)
    zone = ZoneInfo(person.timezone)
    today = now.astimezone(zone).date()
    must_be_rep(person.name, person.inactive_because, enrolled_on=begins, today=today)
    before = facts.enrolments[member.id][1] if member and member.id in facts.enrolments else None
    moment = _Moment(facts, facts.asked.get(member.id) if member else None, now)
    current = moment.seen_again(before, member, met, person) if before else None
    enrolled = enrolled_again(current, team_id=team.id, enrolled_on=begins, today=today)
    if enrolled != current:
        enrolled = moment.rescheduled(enrolled, person)
    amounts, notes, week = _targets(row, facts, member, person, team, enrolled, moment)
    same = enrolled == current
    chosen = bool(row["timezone"]) and vars(met) != vars(person)
    differs = bool(amounts) and (member is None or facts.targets.differs(member.id, amounts, week))
    change = Change.UPDATED if not same or chosen or differs else Change.UNCHANGED
    if before is None:
        change = Change.CREATED
    zone_shown = "no time zone from Slack, so UTC" if person.timezone_missing else person.timezone
    said = (f"{key} {amounts[facts.built_in[key].id]:,}" for key in TARGETS if row[key])
    return Decision(
        planned=Planned(row.line, person.name, change, (team.name, zone_shown, *said, *notes)),
        slack_user_id=slack_user_id,
        known=member,
        person=vars(person),
        before=before,
        enrolled=enrolled,
        amounts=amounts if differs else {},
        from_week=week,
        this_week=weeks.week_of(now, zone),
    )


def _read(row: Row, facts: Facts) -> tuple[str, Any, date | None]:
    """Return the person's Slack id, the team's row and the day to begin on; raises FieldProblems."""
    problems: dict[str, str] = {}
    slack_user_id = read_user(row, "user", problems)
    begins = read_day(row, "enrolled_on", problems)
    team_id = facts.team_ids.get(team_forms.name_key(row["team"]))
    if not row["user"]:
        problems["user"] = "It is empty: give the Slack id of the person."
    if team_id is None:
        problems["team"] = (
            f"There is no team called {quoted(row['team'])}: import the teams first."
            if row["team"]
            else "It is empty: give the name of the team."
        )
    if problems or slack_user_id is None or team_id is None:
        raise FieldProblems(problems)
    return slack_user_id, facts.teams[team_id], begins


def _met(
    slack_user_id: str, profile: Profile | None, member: Any, known: Known, now: datetime
) -> SimpleNamespace:
    """Return the person's columns as Slack's profile, if there is one, says them."""
    stored = {name: getattr(member, name) for name in PERSON} if member is not None else {}
    if profile is None and member is not None:
        return SimpleNamespace(**stored)
    read = members.profile_columns(
        profile or Profile(slack_user_id, slack_user_id),
        known=member,
        now=now if profile is not None else UNREAD,
        admin_users=known.admin_users,
    )
    return SimpleNamespace(**{"timezone_chosen": False, **stored, **read})


def _with_zone(met: SimpleNamespace, row: Row) -> SimpleNamespace:
    """Return the person's columns with the zone that the line chooses, if it does."""
    if not row["timezone"]:
        return met
    try:
        zone = members.typed_zone(row["timezone"])
    except Refusal as refusal:
        raise Refusal(refusal.sentence, field="timezone") from None
    if met.timezone_chosen and met.timezone == zone:
        return met
    chosen = {"timezone": zone, "timezone_chosen": True, "timezone_missing": False}
    return SimpleNamespace(**{**vars(met), **chosen})


@dataclass(frozen=True)
class _Moment:
    """The moment of the import for one person, who was last asked about the week `asked`."""

    facts: Facts
    asked: date | None
    now: datetime

    def rescheduled(self, enrolled: Enrolled, person: SimpleNamespace) -> Enrolled:
        team = self.facts.teams[enrolled.team_id]
        return rescheduled(
            enrolled,
            is_active=person.inactive_because is None,
            schedule=schedule_of(team),
            calendar=calendars.of_team(team, enrolled.enrolled_on),
            zone=ZoneInfo(person.timezone),
            last_asked=self.asked,
            now=self.now,
        )

    def seen_again(
        self, before: Enrolled, member: Any, met: SimpleNamespace, person: SimpleNamespace
    ) -> Enrolled:
        """Return the enrolment in its old team after the person's zone or state changed."""
        read = (met.timezone, met.inactive_because)
        if read != (member.timezone, member.inactive_because):
            before = self.rescheduled(before, met)
        if met.timezone != person.timezone:
            before = self.rescheduled(before, person)
        return before


def _targets(
    row: Row,
    facts: Facts,
    member: Any,
    person: SimpleNamespace,
    team: Any,
    enrolled: Enrolled,
    moment: _Moment,
) -> tuple[Mapping[int, Decimal | None], tuple[str, ...], date]:
    """Return the line's targets by metric id, with notes, and the week from which they count; raises Refusal.

    That is this week, or the rep's first week if they never had targets. So a rep who is imported on a Monday
    morning is asked that day about the week before.
    """
    this_week = weeks.week_of(moment.now, ZoneInfo(person.timezone))
    texts = [(facts.built_in[key], row[key]) for key in TARGETS if row[key]]
    amounts, notes = target_setting.read_amounts(texts, locale=LOCALE, currency=team.currency)
    if not amounts:
        return {}, (), this_week
    target_setting.must_be_ahead(this_week, name=person.name, asked=moment.asked)
    week = this_week
    if moment.asked is None and (member is None or not facts.targets.had_any(member.id)):
        week = min(this_week, monday_of(enrolled.enrolled_on))
    plan = counting(facts.signed.get(member.id, ()), week) if member is not None else None
    if plan is not None:
        ids = {key: facts.built_in[key].id for key in TARGETS if key in facts.built_in}
        planned = plan_targets.amounts_of(plan, ids, currency=team.currency)
        target_setting.must_leave_plan(person.name, amounts=amounts, planned=planned)
    return amounts, notes, week
