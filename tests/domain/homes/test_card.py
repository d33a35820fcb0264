"""The card for a one-to-one: only for who coaches the rep today, and with as many statements for any history."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from bot.database import Database
from bot.domain.access import Caller
from bot.domain.homes import card
from bot.domain.refusals import Refusal
from bot.domain.shown.card import CardShown, DealStanding
from bot.domain.tables import Agreement, Conversation, Member, Opportunity
from tests.counting import counted
from tests.domain.coaching.story import finish, miss
from tests.domain.crowd import NOW, fill
from tests.domain.handover.desk import Desk
from tests.domain.mondays import WEEK, at


def shown(desk: Desk, by: str = "UC", of: str = "U1", day: int = 26) -> CardShown:
    return desk.database.read_now(
        card.card, caller=desk.caller(by), slack_user_id=of, now=at(day, 9)
    )


def add_deals(
    session: Session, member_id: int, deals: int, first: date, *, again: int = 10
) -> None:
    """Open deals on 1st, each a day younger than the one before, and talked about once more some days later."""
    workspace_id = session.get_one(Member, member_id).workspace_id
    for number in range(deals):
        deal = Opportunity(
            workspace_id=workspace_id,
            member_id=member_id,
            company=f"Deal {number:02d}",
            company_key=f"deal {number:02d}",
            base=1,
            created_at=NOW,
        )
        session.add(deal)
        session.flush()
        for moves, later in ((1, 0), (0, again)):
            held_on = first + timedelta(days=number + later)
            session.add(
                Conversation(
                    workspace_id=workspace_id,
                    member_id=member_id,
                    opportunity_id=deal.id,
                    held_on=held_on,
                    week=held_on - timedelta(days=held_on.weekday()),
                    base=1 if moves else None,
                    moves=moves,
                    request_key=f"{member_id} {number} {moves}",
                    logged_at=NOW,
                )
            )


def test_only_who_coaches_the_rep_today_may_prepare(desk: Desk) -> None:
    assert [shown(desk, by).rep for by in ("UC", "UD")] == ["U1", "U1"]
    for by in ("U1", "U2", "UN", "UA", "UNOBODY"):
        with pytest.raises(Refusal):
            shown(desk, by)
    for nobody in ("UC", "UNOBODY"):
        with pytest.raises(Refusal):
            shown(desk, "UC", nobody)
    desk.change(desk.team(), coach_id=desk.team().second_coach_id, second_coach_id=None)
    with pytest.raises(Refusal, match="present coaches"):
        shown(desk, "UC")
    desk.change(desk.member("UD"), is_guest=True)
    with pytest.raises(Refusal):
        shown(desk, "UD")


def test_a_coach_who_is_a_rep_prepares_no_talk_with_themselves(desk: Desk) -> None:
    desk.change(desk.team(), coach_id=desk.member("U1").id)
    with pytest.raises(Refusal, match="prepared by the rep’s coach"):
        shown(desk, "U1", "U1")
    assert shown(desk, "U1", "U2").rep == "U2"


def test_the_card_has_the_weeks_the_open_step_and_the_last_acts(desk: Desk) -> None:
    finish(desk, miss(desk))
    found = shown(desk)
    assert (found.trend[-1].week, found.trend[-1].result) == (WEEK, "missed")
    assert found.units == {"Conversations": "count", "Base moves": "count", "Sales": "money"}
    assert [step.step for step in found.steps] == ["Three plans"]
    assert [(act.act, act.note) for act in found.acts] == [("coach", "We talked.")]
    assert (found.leak, found.has_deals, found.momentum, found.plan) == (None, False, None, None)
    assert shown(desk, of="U2").acts == ()


def test_a_step_that_was_answered_is_open_no_more(desk: Desk) -> None:
    finish(desk, miss(desk))
    agreement = shown(desk).acts[0]
    row = next(one for one in desk.rows(Agreement) if one.id == agreement.agreement_id)
    desk.change(row, kept="yes")
    found = shown(desk)
    assert (found.steps, found.acts[0].kept) == ((), "yes")


def test_what_was_said_of_a_talk_is_for_the_two_who_talked(desk: Desk) -> None:
    finish(desk, miss(desk))
    (row,) = desk.rows(Agreement)
    desk.change(row, talked="yes", helped="no")
    assert [(one.talked, one.helped) for one in shown(desk, "UC").acts] == [("yes", "no")]
    assert [(one.talked, one.helped) for one in shown(desk, "UD").acts] == [(None, None)]


def test_the_deals_that_stand_longest_come_first_from_their_last_move_on(desk: Desk) -> None:
    member = desk.member("U1")
    desk.write(add_deals, member.id, 8, date(2026, 10, 1))
    found = shown(desk)
    assert found.deals[0] == DealStanding("Deal 00", 1, date(2026, 10, 1), 56)
    assert [deal.company for deal in found.deals] == [f"Deal {n:02d}" for n in range(5)]
    assert found.open_deals == 8


def test_a_long_history_takes_as_many_statements_as_a_short_one(database: Database) -> None:
    counts = []
    for name, past, deals in (("T1", 2, 1), ("T2", 30, 40)):
        crowd = database.write_now(fill, name=name, teams=1, reps=1, past=past)
        database.write_now(add_deals, crowd.reps[0], deals, date(2026, 9, 1), again=0)
        of = database.read_now(lambda s, i=crowd.reps[0]: s.get_one(Member, i).workspace_id)  # type: ignore[misc]
        with counted(database) as statements:
            database.read_now(card.card, caller=Caller(of, "UDANA"), slack_user_id="U0R0", now=NOW)
        counts.append(len(statements))
    assert counts[0] == counts[1]
