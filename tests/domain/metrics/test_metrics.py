"""What is counted by the week, and what the log says of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlmodel import Session, select

from bot.clock import SettableClock
from bot.database import Database
from bot.domain.conversations import entries
from bot.domain.metrics import metrics
from bot.domain.tables import Member, Metric, Team
from tests.domain.conversations.rep import LAST_WEEK, THIS_WEEK, Rep, seed
from tests.seeding import seed_once

SAM = "U0SAM"


@pytest.fixture
def rep(database: Database, clock: SettableClock) -> Rep:
    """A rep of a team that logs conversations, on both kinds of database."""
    seed_once(database, seed)
    return Rep(database, clock)


def add_metric(session: Session, key: str, *, source: str, position: int, team_id: int = 1) -> int:
    metric = Metric(
        workspace_id=1,
        team_id=team_id,
        key=key,
        name=key.title(),
        unit="count",
        question="Did you?",
        source=source,
        position=position,
    )
    session.add(metric)
    session.flush()
    return metric.id


def numbers(rep: Rep, *weeks: date, user: str = "U0PRIYA") -> dict[tuple[date, str], Decimal]:
    """What the log says of a rep, read together with another rep's, by week and key."""

    def read(session: Session) -> dict[tuple[date, str], Decimal]:
        known = {metric.id: metric for metric in session.exec(select(Metric))}
        people = {m.slack_user_id: m.id for m in session.exec(select(Member))}
        both = [people["U0PRIYA"], people[SAM]]
        found = metrics.logged_numbers(session, both, weeks, known.values())
        return {
            (week, known[metric_id].key): amount
            for (member_id, week, metric_id), amount in found.items()
            if member_id == people[user]
        }

    return rep.database.read_now(read)


def test_conversations_moves_and_sales_are_counted_by_week_and_rep(rep: Rep) -> None:
    rep.log("Acme 2nd")
    rep.log("Acme home 12k")
    rep.log("Northwind 1st 2026-11-12")
    rep.log("Northwind lost")
    rep.undo(rep.log("Undone home 99k"))
    Rep(rep.database, rep.clock, SAM).log("Globex home 7k")
    assert numbers(rep, THIS_WEEK, LAST_WEEK) == {
        (THIS_WEEK, "conversations"): 3,
        (THIS_WEEK, "base_moves"): 4,
        (THIS_WEEK, "sales"): 12_000,
        (LAST_WEEK, "conversations"): 1,
        (LAST_WEEK, "base_moves"): 1,
        (LAST_WEEK, "sales"): 0,
    }
    assert numbers(rep, THIS_WEEK, user=SAM)[THIS_WEEK, "sales"] == 7_000


def test_an_amount_counts_as_a_sale_only_where_the_deal_was_won(rep: Rep) -> None:
    rep.log("Acme home")  # won, and for how much is not said
    assert numbers(rep, THIS_WEEK)[THIS_WEEK, "sales"] == 0


def test_numbers_logged_by_hand_add_up_and_asked_ones_are_left_out(rep: Rep) -> None:
    hand = rep.database.write_now(add_metric, "demos", source="hand", position=10)
    rep.database.write_now(add_metric, "calls", source="asked", position=11)
    assert numbers(rep, THIS_WEEK)[THIS_WEEK, "demos"] == 0
    for text, week in (("3", None), ("4", None), ("9", LAST_WEEK)):
        last = rep.do(
            entries.log_entry, metric_id=hand, text=text, request_key=rep.key(), week=week
        )
    assert numbers(rep, THIS_WEEK, LAST_WEEK)[LAST_WEEK, "demos"] == 9
    rep.do(entries.undo_entry, entry_id=last.entry_id)
    found = numbers(rep, THIS_WEEK, LAST_WEEK)
    assert (found[THIS_WEEK, "demos"], found[LAST_WEEK, "demos"]) == (7, 0)
    assert not any(key == "calls" for _, key in found)
    assert numbers(rep, THIS_WEEK, user=SAM)[THIS_WEEK, "demos"] == 0


def test_a_teams_metrics_come_in_their_order_without_archived_and_other_teams(rep: Rep) -> None:
    def keys(session: Session) -> list[str]:
        team = session.get_one(Team, 1)
        other = Team(**{**team.model_dump(exclude={"id"}), "name": "West", "name_key": "west"})
        session.add(other)
        session.flush()
        add_metric(session, "last", source="hand", position=30)
        add_metric(session, "first", source="hand", position=20)
        add_metric(session, "theirs", source="hand", position=21, team_id=other.id)
        gone = session.get_one(Metric, add_metric(session, "gone", source="hand", position=22))
        gone.archived_at = team.created_at
        session.flush()
        return [metric.key for metric in metrics.metrics_for(session, team)]

    assert rep.database.write_now(keys) == [
        "conversations",
        "base_moves",
        "sales",
        "first",
        "last",
    ]
