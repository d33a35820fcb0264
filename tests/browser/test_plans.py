"""A plan by hand: a rep proposes, her coach suggests, she accepts, the coach signs, and Monday asks for it."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import expect

from bot import demo
from tests.browser.conftest import DANA, MAYA, PHONE, PRIYA, Open, Window

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MEASURED = re.compile(r"yours; measured (\d{2}(?:\.\d)?) %, (\d{2}) of (\d{3}) since \d+ \w+")
"""The past that the sandbox begins with ends today, so what is measured in it differs by the day."""


async def fill(window: Window, **typed: str) -> None:
    """Type into inputs of the modal; a label's spaces and arrows are written as underscores."""
    for label, text in typed.items():
        pattern = re.compile("^" + label.replace("_", ".+?"), re.IGNORECASE)
        await window.modal.get_by_label(pattern).fill(text)


async def send_the_worked_example(priya: Window) -> None:
    """600,000 at 20,000 a sale, ratios of 20, 50, 50 and 60 %, 46 weeks from Monday on."""
    await priya.type("/plan")
    await priya.modal.get_by_label("Which time is the plan for?").select_option(
        label="Two dates of your own"
    )
    first = demo.friday_afternoon(datetime.now(UTC)).date() + timedelta(days=3)
    await priya.modal.get_by_label("First day").fill(first.isoformat())
    await priya.modal.get_by_label("Last day").fill(
        (first + timedelta(weeks=46, days=-1)).isoformat()
    )
    await priya.modal.get_by_label("How much do you want to sell in it?").fill("lots")
    await priya.submit()
    await expect(priya.errors).to_contain_text("“lots” is not a number")
    await priya.modal.get_by_label("How much do you want to sell in it?").fill("600k")
    await priya.submit()
    await priya.sees("Measured:", "since", within=priya.modal)
    await fill(
        priya,
        Closed_already="0",
        Average_sale="20,000",
        Conversation_1st="20",
        **{"1st_2nd": "50", "2nd_3rd": "50", "3rd_home": "60"},
    )
    await priya.submit()
    await priya.sees(
        "22 conversations (now 20)",
        "9 base moves",
        "30 sales = $600,000 ÷ $20,000",
        "200 on 1st = 100 ÷ 50 %",
        "1,000 conversations = 200 ÷ 20 %",
        within=priya.modal,
    )
    await expect(priya.modal).to_contain_text(MEASURED)
    measured = MEASURED.search(await priya.modal.inner_text())
    assert measured is not None
    percent, first, logged = measured.groups()
    assert float(percent) == round(100 * int(first) / int(logged), 1)
    await priya.submit()
    await priya.sees("Dana", within=priya.modal)
    await priya.page.keyboard.press("Escape")
    await priya.modal_is_gone()


async def test_a_plan_from_the_first_step_to_the_next_monday(open_window: Open) -> None:
    priya = await open_window(PRIYA, viewport=PHONE)
    dana = await open_window(DANA, "c/C0COACH")
    await send_the_worked_example(priya)

    # The coach gets one message, and suggests other numbers.
    proposed = dana.messages.filter(has_text="@Priya Nair sends a plan to be signed")
    await dana.sees("22 conversations (now 20)", "9 base moves", within=proposed)
    await dana.press("Suggest numbers for Priya Nair’s plan", within=proposed)
    await fill(dana, Working_weeks="40")
    await dana.modal.get_by_label(re.compile("word", re.IGNORECASE)).fill("Two weeks off will do.")
    await dana.submit()
    await dana.modal_is_gone()

    # The rep reads why, and accepts.
    suggested = priya.messages.filter(has_text="Two weeks off will do.").last
    await priya.sees("25 conversations", within=suggested)
    await priya.press("Accept the suggested numbers", within=suggested)

    # Now the coach signs it, from the next Monday on.
    await dana.sees("@Priya Nair accepted the suggested numbers", within=dana.last)
    await dana.last.get_by_role("button", name=re.compile("^Approve, to count from Monday")).click()
    await dana.sees("signed the plan of @Priya Nair", "It counts from the week", within=dana.last)
    await expect(dana.last.get_by_role("button", name=re.compile("Approve"))).to_have_count(0)

    # Monday's check-in is about the week before: nothing has changed for that.
    await priya.be(PRIYA)
    await dana.jump("next_check_in")
    await priya.sees("17 of 20 logged", "Base moves:", "of 9 logged", within=priya.last)

    # A week later the plan counts.
    for _ in range(8):
        await dana.page.get_by_role("button", name="+1 day", exact=True).click()
    check_in = priya.page.locator("article", has_text="how was your week").last
    await priya.sees("of 25 logged", "of $15,000 logged", within=check_in)


async def test_sights_are_raised_when_both_agree(open_window: Open) -> None:
    maya = await open_window(MAYA)
    dana = await open_window(DANA, "c/C0COACH")
    offer = maya.messages.filter(has_text="Raise your sights?").last
    await maya.sees("20 conversations (now 18)", within=offer)
    await maya.press("Raise Maya Brandt’s sights", within=offer)
    await expect(offer.get_by_role("button", name="Raise Maya Brandt’s sights")).to_have_count(0)
    await dana.press("Raise Maya Brandt’s sights")
    await dana.sees("The sights of @Maya Brandt are raised, version 2", "It counts from the week")
    await maya.sees("It counts from the week")
    await maya.be(MAYA, "home")
    await maya.sees("20 conversations · 9 base moves", within=maya.home)
