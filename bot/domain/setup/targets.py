"""Sets a rep's targets from typed numbers, from this week or the next on, never for a past week."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlmodel import Session

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars import open_weeks
from bot.domain.calendars.schedules import zone_of
from bot.domain.metrics import metrics, targets
from bot.domain.metrics.records import reader_of
from bot.domain.metrics.target_changes import read_targets
from bot.domain.plans import targets as plan_targets
from bot.domain.plans.in_force import signed_of
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.setup import (
    FROM_WEEK,
    NEXT_WEEK,
    THIS_WEEK,
    TargetRow,
    TargetsSaved,
    amount_field,
)
from bot.domain.tables import Enrolment, Member, Metric, Team
from bot.rules.numbers import parse_number
from bot.rules.problems import NumberProblem
from bot.rules.weeks import WEEK, week_of


def rep_of(session: Session, *, by: Member, member_id: int) -> tuple[Member, Enrolment, Team]:
    """Return a rep whom this person may set up, with enrolment and team; raises Refusal for others."""
    member = session.get(Member, member_id)
    if member is None or member.workspace_id != by.workspace_id:
        access.deny(by, "set up", "member", member_id)
        raise Refusal("This person is not here any more: open the form again with /coach.")
    enrolment = access.enrolment_of(session, member_id)
    if enrolment is None:
        raise Refusal(f"{member.name} is in no team: enrol them with /coach enrol first.")
    team = session.get_one(Team, enrolment.team_id)
    access.must_manage(session, by, team)
    return member, enrolment, team


def set_targets(
    session: Session,
    *,
    caller: Caller,
    member_id: int,
    texts: Mapping[int, str],
    from_week: str,
    now: datetime,
) -> TargetsSaved:
    """Set a rep's targets, by metric, for a coach or an admin; an empty text means that the metric is not asked.

    `from_week` is THIS_WEEK or NEXT_WEEK, in the rep's zone. Raises FieldProblems with every unreadable number.
    Sending the same form again changes nothing.
    """
    by = access.known_member(session, caller)
    member, enrolment, team = rep_of(session, by=by, member_id=member_id)
    known = {metric.id: metric for metric in metrics.metrics_for(session, team)}
    if unknown := texts.keys() - known.keys():
        access.deny(by, "set a target for", "metric", min(unknown))
        raise Refusal(
            "One of these metrics is not there any more: open the form again with /coach."
        )
    amounts, notes = read_amounts(
        [(known[metric_id], text) for metric_id, text in texts.items()],
        locale=by.locale,
        currency=team.currency,
    )
    week = week_to_begin(session, member=member, choice=from_week, now=now)
    planned = plan_targets.planned_amounts(session, member_id=member.id, week=week)
    must_leave_plan(member.name, amounts=amounts, planned=planned)
    changes = read_targets(session, [member.id])
    changed = changes.save(member.id, amounts, week)
    if changed:
        plan_targets.keep_signed(
            session,
            workspace_id=member.workspace_id,
            changes=changes,
            signed=signed_of(session, [member.id]),
            after={member.id: week},
        )
        changes.write(session, workspace_id=member.workspace_id, set_by=by.id, now=now)
    return TargetsSaved(
        member_id=member.id,
        slack_user_id=member.slack_user_id,
        name=member.name,
        changed=changed,
        from_week=week,
        rows=target_rows(session, member=member, team=team, this_week=week - WEEK),
        notes=notes,
        next_due_at=enrolment.next_due_at,
        timezone=member.timezone,
        reader=reader_of(by, team),
    )


def read_amounts(
    texts: Iterable[tuple[Metric, str]], *, locale: str, currency: str
) -> tuple[dict[int, Decimal | None], tuple[str, ...]]:
    """Return the amounts by metric id, and a sentence for each ambiguous one; raises FieldProblems."""
    amounts: dict[int, Decimal | None] = {}
    notes: list[str] = []
    problems: dict[str, str] = {}
    for metric, text in texts:
        typed = Typed(text, amount_field(metric.id), metric.unit)
        amounts[metric.id], note = typed.read(problems, locale=locale, currency=currency)
        if note is not None:
            notes.append(f"{metric.name}: {note}")
    if problems:
        raise FieldProblems(problems)
    return amounts, tuple(notes)


class Typed(NamedTuple):
    """A target as it was typed into a field, for a metric with this unit."""

    text: str
    field: str
    unit: str

    def read(
        self, problems: dict[str, str], *, locale: str, currency: str
    ) -> tuple[Decimal | None, str | None]:
        """Return the amount, and how a doubtful number was read; an empty text means that nothing is asked.

        `problems` gets a sentence for a field that can't be taken.
        """
        if not self.text.strip():
            return None, None
        try:
            reading = parse_number(self.text, locale=locale, unit=self.unit, currency=currency)
        except NumberProblem as problem:
            problems[self.field] = str(problem)
            return None, None
        if reading.value == 0:
            problems[self.field] = "A target of 0 asks for nothing: leave it empty."
        return reading.value, reading.note


def week_to_begin(session: Session, *, member: Member, choice: str, now: datetime) -> date:
    """Return the week that THIS_WEEK or NEXT_WEEK means for the member; raises Refusal if it was asked about."""
    if choice not in {THIS_WEEK, NEXT_WEEK}:
        raise Refusal("Choose this week or the next.", field=FROM_WEEK)
    week = week_of(now, zone_of(member)) + (WEEK if choice == NEXT_WEEK else timedelta(0))
    must_be_ahead(week, name=member.name, asked=open_weeks.last_asked_week(session, member.id))
    return week


def must_be_ahead(week: date, *, name: str, asked: date | None) -> None:
    """Raise Refusal for targets of a week if the member was asked about it; `asked` is the latest such week."""
    if asked is not None and week <= asked:
        raise Refusal(
            f"{name} was asked about this week already: choose the next one.", field=FROM_WEEK
        )


def must_leave_plan(
    name: str, *, amounts: Mapping[int, Decimal | None], planned: Mapping[int, Decimal]
) -> None:
    """Raise FieldProblems for amounts that differ from those of the plan in force, `planned`."""
    problems = {
        amount_field(metric_id): (
            f"{name}’s signed plan sets this target: leave it as it is here, "
            f"or suggest other numbers with /plan @{name}."
        )
        for metric_id, amount in amounts.items()
        if metric_id in planned and planned[metric_id] != amount
    }
    if problems:
        raise FieldProblems(problems)


def target_rows(
    session: Session, *, member: Member, team: Team, this_week: date
) -> tuple[TargetRow, ...]:
    """Return each metric of the team with the member's target for a week and for the week after it."""
    now_set, next_set = (
        {metric.id: amount for metric, amount in in_force.get(member.id, [])}
        for in_force in (
            targets.in_force(session, [member.id], this_week),
            targets.in_force(session, [member.id], this_week + WEEK),
        )
    )
    planned = plan_targets.planned_amounts(session, member_id=member.id, week=this_week + WEEK)
    return tuple(
        TargetRow(
            metric_id=metric.id,
            name=metric.name,
            unit=metric.unit,
            this_week=now_set.get(metric.id),
            next_week=next_set.get(metric.id),
            planned=metric.id in planned,
        )
        for metric in metrics.metrics_for(session, team)
    )
