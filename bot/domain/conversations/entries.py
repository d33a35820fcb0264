"""Logs numbers by hand for a team's own metrics: each entry is added to its week's number, and can be undone."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from bot.domain import access
from bot.domain.access import Caller, own_key
from bot.domain.calendars import working_days as calendars
from bot.domain.calendars.open_weeks import first_open_day
from bot.domain.calendars.schedules import zone_of
from bot.domain.conversations.forms import logging_rep
from bot.domain.metrics import metrics
from bot.domain.metrics.records import reader_of
from bot.domain.outbox import surfaces
from bot.domain.refusals import Refusal
from bot.domain.shown.conversations import Count
from bot.domain.shown.entries import METRIC, NUMBER, WEEK_CHOICE, EntryForm, EntryLogged
from bot.domain.tables import Member, Metric, MetricEntry, Source, Team
from bot.rules.companies import plain_text
from bot.rules.numbers import Reading, parse_number
from bot.rules.problems import NumberProblem
from bot.rules.weeks import WEEK, week_of

UNDO_FOR = timedelta(minutes=10)

COMMAND = "/checkin log"


def log_entry(
    session: Session,
    *,
    caller: Caller,
    metric_id: int,
    text: str,
    request_key: str,
    now: datetime,
    week: date | None = None,
) -> EntryLogged:
    """Add the number in `text` to the metric's number of a week, by default this week."""
    member, team = logging_rep(session, caller)
    metric = next((m for m in by_hand(session, team) if m.id == metric_id), None)
    if metric is None:
        raise Refusal(
            "Your team does not log that number by hand any more: choose another one.", field=METRIC
        )
    return _log(session, member, team, metric, text, request_key=request_key, now=now, week=week)


def log_named_entry(
    session: Session, *, caller: Caller, text: str, request_key: str, now: datetime
) -> EntryLogged:
    """Add the entry in a text like `Proposals 3` to this week."""
    member, team = logging_rep(session, caller)
    known = by_hand(session, team)
    if not known:
        raise Refusal(
            "Your team logs no numbers by hand: "
            "log conversations with /log-conversation, or ask your coach to add a metric."
        )
    names = " or ".join(metric.name for metric in known)
    example = f"{COMMAND} {known[0].name} 3"
    typed = " ".join(plain_text(text).split())
    if not typed:
        raise Refusal(f"Say what to log, {names}, and the number: {example}.")
    # Longer names come first, so that "Proposals sent" is not read as "Proposals".
    for metric in sorted(known, key=lambda m: len(m.name), reverse=True):
        number = _after(metric.name, typed)
        if number == "":
            raise Refusal(f"Type the number after {metric.name}: {COMMAND} {metric.name} 3.")
        if number is not None:
            return _log(
                session, member, team, metric, number, request_key=request_key, now=now, week=None
            )
    shown = typed if len(typed) <= 100 else typed[:99] + "…"
    raise Refusal(f"I can't find what to log in “{shown}”: begin with {names}, like {example}.")


def undo_entry(session: Session, *, caller: Caller, entry_id: int, now: datetime) -> EntryLogged:
    """Take an entry out of the log, within UNDO_FOR of logging it; a second time changes nothing."""
    member, team = logging_rep(session, caller)
    entry = session.get(MetricEntry, entry_id)
    if entry is None or entry.member_id != member.id:
        access.deny(member, "undo", "entry", entry_id)
        raise Refusal(f"That number is not in your log: log yours with {COMMAND}.")
    if entry.undone_at is None:
        if now > entry.logged_at + UNDO_FOR:
            raise Refusal(
                "Undo works for 10 minutes after logging: "
                "put the number right when you answer the check-in."
            )
        entry.undone_at = now
        session.flush()
        surfaces.week_changed(session, member=member, week=entry.week, now=now)
    return _logged(session, member, team, entry, now=now)


def entry_form(session: Session, *, caller: Caller, now: datetime) -> EntryForm:
    """Return the choices of the form; raises Refusal if the team logs nothing by hand."""
    member, team = logging_rep(session, caller, lock=False)
    known = by_hand(session, team)
    if not known:
        raise Refusal("Your team logs no numbers by hand: ask your coach to add a metric first.")
    return EntryForm(
        metrics=tuple((metric.id, metric.name, metric.unit) for metric in known),
        weeks=_open_weeks(session, member, now),
        reader=reader_of(member, team),
    )


def by_hand(session: Session, team: Team) -> list[Metric]:
    """Return the metrics that the team's reps log by hand."""
    return [m for m in metrics.metrics_for(session, team) if m.source == Source.HAND]


def _log(
    session: Session,
    member: Member,
    team: Team,
    metric: Metric,
    text: str,
    *,
    request_key: str,
    now: datetime,
    week: date | None,
) -> EntryLogged:
    reading = _read(text, member, team, metric)
    request_key = own_key(member.id, request_key)
    entry = session.exec(
        select(MetricEntry).where(
            MetricEntry.workspace_id == member.workspace_id,
            MetricEntry.member_id == member.id,
            MetricEntry.request_key == request_key,
        )
    ).one_or_none()
    if entry is None:
        weeks = _open_weeks(session, member, now)
        if week is not None and week not in weeks:
            raise Refusal("That week is closed: choose one that is still open.", field=WEEK_CHOICE)
        entry = MetricEntry(
            workspace_id=member.workspace_id,
            member_id=member.id,
            metric_id=metric.id,
            week=week or weeks[0],
            amount=reading.value,
            request_key=request_key,
            logged_at=now,
        )
        session.add(entry)
        session.flush()
        surfaces.week_changed(session, member=member, week=entry.week, now=now)
    return _logged(session, member, team, entry, now=now, note=reading.note)


def _read(text: str, member: Member, team: Team, metric: Metric) -> Reading:
    try:
        return parse_number(
            plain_text(text), locale=member.locale, unit=metric.unit, currency=team.currency
        )
    except NumberProblem as problem:
        raise Refusal(str(problem), field=NUMBER) from problem


def _after(name: str, typed: str) -> str | None:
    """Return the text after the metric's name; None if the text does not begin with the name."""
    words, wanted = typed.split(), name.split()
    if [w.casefold() for w in words[: len(wanted)]] != [w.casefold() for w in wanted]:
        return None
    return " ".join(words[len(wanted) :])


def _open_weeks(session: Session, member: Member, now: datetime) -> tuple[date, ...]:
    week, first = week_of(now, zone_of(member)), first_open_day(session, member, now)
    weeks = [week]
    while weeks[-1] > first:
        weeks.append(weeks[-1] - WEEK)
    return tuple(weeks)


def _logged(
    session: Session,
    member: Member,
    team: Team,
    entry: MetricEntry,
    *,
    now: datetime,
    note: str | None = None,
) -> EntryLogged:
    metric = session.get_one(Metric, entry.metric_id)
    numbers = metrics.logged_numbers(session, [member.id], [entry.week], [metric])
    wanted = calendars.targets_left(session, member, team, entry.week)
    return EntryLogged(
        entry_id=entry.id,
        metric=metric.name,
        unit=metric.unit,
        amount=entry.amount,
        week=entry.week,
        this_week=week_of(now, zone_of(member)),
        total=Count(numbers[member.id, entry.week, metric.id], wanted.get(metric.id)),
        reader=reader_of(member, team),
        undoable=entry.undone_at is None and now <= entry.logged_at + UNDO_FOR,
        undone=entry.undone_at is not None,
        note=note,
    )
