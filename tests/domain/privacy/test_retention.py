"""What is old goes by itself, in batches that wait for Slack, and people go who are gone for that long."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.outbox import outbox
from bot.domain.people import enrolments
from bot.domain.privacy import retention
from bot.domain.privacy.retention import months_before
from bot.domain.shown.deleted import DELETED_ID
from bot.domain.tables import (
    Absence,
    AuditEntry,
    CheckIn,
    Conversation,
    Member,
    MetricEntry,
    Notice,
    Opportunity,
    OutboxItem,
    Plan,
    SentFile,
    Target,
)
from tests.domain.mondays import MONDAY, at
from tests.domain.privacy.desk import PrivacyDesk

NEXT_YEAR = datetime(2027, 12, 27, 9, 0, tzinfo=UTC)
"""Thirteen months after the Monday."""
LONG_AFTER = datetime(2028, 12, 27, 9, 0, tzinfo=UTC)
"""Fourteen months after the plans have ended."""


def forget(desk: PrivacyDesk, now: datetime, months: int = 12) -> int:
    """Every batch, with Slack carrying out the orders between them; how many rows and people it was."""
    gone = 0
    for _ in range(100):
        step = desk.write(retention.forget_old, now=now, months=months)
        gone += step
        desk.deliver(now)
        if not step:
            return gone
    raise AssertionError("there is no end")


@pytest.mark.parametrize(
    ("now", "months", "day"),
    [
        (datetime(2026, 11, 23, tzinfo=UTC), 12, date(2025, 11, 23)),
        (datetime(2026, 5, 31, tzinfo=UTC), 3, date(2026, 2, 28)),
        (datetime(2024, 5, 31, tzinfo=UTC), 3, date(2024, 2, 29)),
        (datetime(2026, 1, 31, tzinfo=UTC), 1, date(2025, 12, 31)),
        (datetime(2026, 12, 1, tzinfo=UTC), 12, date(2025, 12, 1)),
        (datetime(2026, 11, 30, tzinfo=UTC), 11, date(2025, 12, 30)),
    ],
)
def test_months_are_those_of_the_calendar(now: datetime, months: int, day: date) -> None:
    assert months_before(now, months) == day


def test_what_is_younger_stays(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    before = len(desk.rows(CheckIn)), len(desk.rows(Conversation)), len(desk.rows(Target))
    assert forget(desk, MONDAY + timedelta(days=300)) == 0
    assert (len(desk.rows(CheckIn)), len(desk.rows(Conversation)), len(desk.rows(Target))) == before


def test_what_is_older_goes_here_and_in_slack(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    alerts = desk.standing(outbox.ALERT)
    assert alerts
    assert forget(desk, LONG_AFTER) > 0
    for model in (CheckIn, Opportunity, Conversation, Absence, MetricEntry, Plan, SentFile):
        assert desk.rows(model) == [], model
    assert desk.rows(AuditEntry) == desk.rows(Notice) == []
    assert desk.standing(outbox.ALERT) == desk.standing(outbox.CHECK_IN) == []
    assert desk.deleted_files == ["F1"]
    assert [item.surface for item in desk.rows(OutboxItem) if item.surface in outbox.ERASED] == []


def test_the_target_that_counts_stays_and_the_replaced_one_goes(desk: PrivacyDesk) -> None:
    target = desk.rows(Target)[0]
    other = {"member_id": target.member_id, "metric_id": target.metric_id}
    desk.change(
        desk.rows(Target, member_id=target.member_id)[1], **other, from_week=date(2026, 11, 23)
    )
    forget(desk, NEXT_YEAR)
    assert [one.from_week for one in desk.rows(Target, **other)] == [date(2026, 11, 23)]


def test_a_company_with_a_young_conversation_keeps_its_story(desk: PrivacyDesk) -> None:
    desk.log("U1", moves=(1, 1, 1))
    newest = desk.rows(Conversation)[-1]
    desk.change(newest, held_on=NEXT_YEAR.date() - timedelta(days=7))
    forget(desk, NEXT_YEAR)
    assert len(desk.rows(Conversation)) == 3


def test_reps_and_coaches_stay_and_others_go_once_they_were_not_seen(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    left = desk.member("U2")
    desk.write(
        lambda session: enrolments.end(session, member=session.get(Member, left.id), now=at(24, 9))
    )
    forget(desk, NEXT_YEAR)
    people = {member.slack_user_id for member in desk.rows(Member)}
    assert people == {"U1", "U3", "UC", "UD", "UN", DELETED_ID}


def test_somebody_who_was_seen_lately_stays(desk: PrivacyDesk) -> None:
    desk.change(desk.member("UA"), profile_read_at=NEXT_YEAR - timedelta(days=30))
    forget(desk, NEXT_YEAR)
    assert "UA" in {member.slack_user_id for member in desk.rows(Member)}


def test_a_batch_waits_for_the_messages_of_the_one_before(desk: PrivacyDesk) -> None:
    desk.half_a_monday()
    assert desk.write(retention.forget_old, now=NEXT_YEAR, months=12) > 0
    assert desk.write(retention.forget_old, now=NEXT_YEAR, months=12) == 0
    assert desk.rows(Plan)
    desk.deliver(NEXT_YEAR)
    assert desk.write(retention.forget_old, now=NEXT_YEAR, months=12) > 0
