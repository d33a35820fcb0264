"""Looking things up on a phone: the log, the history, and who needs the coach."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import DANA, PHONE, PRIYA, SAM, Open, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def close_all(window: Window) -> None:
    await window.page.get_by_test_id("modal-x").last.click()
    await window.modal_is_gone()


async def test_a_rep_lists_edits_and_removes_on_a_phone(open_window: Open) -> None:
    priya = await open_window(PRIYA, "home", viewport=PHONE)
    await priya.press("My week: the conversations that I logged")
    await priya.sees("This week", "17 conversations", "Last week", within=priya.modal)
    edit = priya.page.get_by_role("button", name=re.compile("^Edit the conversation with"))
    await edit.first.click()
    await priya.modal.last.get_by_label("Base reached").select_option(
        label="1st: first appointment booked"
    )
    await priya.page.get_by_test_id("modal-submit").last.click()
    await priya.sees("1st", "changed", "17 conversations", within=priya.modal)
    await edit.first.click()
    await priya.page.get_by_role("button", name=re.compile("^Remove the conversation")).click()
    await priya.page.locator("dialog.confirm [data-confirm=go]").click()
    await priya.sees("That leaves 16 of 20 conversations", within=priya.modal.last)
    await priya.press("Close", within=priya.modal.last)
    await priya.sees("16 conversations", within=priya.modal)
    await close_all(priya)
    await priya.sees("Conversations 16 of 20", within=priya.home)
    await priya.press("My deals: what is open, by base")
    await priya.sees("On 3rd", "Page 1 of", within=priya.modal)
    await priya.press("Next page", within=priya.modal)
    await priya.sees("Page 2 of", within=priya.modal)


async def test_a_rep_answers_as_logged_and_a_coach_takes_the_silent_ones_alert(
    open_window: Open,
) -> None:
    priya = await open_window(PRIYA, viewport=PHONE)
    sam = await open_window(SAM)
    # London is asked first, then New York; so it is with their deadlines.
    await sam.jump("next_check_in")
    await priya.sees("a miss is shown in #coach-dana", within=priya.last)
    await priya.last.get_by_text("All as logged").click()
    await priya.sees("17 of 20. No.", "10 of 9. Yes.", "Did you ask", within=priya.last)
    await expect(priya.last.get_by_text("All as logged")).to_have_count(0)
    await sam.jump("next_check_in")
    await sam.sees("how was your week", within=sam.last)
    for window in (priya, sam):
        await sam.jump("deadline")
        await window.sees("closed without all its answers")
    dana = await open_window(DANA, "home", viewport=PHONE)
    await dana.sees("Who needs you", "@Sam Ortiz did not answer", "Logged:", within=dana.home)
    await dana.press("Take the alert about Sam Ortiz")
    await dana.sees("taken by @Dana Whitfield", within=dana.home)
    await dana.press("Open Sam Ortiz’s history, log and plan")
    await dana.sees("did not answer", "taken by @Dana Whitfield", within=dana.modal)
    await dana.press("See Sam Ortiz’s log", within=dana.modal)
    await dana.sees("The log of @Sam Ortiz", within=dana.modal.last)
    await dana.press("Back", within=dana.modal.last)
    await close_all(dana)
    rep = await open_window(SAM, "home", viewport=PHONE)
    await rep.press("My history")
    await rep.sees("did not answer", within=rep.modal)
    # It is read from its top, though its first button may stand at its end.
    assert await rep.modal.locator(".modal-body").evaluate("body => body.scrollTop") == 0
    await expect(rep.modal).not_to_contain_text("taken by")
