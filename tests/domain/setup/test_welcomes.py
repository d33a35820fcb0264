"""The first message to somebody who was enrolled as a rep."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from sqlmodel import Session, select

from bot.domain.setup import welcomes
from bot.domain.shown.welcome import WelcomeShown
from bot.domain.tables import Enrolment
from tests.domain.setting_up import FRIDAY, Setup


def test_a_welcome_says_who_coaches_what_is_asked_and_when(setup: Setup) -> None:
    member_id = setup.enrol(setup.create().team_id)
    setup.set_targets(member_id, {"Sales": "9,000", "Conversations": "20"}, week="this")
    setup.set_targets(member_id, {"Conversations": "30"}, week="next")

    def show(session: Session) -> WelcomeShown:
        enrolment = session.exec(select(Enrolment)).one()
        return welcomes.show(session, enrolment.id, now=FRIDAY)

    shown = setup.database.read_now(show)
    assert (shown.name, shown.team, shown.coach) == ("Priya", "Harbor", "UC")
    assert shown.first_due_at == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert shown.targets == (
        ("Conversations", "count", Decimal(20)),
        ("Sales", "money", Decimal(9000)),
    )
    assert (shown.reader.timezone, shown.reader.currency) == ("Europe/London", "USD")


def test_a_welcome_before_any_target_has_none(setup: Setup) -> None:
    setup.enrol(setup.create().team_id)
    shown = setup.database.read_now(
        lambda session: welcomes.show(session, session.exec(select(Enrolment.id)).one(), now=FRIDAY)
    )
    assert shown.targets == ()
    assert shown.first_due_at is not None
    assert shown.first_due_at.date() > date(2026, 11, 20)
