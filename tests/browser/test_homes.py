"""What each person's Home shows, and setting things up from `/coach`."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import ALEX, DANA, PRIYA, Open

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_each_sees_their_own_week_and_it_follows_what_is_logged(open_window: Open) -> None:
    priya = await open_window(PRIYA, "home")
    await priya.sees(
        "Your week",
        "Conversations 17 of 20",
        "Sales $12,400 of $10,000",
        "The next check-in comes Monday",
        "every goal met in 8 of 12. 6 weeks in a row.",
        within=priya.home,
    )
    await expect(priya.home).not_to_contain_text("Sam Ortiz")
    dana = await open_window(DANA, "home")
    await dana.sees("Harbor Sales", "@Priya Nair", "@Sam Ortiz", within=dana.home)
    await dana.sees("Conversations: 17 of 20", "Conversations: 11 of 15", within=dana.home)
    await expect(dana.home).not_to_contain_text("Your week")

    await priya.press("Log a conversation")
    await priya.modal.get_by_label("Company", exact=True).fill("Lighthouse Cafés")
    await priya.submit()
    await priya.sees("Conversations 18 of 20", within=priya.home)
    await dana.sees("Conversations: 18 of 20", "Conversations: 11 of 15", within=dana.home)

    # The admin sees what set-up lacks, and no numbers.
    await priya.be(ALEX, "home")
    alex = priya
    await alex.sees("Set-up", "1 team, 3 reps", within=alex.home)
    await expect(alex.home).not_to_contain_text("18 of 20")
    await alex.press("Open set-up")
    await alex.sees("Teams", "Set targets", "3 reps", within=alex.modal)


async def test_an_admin_changes_a_target_after_mistyping_it(open_window: Open) -> None:
    priya = await open_window(PRIYA, "home")
    alex = await open_window(ALEX)
    await alex.type("/coach")
    await alex.press("Set targets", within=alex.modal)
    await alex.modal.get_by_label("Choose a rep").select_option(label="Priya Nair")
    goal = alex.modal.get_by_label("Conversations a week (optional)")
    await expect(goal).to_have_value("20")
    await expect(alex.modal.get_by_label("Sales a week (optional)")).to_have_value("$10,000")
    await goal.fill("minus three")
    await alex.submit()
    await expect(alex.errors).to_have_text(
        "“minus three” is not a number: type it in digits, like 17."
    )
    await expect(goal).to_have_value("minus three")
    await priya.sees("Conversations 17 of 20", within=priya.home)
    await goal.fill("25")
    await alex.submit()
    await priya.sees("Conversations 17 of 25", within=priya.home)
    await alex.sees("25", within=alex.modal)
    await alex.page.get_by_test_id("modal-x").click()
    await alex.modal_is_gone()


async def test_keys_alone_are_enough(open_window: Open) -> None:
    priya = await open_window(PRIYA)
    composer = priya.page.get_by_test_id("composer")
    await composer.focus()
    await priya.page.keyboard.type("/log")
    suggested = priya.page.get_by_role("listbox", name="Commands").get_by_role("option")
    await expect(suggested).to_have_count(1)
    await priya.page.keyboard.press("Tab")
    await expect(composer).to_have_value("/log-conversation ")
    await priya.page.keyboard.press("Enter")
    await expect(priya.modal.get_by_label("Company", exact=True)).to_be_focused()
    await priya.page.keyboard.type("Lighthouse")
    await priya.page.keyboard.press("Escape")
    await priya.modal_is_gone()
    await expect(composer).to_be_focused()
    await expect(priya.messages).to_have_count(1)
