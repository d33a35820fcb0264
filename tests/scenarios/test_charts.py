"""The chart in an alert: drawn by Slack, and as text in a workspace whose Slack does not take the block."""

from __future__ import annotations

from bot.sandbox.records import Message
from bot.slack.views.charts import CHART
from tests.scenarios.answering import answer_all
from tests.scenarios.conftest import World, text_of

POST = "chat.postMessage"


async def answer(world: World, conversations: str) -> Message:
    """Priya's answer to this Monday's check-in, which misses a goal; the newest alert about her."""
    await answer_all(world, conversations, "9", "12,500")
    alerts = world.dana.messages("C0COACH")
    return next(one for one in reversed(alerts) if "<@U0PRIYA> *missed" in text_of(one))


async def test_an_alert_has_a_chart_and_bars_of_text_once_slack_has_refused_one(
    world: World,
) -> None:
    for number in ("19", "18", "17"):
        await world.monday()
        alert = await answer(world, number)
    (chart,) = [block for block in alert.blocks if block["type"] == CHART]
    assert chart["title"] == "Conversations, week by week"
    assert alert.text.endswith("Conversations: 16 Nov 19 of 20, 23 Nov 18 of 20, 30 Nov 17 of 20")

    await world.monday()
    world.workspace.faults.next_call("error", POST, code="invalid_blocks")
    alert = await answer(world, "10")
    assert CHART not in [block["type"] for block in alert.blocks]
    assert "30 Nov █████████  17 / 20" in text_of(alert)
    assert "Take it" in text_of(alert), "the rest of the message is there"

    await world.monday()
    refused = world.workspace.faults.waiting
    assert (refused, CHART in str((await answer(world, "11")).blocks)) == ([], False)
