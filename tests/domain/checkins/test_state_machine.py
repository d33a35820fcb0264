"""A check-in's life in any order: ticks, deliveries, presses, numbers, logs, snoozes, moves, absences, time.

What is delivered twice has the effect of one, what is refused changes nothing, and after every step all that
`tests.simulation.never.NEVER` names must be true. `EXAMPLES=5000` in the environment tries more.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlmodel import Session, select

from bot.database import Database
from bot.domain import deliveries, ticks
from bot.domain.access import Caller
from bot.domain.checkins import answers, presses, reminders, schedule_ahead
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.checkins.presses import Press
from bot.domain.conversations import logging as conversations
from bot.domain.metrics import targets
from bot.domain.outbox import outbox, sending, unshown
from bot.domain.outbox.outbox import Lane
from bot.domain.people import enrolments, members, teams
from bot.domain.people.members import Profile
from bot.domain.refusals import FieldProblems, Refusal, TooLate
from bot.domain.setup import workspaces
from bot.domain.shown.setup import Channel as ShownChannel
from bot.domain.shown.setup import TeamForm
from bot.domain.tables import Metric
from bot.rules.weeks import monday_of
from tests.conftest import FRIDAY
from tests.fuzz.state import changed, dump
from tests.simulation.never import NEVER

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
REP, COACH = "U0PRIYA", "U0DANA"
ZONES = ("Europe/London", "Pacific/Honolulu", "Pacific/Kiritimati")
LEGAL = {
    "scheduled": {"open", "skipped"},
    "open": {"answered", "unanswered", "skipped"},
    "unanswered": {"answered"},
    "answered": set[str](),
    "skipped": set[str](),
}
MOMENTS = (
    schedule_ahead.next_check_in,
    schedule_ahead.next_reminder,
    schedule_ahead.next_deadline,
)
DOUBT = {"unknown_since", "redraws_in_flight", "desired_version", "due_at"}
"""What a repeated press may touch: that its message is redrawn."""


class CheckInMachine(RuleBasedStateMachine):
    """One rep's weeks."""

    template: Path
    folder: Path

    @initialize(weeks=st.integers(0, 2), hours_late=st.sampled_from([0, 0, 5]))
    def begin(self, weeks: int, hours_late: int) -> None:
        path = self.folder / "machine.db"
        for leftover in self.folder.glob("machine.db*"):
            leftover.unlink()
        shutil.copy(self.template, path)
        self.database = Database(f"sqlite:///{path}")
        self.sql = sqlite3.connect(path)
        self.now, self.serial = FRIDAY, 0
        self.zone, self.is_gone = ZONES[0], False
        self.states: dict[int, str] = {}
        for _ in range(weeks):
            self.the_next_moment_comes(schedule_ahead.next_check_in, noticed=False)
            self.time_passes(hours_late)
            self.the_heart_beats()
            self.the_sender_works()

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.sql.close()
            self.database.close()

    # Time, the heart and the sender.

    @rule(hours=st.sampled_from([1, 5, 30]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)

    @rule(moment=st.sampled_from(MOMENTS), noticed=st.booleans())
    def the_next_moment_comes(
        self, moment: Callable[[Session], datetime | None], noticed: bool
    ) -> None:
        self.now = max(self.now, self.database.read_now(moment) or self.now)
        if noticed:
            self.the_heart_beats()
            self.the_sender_works()

    @rule()
    def the_heart_beats(self) -> None:
        for step in self.database.read_now(ticks.due, now=self.now):
            while self.database.write_now(step, now=self.now):
                continue

    @rule()
    def the_sender_works(self) -> None:
        for lane in Lane:
            named = {"sender": "s", "lane": lane, "now": self.now, "limit": 50}
            for claimed in self.database.write_now(sending.claim, **named):
                self.serial += 1
                ts = f"{self.now.timestamp():.0f}.{self.serial:06}"
                named = {"claimed": claimed, "sender": "s"}
                if claimed.ts is not None or lane == Lane.PUBLISH:
                    report = sending.Report(claimed, "s", self.now)
                    self.database.write_now(sending.mark_shown, [report])
                elif self._is_skipped(claimed) or self.is_gone:
                    ended = unshown.Ended(**named, because="nothing to show", now=self.now)
                    self.database.write_now(unshown.give_up, [ended])
                else:
                    report = sending.Report(claimed, "s", self.now, channel="D1", ts=ts)
                    self.database.write_now(deliveries.posted, [deliveries.PostReport(report)])

    def _is_skipped(self, claimed: sending.Claimed) -> bool:
        return (
            claimed.surface == outbox.CHECK_IN and self._states()[claimed.subject_id] == "skipped"
        )

    # The rep.

    @rule(question=st.integers(0, 2), pressed=st.sampled_from(["yes", "no"]), older=st.booleans())
    def the_rep_presses(self, question: int, pressed: str, older: bool) -> None:
        answer = self._answer(question, older=older)
        press = Press(Caller(1, REP), answer, pressed, self.now, redraws=True)
        outcome = self._do(presses.press_many, [press])
        if not isinstance(outcome, Exception):
            self._unchanged(presses.press_many, [press], but=DOUBT)

    @rule(question=st.integers(0, 2), number=st.sampled_from(["0", "1", "2", "soon"]))
    def the_rep_gives_a_number(self, question: int, number: str) -> None:
        typed = {self._answer(question): ("field", number)}
        form = TypedNumbers(Caller(1, REP), typed, late_accepted=True, now=self.now)
        if not isinstance(self._do(answers.give_numbers, [form]), Exception):
            self._unchanged(answers.give_numbers, [form], but=DOUBT)

    @rule(numbers=st.tuples(*[st.sampled_from(["0", "1", "2"])] * 3))
    def the_rep_answers_everything(self, numbers: tuple[str, ...]) -> None:
        typed = {
            self._answer(question): (str(question), number)
            for question, number in enumerate(numbers)
        }
        form = TypedNumbers(Caller(1, REP), typed, late_accepted=True, now=self.now)
        self._do(answers.give_numbers, [form])

    @rule(base=st.sampled_from(["1st", "2nd", "home 1200"]))
    def the_rep_logs(self, base: str) -> None:
        self.serial += 1
        given = {
            "caller": Caller(1, REP),
            "text": f"Acme{self.serial} {base}",
            "request_key": f"key {self.serial}",
            "now": self.now,
        }
        if not isinstance(self._do(conversations.log_line, **given), Exception):
            self._unchanged(conversations.log_line, **given, but=set())

    @rule(choice=st.sampled_from(["1h", "3h", "tomorrow"]))
    def the_rep_snoozes(self, choice: str) -> None:
        newest = max(self._states(), default=0)
        given = {"caller": Caller(1, REP), "check_in_id": newest, "choice": choice}
        self._do(reminders.snooze, **given, now=self.now)

    @rule(zone=st.sampled_from(ZONES))
    def the_rep_moves(self, zone: str) -> None:
        self.zone = zone
        self._tell()

    @rule(is_gone=st.booleans())
    def the_rep_goes_or_comes_back(self, is_gone: bool) -> None:
        self.is_gone = is_gone
        self._tell()

    def _tell(self) -> None:
        profile = Profile(REP, "Priya Nair", timezone=self.zone, deleted=self.is_gone)
        self.database.write_now(
            members.apply_profile, workspace_id=1, profile=profile, now=self.now
        )

    # What must be so.

    @invariant()
    def every_promise_is_kept(self) -> None:
        if not hasattr(self, "database"):
            return
        for promise, words, query in NEVER:
            assert self.sql.execute(query).fetchall() == [], f"{promise}: {words}"

    @invariant()
    def states_only_move_forward(self) -> None:
        if not hasattr(self, "database"):
            return
        states = self._states()
        for check_in, state in states.items():
            before = self.states.get(check_in, "scheduled")
            path = {before} | LEGAL[before] | {s for n in LEGAL[before] for s in LEGAL[n]}
            assert state in path, f"P19: from {before} to {state}"
        self.states = states

    @invariant()
    def a_window_begins_with_the_delivery(self) -> None:
        """P22: from Monday nine to Tuesday five, less the quarter of an hour that is no lateness."""
        if not hasattr(self, "database"):
            return
        assert not self._rows(
            "SELECT id FROM check_in WHERE (delivered_at IS NULL) <> (deadline_at IS NULL)"
            " OR delivered_at < due_at OR deadline_at <= delivered_at"
            " OR (state IN ('open', 'answered', 'unanswered') AND delivered_at IS NULL)"
            " OR (julianday(deadline_at) - julianday(delivered_at)) * 24 < 31.7"
        )

    @invariant()
    def nobody_is_reminded_of_what_is_over(self) -> None:
        if not hasattr(self, "database"):
            return
        assert not self._rows(
            "SELECT reminder.id FROM reminder JOIN check_in ON check_in.id = check_in_id"
            " WHERE reminder.due_at IS NOT NULL AND state <> 'open'"
        )

    # Doing it.

    def _do(self, use_case: Callable[..., Any], *args: Any, **given: Any) -> Any:
        """The outcome, or the refusal, which has changed nothing."""
        before = dump(self.database)
        try:
            outcome = self.database.write_now(use_case, *args, **given)
        except (Refusal, FieldProblems, TooLate) as refusal:
            outcome = refusal
        if use_case in {presses.press_many, answers.give_numbers} and isinstance(outcome, list):
            (outcome,) = outcome
        if isinstance(outcome, Exception):
            assert isinstance(outcome, (Refusal, FieldProblems, TooLate)), repr(outcome)
            assert changed(before, dump(self.database)) == []
        return outcome

    def _unchanged(
        self, use_case: Callable[..., Any], *args: Any, but: set[str], **given: Any
    ) -> None:
        """P18: once more, it changes nothing."""
        before = dump(self.database)
        self.database.write_now(use_case, *args, **given)
        after = dump(self.database)
        assert before.keys() == after.keys()
        for key, row in after.items():
            differs = {name for name in row if row[name] != before[key][name]}
            assert differs <= (but if key[0] == "outbox" else set()), (key, differs)

    def _answer(self, question: int, *, older: bool = False) -> int:
        check_ins = sorted(self._states())
        wanted = check_ins[-2:-1] if older else check_ins[-1:]
        found = self._rows(
            "SELECT id FROM answer WHERE check_in_id = ? ORDER BY position", *(wanted or [0])
        )
        return int(found[question][0]) if question < len(found) else 0

    def _states(self) -> dict[int, str]:
        return dict(self._rows("SELECT id, state FROM check_in"))

    def _rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.sql.execute(query, parameters).fetchall()


def one_rep(session: Session) -> None:
    """Priya, enrolled, with a target of one for each metric."""
    workspaces.install(session, slack_team_id="T1", name="Harbor", bot_user_id="U0BOT", now=FRIDAY)
    for who, name in ((COACH, "Dana Whitfield"), (REP, "Priya Nair")):
        profile = Profile(who, name, timezone=ZONES[0])
        rep = members.apply_profile(session, workspace_id=1, profile=profile, now=FRIDAY)
    team, _ = teams.save_team(
        session,
        workspace_id=1,
        team=None,
        form=TeamForm(name="Harbor Sales", coach=COACH, channel="C0COACH"),
        channel=ShownChannel("C0COACH", "coach", is_private=True, is_member=True),
        public_confirmed=False,
        now=FRIDAY,
    )
    enrolments.enrol(
        session,
        workspace_id=1,
        member_id=rep,
        team_id=team.id,
        enrolled_on=monday_of(FRIDAY.date()),
        now=FRIDAY,
    )
    for metric in session.exec(select(Metric)).all():
        targets.set_target(
            session,
            workspace_id=1,
            member_id=rep,
            metric_id=metric.id,
            from_week=date(2026, 11, 2),
            amount=Decimal(1),
            set_by=None,
            now=FRIDAY,
        )


@pytest.mark.sqlite
def test_any_order_of_events_keeps_every_promise(
    new_sqlite: Callable[[], str], tmp_path: Path
) -> None:
    database = Database(new_sqlite())
    database.write_now(one_rep)
    database.close()

    class OnThisDatabase(CheckInMachine):
        template = Path(str(database.url.database))
        folder = tmp_path

    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=EXAMPLES or 8,
            stateful_step_count=25,
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
