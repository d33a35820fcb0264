"""Gives answers: in memory at first, so that later ones of a batch see the earlier, then writes what changed.

Presses and typed numbers share it. A batch of any size takes the same few statements.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from sqlmodel import Session

from bot.database import insert_all, table, update_all
from bot.domain.checkins import lifecycle as checkins
from bot.domain.checkins.asked import Asked, AskedCheckIn, AskedQuestion
from bot.domain.coaching import alerts
from bot.domain.outbox import surfaces
from bot.domain.tables import Answer, AnswerEdit, CheckIn, CheckInState, Verdict
from bot.rules.numbers import Reading
from bot.rules.verdicts import verdict as verdict_of

R = TypeVar("R")
T = TypeVar("T")


class Answering:
    """The answers of one transaction to questions that `Asked` has read."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._answers: dict[int, dict[str, Any]] = {}
        self._edits: list[dict[str, Any]] = []
        self._delivered: dict[int, datetime] = {}
        self._changed: dict[int, AskedCheckIn] = {}
        self._completed: list[int] = []
        self._missed: dict[int, AskedCheckIn] = {}
        self._settled: dict[int, AskedCheckIn] = {}
        self._redraws: Counter[int] = Counter()
        self._moments: list[datetime] = []

    def deliver(self, check_in: AskedCheckIn, at: datetime) -> None:
        """Open the check-in if nobody knew that it was delivered."""
        if check_in.state == CheckInState.SCHEDULED:
            check_in.state = CheckInState.OPEN.value
            check_in.deadline_at = self._asked.deadline(check_in, at)
            self._delivered[check_in.id] = at

    def record(self, question: AskedQuestion, reading: Reading, now: datetime) -> None:
        """Give the question this number, which decides its yes or no; the same number again changes nothing."""
        check_in, number = question.check_in, reading.value
        verdict = verdict_of(number, question.target)
        if question.verdict == verdict and question.number == number:
            return
        given = {
            "number": number,
            "logged": question.logged,
            "verdict": verdict,
            "late": check_in.is_late(now),
        }
        self._answers[question.id] = {
            "id": question.id,
            **given,
            "note": reading.note,
            "answered_at": now,
            "edited": question.verdict is not None,
        }
        self._edits.append(
            {
                "workspace_id": check_in.workspace_id,
                "answer_id": question.id,
                **given,
                "given_by": check_in.member_id,
                "given_at": now,
            }
        )
        question.number, question.verdict = number, verdict
        if given["late"]:
            check_in.late = True
            self._changed[check_in.id] = check_in

    def settle(self, check_in: AskedCheckIn, now: datetime, *, redraws: bool) -> None:
        """Bring the check-in's state, its alert and all that shows it into line with its answers.

        `redraws`: the caller updates the message through a response_url.
        """
        # The sender may have died before it recorded the delivery, which an answer proves.
        self.deliver(check_in, now)
        verdicts = [question.verdict for question in check_in.questions]
        if all(verdicts):
            if check_in.state != CheckInState.ANSWERED:
                check_in.state, check_in.completed_at = CheckInState.ANSWERED.value, now
                self._changed[check_in.id] = check_in
                self._completed.append(check_in.id)
            if Verdict.NO in verdicts:
                self._missed[check_in.id] = check_in
        self._settled[check_in.id] = check_in
        self._redraws[check_in.id] += redraws
        self._moments.append(now)

    def redraw(self, check_in: AskedCheckIn, now: datetime) -> None:
        """Have the message of an unchanged check-in drawn anew; a response_url is about to do so first."""
        self._redraws[check_in.id] += 1
        self._moments.append(now)

    def write(self, session: Session) -> None:
        """Write all that was recorded, delivered and settled."""
        update_all(session, table(Answer), list(self._answers.values()))
        insert_all(session, table(AnswerEdit), self._edits)
        if self._delivered:
            checkins.delivered(session, at=self._delivered)
        update_all(
            session,
            table(CheckIn),
            [
                {
                    "id": check_in.id,
                    "state": check_in.state,
                    "completed_at": check_in.completed_at,
                    "late": check_in.late,
                }
                for check_in in self._changed.values()
            ],
        )
        if self._completed:
            checkins.cancel_reminders(session, self._completed)
        if self._moments:
            self._mark(session, max(self._moments))

    def _mark(self, session: Session, now: datetime) -> None:
        """Raise the alerts, and mark all that no longer shows what the database holds."""
        if self._missed:
            alerts.ensure(session, check_ins=list(self._missed.values()), now=now)
        redraws = {check_in_id: self._redraws[check_in_id] for check_in_id in self._settled}
        surfaces.check_ins_changed(session, check_ins=redraws, now=now)
        unchanged = {id_: count for id_, count in self._redraws.items() if id_ not in redraws}
        surfaces.check_ins_stale(session, check_ins=unchanged, now=now)
        reps: dict[int, set[int]] = defaultdict(set)
        for check_in in self._settled.values():
            reps[check_in.workspace_id].add(check_in.member_id)
        for workspace_id, member_ids in reps.items():
            surfaces.reps_homes_changed(
                session, workspace_id=workspace_id, member_ids=member_ids, now=now
            )


def each(requests: Iterable[R], give: Callable[[R], T]) -> list[T | Exception]:
    """Return what `give` makes of each request; the error of one is its own outcome and nobody else's."""
    outcomes: list[T | Exception] = []
    for request in requests:
        try:
            outcomes.append(give(request))
        except Exception as error:
            outcomes.append(error)
    return outcomes
