"""Modals are filled in, refused, laid on each other and closed."""

from __future__ import annotations

from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.workspace import Workspace
from tests.sandbox.pages.browsing import (
    DM,
    Browser,
    Json,
    field,
    modal,
    open_modal,
    plain,
    text_input,
)


def control(kind: str, **more: Any) -> Json:
    element = {"type": kind, "action_id": "typed", **more}
    return {
        "type": "input",
        "block_id": kind,
        "label": plain(kind),
        "element": element,
        "optional": True,
    }


OPTIONS = [{"text": plain(each), "value": each} for each in ("a", "b")]
EVERY_KIND = [
    control("number_input", is_decimal_allowed=True),
    control("datepicker", initial_date="2026-01-01"),
    control("timepicker"),
    control("datetimepicker"),
    control("radio_buttons", options=OPTIONS),
    control("checkboxes", options=OPTIONS, initial_options=OPTIONS),
    control("static_select", options=OPTIONS, initial_option=OPTIONS[0]),
    control("users_select"),
    control("multi_users_select"),
    control("conversations_select"),
    control("plain_text_input", initial_value="kept"),
]
SENT = {
    "number_input": "12.5",
    "datepicker": "2026-11-23",
    "timepicker": "09:30",
    "datetimepicker": "2026-07-06T09:30",
    "radio_buttons": ["", "b"],
    "checkboxes": [""],
    "static_select": "",
    "users_select": "U0SAM",
    "multi_users_select": ["", "U0SAM", "U0DANA"],
    "conversations_select": "C0GENERAL",
}
"""A form sends these for the controls above. What it does not send stays as it is."""


async def test_a_modal_keeps_what_was_typed_after_an_error(
    browser: Browser, client: AsyncWebClient, workspace: Workspace, app: AsyncApp, connect: Any
) -> None:
    @app.view("log")
    async def log(ack: Any, view: Json) -> None:
        company = view["state"]["values"]["company"]["typed"]["value"]
        if company == "Acme":
            await ack()
        else:
            await ack(response_action="errors", errors={"company": f"No {company} here"})

    await connect(app)
    view = modal(text_input("company"), text_input("note", multiline=True))
    surface = await open_modal(client, workspace, view)
    typed = {field("company"): "Acme & <Co>", field("note"): "one\r\ntwo"}
    page = await browser.send(DM, surface=surface, do="submit", **typed)
    assert page.words(data_error_for="company") == "No Acme & <Co> here"
    assert page.find(name=field("company"))[0][0]["value"] == "Acme & <Co>"
    assert page.find(name=field("note"))[0][1] == "one two"
    assert page.find(data_testid="modal")[0][0]["aria-modal"] == "true"
    assert "inert" in page.find(id="page")[0][0]

    page = await browser.send(
        DM, surface=surface, do="submit", **{**typed, field("company"): "Acme"}
    )
    assert page.find(data_testid="modal") == []


async def test_slack_s_own_refusals_stand_under_the_fields(
    browser: Browser, client: AsyncWebClient, workspace: Workspace
) -> None:
    surface = await open_modal(client, workspace, modal(text_input("company")))
    page = await browser.send(DM, surface=surface, do="submit", **{field("company"): ""})
    assert page.words(data_error_for="company") == "Please complete this required field."
    assert page.find(data_testid="notice") == []


async def test_every_kind_of_input_arrives_as_it_was_filled_in(
    browser: Browser, client: AsyncWebClient, workspace: Workspace, app: AsyncApp, connect: Any
) -> None:
    heard: list[Json] = []

    @app.view("log")
    async def log(ack: Any, view: Json) -> None:
        await ack()
        heard.append(view["state"]["values"])

    await connect(app)
    surface = await open_modal(client, workspace, modal(*EVERY_KIND))
    fields = {field(block_id): value for block_id, value in SENT.items()}
    page = await browser.send(DM, surface=surface, do="submit", **fields)
    assert page.find(data_testid="modal") == []
    (values,) = heard
    got = {block_id: actions["typed"] for block_id, actions in values.items()}
    assert got["number_input"]["value"] == "12.5"
    assert got["datepicker"]["selected_date"] == "2026-11-23"
    assert got["timepicker"]["selected_time"] == "09:30"
    assert got["datetimepicker"]["selected_date_time"] == 1783326600
    assert got["radio_buttons"]["selected_option"]["value"] == "b"
    assert got["checkboxes"]["selected_options"] == []
    assert got["static_select"]["selected_option"] is None
    assert got["users_select"]["selected_user"] == "U0SAM"
    assert got["multi_users_select"]["selected_users"] == ["U0SAM", "U0DANA"]
    assert got["conversations_select"]["selected_conversation"] == "C0GENERAL"
    assert got["plain_text_input"]["value"] == "kept"


async def test_modals_lie_on_each_other_and_are_closed_one_by_one_or_all(
    browser: Browser, client: AsyncWebClient, workspace: Workspace
) -> None:
    async def stack() -> str:
        first = await open_modal(client, workspace, modal(text_input("company")))
        trigger = workspace.triggers.issue("U0PRIYA", view_id=first.removeprefix("view:"))
        above = modal(text_input("why"), title=plain("Above"), close=plain("Back"))
        answer = await client.views_push(trigger_id=trigger, view=above)
        return f"view:{answer['view']['id']}"

    top = await stack()
    page = await browser.read(DM)
    assert (page.words(id="modal-title"), page.words(data_testid="modal-close")) == (
        "Above",
        "Back",
    )
    page = await browser.send(DM, surface=top, do="close")
    assert page.words(id="modal-title") == "Log it"
    page = await browser.send(DM, surface="", do="close_all")
    assert page.find(data_testid="modal") == []
    await stack()
    page = await browser.send(DM, do="close_all")
    assert page.find(data_testid="modal") == []
    assert (await browser.read("/p/U0SAM/dm")).find(data_testid="modal") == []
