"""What many answers at once cost, in statements, and what of each is seen by the next of the same batch."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from bot.database import Database, table
from bot.domain.access import Caller
from bot.domain.checkins import answers, presses
from bot.domain.checkins.answers import TypedNumbers
from bot.domain.checkins.presses import Press
from bot.domain.metrics import targets
from bot.domain.outbox import outbox
from bot.domain.people.members import Profile, apply_profile
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.checkins import NumberQuestion, Recorded
from bot.domain.tables import (
    Alert,
    Answer,
    AnswerEdit,
    CheckIn,
    Member,
    Metric,
    OutboxItem,
    Reminder,
)
from tests.counting import counted
from tests.domain.mondays import DEADLINE, FRIDAY, WEEK, Mondays, another_workspace, at

NOON = at(23, 12)
FEW, MANY = 2, 16
AT_MOST = 12


class Crowd(Mondays):
    """Eighteen more reps in one team: all were asked and reminded, and all and their coach have opened Home."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        users = [f"R{n}" for n in range(FEW + MANY)]
        self.few, self.many = users[:FEW], users[FEW:]
        metrics = self.rows(Metric)
        database.write_now(self._hire, users, metrics)
        self.open_homes("UC", *users)
        self.ask()
        self.reminded(at(23, 13))
        asked = self.rows(Answer)
        member_of = {check_in.id: check_in.member_id for check_in in self.rows(CheckIn)}
        user_of = {member.id: member.slack_user_id for member in self.rows(Member)}
        self.questions: dict[str, list[int]] = defaultdict(list)
        for answer in sorted(asked, key=lambda answer: answer.position):
            self.questions[user_of[member_of[answer.check_in_id]]].append(answer.id)

    def _hire(self, session: Session, users: list[str], metrics: list[Metric]) -> None:
        for user in users:
            member_id = apply_profile(
                session,
                workspace_id=self.workspace_id,
                profile=Profile(user, user, "Europe/London"),
                now=FRIDAY,
            )
            self.enrol(session, user, "Harbor", now=FRIDAY)
            for metric in metrics:
                targets.set_target(
                    session,
                    workspace_id=self.workspace_id,
                    member_id=member_id,
                    metric_id=metric.id,
                    from_week=WEEK,
                    amount=Decimal(2),
                    set_by=None,
                    now=FRIDAY,
                )

    def press(self, users: list[str], question: int, pressed: str) -> tuple[set[type], list[str]]:
        """What comes of the presses together, and the statements that they take."""
        together = [
            Press(
                Caller(self.workspace_id, user),
                self.questions[user][question],
                pressed,
                NOON,
                redraws=True,
            )
            for user in users
        ]
        with counted(self.database) as statements:
            outcomes = self.write(presses.press_many, together)
        return {type(outcome) for outcome in outcomes}, statements

    def type(self, users: list[str], question: int, number: str) -> tuple[set[type], list[str]]:
        """The same of numbers that are typed."""
        together = [
            TypedNumbers(
                Caller(self.workspace_id, user),
                {self.questions[user][question]: ("field", number)},
                late_accepted=False,
                now=NOON,
            )
            for user in users
        ]
        with counted(self.database) as statements:
            outcomes = self.write(answers.give_numbers, together)
        return {type(outcome) for outcome in outcomes}, statements


def test_more_answers_take_no_more_statements(database: Database) -> None:
    crowd = Crowd(database)
    steps: dict[str, tuple[Callable[[list[str]], tuple[set[type], list[str]]], type]] = {
        "agrees": (lambda users: crowd.press(users, 0, "no"), Recorded),
        "contradicts": (lambda users: crowd.press(users, 1, "yes"), NumberQuestion),
        "typed": (lambda users: crowd.type(users, 1, "2"), Recorded),
        "missed": (lambda users: crowd.press(users, 2, "no"), Recorded),
    }
    for step, (answer, outcome) in steps.items():
        outcomes, few = answer(crowd.few)
        assert outcomes == {outcome}, step
        outcomes, many = answer(crowd.many)
        assert outcomes == {outcome}, step
        assert 0 < len(many) <= len(few) <= AT_MOST, (step, few, many)
    assert len(crowd.rows(Alert)) == len(crowd.rows(OutboxItem, surface="alert")) == FEW + MANY


# What of one answer is seen by the next.


@pytest.fixture
def asked(mondays: Mondays) -> Mondays:
    mondays.log("U1", moves=(1, 1))
    mondays.ask()
    return mondays


def form(
    mondays: Mondays, *typed: str, now: datetime = NOON, redraws: bool = False
) -> TypedNumbers:
    ids = [answer.id for answer in mondays.answers("U1")]
    fields = {id_: (f"field {id_}", text) for id_, text in zip(ids, typed, strict=False)}
    caller = Caller(mondays.workspace_id, "U1")
    return TypedNumbers(caller, fields, late_accepted=True, now=now, redraws=redraws)


