"""The team of `make sandbox`: what its log says is what its check-ins were answered with."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

import pytest
from sqlmodel import Session, col, select

from bot import demo
from bot.clock import SettableClock
from bot.database import Database
from bot.domain.access import Caller
from bot.domain.metrics import metrics
from bot.domain.plans import overview as plans
from bot.domain.plans import sights
from bot.domain.tables import Answer, CheckIn, CheckInState, Member, Metric, Source
from tests.seeding import seed_once


@pytest.fixture
def database_url(new_sqlite: Callable[[], str]) -> str:
    """The sandbox's bot has SQLite, and nothing else."""
    return new_sqlite()


def test_a_past_week_was_answered_with_what_was_logged(
    database: Database, clock: SettableClock
) -> None:
    assert seed_once(database, demo.seed, now=clock.now())
    answered, logged = database.read_now(_answered_and_logged)
    assert len(answered) == 3 * 12 - 1  # Sam was silent once
    assert answered == logged


def test_a_second_start_changes_nothing(database: Database, clock: SettableClock) -> None:
    seed_once(database, demo.seed, now=clock.now())
    before = database.read_now(_answered_and_logged)
    assert not database.write_now(demo.seed, now=clock.now())
    assert database.read_now(_answered_and_logged) == before


Numbers = dict[tuple[str, date], dict[int, Decimal]]


def _answered_and_logged(session: Session) -> tuple[Numbers, Numbers]:
    counted = session.exec(select(Metric).where(Metric.source == Source.CONVERSATIONS)).all()
    answered: Numbers = defaultdict(dict)
    logged: Numbers = defaultdict(dict)
    for member, check_in, answer in session.exec(
        select(Member, CheckIn, Answer)
        .join(CheckIn, col(CheckIn.member_id) == col(Member.id))
        .join(Answer, col(Answer.check_in_id) == col(CheckIn.id))
        .where(
            CheckIn.state == CheckInState.ANSWERED,
            col(Answer.metric_id).in_([metric.id for metric in counted]),
        )
    ):
        numbers = metrics.logged_numbers(session, [member.id], [check_in.week], counted)
        key = (member.name, check_in.week)
        assert answer.number is not None
        answered[key][answer.metric_id] = answer.number
        logged[key][answer.metric_id] = numbers[member.id, check_in.week, answer.metric_id]
    return answered, logged


def test_one_plan_waits_and_one_that_is_kept_has_earned_higher_sights(
    database: Database, clock: SettableClock
) -> None:
    def states() -> dict[str, tuple[str | None, str | None]]:
        return {
            rep: database.write_now(_plan_of, rep=rep, now=clock.now())
            for rep in ("PRIYA", "SAM", "MAYA")
        }

    seed_once(database, demo.seed, now=clock.now())
    assert states() == {
        "PRIYA": (None, None),
        "SAM": (None, "proposed"),
        "MAYA": ("approved", None),
    }
    database.write_now(sights.offer_due, now=clock.now())
    assert states()["MAYA"] == ("approved", "offered")


def _plan_of(session: Session, *, rep: str, now: datetime) -> tuple[str | None, str | None]:
    """The states of the rep's signed plan and of the one that waits, as their coach sees them."""
    found = plans.overview(session, caller=Caller(1, "U0DANA"), slack_user_id=f"U0{rep}", now=now)
    return (
        found.in_force.state if found.in_force else None,
        found.waiting.state if found.waiting else None,
    )
