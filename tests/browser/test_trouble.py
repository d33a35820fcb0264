"""When something goes wrong: the buttons that make trouble, and what people then see."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import DANA, PRIYA, Open, Window
from tests.browser.test_monday import answer_everything

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def make_trouble(window: Window, kind: str, method: str) -> None:
    """`kind` of trouble for the next call of the method, in the panel beside the messages."""
    await window.page.get_by_test_id("fault-method").select_option(method)
    async with window.page.expect_response(lambda response: response.request.method == "POST"):
        await window.page.get_by_test_id(f"fault-{kind}").click()


async def until_trouble_came(window: Window) -> None:
    await expect(window.page.get_by_test_id("waiting-faults")).to_have_count(0)


async def test_a_form_that_slack_does_not_open_and_messages_that_fail(open_window: Open) -> None:
    priya = await open_window(PRIYA)
    await make_trouble(priya, "500", "views.open")
    await priya.type("/log-conversation")
    await priya.sees("Slack did not do what Basecoach asked", within=priya.last)
    await expect(priya.modal).to_have_count(0)
    await priya.type("/log-conversation")
    await expect(priya.modal).to_be_visible()
    await priya.page.keyboard.press("Escape")
    await priya.modal_is_gone()

    # A check-in whose answer is lost comes once.
    await make_trouble(priya, "lost", "chat.postMessage")
    await priya.jump("next_check_in")
    await until_trouble_came(priya)
    await priya.page.get_by_test_id("move-hour").click()
    await priya.press("Yes, Sales met")
    check_in = priya.page.locator("article", has_text="how was your week")
    await priya.sees("Sales: $12,400 of $10,000. Yes.", within=check_in)
    await expect(check_in).to_have_count(1)

    # Numbers are shown though their updates fail.
    for kind, typed in (("500", "19"), ("lost", "18"), ("429", "16")):
        await make_trouble(priya, kind, "chat.update")
        await priya.type("/checkin")
        await priya.modal.get_by_label("Conversations (optional)", exact=True).fill(typed)
        await priya.submit()
        await priya.modal_is_gone()
        await until_trouble_came(priya)
        await priya.page.get_by_test_id("move-hour").click()  # it is tried again before that
        await priya.sees(f"Conversations: {typed} of 20. No.", within=check_in)
    await expect(check_in).to_have_count(1)  # still


async def test_without_the_bot_in_her_channel_the_coach_is_told_how_to_mend_it(
    open_window: Open,
) -> None:
    dana = await open_window(DANA)
    await dana.page.get_by_test_id("remove-bot-C0COACH").click()
    await expect(dana.page.get_by_test_id("invite-bot-C0COACH")).to_be_visible()
    priya = await open_window(PRIYA)
    await priya.jump("next_check_in")
    await answer_everything(priya, "17", "9", "12.5k", "5")
    await dana.sees(
        "Alerts for #coach-dana come to you directly because",
        "Invite me there with /invite @basecoach",
        "@Priya Nair missed 1 of 4 goals",
        within=dana.last,
    )
    await dana.press("Take the alert about Priya Nair")
    await dana.sees("@Dana Whitfield took this", within=dana.last)
    await dana.be(DANA, "c/C0COACH")
    await expect(dana.messages.filter(has_text="missed")).to_have_count(0)
