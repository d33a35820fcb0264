"""Absences as they are stored, and what they make of check-ins before, while and after those are asked."""

from __future__ import annotations

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import event
from sqlmodel import Session, col, select

from bot.database import Database
from bot.domain import homes, workspaces
from bot.domain.absences import forms as absence_forms
from bot.domain.absences import recording as absences
from bot.domain.access import Caller
from bot.domain.checkins import answers, reminders, scheduling, showing
from bot.domain.checkins import lifecycle as checkins
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, sending
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.refusals import Refusal
from bot.domain.setup import calendars as team_calendars
from bot.domain.shown.absences import AbsenceSaved
from bot.domain.shown.calendars import CalendarForm
from bot.domain.shown.setup import TeamForm
from bot.domain.tables import (
    Absence,
    Alert,
    Answer,
    CheckIn,
    Enrolment,
    Member,
    Metric,
    OutboxItem,
    Reminder,
)
from tests.patience import PATIENCE

FRIDAY = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
WEEK = date(2026, 11, 16)
"""The week that is asked about on Monday, 23 November."""


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of November 2026 in London, which keeps UTC then; day 31 is 1 December."""
    return datetime(2026, 11, 1, hour, minute, tzinfo=UTC) + timedelta(days=day - 1)


def nov(day: int) -> date:
    return date(2026, 11, 1) + timedelta(days=day - 1)


def seed(session: Session, *, reps: int) -> None:
    """Dana coaches some reps: 20 conversations, 9 base moves and 10,000 a week."""
    workspace_id = workspaces.install(
        session, slack_team_id="T1", name="Harbor", bot_user_id="U0BOT", now=FRIDAY
    )
    ids = [
        members.apply_profile(
            session,
            workspace_id=workspace_id,
            profile=Profile(user, user, timezone="Europe/London"),
            now=FRIDAY,
        )
        for user in ("UDANA", *(f"U{n}" for n in range(reps)))
    ]
    team, _ = teams.save_team(
        session,
        workspace_id=workspace_id,
        team=None,
        form=TeamForm(name="Harbor Sales", coach="UDANA"),
        channel=None,
        public_confirmed=False,
        now=FRIDAY,
    )
    for member_id in ids[1:]:
        enrolments.enrol(
            session,
            workspace_id=workspace_id,
            member_id=member_id,
            team_id=team.id,
            enrolled_on=date(2026, 9, 1),
            now=FRIDAY,
        )
        for metric, amount in zip(session.exec(select(Metric)), (20, 9, 10_000), strict=True):
            targets.set_target(
                session,
                workspace_id=workspace_id,
                member_id=member_id,
                metric_id=metric.id,
                from_week=date(2026, 8, 31),
                amount=Decimal(amount),
                set_by=None,
                now=FRIDAY,
            )


@dataclass
class Office:
    """A team whose clock is moved by saying when something is done."""

    database: Database

    def do(self, use_case: Any, *, by: str = "U0", **arguments: Any) -> Any:
        return self.database.write_now(use_case, caller=Caller(1, by), **arguments)

    def record(self, first: int, last: int, now: datetime, **more: Any) -> AbsenceSaved:
        """Away from one day of November to another."""
        arguments = {
            "member_id": None,
            "kind": "away",
            "request_key": f"{first}-{last}-{now}",
            **more,
        }
        saved = self.do(absences.record, first=nov(first), last=nov(last), now=now, **arguments)
        assert isinstance(saved, AbsenceSaved)
        return saved

    def beat(self, now: datetime) -> None:
        """One beat of the tick."""
        self.database.write_now(scheduling.schedule_due, now=now)
        self.database.write_now(checkins.skip_undelivered, now=now)
        self.database.write_now(checkins.close_due, now=now)
        self.database.write_now(reminders.remind_due, now=now)

    def deliver(self, now: datetime) -> None:
        """Whatever check-in is due to be sent arrives now."""
        for check_in in self.rows(CheckIn):
            item = self.item(check_in)
            due_at = item.due_at if item is not None else None
            if check_in.state == "scheduled" and due_at is not None and due_at <= now:
                self.database.write_now(checkins.delivered, check_in_id=check_in.id, at=now)

    def rows(self, table: Any) -> list[Any]:
        return self.database.read_now(
            lambda session: list(session.exec(select(table).order_by(table.id)).all())
        )

    def item(self, check_in: CheckIn) -> OutboxItem | None:
        return self.database.read_now(
            lambda session: session.exec(
                select(OutboxItem).where(
                    OutboxItem.surface == outbox.CHECK_IN, OutboxItem.subject_id == check_in.id
                )
            ).one_or_none()
        )

    def check_in(self, week: date = WEEK, user: str = "U0") -> CheckIn:
        return self.database.read_now(
            lambda session: session.exec(
                select(CheckIn)
                .join(Member, col(Member.id) == col(CheckIn.member_id))
                .where(CheckIn.week == week, Member.slack_user_id == user)
            ).one()
        )

    def goals(self) -> list[tuple[Decimal, Decimal | None]]:
        return [(a.target, a.full_target) for a in self.rows(Answer)]

    def answer(self, numbers: tuple[str, ...], now: datetime) -> None:
        typed = {
            answer.id: (f"f{answer.id}", text)
            for answer, text in zip(self.rows(Answer), numbers, strict=True)
        }
        self.do(answers.give_numbers, typed=typed, late_accepted=True, now=now)


@pytest.fixture
def office(database: Database) -> Office:
    database.write_now(seed, reps=1)
    return Office(database)


SMALLER = [(Decimal(12), Decimal(20)), (Decimal(5), Decimal(9)), (Decimal(6000), Decimal(10000))]
WHOLE = [(Decimal(20), None), (Decimal(9), None), (Decimal(10000), None)]


# Recording


def test_a_repeated_delivery_does_nothing_twice(office: Office) -> None:
    first = office.record(24, 25, FRIDAY, request_key="view-1")
    again = office.record(24, 25, FRIDAY + timedelta(minutes=1), request_key="view-1")
    assert again == first
    assert len(office.rows(Absence)) == 1
    for _ in range(2):
        office.do(absences.take_back, absence_id=first.absence.absence_id, now=FRIDAY)
    assert len(office.rows(Absence)) == 1
    assert office.record(24, 25, FRIDAY, request_key="view-1").taken_back


def test_overlapping_absences_count_once(office: Office) -> None:
    office.record(16, 17, FRIDAY)
    saved = office.record(17, 18, FRIDAY, kind="sick")
    assert [(week.work.off, week.work.days) for week in saved.weeks] == [(3, 5)]
    assert office.record(16, 18, FRIDAY).known
    assert len(office.rows(Absence)) == 2
    office.beat(at(23, 9))
    assert office.check_in().days_off == 3
    assert office.goals()[0] == (Decimal(8), Decimal(20))


def test_days_of_a_closed_week_stay_when_the_rest_is_taken_back(office: Office) -> None:
    saved = office.record(16, 32, FRIDAY)
    for day in (23, 30, 37, 44):
        office.beat(at(day, 9))
    # Both weeks away would have been asked about on the first day back, the 3rd of December.
    late = at(33, 9) + timedelta(days=14, minutes=1)
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=late)
    standing = [a for a in office.rows(Absence) if a.taken_back_at is None]
    assert [(a.first_day, a.last_day, a.recorded_at) for a in standing] == [
        (nov(16), nov(29), FRIDAY)
    ]
    assert office.check_in().state == "away"
    with pytest.raises(Refusal, match="closed for good, so they stay"):
        office.do(absences.take_back, absence_id=standing[0].id, now=late)


def test_how_far_back_days_can_be_recorded(office: Office) -> None:
    def earliest(now: datetime) -> date:
        return office.database.read_now(
            lambda session: absence_forms.first_day_to_record(
                session, session.exec(select(Member).where(Member.slack_user_id == "U0")).one(), now
            )
        )

    assert earliest(FRIDAY) == nov(9)  # its check-in might be still to come
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    deadline = office.check_in().deadline_at
    assert deadline == at(24, 17)
    assert earliest(at(25, 9)) == WEEK
    office.beat(at(30, 9))
    office.beat(at(37, 9))
    assert earliest(deadline + timedelta(days=14)) == WEEK
    assert earliest(deadline + timedelta(days=14, seconds=1)) == nov(23)


def test_somebody_elses_absence_is_not_touched(office: Office) -> None:
    saved = office.record(24, 25, FRIDAY)
    office.database.write_now(
        members.apply_profile,
        workspace_id=1,
        profile=Profile("UELSE", "Else", timezone="UTC"),
        now=FRIDAY,
    )
    for use_case in (absences.take_back, absences.be_back):
        with pytest.raises(Refusal, match="Only U0 and the coaches of Harbor Sales"):
            office.do(use_case, by="UELSE", absence_id=saved.absence.absence_id, now=FRIDAY)
        with pytest.raises(Refusal, match="not there any more"):
            office.do(use_case, absence_id=999, now=FRIDAY)
    member_id = saved.member_id
    with pytest.raises(Refusal, match="Only U0"):
        office.record(26, 26, FRIDAY, by="UELSE", member_id=member_id)
    assert office.record(26, 26, FRIDAY, by="UDANA", member_id=member_id).own is False


# The tick


def test_a_week_away_altogether_is_away_and_nothing_is_sent(office: Office) -> None:
    office.record(16, 22, FRIDAY)
    office.beat(at(23, 9))
    check_in = office.check_in()
    assert (check_in.state, check_in.days_off, check_in.work_days) == ("away", 5, 5)
    assert office.rows(Answer) == []
    assert office.item(check_in) is None
    (enrolment,) = office.rows(Enrolment)
    assert (enrolment.next_week, enrolment.next_due_at) == (nov(23), at(30, 9))


def test_a_check_in_waits_and_can_be_caught_up_with_from_then(office: Office) -> None:
    office.record(23, 25, FRIDAY)
    office.beat(at(26, 9, 30))  # the bot was down for three days; the rep was away
    check_in = office.check_in()
    assert (check_in.state, check_in.due_at) == ("scheduled", at(26, 9))
    item = office.item(check_in)
    assert item is not None
    assert item.due_at == at(26, 9, 30)
    office.beat(at(28, 9))
    assert office.check_in().state == "scheduled"
    office.beat(at(28, 9, 1))
    assert office.check_in().skipped_because == "not_sent"


def test_one_look_at_absences_serves_a_whole_batch(database: Database) -> None:
    database.write_now(seed, reps=7)
    office = Office(database)
    office.record(16, 17, FRIDAY, by="U3")
    looks: list[str] = []

    def notice(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM absence" in statement:
            looks.append(statement)

    event.listen(database.engine, "before_cursor_execute", notice)
    database.write_now(scheduling.schedule_due, now=at(23, 9))
    event.remove(database.engine, "before_cursor_execute", notice)
    assert len(looks) == 1
    check_ins = sorted(office.rows(CheckIn), key=lambda check_in: check_in.member_id)
    assert [check_in.days_off for check_in in check_ins] == [0, 0, 0, 2, 0, 0, 0]


def test_a_deadline_on_a_day_off_moves_however_that_came_to_be_one(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(25, 9, 30))  # late, so that it closes on Thursday 26 November
    assert office.check_in().deadline_at == at(26, 17, 30)
    form = CalendarForm(frozenset(range(5)), country="US", region="")  # where that is Thanksgiving
    office.do(team_calendars.change_calendar, by="UDANA", team_id=1, form=form, now=at(25, 10))
    office.beat(at(26, 17, 30))
    check_in = office.check_in()
    assert (check_in.state, check_in.deadline_at) == ("open", at(27, 17, 30))
    assert office.rows(Alert) == []
    office.beat(at(27, 17, 30))
    assert office.check_in().state == "unanswered"


# After the fact


def test_recorded_before_delivery_it_waits_and_taken_back_it_comes(office: Office) -> None:
    office.beat(at(23, 9))
    saved = office.record(23, 24, at(23, 9))
    check_in = office.check_in()
    assert check_in.due_at == at(25, 9)
    item = office.item(check_in)
    assert item is not None
    assert item.due_at == at(25, 9)
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    item = office.item(check_in)
    assert item is not None
    assert item.due_at == at(23, 12)
    assert office.check_in().due_at == at(23, 12)


def test_targets_shrink_and_grow_back_with_what_was_stored(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))

    def raised(session: Session) -> None:
        for metric in session.exec(select(Metric)):
            targets.set_target(
                session,
                workspace_id=1,
                member_id=office.check_in().member_id,
                metric_id=metric.id,
                from_week=WEEK,
                amount=Decimal(500),
                set_by=None,
                now=at(23, 10),
            )

    office.database.write_now(raised)
    assert office.goals() == WHOLE
    saved = office.record(16, 17, at(23, 11))
    assert office.goals() == SMALLER
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    assert office.goals() == WHOLE
    assert office.check_in().work_days is None


def test_silence_becomes_away_and_silence_again(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    office.beat(at(24, 17))
    assert office.check_in().state == "unanswered"
    saved = office.record(16, 22, at(25, 9))
    assert office.check_in().state == "away"
    with pytest.raises(Refusal, match="You were away in that whole week"):
        office.answer(("20", "9", "10000"), at(25, 10))
    assert not any(reminder.due_at for reminder in office.rows(Reminder))
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(25, 11))
    assert office.check_in().state == "unanswered"
    assert len(office.rows(Alert)) == 1
    assert office.goals() == WHOLE


def test_an_answered_week_is_judged_anew_either_way(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    saved = office.record(16, 17, at(23, 9))
    office.answer(("13", "5", "6000"), at(23, 10))
    assert office.rows(Alert) == []
    assert {a.verdict for a in office.rows(Answer)} == {"yes"}
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    assert {a.verdict for a in office.rows(Answer)} == {"no"}
    assert len(office.rows(Alert)) == 1  # a miss that reaches the coach like any other
    office.record(16, 22, at(23, 13))
    check_in = office.check_in()
    assert check_in.state == "away"
    assert [(a.number, a.edited) for a in office.rows(Answer)] == [
        (Decimal(13), False),
        (Decimal(5), False),
        (Decimal(6000), False),
    ]


def test_a_week_that_was_not_asked_is_asked_once_it_was_no_absence(office: Office) -> None:
    saved = office.record(16, 22, FRIDAY)
    office.beat(at(23, 9))
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(26, 21))
    check_in = office.check_in()
    assert (check_in.state, check_in.due_at) == ("scheduled", at(27, 8))  # not in the evening
    item = office.item(check_in)
    assert item is not None
    assert item.due_at == at(27, 8)
    assert office.goals() == WHOLE
    office.beat(at(27, 8))
    office.deliver(at(27, 8))
    assert office.check_in().state == "open"


def test_a_check_in_on_its_way_when_the_week_is_marked_says_so(office: Office) -> None:
    office.beat(at(23, 9))
    office.database.write_now(
        sending.claim, sender="s", lane=outbox.Lane.POST, now=at(23, 9), limit=10
    )
    office.record(16, 22, at(23, 9))
    check_in = office.check_in()
    office.database.write_now(checkins.delivered, check_in_id=check_in.id, at=at(23, 9))
    shown = office.database.read_now(showing.show, check_in_id=check_in.id, now=at(23, 9))
    assert (shown.state, office.check_in().delivered_at) == ("away", at(23, 9))


def test_a_deadline_never_moves_forward(office: Office) -> None:
    office.beat(at(23, 9))
    office.deliver(at(23, 9))
    saved = office.record(24, 25, at(23, 10))
    assert office.check_in().deadline_at == at(26, 17)
    office.do(absences.take_back, absence_id=saved.absence.absence_id, now=at(23, 12))
    assert office.check_in().deadline_at == at(26, 17)


def test_back_early_keeps_the_days_gone_by(office: Office) -> None:
    saved = office.record(16, 24, at(16, 9))
    office.do(absences.be_back, absence_id=saved.absence.absence_id, now=at(18, 9))
    standing = [a for a in office.rows(Absence) if a.taken_back_at is None]
    assert [(a.first_day, a.last_day) for a in standing] == [(nov(16), nov(17))]
    office.do(absences.be_back, absence_id=saved.absence.absence_id, now=at(18, 9))
    assert len(office.rows(Absence)) == 2
    with pytest.raises(Refusal, match="You are not marked as away today"):
        office.do(absences.be_back, absence_id=None, now=at(18, 9))
    office.beat(at(23, 9))
    assert office.goals() == SMALLER


# Calendars


def test_a_team_with_a_country_has_its_holidays_off(office: Office) -> None:
    form = CalendarForm(working_days=frozenset({0, 1, 2, 3}), country="us", region="")
    saved = office.do(team_calendars.change_calendar, by="UDANA", team_id=1, form=form, now=FRIDAY)
    assert (date(2026, 11, 26), "Thanksgiving Day") in saved.holidays
    assert all(day.weekday() < 4 for day, _ in saved.holidays)
    office.beat(at(23, 9))
    office.beat(at(30, 9))
    check_in = office.check_in(nov(23))
    assert (check_in.work_days, check_in.days_off, check_in.holidays) == (4, 1, 1)
    with pytest.raises(Refusal, match="Only the coach of Harbor Sales"):
        office.do(team_calendars.change_calendar, team_id=1, form=form, now=FRIDAY)


def test_a_week_without_a_working_day_but_for_holidays_is_away(office: Office) -> None:
    form = CalendarForm(working_days=frozenset({3}), country="us", region="")
    office.do(team_calendars.change_calendar, by="UDANA", team_id=1, form=form, now=FRIDAY)
    office.beat(at(23, 9))
    office.beat(at(30, 9))
    assert office.check_in(nov(23)).state == "away"


def test_the_library_is_imported_only_where_a_team_has_a_country() -> None:
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, bot.app, bot.commands.running; print('holidays' in sys.modules)",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert said.stdout.strip() == "False"


# What is seen


def test_homes_say_who_is_away_and_what_is_left(office: Office) -> None:
    office.record(19, 20, FRIDAY)
    shown = office.database.read_now(homes.show, member_id=office.rows(Member)[1].id, now=FRIDAY)
    assert shown.rep is not None
    assert shown.rep.away_until == nov(20)
    assert [(g.target, g.full_target) for g in shown.rep.goals] == SMALLER
    coach = office.database.read_now(homes.show, member_id=office.rows(Member)[0].id, now=FRIDAY)
    assert coach.coached[0].reps[0].away_until == nov(20)


# Turns with the tick


@pytest.mark.postgresql
def test_an_absence_is_in_a_check_in_that_is_being_made(new_postgresql: Any) -> None:
    database = Database(new_postgresql())
    database.write_now(seed, reps=1)
    office = Office(database)
    waits = threading.Event()

    def notice(_c: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM enrolment" in statement and "FOR UPDATE" in statement and not holding:
            waits.set()

    holding = True
    event.listen(database.engine, "before_cursor_execute", notice)
    with ThreadPoolExecutor(1) as threads, Session(database.engine) as tick:
        scheduling.schedule_due(tick, now=at(23, 9))
        holding = False
        recorded = threads.submit(office.record, 16, 22, at(23, 9))
        assert waits.wait(PATIENCE)
        tick.commit()
        recorded.result(PATIENCE)
    assert office.check_in().state == "away"
    database.close()
