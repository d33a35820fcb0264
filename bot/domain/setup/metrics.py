"""Adds, renames and archives a team's own metrics. Questions of past weeks keep their text."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime

from sqlmodel import Session, col, select

from bot.domain import access
from bot.domain.access import Caller
from bot.domain.metrics import metrics
from bot.domain.outbox import surfaces
from bot.domain.people.team_forms import name_key
from bot.domain.people.teams import team_of
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.setup import (
    METRIC_NAME_LIMIT,
    NAME,
    OWN_METRICS,
    QUESTION,
    QUESTION_LIMIT,
    SOURCE,
    UNIT,
    UNIT_LIMIT,
    MetricForm,
    OwnMetric,
)
from bot.domain.tables import Metric, Source, Team

COUNT = "count"
MONEY = metrics.MONEY

_FIRST_OWN_POSITION = 100
"""The position of a team's first own metric, which is asked after the three that every team has."""


def add_metric(
    session: Session, *, caller: Caller, team_id: int, form: MetricForm, now: datetime
) -> OwnMetric:
    """Add a metric to a team for a coach or an admin; raises FieldProblems.

    The same form sent again gets the same answer.
    """
    team = team_of(session, by=access.known_member(session, caller), team_id=team_id)
    form, problems = _checked(form)
    known = metrics.metrics_for(session, team)
    same = _namesake(known, form.name)
    if same is not None and not problems:
        if (same.team_id, same.unit, same.question, same.source) == (
            team.id,
            form.unit,
            form.question,
            form.source,
        ):
            return own_metric(same, team)
        problems[NAME] = f"{team.name} has a metric called {same.name}: choose another name."
    if problems:
        raise FieldProblems(problems)
    if sum(metric.team_id is not None for metric in known) >= OWN_METRICS:
        raise Refusal(
            f"{team.name} has {OWN_METRICS} metrics of its own, which is the most: "
            "archive one of them first.",
            field=NAME,
        )
    ever = session.exec(
        select(Metric).where(Metric.workspace_id == team.workspace_id, Metric.team_id == team.id)
    ).all()
    metric = Metric(
        workspace_id=team.workspace_id,
        team_id=team.id,
        key=_free_key(form.name, {other.key for other in ever}),
        name=form.name,
        unit=form.unit,
        question=form.question,
        source=form.source,
        position=max([_FIRST_OWN_POSITION, *(other.position + 1 for other in ever)]),
    )
    session.add(metric)
    session.flush()
    _homes_changed(session, team, now)
    return own_metric(metric, team)


def rename_metric(
    session: Session, *, caller: Caller, metric_id: int, name: str, question: str, now: datetime
) -> OwnMetric:
    """Change the texts of a team's own metric from the next check-in on; raises FieldProblems."""
    metric, team = own_metric_of(session, caller=caller, metric_id=metric_id)
    form, problems = _checked(
        MetricForm(name=name, unit=metric.unit, question=question, source=metric.source)
    )
    same = _namesake(metrics.metrics_for(session, team), form.name)
    if same is not None and same.id != metric.id:
        problems[NAME] = f"{team.name} has a metric called {same.name}: choose another name."
    if problems:
        raise FieldProblems(problems)
    metric.name, metric.question = form.name, form.question
    session.flush()
    _homes_changed(session, team, now)
    return own_metric(metric, team)


def archive_metric(session: Session, *, caller: Caller, metric_id: int, now: datetime) -> OwnMetric:
    """Stop asking about a team's own metric; its answers stay. A repeated call changes nothing."""
    metric, team = own_metric_of(session, caller=caller, metric_id=metric_id)
    if metric.archived_at is None:
        metric.archived_at = now
        session.flush()
        _homes_changed(session, team, now)
    return own_metric(metric, team)


