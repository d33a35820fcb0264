"""On a phone, without JavaScript, and with text that means harm."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import ALEX, DANA, PHONE, PRIYA, Open, Window
from tests.browser.test_monday import answer_everything

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

FINGER = 44
"""What a finger hits, in CSS pixels each way."""

WIDTHS = "[document.documentElement.scrollWidth, window.innerWidth]"

TOO_SMALL = """finger => {
    const wanted = "a[href], button, summary, select, textarea, input:not([type=hidden])";
    const shown = element => element.checkVisibility({ visibilityProperty: true })
        && !element.closest(".visually-hidden, [inert], .text");
    const target = element =>
        /^(radio|checkbox)$/.test(element.type) ? element.closest("label") : element;
    return [...document.querySelectorAll(wanted)].filter(shown).map(target)
        .filter(element => {
            const { width, height } = element.getBoundingClientRect();
            return Math.round(width) < finger || Math.round(height) < finger;
        })
        .map(element => element.outerHTML.slice(0, 120));
}"""


async def fits_a_hand(window: Window) -> None:
    """Nothing has to be scrolled sideways, and everything that can be pressed can be hit."""
    wide, room = await window.page.evaluate(WIDTHS)
    assert wide <= room
    assert await window.page.evaluate(TOO_SMALL, FINGER) == []


async def jump(window: Window, key: str) -> None:
    """On a phone the clock's buttons stand behind its time."""
    await window.page.get_by_test_id("open-panel").click()
    await window.jump(key)
    await fits_a_hand(window)
    await window.page.get_by_label("Close the panel").click()


async def test_everything_fits_on_a_phone(open_window: Open) -> None:
    window = await open_window(PRIYA, viewport=PHONE, has_touch=True)
    await fits_a_hand(window)
    await window.type("/log-conversation")
    await expect(window.modal).to_be_visible()
    await fits_a_hand(window)
    await window.modal.get_by_label("Company", exact=True).fill("Llanfair" + "pwll" * 18)
    await window.submit()
    await window.modal_is_gone()
    await window.sees("Logged. 18 of 20", within=window.last)
    await fits_a_hand(window)
    await jump(window, "next_check_in")
    await answer_everything(window, "17", "9", "12.5k", "5")
    await window.sees("you fell short: Conversations by 3", within=window.last)
    await fits_a_hand(window)
    await window.page.get_by_test_id("tab-home").click()
    await window.sees("Your week", within=window.home)
    await fits_a_hand(window)
    await window.page.get_by_test_id(f"persona-{DANA}").click()
    await window.page.get_by_test_id("open-sidebar").click()
    await fits_a_hand(window)
    await window.page.get_by_test_id("channel-coach-dana").click()
    await window.sees("@Priya Nair missed 1 of 4 goals", within=window.last)
    await fits_a_hand(window)
    await window.be(ALEX)
    await window.type("/coach")
    await window.press("Enrol reps", within=window.modal)
    await window.sees("Who", within=window.modal)
    await fits_a_hand(window)


async def test_what_people_type_stays_text(open_window: Open) -> None:
    priya = await open_window(PRIYA)
    title = await priya.page.title()
    for name in ("<script>document.title='x'</script>", "<img src=x onerror=alert(1)> & “Co”"):
        await priya.type("/log-conversation")
        company = priya.modal.get_by_label("Company", exact=True)
        await company.fill(name)
        await priya.modal.get_by_label("Base reached", exact=True).select_option("1st")
        await priya.submit()
        await priya.modal_is_gone()
        await priya.sees(f"{name} is on 1st", within=priya.last)
        await expect(priya.last.locator("script, img, a")).to_have_count(0)
        await priya.press(f"Edit the conversation with {name}", within=priya.last)
        await expect(company).to_have_value(name)
        await priya.page.get_by_test_id("modal-close").click()
        await priya.modal_is_gone()
    await expect(priya.page).to_have_title(title)

    for shout in ("<!channel>", "<@U0DANA>"):
        await priya.type("/log-conversation")
        company = priya.modal.get_by_label("Company", exact=True)
        await company.fill(shout)
        await priya.submit()
        await expect(priya.errors).to_have_text(
            "A mention is not a company: type the company's name, like Acme."
        )
        await expect(company).to_have_value(shout)
        await priya.page.get_by_test_id("modal-close").click()
        await priya.modal_is_gone()
    await priya.type("/log-conversation <!channel> 2nd")
    await priya.sees("<!channel>", within=priya.last)
    await expect(priya.page.locator("article.pinged")).to_have_count(0)


async def test_a_conversation_is_logged_without_javascript(open_window: Open) -> None:
    priya = await open_window(PRIYA, java_script_enabled=False)
    await priya.page.get_by_test_id("composer").fill("/log-conversation Lighthouse 1st")
    await priya.page.get_by_test_id("send").click()
    await priya.sees("Logged. 18 of 20 conversations this week.", within=priya.last)
    await priya.press("Undo the conversation with Lighthouse")
    await priya.sees("Undone. 17 of 20 conversations this week.", within=priya.last)
    await priya.page.get_by_test_id("composer").fill("/log-conversation")
    await priya.page.get_by_test_id("send").click()
    await priya.submit()
    await expect(priya.errors).to_have_text("Please complete this required field.")
    await priya.modal.get_by_label("Company", exact=True).fill("Lighthouse")
    await priya.submit()
    await priya.sees("Logged. 18 of 20 conversations this week.", within=priya.last)
