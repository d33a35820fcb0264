"""Records when a rep is away, by the rep or a coach; takes absences back, and ends them early.

The days are calendar days in the rep's zone. Existing check-ins are updated (`bot.domain.absences.recalculation`)
unless their week is closed for good.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlmodel import Session, select

from bot.domain import access
from bot.domain.absences import recalculation
from bot.domain.absences.forms import (
    About,
    about_whom,
    first_day_to_record,
    recorded,
    saved,
    together,
)
from bot.domain.access import Caller, own_key
from bot.domain.calendars import working_days
from bot.domain.calendars.open_weeks import today_of
from bot.domain.outbox import surfaces
from bot.domain.refusals import Refusal
from bot.domain.shown.absences import FIRST_DAY, KIND, LAST_DAY, AbsenceSaved
from bot.domain.tables import Absence, Member
from bot.rules.absence_words import kind_of, must_be_possible, parse_absences
from bot.rules.absences import merged
from bot.rules.days import writes_day_first
from bot.rules.problems import AbsenceProblem

DAY = timedelta(days=1)


def record(
    session: Session,
    *,
    caller: Caller,
    member_id: int | None,
    first: date | None,
    last: date | None,
    kind: str,
    request_key: str,
    now: datetime,
) -> AbsenceSaved:
    """Record the form: the caller is away, or the rep `member_id` whom they coach. No last day means one day.

    A repeated call changes nothing, and neither do days that are all recorded already.
    """
    about = about_whom(session, caller, member_id=member_id, lock=True)
    read = kind_of(kind)
    if read is None:
        raise Refusal("Choose what it is: away, vacation or sick.", field=KIND)
    if first is None:
        raise Refusal("Choose the first day.", field=FIRST_DAY)
    row, known = _record(
        session, about, first, last or first, read, request_key=request_key, now=now
    )
    return saved(session, about, row, now=now, known=known)


def record_line(
    session: Session,
    *,
    caller: Caller,
    text: str,
    request_key: str,
    now: datetime,
    slack_user_id: str | None = None,
) -> AbsenceSaved:
    """Record the text after `/checkin away`, or after `/coach away` and the rep's Slack id."""
    about = about_whom(session, caller, slack_user_id=slack_user_id, lock=True)
    today = today_of(about.rep, now)
    try:
        said = parse_absences(
            text,
            today=today,
            day_first=writes_day_first(about.by.locale),
            works=working_days.of_team(about.team, today).works,
        )
    except AbsenceProblem as problem:
        raise Refusal(str(problem)) from problem
    found = [
        _record(
            session,
            about,
            one.first,
            one.last,
            one.kind,
            request_key=f"{request_key}/{number}" if number else request_key,
            now=now,
        )
        for number, one in enumerate(said.absences)
    ]
    # Days of one week shrink its goals together, so all are recorded before any is shown.
    shown = [saved(session, about, row, now=now, known=known) for row, known in found]
    return together(shown, notes=said.notes)


def take_back(session: Session, *, caller: Caller, absence_id: int, now: datetime) -> AbsenceSaved:
    """Take an absence back, for the rep or a coach; days in weeks that are closed for good stay.

    Repeating it changes nothing.
    """
    about, absence = _known(session, caller, absence_id)
    if absence.taken_back_at is None:
        earliest = first_day_to_record(session, about.rep, now)
        if absence.last_day < earliest:
            raise Refusal(
                "Those days are in a week that is closed for good, so they stay: "
                "tell your coach if that is wrong."
            )
        _end(session, about, absence, keep_until=earliest - DAY, now=now)
    return saved(session, about, absence, now=now, taken_back=True)


def be_back(
    session: Session, *, caller: Caller, absence_id: int | None, now: datetime
) -> AbsenceSaved:
    """End the absence yesterday, because the rep is back today. A repeated call changes nothing.

    Without an id it ends the caller's own absence that includes today; raises Refusal if there is none.
    """
    if absence_id is None:
        about = about_whom(session, caller, lock=True)
        today = today_of(about.rep, now)
        running = [
            row for row in recorded(session, about.rep, since=today) if row.first_day <= today
        ]
        if not running:
            raise Refusal(
                "You are not marked as away today. To see what is planned, type /checkin away."
            )
    else:
        about, absence = _known(session, caller, absence_id)
        today = today_of(about.rep, now)
        if absence.taken_back_at is not None or not absence.first_day <= today <= absence.last_day:
            return saved(session, about, absence, now=now, taken_back=True)
        running = [absence]
    for row in running:
        _end(session, about, row, keep_until=today - DAY, now=now)
    return saved(session, about, running[-1], now=now, taken_back=True)


def _record(
    session: Session,
    about: About,
    first: date,
    last: date,
    kind: str,
    *,
    request_key: str,
    now: datetime,
) -> tuple[Absence, bool]:
    """Return the recorded absence, and whether all of its days were recorded already."""
    rep = about.rep
    request_key = own_key(about.by.id, request_key)
    repeated = session.exec(
        select(Absence).where(
            Absence.workspace_id == rep.workspace_id,
            Absence.member_id == rep.id,
            Absence.request_key == request_key,
        )
    ).one_or_none()
    if repeated is not None:
        return repeated, False
    today = today_of(rep, now)
    earliest = first_day_to_record(session, rep, now)
    try:
        must_be_possible(first, last, today=today, earliest=earliest)
    except AbsenceProblem as problem:
        raise Refusal(str(problem), field=FIRST_DAY if first < earliest else LAST_DAY) from problem
    rows = recorded(session, rep, since=first)
    spans = merged((row.first_day, row.last_day) for row in rows)
    if any(start <= first and last <= end for start, end in spans):
        covering = next(row for row in rows if row.first_day <= last)
        return covering, True
    absence = Absence(
        workspace_id=rep.workspace_id,
        member_id=rep.id,
        first_day=first,
        last_day=last,
        kind=kind,
        recorded_by=about.by.id,
        recorded_at=now,
        request_key=request_key,
    )
    session.add(absence)
    session.flush()
    _changed(session, rep, since=first, now=now)
    return absence, False


def _end(
    session: Session, about: About, absence: Absence, *, keep_until: date, now: datetime
) -> None:
    """Take the absence back, except for its days up to `keep_until`, which stay as they were recorded."""
    absence.taken_back_by, absence.taken_back_at = about.by.id, now
    if absence.first_day <= keep_until:
        session.add(
            Absence(
                workspace_id=absence.workspace_id,
                member_id=absence.member_id,
                first_day=absence.first_day,
                last_day=keep_until,
                kind=absence.kind,
                recorded_by=absence.recorded_by,
                recorded_at=absence.recorded_at,
                request_key=f"rest of {absence.id}",
            )
        )
    session.flush()
    since = max(absence.first_day, keep_until + DAY)
    _changed(session, about.rep, since=since, now=now)


def _changed(session: Session, rep: Member, *, since: date, now: datetime) -> None:
    recalculation.days_off_changed(session, member=rep, since=since, now=now)
    surfaces.homes_changed(session, member=rep, now=now)
    session.flush()


def _known(session: Session, caller: Caller, absence_id: int) -> tuple[About, Absence]:
    absence = session.get(Absence, absence_id)
    by = access.known_member(session, caller)
    if absence is None or absence.workspace_id != by.workspace_id:
        access.deny(by, "change", "absence", absence_id)
        raise Refusal("This absence is not there any more. To see what is planned, open Home.")
    about = about_whom(session, caller, member_id=absence.member_id, lock=True)
    session.refresh(absence)
    return about, absence
