"""Charts that Slack refuses: the message goes out with bars of text, and that is remembered for a month."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from slack_sdk.errors import SlackApiError
from sqlmodel import Session, select

from bot.domain.outbox.sending import Claimed
from bot.domain.tables import Workspace
from bot.slack.delivery.addressing import ToChannel
from bot.slack.delivery.calls import SlackCalls
from bot.slack.delivery.charts import Charts
from bot.slack.views.blocks import Message, message
from bot.slack.views.charts import Point, chart, has_chart
from bot.slack.views.mrkdwn import literal
from tests.scenarios.conftest import unhurried
from tests.slack.delivery.conftest import Sending

POST = "chat.postMessage"
POINTS = [Point(f"{n} Nov", Decimal(n), Decimal(9)) for n in range(3)]
CHARTED: Message = message(literal("Nine calls."), [chart("Calls", POINTS)])


def charts_of(sending: Sending) -> tuple[Charts, Claimed]:
    calls = SlackCalls(client=sending.client, clock=sending.clock, pace=unhurried())
    of = sending.items()[0].workspace_id
    claimed = Claimed(1, of, "alert", 1, 1, "token", None, None, 0, None, 0)
    return Charts(database=sending.database, calls=calls, clock=sending.clock), claimed


def refused_at(session: Session) -> object:
    return session.exec(select(Workspace.charts_refused_at)).one()


async def post(sending: Sending) -> None:
    charts, claimed = charts_of(sending)
    await charts.call(POST, claimed, CHARTED, channel=sending.priya.dm)


async def is_fitted(sending: Sending) -> bool:
    charts, claimed = charts_of(sending)
    fitted = await charts.fitted(claimed, ToChannel("C0COACH", CHARTED))
    return not has_chart(fitted.message)


async def test_a_chart_that_is_taken_stays_and_nothing_is_remembered(sending: Sending) -> None:
    await post(sending)
    assert [one.blocks[0]["type"] for one in sending.priya.messages()] == ["data_visualization"]
    assert not await is_fitted(sending)


async def test_a_refused_chart_becomes_text_at_once_and_for_a_month(sending: Sending) -> None:
    sending.workspace.faults.next_call("error", POST, code="invalid_blocks")
    await post(sending)
    (only,) = sending.priya.messages()
    assert only.blocks[0]["type"] == "rich_text"
    assert "2 Nov ██████████ 2 / 9" in str(only.blocks)
    assert await is_fitted(sending)
    sending.clock.move(timedelta(days=29, hours=23).total_seconds())
    assert await is_fitted(sending)
    sending.clock.move(timedelta(hours=1).total_seconds())
    assert not await is_fitted(sending), "a month later a chart is tried again"


async def test_a_message_that_is_refused_without_its_chart_as_well_says_nothing_of_charts(
    sending: Sending,
) -> None:
    sending.workspace.faults.next_call("error", POST, 2, code="invalid_blocks")
    with pytest.raises(SlackApiError):
        await post(sending)
    assert sending.database.read_now(refused_at) is None


@pytest.mark.parametrize("code", ["channel_not_found", "internal_error", "message_limit_exceeded"])
async def test_what_is_no_fault_of_the_content_is_not_tried_again(
    sending: Sending, code: str
) -> None:
    sending.workspace.faults.next_call("error", POST, code=code)
    with pytest.raises(SlackApiError):
        await post(sending)
    assert (sending.priya.messages(), sending.calls(POST)) == ([], 1)
