"""What the sender reports back of messages that were, or could not be, delivered."""

from __future__ import annotations

from datetime import timedelta

from sqlmodel import Session, select

from bot.domain import deliveries
from bot.domain.outbox import outbox, sending
from bot.domain.outbox.outbox import Lane
from bot.domain.outbox.sending import Claimed
from bot.domain.tables import Member, OutboxItem, Plan, PlanState
from tests.domain.planning import Office
from tests.domain.plans.steps import shown


def test_a_plan_whose_channel_was_lost_goes_to_the_coach_and_comes_out_when_it_is_mended(
    office: Office,
) -> None:
    plan_id = office.propose()

    def fail(session: Session) -> None:
        (claimed,) = [
            item
            for item in sending.claim(session, sender="s", lane=Lane.POST, now=office.now, limit=50)
            if item.surface == outbox.PLAN
        ]
        deliveries.channel_failed(
            session, claimed=claimed, sender="s", code="is_archived", now=office.now
        )

    office.database.write_now(fail)
    assert shown(office, plan_id).problem == "is_archived"

    def stands_and_is_behind(session: Session) -> None:
        item = session.exec(select(OutboxItem).where(OutboxItem.surface == "plan")).one()
        item.ts, item.channel = "1.0", "CHarbor"
        item.due_at = office.now + timedelta(hours=1)

    office.database.write_now(stands_and_is_behind)
    office.database.write_now(
        deliveries.channel_event,
        workspace_id=office.workspace_id,
        channel="CHarbor",
        problem=None,
        now=office.now,
    )
    due = office.database.write_now(
        lambda s: s.exec(select(OutboxItem).where(OutboxItem.surface == "plan")).one().due_at
    )
    assert due == office.now
    assert shown(office, plan_id).problem is None


def test_where_a_coach_is_gone_the_plan_waits_for_the_second(office: Office) -> None:
    plan_id = office.propose()

    def gone(session: Session) -> OutboxItem:
        coach = session.exec(select(Member).where(Member.slack_user_id == "UC")).one()
        claimed: list[Claimed] = sending.claim(
            session, sender="s", lane=Lane.POST, now=office.now, limit=50
        )
        (about,) = [item for item in claimed if item.surface == outbox.PLAN]
        deliveries.recipient_gone(
            session,
            claimed=about,
            sender="s",
            member_id=coach.id,
            because="user_disabled",
            now=office.now,
        )
        found = session.exec(select(OutboxItem).where(OutboxItem.id == about.id)).one()
        return OutboxItem(**found.model_dump())

    item = office.database.write_now(gone)
    assert (item.failed_reason, item.due_at) == (None, office.now)
    assert office.approve(plan_id, "UD").state == PlanState.APPROVED
    assert office.count(Plan) == 1
