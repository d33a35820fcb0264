"""Where reps' plans stand, for their own Homes and their coaches'."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain.plans import drafts as plan_drafts
from bot.domain.plans import on_home, sights
from bot.domain.plans import sign_off as plan_sign_off
from bot.domain.shown.home import PlanInShort
from bot.domain.tables import Member
from tests.domain.planning import GOAL, NEXT_MONDAY, Office


def in_short(office: Office, user: str = "U1") -> PlanInShort:
    """What Home says of the rep's plan, read together with another rep's."""

    def read(session: Session) -> PlanInShort:
        members = session.exec(select(Member).order_by(Member.id)).all()
        (wanted,) = [member for member in members if member.slack_user_id == user]
        return on_home.in_short(session, members, now=office.now)[wanted.id]

    return office.database.read_now(read)


def said(office: Office) -> tuple[str, int | None, bool, bool]:
    """State and version, and whether it waits for the rep and for the coach."""
    found = in_short(office)
    return found.state, found.version, found.waits_for_rep, found.waits_for_coach


def test_each_state_is_said_with_whom_it_waits_for(office: Office) -> None:
    assert in_short(office) == PlanInShort("none")
    first = office.propose()
    assert said(office) == ("proposed", 1, False, True)
    assert in_short(office, "U2") == PlanInShort("none")
    hers = office.suggest(first)
    assert said(office) == ("suggested", 2, True, False)
    office.do(plan_sign_off.accept, "U1", plan_id=hers)
    office.do(plan_sign_off.send_back, "UC", plan_id=hers, reason="Too low.")
    assert said(office) == ("sent_back", 2, True, False)
    office.signed()
    assert in_short(office) == PlanInShort(
        "signed",
        version=3,
        goal=Decimal(600_000),
        ends_on=date(2027, 10, 31),
        from_week=NEXT_MONDAY,
        conversations=22,
        base_moves=9,
        sales=Decimal(13_044),
    )


def test_a_draft_is_said_only_where_nothing_signed_counts(office: Office) -> None:
    draft = office.draft().plan_id
    assert in_short(office) == PlanInShort("draft", waits_for_rep=True)
    office.do(plan_drafts.discard, "U1", plan_id=draft)
    office.signed()
    office.draft(goal=replace(GOAL, goal="900k"))
    assert said(office) == ("signed", 1, False, False)


def test_a_signed_plan_counts_on_its_last_day_and_is_over_after_it(office: Office) -> None:
    office.signed()
    office.now += date(2027, 10, 31) - office.now.date()
    assert said(office) == ("signed", 1, False, False)
    office.now += timedelta(days=1)
    assert said(office) == ("ended", 1, False, False)


def test_an_offer_waits_for_each_until_they_agreed(office: Office) -> None:
    offer = office.offered(office.signed())
    assert said(office) == ("offered", 2, True, True)
    office.do(sights.agree, "U1", plan_id=offer)
    assert said(office) == ("offered", 2, False, True)


def test_the_newest_signed_version_is_said(office: Office) -> None:
    office.signed()
    office.now += timedelta(days=4)
    office.signed(goal=replace(GOAL, goal="500k"))
    assert in_short(office).goal == Decimal(500_000)
