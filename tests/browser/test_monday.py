"""A whole Monday by hand: a rep logs and answers, her coach takes up what was missed."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import DANA, PRIYA, Open, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

STAYED = "window.stayed = true"


async def test_a_whole_monday(open_window: Open) -> None:
    priya = await open_window(DANA, "c/C0COACH")  # she has read of the plans that wait for her
    await priya.be(PRIYA)
    await priya.page.evaluate(STAYED)

    # Friday: she logs a conversation, takes it back, logs it again.
    await priya.type("/log-conversation Acme 2nd")
    await priya.sees("Logged. 18 of 20 conversations this week.", within=priya.last)
    await expect(priya.page.get_by_test_id("composer")).to_have_value("")
    await priya.press("Undo the conversation with Acme")
    await priya.sees("Undone. 17 of 20 conversations this week.", within=priya.last)
    await expect(priya.last.get_by_role("button", name="Undo")).to_have_count(0)
    await priya.type("/log-conversation Acme 2nd")
    await priya.sees("Logged. 18 of 20 conversations this week.", within=priya.last)

    # Monday: the check-in comes.
    await priya.jump("next_check_in")
    check_in = priya.last
    await priya.sees(
        "Hi Priya, how was your week?",
        "Conversations: 18 of 20 logged. Did you meet your conversation goal?",
        "Sales: $12,400 of $10,000 logged.",
        "Referrals asked for: the goal was 5.",
        "Closes Tuesday",
        "Your answers are seen by you and @Dana Whitfield",
        within=check_in,
    )
    # What agrees with the log is recorded at once.
    await priya.press("Yes, Sales met")
    await priya.sees("Sales: $12,400 of $10,000. Yes.", within=check_in)
    await expect(priya.modal).to_have_count(0)

    # What contradicts it is asked for, with the log's number filled in.
    await priya.press("Yes, Conversations met")
    await priya.sees(
        "You pressed Yes, and the log says 18 of 20. Which number is right?", within=priya.modal
    )
    number = priya.modal.get_by_label("Conversations", exact=True)
    await expect(number).to_have_value("18")
    await expect(number).to_be_focused()
    await number.fill("loads of them")
    await priya.submit()
    await expect(priya.errors).to_have_text(
        "“loads of them” is not a number: type it in digits, like 17."
    )
    await expect(number).to_have_value("loads of them")
    await expect(number).to_have_attribute("aria-invalid", "true")
    await expect(number).to_be_focused()
    await number.fill("17")
    await number.press("Enter")
    await priya.modal_is_gone()
    await priya.sees(
        "Conversations: 17 of 20. No.",
        "The log says 18. 17 is below 20, so this is a No.",
        within=check_in,
    )

    # What nobody logs is asked for; the last answer tells what comes next.
    await priya.press("Yes, Referrals asked for met")
    await priya.modal.get_by_label("Referrals asked for", exact=True).fill("7")
    await priya.submit()
    await priya.press("Yes, Base moves met")
    await priya.sees(
        "Thank you, Priya.",
        "you fell short: Conversations by 3",
        "@Dana Whitfield sees it in",
        "You can change answers until Tuesday",
        "The next check-in comes Monday",
        within=check_in,
    )
    await expect(check_in.get_by_role("button", name="Change the answer about")).to_have_count(4)
    assert await priya.page.evaluate("window.stayed"), "the page was loaded anew"

    await the_coach_takes_up_what_was_missed(priya)


async def the_coach_takes_up_what_was_missed(window: Window) -> None:
    # The same browser, another persona: the alert waits for her.
    dana = window.page.get_by_test_id(f"persona-{DANA}")
    await expect(dana.get_by_test_id("unread")).to_have_text("1")
    await dana.click()
    await window.page.get_by_test_id("channel-coach-dana").click()
    alert = window.last
    await window.sees(
        "@Dana Whitfield: @Priya Nair missed 1 of 4 goals",
        "Conversations: 17 of 20, 3 short",
        "Sales: ",
        "$12,400 of ",
        "The last 12 weeks",
        "Conversations, week by week",
        within=alert,
    )
    await expect(dana.get_by_test_id("unread")).to_have_count(0)

    await window.press("Take the alert about Priya Nair")
    await window.sees("@Dana Whitfield took this", within=alert)
    await expect(alert.get_by_role("button", name="Take the alert")).to_have_count(0)
    await window.press("Mark the alert about Priya Nair as done")
    await window.submit()
    await expect(window.errors).to_have_text("Please complete this required field.")
    note = "Two first meetings a day until <Friday> & no less"
    await window.modal.get_by_label("What did you and Priya agree on?").fill(note)
    await window.submit()
    await window.modal_is_gone()
    await window.sees("@Dana Whitfield marked this as done", note, within=alert)
    await expect(alert.get_by_role("button")).to_have_count(0)
    await expect(window.messages).to_have_count(3)


async def test_an_open_page_follows_what_others_do(open_window: Open) -> None:
    dana = await open_window(DANA, "c/C0COACH")
    priya = await open_window(PRIYA)
    await dana.page.evaluate(STAYED)
    composer = dana.page.get_by_test_id("composer")
    await composer.fill("not sent yet")
    await expect(dana.messages).to_have_count(2)  # plans that wait for her

    await priya.jump("next_check_in")
    await expect(dana.page.get_by_test_id("clock-local")).to_have_text("9:00 AM")
    await answer_everything(priya, "17", "9", "12.5k", "5")
    await dana.sees("@Priya Nair missed 1 of 4 goals", "17 of 20, 3 short", within=dana.last)

    # The rep corrects herself, and the alert with her.
    await priya.press("Change the answer about Conversations")
    await priya.modal.get_by_label("Conversations", exact=True).fill("20")
    await priya.submit()
    await dana.sees("has since answered, and met every goal", within=dana.last)
    await expect(dana.messages).to_have_count(3)
    await dana.press("Mark the alert about Priya Nair as done")
    await expect(dana.modal).to_be_visible()
    await expect(priya.modal).to_have_count(0)
    await expect(composer).to_have_value("not sent yet")
    assert await dana.page.evaluate("window.stayed"), "the page was loaded anew"


async def answer_everything(window: Window, *numbers: str) -> None:
    """All questions at once, in the form that /checkin opens."""
    await window.sees("how was your week", within=window.last)
    await window.type("/checkin")
    names = ("Conversations", "Base moves", "Sales", "Referrals asked for")
    for name, number in zip(names, numbers, strict=True):
        await window.modal.get_by_label(f"{name} (optional)", exact=True).fill(number)
    await window.submit()
    await window.modal_is_gone()
