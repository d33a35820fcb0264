"""Sets one metric's targets for all reps of a team in one form, from a Monday of choice on.

The number of statements is the same for one rep and for sixty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars import open_weeks
from bot.domain.calendars.open_weeks import today_of
from bot.domain.metrics import metrics, targets
from bot.domain.metrics.records import reader_of
from bot.domain.metrics.target_changes import read_targets
from bot.domain.plans import targets as plan_targets
from bot.domain.plans.in_force import counting, signed_of
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.setup.forms import choices_of, choose_team
from bot.domain.setup.targets import Typed
from bot.domain.shown.setup import Choice
from bot.domain.shown.team_targets import (
    EVERYBODY,
    FROM_WEEK,
    RepTarget,
    TeamTargetsForm,
    TeamTargetsSaved,
    rep_field,
)
from bot.domain.tables import Member, Metric, Team
from bot.rules.weeks import WEEK, monday_of

REPS_A_PAGE = 60
"""How many reps have room in one form."""
WEEKS_AHEAD = 13

NO_METRIC = "This metric is not there any more: open the form again with /coach targets team."


def form(
    session: Session,
    *,
    caller: Caller,
    team_id: int | None,
    metric_id: int | None = None,
    page: int = 0,
    now: datetime,
) -> TeamTargetsForm:
    """Return the form: of the given team and metric, or of the first ones."""
    teams, team = choose_team(session, caller, team_id)
    by = access.known_member(session, caller)
    reps = access.reps_of(session, team)
    if not reps:
        raise Refusal(f"{team.name} has no reps yet: enrol them first with /coach enrol.")
    known = metrics.metrics_for(session, team)
    metric = next((one for one in known if one.id == metric_id), None)
    if metric is None and metric_id is not None:
        raise Refusal(NO_METRIC)
    metric = metric or known[0]
    this_week = monday_of(today_of(by, now))
    pages = -(-len(reps) // REPS_A_PAGE)
    page = min(max(page, 0), pages - 1)
    shown = reps[page * REPS_A_PAGE : (page + 1) * REPS_A_PAGE]
    return TeamTargetsForm(
        teams=choices_of(teams),
        team_id=team.id,
        metrics=tuple(Choice(one.id, one.name) for one in known),
        metric_id=metric.id,
        unit=metric.unit,
        reps=_rows(session, team, shown, metric, this_week + WEEK),
        page=page,
        pages=pages,
        weeks=tuple(this_week + number * WEEK for number in range(WEEKS_AHEAD)),
        reader=reader_of(by, team),
    )


def set_team_targets(
    session: Session,
    *,
    caller: Caller,
    team_id: int,
    metric_id: int,
    everybody: str,
    texts: Mapping[int, str],
    from_week: date | None,
    now: datetime,
) -> TeamTargetsSaved:
    """Set a metric's targets of reps of one team, by member id, from a Monday on; an empty text asks nothing.

    A number for everybody replaces those of all reps in the team whose signed plans don't set this target.
    Raises FieldProblems with every unreadable number. Sending the same form again changes nothing.
    """
    _, team = choose_team(session, caller, team_id)
    by = access.known_member(session, caller)
    metric = next((one for one in metrics.metrics_for(session, team) if one.id == metric_id), None)
    if metric is None:
        raise Refusal(NO_METRIC)
    from_week = _chosen(from_week, today_of(by, now))
    of_team = {rep.id: rep for rep in access.reps_of(session, team)}
    if unknown := texts.keys() - of_team.keys():
        access.deny(by, "set a target for", "member", min(unknown))
        raise Refusal("Somebody left the team meanwhile: open the form again.")
    planned = _planned(session, team, list(of_team), metric, from_week)
    amounts, notes = _read(
        by, team, metric, texts=texts, everybody=everybody, reps=of_team, planned=planned
    )
    _must_be_ahead(session, amounts, of_team, from_week)
    changes = read_targets(session, list(amounts))
    changed = [
        member_id
        for member_id, amount in amounts.items()
        if changes.save(member_id, {metric.id: amount}, from_week)
    ]
    if changed:
        plan_targets.keep_signed(
            session,
            workspace_id=team.workspace_id,
            changes=changes,
            signed=signed_of(session, changed),
            after=dict.fromkeys(changed, from_week),
        )
        changes.write(session, workspace_id=team.workspace_id, set_by=by.id, now=now)
    return TeamTargetsSaved(
        team_id=team.id,
        team=team.name,
        metric=metric.name,
        unit=metric.unit,
        from_week=from_week,
        changed=tuple(_row(of_team[one], amounts[one]) for one in changed),
        unchanged=len(amounts) - len(changed),
        planned=tuple(of_team[one].slack_user_id for one in planned),
        notes=notes,
        reader=reader_of(by, team),
    )


def _chosen(monday: date | None, today: date) -> date:
    """Return the Monday that was chosen; raises Refusal for a day that is none, or long past."""
    if monday is None or monday.weekday() or monday < monday_of(today) - WEEK:
        raise Refusal("Choose the week from which they count.", field=FROM_WEEK)
    return monday


def _rows(
    session: Session, team: Team, reps: Sequence[Member], metric: Metric, week: date
) -> tuple[RepTarget, ...]:
    ids = [rep.id for rep in reps]
    in_force = {
        member_id: amount
        for member_id, pairs in targets.in_force(session, ids, week).items()
        for asked, amount in pairs
        if asked.id == metric.id
    }
    planned = _planned(session, team, ids, metric, week)
    return tuple(_row(rep, in_force.get(rep.id), planned=rep.id in planned) for rep in reps)


def _row(rep: Member, amount: Decimal | None, *, planned: bool = False) -> RepTarget:
    return RepTarget(rep.id, rep.slack_user_id, rep.name, amount, planned)


def _planned(
    session: Session, team: Team, member_ids: Sequence[int], metric: Metric, week: date
) -> dict[int, Decimal]:
    """Return the targets for the metric that signed plans set for a week, by member id."""
    keys = plan_targets.planned_metrics(session, team.workspace_id)
    found = {}
    for member_id, signed in signed_of(session, member_ids).items():
        plan = counting(signed, week)
        if plan is not None:
            amounts = plan_targets.amounts_of(plan, keys, currency=team.currency)
            if metric.id in amounts:
                found[member_id] = amounts[metric.id]
    return found


def _read(
    by: Member,
    team: Team,
    metric: Metric,
    *,
    texts: Mapping[int, str],
    everybody: str,
    reps: Mapping[int, Member],
    planned: Mapping[int, Decimal],
) -> tuple[dict[int, Decimal | None], tuple[str, ...]]:
    """Return the amounts by member id, without those that plans set, and how doubtful numbers were read."""
    problems: dict[str, str] = {}
    notes: dict[str, None] = {}

    def amount_of(text: str, field: str) -> Decimal | None:
        typed = Typed(text, field, metric.unit)
        amount, note = typed.read(problems, locale=by.locale, currency=team.currency)
        if note is not None:
            notes[note] = None
        return amount

    amounts: dict[int, Decimal | None]
    if everybody.strip():
        same = amount_of(everybody, EVERYBODY)
        amounts = {member_id: same for member_id in reps if member_id not in planned}
    else:
        amounts = {id_: amount_of(text, rep_field(id_)) for id_, text in texts.items()}
        for member_id, set_by_plan in planned.items():
            if member_id in amounts and amounts.pop(member_id) != set_by_plan:
                problems[rep_field(member_id)] = (
                    f"{reps[member_id].name}’s signed plan sets this target then: leave it at {set_by_plan}, "
                    f"or suggest other numbers with /plan @{reps[member_id].name}."
                )
    if problems:
        raise FieldProblems(problems)
    return amounts, tuple(notes)


def _must_be_ahead(
    session: Session, amounts: Mapping[int, object], reps: Mapping[int, Member], week: date
) -> None:
    asked = open_weeks.last_asked_weeks(session, list(amounts))
    over = [reps[id_].name for id_ in amounts if id_ in asked and week <= asked[id_]]
    if over:
        who = over[0] if len(over) == 1 else f"{over[0]} and {len(over) - 1} more"
        were = "was" if len(over) == 1 else "were"
        raise Refusal(
            f"{who} {were} asked about this week already: choose a later one.", field=FROM_WEEK
        )
