"""The faults that are planted, and a world for each in which it can show."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from slack_sdk.http_retry.builtin_async_handlers import AsyncConnectionErrorRetryHandler
from sqlmodel import Session, col, select

from bot.database import Database
from bot.database.row_by_row import Step
from bot.domain import ticks
from bot.domain.calendars.schedules import schedule_of, zone_of
from bot.domain.checkins import answers, reminders, scheduling
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins.answering import Answering
from bot.domain.checkins.asked import AskedQuestion
from bot.domain.coaching import alerts
from bot.domain.outbox import outbox, sending, surfaces
from bot.domain.people import enrolments
from bot.domain.shown.checkins import Recorded
from bot.domain.tables import Alert, Answer, CheckIn, CheckInState, Enrolment, OutboxItem, Verdict
from bot.rules import weeks
from bot.slack.delivery import delivery
from bot.slack.delivery.calls import SlackCalls
from bot.slack.delivery.delivery import Delivery
from bot.slack.delivery.pacing import Pace
from bot.slack.outcomes import CallOutcome
from tests.simulation import people
from tests.simulation.mix import Move, Span, Tenure
from tests.simulation.virtual_time import CURRENT

DAY = 86_400.0

MONDAY = 3 * DAY + 21 * 3600.0
"""Seconds from the start to the first Monday at nine, in London."""
AWAY_OVER_NINE = Span(MONDAY - 3600, MONDAY + 5 * 3600)

Patch = tuple[Any, str, Any]
"""Of what, which name, what instead."""


@dataclass(frozen=True)
class Mutant:
    """One planted fault, and a world in which it can show."""

    name: str
    patches: Callable[[], Sequence[Patch]]
    mix: Mapping[str, Any] = field(default_factory=dict)
    """What is different in this world from a quiet one."""
    habits: Mapping[str, int] = field(default_factory=lambda: people.HABITS)
    retry_handlers: Callable[[], list[Any]] = list
    weeks: int = 2


def _in_place_of(step: Step, planted: Step) -> Patch:
    """Have the beat run another step with the same rows."""
    rows = {planted if one is step else one: facts for one, facts in ticks._ROWS.items()}
    return ticks, "_ROWS", rows


def _posts_twice() -> list[Patch]:
    post = Delivery._post_or_plainly

    async def twice(self: Delivery, *given: Any) -> Any:
        await post(self, *given)
        return await post(self, *given)

    return [(Delivery, "_post_or_plainly", twice)]


def _claims_without_lease() -> list[Patch]:
    claim = sending.claim

    def forgetful(session: Session, *, now: datetime, **given: Any) -> Any:
        claimed = claim(session, now=now, **given)
        rows = sa.update(OutboxItem).where(col(OutboxItem.id).in_([one.id for one in claimed]))
        session.connection().execute(
            rows.values(claimed_by=None, due_at=now + timedelta(milliseconds=100))
        )
        return claimed

    return [(sending, "claim", forgetful)]


def _never_looks() -> list[Patch]:
    async def sees_nothing(*_: Any) -> list[str]:
        return []

    return [(SlackCalls, "copies", sees_nothing)]


def _unknown_is_not_done() -> list[Patch]:
    classify = delivery.classify

    def hopeful(error: Exception) -> Any:
        failure = classify(error)
        if failure is not None and failure.outcome is CallOutcome.UNKNOWN:
            return replace(failure, outcome=CallOutcome.NOT_DONE)
        return failure

    return [(delivery, "classify", hopeful)]


def _found_is_drawn() -> list[Patch]:
    return [(delivery, "NO_VERSION", 1_000)]


def _late_is_last() -> list[Patch]:
    return [(sending, "SETTLES_AFTER", timedelta(0))]


def _a_429_is_nobody_elses() -> list[Patch]:
    return [(Pace, "refused", lambda *_: None)]


def _acks_before_commit() -> list[Patch]:
    write_batched = Database.write_batched

    async def hasty(self: Database, use_case: Any, request: Any) -> Any:
        if use_case is not answers.give_numbers:
            return await write_batched(self, use_case, request)

        async def after_a_while() -> None:
            await asyncio.sleep(1)
            await write_batched(self, use_case, request)

        asyncio.get_running_loop().create_task(after_a_while())
        (answer_id, *_) = request.typed
        return Recorded(await self.read(_check_in_of, answer_id))

    return [(Database, "write_batched", hasty)]


def _check_in_of(session: Session, answer_id: int) -> int:
    return session.get_one(Answer, answer_id).check_in_id


def _silence_is_no() -> list[Patch]:
    close = checkins.close_due

    def closes(session: Session, *, now: datetime, **given: Any) -> int:
        closed = close(session, now=now, **given)
        silent = (
            select(Answer)
            .join(CheckIn, col(CheckIn.id) == col(Answer.check_in_id))
            .where(CheckIn.state == CheckInState.UNANSWERED, col(Answer.verdict).is_(None))
        )
        for answer in session.exec(silent).all():
            answer.verdict = Verdict.NO
        return closed

    return [_in_place_of(close, closes)]


def _due_enrolments(session: Session, now: datetime) -> list[Enrolment]:
    due = select(Enrolment).where(col(Enrolment.next_due_at) <= now)
    return list(session.exec(due).all())


def _advances_first() -> list[Patch]:
    schedule, remembered = scheduling.schedule_due, {}

    def in_two_transactions(session: Session, *, now: datetime, **given: Any) -> int:
        process = CURRENT.get()
        if process not in remembered:
            due = _due_enrolments(session, now)
            if due:
                remembered[process] = {e.id: (e.next_week, e.next_due_at) for e in due}
            for enrolment in due:
                enrolment.next_week += timedelta(days=7)
                enrolment.next_due_at += timedelta(days=7)
            session.flush()
            return len(due)
        for enrolment_id, (week, due_at) in remembered.pop(process).items():
            enrolment = session.get_one(Enrolment, enrolment_id)
            enrolment.next_week, enrolment.next_due_at = week, due_at
        session.flush()
        return schedule(session, now=now, **given)

    return [_in_place_of(schedule, in_two_transactions)]


def _deadline_from_due() -> list[Patch]:
    deadline = checkins._deadline

    def from_due(check_in: CheckIn, *given: Any, delivered_at: datetime) -> datetime:
        return deadline(check_in, *given, delivered_at=check_in.due_at)

    return [(checkins, "_deadline", from_due)]


def _catches_up_for_an_hour() -> list[Patch]:
    return [(checkins, "CATCH_UP", timedelta(hours=1))]


def _a_week_is_168_hours() -> list[Patch]:
    schedule = scheduling.schedule_due

    def in_utc(session: Session, *, now: datetime, **given: Any) -> int:
        due = {e.id: e.next_due_at for e in _due_enrolments(session, now)}
        done = schedule(session, now=now, **given)
        for enrolment_id, was in due.items():
            session.get_one(Enrolment, enrolment_id).next_due_at = was + timedelta(hours=168)
        session.flush()
        return done

    return [_in_place_of(schedule, in_utc)]


def _a_move_forgets() -> list[Patch]:
    reschedule = enrolments.reschedule

    def forgetful(session: Session, *, enrolment: Any, member: Any, team: Any, now: Any) -> None:
        reschedule(session, enrolment=enrolment, member=member, team=team, now=now)
        schedule, zone = schedule_of(team), zone_of(member)
        if enrolment.next_week and weeks.due_at(enrolment.next_week, schedule, zone) < now:
            enrolment.next_week += timedelta(days=7)
            enrolment.next_due_at = weeks.due_at(enrolment.next_week, schedule, zone)

    return [(enrolments, "reschedule", forgetful)]


def _waits_for_who_left() -> list[Patch]:
    return [(checkins, "withdraw_open", lambda _session, *, member, now: None)]


def _three_reminders() -> list[Patch]:
    times = weeks.reminder_times

    def three(**given: Any) -> list[datetime]:
        moments = times(**given)
        return sorted([*moments, *(moment + timedelta(hours=1) for moment in moments[:1])])

    return [(weeks, "reminder_times", three), (checkins, "MAX_REMINDERS", 3)]


def _reminds_at_night() -> list[Patch]:
    def any_hour(moment: datetime, *_: Any) -> datetime:
        return moment

    return [(weeks, "into_working_hours", any_hour)]


def _edit_posts_anew() -> list[Patch]:
    changed = surfaces.check_ins_changed

    def anew(session: Session, *, check_ins: Mapping[int, int], now: datetime) -> None:
        of_alerts = (
            select(OutboxItem)
            .join(Alert, col(Alert.id) == col(OutboxItem.subject_id))
            .where(OutboxItem.surface == outbox.ALERT, col(Alert.check_in_id).in_(check_ins))
        )
        for item in session.exec(of_alerts).all():
            item.ts, item.lane = None, outbox.Lane.POST
        changed(session, check_ins=check_ins, now=now)

    return [(surfaces, "check_ins_changed", anew)]


def _forgets_the_screen() -> list[Patch]:
    def nothing(*_: Any, **__: Any) -> None:
        return None

    return [(surfaces, "check_in_changed", nothing), (surfaces, "check_ins_changed", nothing)]


def _late_is_not_marked() -> list[Patch]:
    record = Answering.record

    def unmarked(self: Answering, question: AskedQuestion, *given: Any) -> None:
        record(self, question, *given)
        self._answers.get(question.id, {})["late"] = False

    return [(Answering, "record", unmarked)]


def _alert_without_a_row() -> list[Patch]:
    def only_the_alerts(session: Session, *, check_ins: Collection[CheckIn], now: datetime) -> None:
        for check_in in check_ins:
            if session.exec(select(Alert).where(Alert.check_in_id == check_in.id)).first() is None:
                session.add(
                    Alert(
                        workspace_id=check_in.workspace_id,
                        check_in_id=check_in.id,
                        team_id=check_in.team_id,
                        created_at=now,
                    )
                )

    return [(alerts, "ensure", only_the_alerts)]


def _keeps_reminding() -> list[Patch]:
    def nothing(*_: Any) -> None:
        return None

    async def never(*_: Any) -> bool:
        return False

    def whatever_its_state(session: Session, *, now: datetime, **given: Any) -> int:
        due = select(reminders.Reminder).where(col(reminders.Reminder.due_at) <= now)
        found = session.exec(due).all()
        for reminder in found:
            reminder.due_at, reminder.sent_at = None, now
            outbox.mark_stale(
                session,
                workspace_id=reminder.workspace_id,
                surface=outbox.REMINDER,
                subject_id=reminder.id,
                now=now,
            )
        return len(found)

    return [
        (checkins, "cancel_reminders", nothing),
        _in_place_of(reminders.remind_due, whatever_its_state),
        (Delivery, "_comes_at_a_wrong_time", never),
    ]


LOSSY = {"call_faults": {"lost_done": 0.2, "reset_done": 0.2}}

MUTANTS = (
    Mutant("a post is made twice", _posts_twice),
    Mutant("a claim has no lease", _claims_without_lease, {"replicas": 2}),
    Mutant("no look before a post is repeated", _never_looks, LOSSY),
    Mutant("a lost answer counts as not done", _unknown_is_not_done, LOSSY),
    Mutant(
        "the SDK repeats a post by itself",
        list,
        LOSSY,
        retry_handlers=lambda: [AsyncConnectionErrorRetryHandler()],
    ),
    Mutant(
        "a message found again counts as up to date",
        _found_is_drawn,
        {"call_faults": {"lost_done": 0.4}},
        habits={"form": 1},
        weeks=4,
    ),
    Mutant(
        "a redraw that comes late may be the last",
        _late_is_last,
        {"call_faults": {"late": 0.3}},
        habits={"all": 1},
    ),
    Mutant(
        "a 429 is minded by its own row only",
        _a_429_is_nobody_elses,
        {"call_faults": {"429": 0.3}},
        habits={"all": 1},
    ),
    Mutant("an ack before the commit", _acks_before_commit, habits={"all": 1}),
    Mutant("the next due moment is committed first", _advances_first, {"kill_rate": 0.15}),
    Mutant("silence counts as No", _silence_is_no, habits={"never": 1}),
    Mutant(
        "the deadline counts from the due moment",
        _deadline_from_due,
        {"bot_outages": (AWAY_OVER_NINE,)},
        habits={"never": 1},
    ),
    Mutant(
        "catching up ends after an hour",
        _catches_up_for_an_hour,
        {"bot_outages": (AWAY_OVER_NINE,)},
    ),
    Mutant("a week is 168 hours of UTC", _a_week_is_168_hours),
    Mutant(
        "a move forgets the week that is due by it",
        _a_move_forgets,
        {
            "people": {"U0PRIYA": "Pacific/Honolulu"},
            "moves": (Move(MONDAY - 12 * 3600, "U0PRIYA", "Pacific/Kiritimati"),),
        },
    ),
    Mutant(
        "who leaves is still waited for",
        _waits_for_who_left,
        {"tenures": (Tenure("U0SAM", Span(-DAY, MONDAY + DAY)),)},
        habits={"never": 1},
    ),
    Mutant("three reminders", _three_reminders, habits={"never": 1}),
    Mutant(
        "reminders at any hour",
        _reminds_at_night,
        {"check_in_at": datetime(2026, 1, 1, 16, 30).time()},  # noqa: DTZ001
        habits={"never": 1},
    ),
    Mutant("reminders after the last answer", _keeps_reminding, habits={"all": 1}),
    Mutant("an edit posts the alert anew", _edit_posts_anew, habits={"changes": 1, "late": 1}),
    Mutant("an alert without its outbox row", _alert_without_a_row),
    Mutant("an answer does not redraw the message", _forgets_the_screen, habits={"form": 1}),
    Mutant("late answers are not marked", _late_is_not_marked, habits={"late": 1}),
)
