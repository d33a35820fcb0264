"""A rep writes a plan in three steps: period and goal, the numbers, the review; then they send it to the coach.

A rep has at most one draft. Each step is saved when it is sent, so that no typed text gets lost. Numbers that the
rep did not overrule are measured again whenever the draft is opened, so every function here may write.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from sqlmodel import Session

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.calendars.open_weeks import today_of
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import surfaces
from bot.domain.plans import checks as plan_checks
from bot.domain.plans import signers
from bot.domain.plans.access import own_draft, own_plan
from bot.domain.plans.beginnings import (
    begin,
    bring_up_to_date,
    forget_opening,
    forget_time,
    last_version,
    periods_on_offer,
    read_span,
    start_afresh,
)
from bot.domain.plans.decisions import decided
from bot.domain.plans.history import average_figure, closed_figure, days_away, fill_in
from bot.domain.plans.measures import measure
from bot.domain.plans.numbers import Typed, computed
from bot.domain.plans.rows import (
    compute,
    draft_of,
    found_ratio,
    goals_of,
    lock_member,
    next_version,
    ratio_of,
    ratio_rows,
    span_of,
    write_ratio,
)
from bot.domain.plans.showing import reader_for, show
from bot.domain.plans.waiting import accounts_shown_again, give_way, tell_coach
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.plans import (
    PAIR,
    Decided,
    GoalForm,
    GoalStep,
    NumbersForm,
    NumbersStep,
    ReviewStep,
)
from bot.domain.tables import GoalPair, Member, Plan, PlanState, Team
from bot.rules import periods, plan
from bot.rules.goals import pair_key
from bot.rules.periods import Period, following_span, span_problem
from bot.rules.ratios import overruled

ZERO = Decimal(0)

YES_NO = {"yes": True, "no": False}

IN_SECOND_STEP = {plan.GOAL: plan.CLOSED}
"""The goal is typed in the first step, so in the second step its problems are shown under another field."""


def goal_step(session: Session, *, caller: Caller, now: datetime, fresh: bool = False) -> GoalStep:
    """Return the first step, filled in from the draft if there is one, else from the last version.

    `fresh` creates a draft from the last version with later dates; raises Refusal if there is another draft.
    """
    rep, _, team = access.rep(session, caller)
    today = today_of(rep, now)
    draft = draft_of(session, rep.id)
    if fresh:
        draft = start_afresh(session, member=rep, team=team, today=today, now=now)
    found = draft or last_version(session, rep.id)
    offered = periods_on_offer(today)
    if found is None:
        period = periods.proposed(offered, today=today)
        return GoalStep(None, offered, period, None, None, today, reader_of(rep, team))
    period, span = Period(found.period), span_of(found)
    if period is not Period.DATES and offered.get(period) != span:
        # What was the next year when it was chosen is this year now; it keeps its days under its present name.
        names = {days: name for name, days in offered.items()}
        period = names.get(span, Period.DATES)
    if period is Period.DATES and span_problem(span, today=today) is not None:
        period, span = following_span(Period(found.period), span, today=today)
    return GoalStep(
        plan_id=draft.id if draft else None,
        periods=offered,
        period=period,
        dates=span if period is Period.DATES else None,
        goal=found.goal,
        today=today,
        reader=reader_of(rep, team),
    )


def period_chosen(session: Session, *, caller: Caller, period: str, now: datetime) -> GoalStep:
    """Return the first step with another period chosen; nothing is saved."""
    step = goal_step(session, caller=caller, now=now)
    chosen = Period(period) if period in set(Period) else step.period
    dates = step.dates if chosen is Period.DATES else None
    return replace(step, period=chosen, dates=dates)


def save_goal(session: Session, *, caller: Caller, form: GoalForm, now: datetime) -> NumbersStep:
    """Save the first step, in a new draft if there is none; raises FieldProblems."""
    rep, _, team = access.rep(session, caller)
    rep = lock_member(session, rep.id)
    today, typed = today_of(rep, now), Typed(reader_of(rep, team))
    period, span = read_span(form, today, typed.problems)
    goal = typed.money(form.goal, plan.GOAL)
    if goal is not None and goal <= 0:
        typed.problems[plan.GOAL] = "The goal is to sell something: type an amount above 0."
    typed.check()
    assert goal is not None  # noqa: S101 - checked
    assert span is not None  # noqa: S101 - checked
    draft = draft_of(session, rep.id) or begin(session, member=rep, team=team, span=span, now=now)
    if span_of(draft) != span:  # numbers typed for other dates are not valid for these
        if draft.begins_on != span.first:
            forget_opening(draft)
        draft.begins_on, draft.ends_on = span.first, span.last
        forget_time(draft)
    draft.period, draft.goal = period, goal
    bring_up_to_date(session, draft, member=rep, team=team, today=today)
    if draft.closed >= goal:
        raise FieldProblems(
            {
                plan.GOAL: "This goal is reached already: what is closed since the period began "
                "is as much. Type a higher goal."
            }
        )
    surfaces.home_changed(session, member=rep, now=now)
    return _numbers(session, draft, rep, team, today)


def numbers_step(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> NumbersStep:
    """Measure a draft again and return its second step."""
    rep, team, draft = own_draft(session, caller, plan_id)
    today = today_of(rep, now)
    _must_be_ahead(draft, today)
    bring_up_to_date(session, draft, member=rep, team=team, today=today)
    return _numbers(session, draft, rep, team, today)


def save_numbers(
    session: Session, *, caller: Caller, plan_id: int, form: NumbersForm, now: datetime
) -> ReviewStep:
    """Save the second step and compute the plan; raises FieldProblems with all problems."""
    rep, team, draft = own_draft(session, caller, plan_id)
    today = today_of(rep, now)
    _must_be_ahead(draft, today)
    fill_in(session, plan=draft, member=rep, team=team, today=today)
    typed = Typed(reader_for(rep, team, draft))
    closed = typed.money(form.closed, plan.CLOSED)
    average = typed.money(form.average_sale, plan.AVERAGE_SALE)
    ratios = typed.ratios(form.ratios)
    weeks = typed.weeks(form.working_weeks, span_of(draft), today=today)
    typed.check()
    if closed is not None:
        _take_closed(draft, closed, today)
    draft.average_sale, draft.working_weeks = average, weeks
    for step, row in ratio_rows(session, draft.id).items():
        percent = ratios[step]
        if percent is not None:
            found = found_ratio(row)
            write_ratio(row, found=found, taken=overruled(found, percent))
    session.flush()
    computed(lambda: compute(session, draft), fields=IN_SECOND_STEP)
    return review(session, draft, member=rep, now=now)


def _take_closed(draft: Plan, closed: Decimal, today: date) -> None:
    """Make the typed amount the opening balance of today, unless it is what the draft said itself."""
    if closed == (draft.closed_logged or ZERO):
        forget_opening(draft)
    elif closed != draft.closed:
        draft.opening, draft.opening_on = closed, today
    draft.closed = closed


def review_step(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> ReviewStep:
    """Measure a draft again and return its third step; raises Refusal while the second step is not done."""
    rep, team, draft = own_draft(session, caller, plan_id)
    today = today_of(rep, now)
    _must_be_ahead(draft, today)
    problems = bring_up_to_date(session, draft, member=rep, team=team, today=today)
    if problems is not None:
        raise Refusal(str(problems))
    return review(session, draft, member=rep, now=now)


def propose(
    session: Session,
    *,
    caller: Caller,
    plan_id: int,
    pairs: Mapping[str, str],
    now: datetime,
    signer: str | None = None,
) -> Decided:
    """Send the draft to the coach, with the rep's answers about pairs of goals (`first:second` → yes or no).

    `signer` is the Slack user id of the person chosen to sign, where the rep is the only coach of the team. The
    draft becomes the rep's next version, and replaces one that still waited. Sending it again changes nothing.
    """
    rep, team, draft = own_plan(session, caller, plan_id)
    if draft.state == PlanState.PROPOSED:
        return decided(session, draft)
    if draft.state != PlanState.DRAFT:
        raise Refusal("This plan was sent already. Change it with /plan.")
    _must_be_ahead(draft, today_of(rep, now))
    if draft.conversations is None:
        raise Refusal("This plan has no numbers yet: go through its second step first.")
    if draft.currency != team.currency:
        raise Refusal(
            f"This plan’s amounts are in {draft.currency}, and {team.name} counts in {team.currency}: "
            "discard it with /plan, and write it anew."
        )
    chosen = signers.choose(session, rep=rep, team=team, slack_user_id=signer)
    draft.signer_id = chosen.id if chosen is not None else None
    _save_pairs(session, draft, rep, pairs, now)
    give_way(session, member=rep, now=now)
    draft.team_id, draft.version = team.id, next_version(session, rep.id)
    draft.state, draft.proposed_at, draft.rep_agreed_at = PlanState.PROPOSED, now, now
    session.flush()
    tell_coach(session, draft, now=now)
    accounts_shown_again(session, member=rep, now=now)
    surfaces.homes_changed(session, member=rep, now=now)
    return decided(session, draft)


def discard(session: Session, *, caller: Caller, plan_id: int, now: datetime) -> None:
    """Delete the draft; if it is deleted already, nothing happens."""
    rep, _, _ = access.rep(session, caller)
    lock_member(session, rep.id)
    found = session.get(Plan, plan_id)
    if found is None:
        return
    _, _, draft = own_draft(session, caller, plan_id)
    for row in (*ratio_rows(session, draft.id).values(), *goals_of(session, draft.id)):
        session.delete(row)
    session.flush()
    session.delete(draft)
    session.flush()
    surfaces.homes_changed(session, member=rep, now=now)


def review(session: Session, draft: Plan, *, member: Member, now: datetime) -> ReviewStep:
    """Return the data that the third step shows of a draft; raises Refusal while numbers are missing."""
    shown = show(session, draft.id, now=now, viewer=member)
    team = session.get_one(Team, draft.team_id)
    chosen = session.get_one(Member, draft.signer_id) if draft.signer_id is not None else None
    return ReviewStep(
        shown,
        plan_checks.pairs_of(session, draft, locale=shown.reader.locale),
        asks_signer=signers.must_be_chosen(session, member, team),
        signer=chosen.slack_user_id if chosen is not None else None,
    )


def _numbers(session: Session, draft: Plan, rep: Member, team: Team, today: date) -> NumbersStep:
    span = span_of(draft)
    first = periods.first_week(span, today=today)
    away = days_away(session, member=rep, team=team, span=span, goals=goals_of(session, draft.id))
    assert draft.working_weeks is not None  # noqa: S101 - filled in
    assert draft.weeks_counted is not None  # noqa: S101 - filled in
    return NumbersStep(
        plan_id=draft.id,
        span=span,
        first_week=first,
        goal=draft.goal,
        closed=closed_figure(draft),
        average_sale=average_figure(draft),
        ratios=tuple(ratio_of(row) for row in ratio_rows(session, draft.id).values()),
        working_weeks=draft.working_weeks,
        weeks_counted=draft.weeks_counted,
        days_away=sum(day >= first for day in away),
        sales_cycle_days=measure(session, member=rep, team=team, today=today).sales_cycle.days,
        reader=reader_for(rep, team, draft),
    )


def _must_be_ahead(draft: Plan, today: date) -> None:
    """Raise Refusal for a draft whose period has ended since it was written."""
    sentence = span_problem(span_of(draft), today=today)
    if sentence is not None:
        raise Refusal(f"{sentence} Go back to the first step for that, with /plan.")


def _save_pairs(
    session: Session, draft: Plan, rep: Member, pairs: Mapping[str, str], now: datetime
) -> None:
    """Store the rep's answer about each pair that is still open; raises FieldProblems for missing answers."""
    problems: dict[str, str] = {}
    for pair in plan_checks.pairs_of(session, draft, locale=rep.locale):
        name = f"{pair.first_key}:{pair.second_key}"
        said = YES_NO.get(pairs.get(name, ""))
        if said is None:
            problems[PAIR + name] = "Choose yes or no: only you can tell."
            continue
        first, second = pair_key(pair.first_key, pair.second_key)
        session.add(
            GoalPair(
                workspace_id=rep.workspace_id,
                member_id=rep.id,
                first_key=first,
                second_key=second,
                pulls_apart=said,
                said_at=now,
            )
        )
    if problems:
        raise FieldProblems(problems)
    session.flush()
