"""What was given up, why, and what to do about it."""

from __future__ import annotations

from datetime import timedelta

from bot.database import Database
from bot.domain.outbox.given_up import (
    RECENT,
    GivenUp,
    given_up,
    lasts,
    named,
    passes,
    remedy,
    why,
)
from tests.conftest import FRIDAY
from tests.domain.outbox.outbox_rows import STANDS, WAITS, OutboxRows

NOW = FRIDAY + timedelta(days=3)


def test_what_was_given_up_is_counted_by_surface_and_reason(database: Database) -> None:
    rows = OutboxRows(database)
    for subject in (1, 2):
        rows.add(subject, **{**WAITS, "due_at": None}, failed_reason="x")
    rows.add(3, **STANDS, failed_reason="y")
    rows.add(4, **STANDS, failed_reason="nothing to show")
    rows.add(5, **STANDS, failed_reason="z", workspace_id=rows.elsewhere)
    rows.add(6, **STANDS)
    rows.add(7, **{**WAITS, "refused_because": "x"})
    rows.add(8, **STANDS, failed_reason="x", created_at=NOW - RECENT - timedelta(days=1))
    found = database.read_now(given_up, [rows.workspace_id, rows.elsewhere], now=NOW)
    assert found == {
        rows.workspace_id: [
            GivenUp(rows.workspace_id, "alert", "x", 2),
            GivenUp(rows.workspace_id, "alert", "y", 1),
        ],
        rows.elsewhere: [GivenUp(rows.elsewhere, "alert", "z", 1)],
    }


def test_each_kind_of_reason_has_its_remedy() -> None:
    reasons = ("missing_scope", "team_access_not_granted", "invalid_auth", "is_archived")
    said = {remedy(reason) for reason in (*reasons, "user_disabled", "invalid_blocks", "too late")}
    assert len(said) == 7
    assert "manifest" in remedy("missing_scope")
    assert "moon_phase" in remedy("moon_phase")
    assert (passes("http_502"), passes("internal_error"), passes("is_archived")) == (
        True,
        True,
        False,
    )
    assert (why("x"), why("deactivated")) == ("Slack says x", "their account is deactivated")


def test_what_was_given_up_is_named_by_kinds_and_counts() -> None:
    lost = [
        GivenUp(1, "reminder", "x", 1),
        GivenUp(1, "check_in", "x", 2),
        GivenUp(1, "check_in", "y", 1),
        GivenUp(1, "alert", "x", 2),
    ]
    assert named(lost) == "2 alerts, 3 check-ins and 1 reminder"
    assert named(lost[:1]) == "1 reminder"
    assert named([GivenUp(1, "of_tomorrow", "x", 2)]) == "2 messages"


def test_a_reason_that_lasts_is_one_that_somebody_has_to_mend() -> None:
    assert [lasts(reason) for reason in ("missing_scope", "a_code_of_tomorrow")] == [True, True]
    assert not any(map(lasts, ("timeout", "http_502", "too late", "deactivated", "bot")))
