"""Which target counts for which week, and what changing one marks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain.metrics import targets
from bot.domain.tables import Member, Metric, Target
from bot.rules.weeks import WEEK
from tests.domain.marked import marked, open_homes
from tests.domain.planning import FRIDAY, NEXT_MONDAY, Office

THIS_WEEK = date(2026, 11, 16)


def ids(session: Session, key: str = "conversations") -> tuple[Member, int]:
    member = session.exec(select(Member).where(Member.slack_user_id == "U1")).one()
    return member, session.exec(select(Metric).where(Metric.key == key)).one().id


def save(office: Office, amount: int | None, week: date, key: str = "conversations") -> bool:
    """Save one target of Priya's; whether anything changed."""

    def write(session: Session) -> bool:
        member, metric_id = ids(session, key)
        return targets.save_targets(
            session,
            member=member,
            amounts={metric_id: None if amount is None else Decimal(amount)},
            from_week=week,
            set_by=None,
            now=FRIDAY,
        )

    return office.database.write_now(write)


def test_what_was_set_last_counts_from_its_week_on(office: Office) -> None:
    assert save(office, 20, THIS_WEEK)
    assert save(office, 30, NEXT_MONDAY)
    assert office.targets(THIS_WEEK - WEEK) == {}
    assert office.targets(THIS_WEEK) == {"conversations": Decimal(20)}
    assert office.targets(NEXT_MONDAY + 5 * WEEK) == {"conversations": Decimal(30)}
    assert office.targets(NEXT_MONDAY, "U2") == {}
    # Of two that were set for one week the later one counts.
    assert save(office, 31, NEXT_MONDAY)
    assert office.targets(NEXT_MONDAY) == {"conversations": Decimal(31)}


def test_saving_for_a_week_counts_over_what_was_set_for_later_ones(office: Office) -> None:
    save(office, 30, NEXT_MONDAY)
    assert save(office, 20, THIS_WEEK)
    assert office.targets(NEXT_MONDAY) == {"conversations": Decimal(20)}
    assert not save(office, 20, THIS_WEEK)
    assert office.count(Target) == 3


def test_a_target_that_was_taken_away_or_archived_is_not_asked(office: Office) -> None:
    save(office, 20, THIS_WEEK)
    save(office, 9, THIS_WEEK, "base_moves")
    save(office, 5_000, THIS_WEEK, "sales")
    assert list(office.targets(THIS_WEEK)) == ["conversations", "base_moves", "sales"]
    save(office, None, NEXT_MONDAY)
    assert list(office.targets(NEXT_MONDAY)) == ["base_moves", "sales"]

    def archive(session: Session) -> None:
        session.get_one(Metric, ids(session, "sales")[1]).archived_at = FRIDAY

    office.database.write_now(archive)
    assert list(office.targets(NEXT_MONDAY)) == ["base_moves"]


def test_metrics_are_asked_in_their_order_whatever_order_they_were_set_in(office: Office) -> None:
    for key in ("sales", "conversations", "base_moves"):
        save(office, 5, THIS_WEEK, key)
    assert list(office.targets(THIS_WEEK)) == ["conversations", "base_moves", "sales"]


def test_each_member_is_read_for_a_week_of_their_own(office: Office) -> None:
    def read(session: Session) -> list[list[Decimal]]:
        priya = ids(session)[0].id
        sam = session.exec(select(Member).where(Member.slack_user_id == "U2")).one().id
        found = [
            targets.in_weeks(session, {priya: week, sam: other})
            for week, other in (
                (THIS_WEEK, NEXT_MONDAY),
                (NEXT_MONDAY, THIS_WEEK),
                (THIS_WEEK, NEXT_MONDAY + 2 * WEEK),
                (NEXT_MONDAY + WEEK, THIS_WEEK),
            )
        ]
        return [[amount for _, amount in one.get(priya, [])] for one in found]

    save(office, 10, THIS_WEEK - WEEK)
    save(office, 20, THIS_WEEK)
    save(office, 30, NEXT_MONDAY)
    save(office, None, NEXT_MONDAY + WEEK)
    assert office.database.read_now(read) == [[20], [30], [20], []]
    assert office.database.read_now(targets.in_weeks, {}) == {}


def test_another_target_marks_the_homes_of_rep_coaches_and_admins(office: Office) -> None:
    open_homes(office.database, ("U1", "U2", "UC", "UD", "UN", "UA"), now=FRIDAY)
    homes = {"home U1", "home UC", "home UD", "home UA", "home UN"}
    assert marked(office.database, lambda: save(office, 20, THIS_WEEK)) == homes
    assert marked(office.database, lambda: save(office, 20, THIS_WEEK)) == set()
