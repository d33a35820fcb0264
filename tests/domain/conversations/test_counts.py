"""A rep's week in the three built-in metrics."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain.absences import recording
from bot.domain.conversations.counts import week_counts
from bot.domain.metrics import targets
from bot.domain.shown.conversations import Count
from bot.domain.tables import Member, Metric, Team
from tests.counting import counted
from tests.domain.conversations.rep import LAST_WEEK, THIS_WEEK, Rep


def counts(rep: Rep, week: date = THIS_WEEK) -> dict[str, Count]:
    def look(session: Session) -> dict[str, Count]:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        return week_counts(session, member, session.exec(select(Team)).one(), week)

    return rep.database.read_now(look)


def set_conversations(rep: Rep, amount: int | None, week: date) -> None:
    def write(session: Session) -> None:
        member = session.exec(select(Member).where(Member.slack_user_id == rep.user)).one()
        metric = session.exec(select(Metric).where(Metric.key == "conversations")).one()
        targets.save_targets(
            session,
            member=member,
            amounts={metric.id: None if amount is None else Decimal(amount)},
            from_week=week,
            set_by=None,
            now=rep.clock.now(),
        )

    rep.database.write_now(write)


def test_numbers_stand_beside_the_targets_of_their_week(rep: Rep) -> None:
    rep.log("Acme 1st")
    rep.log("Delta home 1,500")
    assert counts(rep) == {
        "conversations": Count(Decimal(2), Decimal(20)),
        "base_moves": Count(Decimal(5), Decimal(9)),
        "sales": Count(Decimal(1_500), Decimal(50_000)),
    }
    assert counts(rep, date(2026, 9, 28))["conversations"] == Count(Decimal(0), None)


def test_the_last_target_for_a_week_counts(rep: Rep) -> None:
    set_conversations(rep, 30, THIS_WEEK)
    assert counts(rep)["conversations"].target == 30
    assert counts(rep, LAST_WEEK)["conversations"].target == 20
    set_conversations(rep, None, THIS_WEEK)
    assert counts(rep)["conversations"].target is None


def test_days_off_make_a_target_smaller_and_a_week_away_has_none(rep: Rep) -> None:
    def away(first: date, last: date) -> None:
        rep.do(
            recording.record,
            member_id=None,
            first=first,
            last=last,
            kind="vacation",
            request_key=f"{first}",
        )

    away(date(2026, 11, 23), date(2026, 11, 24))
    away(date(2026, 11, 30), date(2026, 12, 4))
    assert counts(rep, date(2026, 11, 23))["conversations"].target == 12
    assert counts(rep, date(2026, 11, 30))["conversations"].target is None


def test_more_targets_take_no_more_statements(rep: Rep) -> None:
    with counted(rep.database) as few:
        counts(rep)
    for amount in range(30, 60):
        set_conversations(rep, amount, THIS_WEEK)
    with counted(rep.database) as many:
        assert counts(rep)["conversations"].target == 59
    assert len(many) == len(few)