def _homes_changed(session: Session, team: Team, now: datetime) -> None:
    """The reps' Homes show their team's metrics, the others' what can be set up."""
    surfaces.team_homes_changed(session, team=team, now=now)
    surfaces.workspace_homes_changed(session, workspace_id=team.workspace_id, now=now)


def own_metric_of(session: Session, *, caller: Caller, metric_id: int) -> tuple[Metric, Team]:
    """Return a team's own metric that the caller may change, and the team; raises Refusal for others."""
    by = access.known_member(session, caller)
    metric = session.get(Metric, metric_id)
    if metric is None or metric.workspace_id != by.workspace_id or metric.team_id is None:
        access.deny(by, "change", "metric", metric_id)
        raise Refusal("This metric is none that a team added: open the form again with /coach.")
    return metric, team_of(session, by=by, team_id=metric.team_id)


def shown_metric(session: Session, *, caller: Caller, metric_id: int) -> OwnMetric:
    """Return a team's own metric for its form; raises Refusal if the caller may not change it."""
    return own_metric(*own_metric_of(session, caller=caller, metric_id=metric_id))


def own_metric(metric: Metric, team: Team) -> OwnMetric:
    """Return the metric as views show it."""
    return OwnMetric(
        id=metric.id,
        team_id=team.id,
        team=team.name,
        name=metric.name,
        unit=metric.unit,
        question=metric.question,
        source=metric.source,
    )


def _checked(form: MetricForm) -> tuple[MetricForm, dict[str, str]]:
    problems: dict[str, str] = {}
    name, unit, question = _line(form.name), _line(form.unit), _line(form.question)
    if not any(c.isalnum() for c in name):
        problems[NAME] = "Type a name for the metric, like Demos."
    elif len(name) > METRIC_NAME_LIMIT:
        problems[NAME] = f"Type a shorter name: {METRIC_NAME_LIMIT} characters at the most."
    if unit.casefold() in {"", COUNT, "number"}:
        unit = COUNT
    elif unit.casefold() == MONEY:
        unit = MONEY
    elif len(unit) > UNIT_LIMIT:
        problems[UNIT] = f"Type a shorter unit: {UNIT_LIMIT} characters at the most, like hours."
    elif not any(c.isalpha() for c in unit) or any(c.isdigit() for c in unit):
        problems[UNIT] = (
            "Type the unit as a word, like hours, or leave it empty for a whole number."
        )
    question = question or f"Did you meet your goal for {name}?"
    if len(question) > QUESTION_LIMIT:
        problems[QUESTION] = f"Type a shorter question: {QUESTION_LIMIT} characters at the most."
    if form.source not in {Source.HAND, Source.ASKED}:
        problems[SOURCE] = (
            "Choose whether reps log it during the week or are asked on check-in day."
        )
    return MetricForm(name=name, unit=unit, question=question, source=form.source), problems


def _namesake(known: list[Metric], name: str) -> Metric | None:
    return next((metric for metric in known if name_key(metric.name) == name_key(name)), None)


def _free_key(name: str, taken: set[str]) -> str:
    """Return a readable key that was never used in the team, because archived metrics keep their keys."""
    key = re.sub(r"\W+", "_", name_key(name)).strip("_") or "metric"
    taken = taken | {metrics.SALES, metrics.BASE_MOVES, metrics.CONVERSATIONS}
    number = 1
    while (free := key if number == 1 else f"{key}_{number}") in taken:
        number += 1
    return free


def _line(text: str) -> str:
    return " ".join("".join(c if unicodedata.category(c)[0] != "C" else " " for c in text).split())


def own_metrics(session: Session, team: Team) -> tuple[OwnMetric, ...]:
    """Return the team's own metrics that are not archived, in the order they are asked."""
    return tuple(
        own_metric(metric, team)
        for metric in session.exec(
            select(Metric)
            .where(Metric.team_id == team.id, col(Metric.archived_at).is_(None))
            .order_by(col(Metric.position), col(Metric.id))
        )
    )
