"""What was agreed: typed by the coach, read by the rep, contested, shown to whoever coaches the rep now."""

from __future__ import annotations

from datetime import date

import pytest

from bot.domain.coaching import agreements
from bot.domain.outbox import outbox
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.shown.agreements import AgreementShown, DoneTyped
from bot.domain.tables import Agreement
from bot.rules.acts import Act
from tests.counting import counted
from tests.domain.coaching.story import TAKEN, agreement, finish, miss
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

TODAY = at(24, 10).date()


def typed(**given: str) -> DoneTyped:
    facts = {"act": "mentor", "note": " We talked. ", "step": "", "due_on": ""}
    return DoneTyped(**{**facts, **given})  # type: ignore[arg-type]


def test_what_a_coach_types() -> None:
    assert agreements.read(typed(), today=TODAY) == agreements.Done(
        Act.MENTOR, "We talked.", None, None
    )
    done = agreements.read(typed(step=" Three  plans ", due_on="2026-11-24"), today=TODAY)
    assert (done.step, done.due_on) == ("Three plans", TODAY)


def test_steps_without_an_answer_are_open_for_four_weeks_the_earliest_day_first() -> None:
    now = at(30, 10)

    def agreed(due_on: date | None, kept: str | None = None) -> AgreementShown:
        step = "Three plans" if due_on is not None else None
        facts = (now.date(), "mentor", None, step, due_on, now, None)
        return AgreementShown(1, "U1", "UC", *facts, kept=kept)

    late, oldest = agreed(date(2026, 12, 4)), agreed(date(2026, 11, 2))
    over, answered = agreed(date(2026, 11, 1)), agreed(date(2026, 12, 4), kept="no")
    found = agreements.open_steps([late, agreed(None), over, oldest, answered], now)
    assert found == (oldest, late)


@pytest.mark.parametrize(
    ("given", "field", "sentence"),
    [
        ({"act": "sing"}, "act", "Choose one of the four acts."),
        ({"note": " \n"}, "note", "Say in a few words what you did or agreed on."),
        ({"note": "x" * 1001}, "note", "The note has 1001 characters. Shorten it to 1000."),
        ({"step": "Plans"}, "due", "Choose the day by which it will be done."),
        (
            {"due_on": "2026-11-27"},
            "step",
            "Say what will be done by that day, or take the day out.",
        ),
        (
            {"step": "x" * 201, "due_on": "2026-11-27"},
            "step",
            "The step has 201 characters. Shorten it to 200.",
        ),
        ({"step": "Plans", "due_on": "soon"}, "due", "Choose the day from the calendar."),
        (
            {"step": "Plans", "due_on": "2026-11-23"},
            "due",
            "That day has passed. Choose today or a later one.",
        ),
        (
            {"step": "Plans", "due_on": "2027-01-20"},
            "due",
            "That is far away. Choose a day within eight weeks.",
        ),
    ],
)
def test_what_can_not_be_taken_is_said_where_it_was_typed(
    given: dict[str, str], field: str, sentence: str
) -> None:
    with pytest.raises(FieldProblems) as problem:
        agreements.read(typed(**given), today=TODAY)
    assert problem.value.sentences == {field: sentence}


def test_the_rep_reads_what_was_agreed_and_so_do_both_homes(desk: Desk) -> None:
    finish(desk, miss(desk))
    (message,) = desk.standing(outbox.AGREEMENT, "DU1")
    for said in ("<@UC> coached you", "We talked.", "*Three plans*, by Friday 27 November"):
        assert said in message.text
    assert "*Three plans*, by Friday 27 November" in desk.home("U1")
    assert "*Three plans*, by Friday 27 November" in desk.home("UC")
    (alert,) = desk.standing(outbox.ALERT, "CHarbor")
    assert "*Three plans*, by Friday 27 November" in alert.text
    kept = agreement(desk)
    assert (kept.member_id, kept.coach_id) == (desk.member("U1").id, desk.member("UC").id)
    assert (kept.act, kept.agreed_at) == ("coach", TAKEN)


def test_the_rep_reads_it_in_working_hours(desk: Desk) -> None:
    finish(desk, miss(desk), now=at(24, 22))
    assert desk.standing(outbox.AGREEMENT) == []
    desk.deliver(at(25, 8))
    assert len(desk.standing(outbox.AGREEMENT, "DU1")) == 1


def test_the_rep_says_that_it_is_otherwise(desk: Desk) -> None:
    finish(desk, miss(desk))
    given = {"agreement_id": agreement(desk).id, "now": at(24, 11), "field": "words"}
    named = {"caller": desk.caller("U1"), "agreement_id": agreement(desk).id}
    assert desk.write(agreements.otherwise_form, **named) is None
    words = {**given, "words": " Two   plans "}
    desk.write(agreements.say_otherwise, caller=desk.caller("U1"), **words)
    desk.deliver(at(24, 11))
    assert desk.write(agreements.otherwise_form, **named) == "Two plans"
    (alert,) = desk.standing(outbox.ALERT, "CHarbor")
    assert "<@U1> says that it is otherwise:" in alert.text
    assert "Two plans" in alert.text
    (message,) = desk.standing(outbox.AGREEMENT, "DU1")
    assert "Two plans" in message.text
    for said in ("  ", "x" * 501):
        words = {**given, "words": said}
        with pytest.raises(Refusal) as refusal:
            desk.write(agreements.say_otherwise, caller=desk.caller("U1"), **words)
        assert refusal.value.field == "words"
    before = desk.rows(Agreement)
    for stranger in ("U2", "UC", "UN"):
        words = {**given, "words": "Mine"}
        with pytest.raises(Refusal, match="somebody else"):
            desk.write(agreements.say_otherwise, caller=desk.caller(stranger), **words)
    assert desk.rows(Agreement) == before


def test_another_coach_sees_the_open_step_and_a_former_coach_sees_nothing(desk: Desk) -> None:
    finish(desk, miss(desk))
    desk.change_team(at(24, 11), coach="UN", second_coach=None)
    desk.deliver(at(24, 11))
    assert "Three plans" in desk.home("UN")
    for former in ("UC", "UD"):
        assert "Three plans" not in desk.home(former)
        assert "U1" not in desk.home(former)
    (message,) = desk.standing(outbox.AGREEMENT, "DU1")
    assert "It was otherwise" in message.text


def test_agreements_are_read_in_sets(desk: Desk) -> None:
    finish(desk, miss(desk))
    check_in = desk.check_in("U1")
    desk.change(agreement(desk), asked_in=check_in.id)
    for ids in ([check_in.id], [check_in.id, 998, 999]):
        with counted(desk.database) as statements:
            found = desk.database.read_now(agreements.asked_in, ids)
        assert [one.note for one in found[check_in.id]] == ["We talked."]
        assert sum(one.startswith("SELECT") for one in statements) == 1
