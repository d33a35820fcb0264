"""A request for files is kept until it is carried out, once, and goes with its person."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.outbox import outbox, sending
from bot.domain.privacy import erasure, export, export_orders, retention
from bot.domain.refusals import Refusal
from bot.domain.tables import ExportOrder, OutboxItem
from tests.domain.mondays import MONDAY
from tests.domain.privacy.desk import PrivacyDesk


def begin(desk: PrivacyDesk, user: str = "U1", team: str = "", by: str = "A") -> int | None:
    kind = export.WEEKS if team else export.RECORD
    given = {"caller": desk.caller(user), "kind": kind, "team": team, "by": by, "now": MONDAY}
    begun: int | None = desk.write(export_orders.begin, **given)
    return begun


def rows_of(desk: PrivacyDesk) -> list[OutboxItem]:
    return [item for item in desk.rows(OutboxItem) if item.surface == outbox.EXPORT]


def test_a_request_is_its_first_process_s_until_that_process_has_died(desk: PrivacyDesk) -> None:
    order_id = begin(desk)
    for later, claims in ((timedelta(seconds=179), 0), (sending.LEASE, 1)):
        claimed = desk.claimed(MONDAY + later, outbox.Lane.POST)
        assert len([one for one in claimed if one.surface == outbox.EXPORT]) == claims
    desk.write(export_orders.done, order_id=order_id, by="A")
    assert len(desk.rows(ExportOrder)) == len(rows_of(desk)) == 1, "a sender has it now"


def test_a_request_that_is_carried_out_leaves_nothing(desk: PrivacyDesk) -> None:
    order_id = begin(desk)
    assert begin(desk) is None, "it is under way already"
    assert begin(desk, user="U2") is not None
    assert begin(desk, user="UC", team="Harbor") is not None
    desk.write(export_orders.done, order_id=order_id, by="A")
    assert {order.id for order in desk.rows(ExportOrder)} == {
        row.subject_id for row in rows_of(desk)
    }
    assert order_id not in {order.id for order in desk.rows(ExportOrder)}
    assert begin(desk) is not None


def test_a_request_without_files_can_be_repeated(desk: PrivacyDesk) -> None:
    order_id = begin(desk)
    desk.write(export_orders.failed, order_id=order_id, by="B", because="no", now=MONDAY)
    assert [order.failed_because for order in desk.rows(ExportOrder)] == [None], "B has it not"
    desk.write(export_orders.failed, order_id=order_id, by="A", because="missing_scope", now=MONDAY)
    (row,) = rows_of(desk)
    assert (row.claimed_by, row.due_at) == (None, MONDAY)
    assert begin(desk) is not None


def test_a_request_goes_with_its_person_and_with_its_age(desk: PrivacyDesk) -> None:
    begin(desk)
    begin(desk, user="U2")
    desk.write(erasure.erase, slack_user_id="U1", now=MONDAY)
    assert [order.member_id for order in desk.rows(ExportOrder)] == [desk.member("U2").id]
    desk.write(retention.forget_old, now=MONDAY + timedelta(days=800), months=3)


def test_whoever_may_not_have_the_files_is_refused(desk: PrivacyDesk) -> None:
    with pytest.raises(Refusal, match="You coach no team"):
        desk.write(
            export_orders.make, caller=desk.caller("U1"), kind=export.WEEKS, team="", now=MONDAY
        )