def test_the_answers_of_one_batch_complete_a_check_in_together(asked: Mondays) -> None:
    later = NOON + timedelta(minutes=1)
    crowd = [form(asked, "2", "3"), form(asked, "", "", "500", now=later)]
    assert asked.write(answers.give_numbers, crowd) == [Recorded(asked.check_in("U1").id)] * 2
    check_in = asked.check_in("U1")
    assert (check_in.state, check_in.completed_at) == ("answered", later)
    assert asked.alert("U1") is not None
    assert asked.reminders_due("U1") == [None, None]


def test_a_number_that_follows_another_is_a_change(asked: Mondays) -> None:
    asked.write(answers.give_numbers, [form(asked, "2"), form(asked, "1"), form(asked, "1")])
    answer = asked.answers("U1")[0]
    assert (answer.number, answer.verdict, answer.edited) == (Decimal(1), "no", True)
    trail = [(edit.number, edit.verdict) for edit in asked.rows(AnswerEdit)]
    assert trail == [(Decimal(2), "yes"), (Decimal(1), "no")]


def test_a_bad_form_is_nobody_elses(asked: Mondays) -> None:
    bad, good = asked.write(answers.give_numbers, [form(asked, "2", "some"), form(asked, "", "3")])
    assert isinstance(bad, FieldProblems)
    assert good == Recorded(asked.check_in("U1").id)
    assert [answer.verdict for answer in asked.answers("U1")] == [None, "yes", None]


def test_each_redraw_of_a_batch_is_waited_for(asked: Mondays) -> None:
    check_in = asked.check_in("U1")
    again = Press(
        Caller(asked.workspace_id, "U1"), asked.answers("U1")[0].id, "yes", NOON, redraws=True
    )
    for crowd, count in (([again, again], 2), ([again], 3)):
        asked.write(presses.press_many, crowd)
        item = asked.item(outbox.CHECK_IN, check_in.id)
        assert item is not None
        assert (item.redraws_in_flight, item.unknown_since) == (count, NOON)
        assert item.due_at == NOON + outbox.RESPONSE_FIRST


def test_a_delivery_that_only_an_answer_proves_sets_the_deadline_for_the_next(
    asked: Mondays,
) -> None:
    asked.change(asked.check_in("U1"), state="scheduled", delivered_at=None, deadline_at=None)
    asked.write(lambda session: session.connection().execute(sa.delete(table(Reminder))))
    caller, (first, second, _) = Caller(asked.workspace_id, "U1"), asked.answers("U1")
    recorded, question = asked.write(
        presses.press_many,
        [Press(caller, first.id, "yes", at(23, 9, 5)), Press(caller, second.id, "yes", NOON)],
    )
    assert recorded == Recorded(asked.check_in("U1").id)
    assert question.deadline_at == DEADLINE
    assert asked.check_in("U1").deadline_at == DEADLINE
    assert len(asked.reminders("U1")) == 2


def test_workspaces_may_answer_together(asked: Mondays) -> None:
    """Each press counts in its own workspace, and marks that workspace's messages and Homes."""
    elsewhere = asked.write(another_workspace, "U1")
    asked.open_homes("UC")
    mine, theirs = asked.check_in("U1"), asked.check_in("U2")

    def move(session: Session) -> None:
        """U2's check-in is one of the other workspace."""
        member_id = session.get_one(CheckIn, theirs.id).member_id
        session.get_one(Member, member_id).workspace_id = elsewhere
        for model, column in ((CheckIn, "id"), (Answer, "check_in_id")):
            for row in session.exec(select(model).filter_by(**{column: theirs.id})):
                row.workspace_id = elsewhere
        of_message = select(OutboxItem).filter_by(surface=outbox.CHECK_IN, subject_id=theirs.id)
        session.exec(of_message).one().workspace_id = elsewhere

    other = asked.answers("U2")[0].id
    asked.write(move)
    crowd = [
        Press(Caller(asked.workspace_id, "U1"), asked.answers("U1")[0].id, "yes", NOON),
        Press(Caller(elsewhere, "U2"), other, "no", NOON),
        Press(Caller(asked.workspace_id, "U2"), other, "no", NOON),
    ]
    outcomes: list[object] = []
    marked = asked.stale_after(lambda: outcomes.extend(asked.write(presses.press_many, crowd)))
    assert outcomes[:2] == [Recorded(mine.id), Recorded(theirs.id)]
    assert isinstance(outcomes[2], Refusal)
    assert {"check_in U1", "check_in U2", "home UC"} <= marked
