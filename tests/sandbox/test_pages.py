"""The browser page over HTTP: what each person sees there, and what its forms do."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from html.parser import HTMLParser
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import SettableClock
from bot.sandbox.pages.messages import NEWEST_MESSAGES
from bot.sandbox.people import Person
from bot.sandbox.server import SandboxServer
from bot.sandbox.workspace import Workspace

Json = dict[str, Any]
DM, HOME, COACH = "/p/U0PRIYA/dm", "/p/U0PRIYA/home", "/p/U0DANA/c/C0COACH"


class Reading(HTMLParser):
    """A page's elements with their attributes and, for each, the words inside."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str], list[str]]] = []
        self._open: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        words: list[str] = []
        self.elements.append((tag, {name: value or "" for name, value in attributes}, words))
        if tag not in ("input", "br", "hr", "img", "meta", "link"):
            self._open.append((tag, words))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for _, words in self._open:
            words.append(data)

    def find(self, **wanted: str) -> list[tuple[dict[str, str], str]]:
        """Attributes and words of every element with the wanted attributes (`_` for `-`)."""
        keys = {name.replace("_", "-"): value for name, value in wanted.items()}
        return [
            (attributes, " ".join(" ".join(words).split()))
            for _, attributes, words in self.elements
            if keys.items() <= attributes.items()
        ]

    def words(self, **wanted: str) -> str:
        found = self.find(**wanted)
        assert len(found) == 1, f"{len(found)} with {wanted}"
        return found[0][1]

    @property
    def messages(self) -> list[str]:
        return [words for attributes, words in self.find() if "data-ts" in attributes]

    @property
    def notice(self) -> str:
        return self.words(data_testid="notice")


class Browser:
    """Reads pages and sends forms as a browser without JavaScript does."""

    def __init__(self, session: aiohttp.ClientSession, server: SandboxServer) -> None:
        self.session = session
        self.url = server.url

    async def read(self, path: str, **headers: str) -> Reading:
        async with self.session.get(self.url + path, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            return Reading(await answer.text())

    async def send(self, path: str, **fields: Any) -> Reading:
        """Send a form and read the page it leads back to."""
        status, text = await self.post(path, fields)
        assert status == 200, text
        return Reading(text)

    async def post(
        self, path: str, fields: Json, headers: dict[str, str] | None = None
    ) -> tuple[int, str]:
        pairs = [
            (name, value)
            for name, values in fields.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        sent = {"Origin": self.url} if headers is None else headers
        async with self.session.post(self.url + path, data=pairs, headers=sent) as answer:
            return answer.status, await answer.text()


@pytest_asyncio.fixture
async def browser(server: SandboxServer) -> AsyncIterator[Browser]:
    async with aiohttp.ClientSession() as session:
        yield Browser(session, server)


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def button(action_id: str, value: str) -> Json:
    return {"type": "button", "action_id": action_id, "value": value, "text": plain(value)}


def menu(action_id: str) -> Json:
    options = [{"text": plain(each), "value": each} for each in ("1h", "3h")]
    return {"type": "static_select", "action_id": action_id, "options": options}


def row(*elements: Json) -> Json:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def text_input(block_id: str, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": "typed", **more}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": element}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": "log",
        "title": plain("Log it"),
        "submit": plain("Save"),
        "blocks": list(blocks),
        **more,
    }


async def open_modal(client: AsyncWebClient, workspace: Workspace, view: Json) -> str:
    """A modal on Priya's screen; its id as forms name it."""
    trigger = workspace.triggers.issue("U0PRIYA")
    answer = await client.views_open(trigger_id=trigger, view=view)
    return f"view:{answer['view']['id']}"


def field(block_id: str, action_id: str = "typed") -> str:
    return json.dumps([block_id, action_id])


def pressed(block_id: str, action_id: str, value: str | None = None) -> str:
    return json.dumps([block_id, action_id, value])


# What one sees


async def test_the_printed_address_leads_to_the_first_person(browser: Browser) -> None:
    page = await browser.read("/")
    assert page.words(data_testid="persona-U0PRIYA").startswith("PN Priya Sales rep")
    assert page.find(aria_current="true")[0][0]["id"] == "persona-U0PRIYA"
    assert len([each for each, _ in page.find() if each.get("id", "").startswith("persona-")]) == 5


async def test_messages_show_author_time_and_day_in_the_reader_s_zone(
    browser: Browser, client: AsyncWebClient, dana: Person
) -> None:
    for person in ("U0PRIYA", "U0SAM"):
        await client.chat_postMessage(channel=person, text="*Good* morning <b>")
    page = await browser.read(DM)
    assert page.messages == ["Basecoach APP 09:00 Good morning <b>"]
    assert page.words(role="separator") == "Today"
    (message,) = (await browser.read("/p/U0SAM/dm")).messages
    assert message.startswith("Basecoach APP 04:00")


async def test_edited_and_ephemeral_messages_say_so(
    browser: Browser, client: AsyncWebClient
) -> None:
    sent = await client.chat_postMessage(channel="C0COACH", text="one")
    await client.chat_update(channel="C0COACH", ts=sent["ts"], text="two")
    await client.chat_postEphemeral(channel="C0COACH", user="U0DANA", text="psst")
    first, second = (await browser.read(COACH)).messages
    assert first.endswith("two (edited)")
    assert second == "Only visible to you Basecoach APP 09:00 psst"
    assert len((await browser.read("/p/U0ALEX/c/C0COACH")).messages) == 1


async def test_a_new_day_is_told(
    browser: Browser, client: AsyncWebClient, clock: SettableClock
) -> None:
    await client.chat_postMessage(channel="U0PRIYA", text="one")
    clock.move(86_400)
    await client.chat_postMessage(channel="U0PRIYA", text="two")
    clock.move(86_400)
    days = [words for _, words in (await browser.read(DM)).find(role="separator")]
    assert days == ["Monday, 23 November 2026", "Yesterday"]


async def test_unread_messages_are_counted_until_they_are_seen(
    browser: Browser, client: AsyncWebClient, clock: SettableClock
) -> None:
    await browser.read(DM)
    clock.move(60)
    await client.chat_postMessage(channel="U0DANA", text="hello")
    await client.chat_postMessage(channel="C0COACH", text="one")
    assert [words for _, words in (await browser.read(DM)).find(aria_label="2 unread")] == ["2"]
    await browser.read(COACH)
    assert (await browser.read(DM)).find(aria_label="2 unread") == []
    await browser.read("/p/U0DANA/dm")
    page = await browser.read(DM)
    assert "1" not in page.words(id="persona-U0DANA")


async def test_the_home_shows_what_was_published_for_this_person(
    browser: Browser, client: AsyncWebClient
) -> None:
    assert "no Home yet" in (await browser.read(HOME)).words(data_testid="home-view")
    section = {"type": "section", "text": {"type": "mrkdwn", "text": "*17* of 20"}}
    await client.views_publish(user_id="U0PRIYA", view={"type": "home", "blocks": [section]})
    assert (await browser.read(HOME)).words(data_testid="home-view") == "17 of 20"
    assert "no Home yet" in (await browser.read("/p/U0SAM/home")).words(data_testid="home-view")


async def test_opening_a_tab_is_told_to_the_bot_but_reading_it_again_is_not(
    browser: Browser, workspace: Workspace, app: AsyncApp, connect: Any
) -> None:
    tabs: list[str] = []

    @app.event("app_home_opened")
    async def opened(event: Json) -> None:
        tabs.append(event["tab"])

    await connect(app)
    await browser.read(HOME)
    await workspace.until(lambda: tabs == ["home"])
    await browser.read(HOME, **{"X-Sandbox-Script": "1"})
    await browser.read(DM)
    await workspace.until(lambda: tabs == ["home", "messages"])


@pytest.mark.parametrize(
    "path",
    ["/p/U0NOBODY/dm", "/p/U0LEFT/dm", "/p/U0BASECOACH/dm", "/p/U0PRIYA/c/C0COACH", "/p/U0PRIYA/x"],
)
async def test_places_that_are_not_there(browser: Browser, path: str) -> None:
    async with browser.session.get(browser.url + path) as answer:
        assert answer.status == 404
        assert await answer.text() == "There is no such place for this person."


# The composer


async def test_a_command_is_sent_with_its_text(
    browser: Browser, app: AsyncApp, connect: Any
) -> None:
    @app.command("/greet")
    async def greet(ack: Any, body: Json) -> None:
        await ack(f"You said {body['text']} in {body['channel_id']}")

    await connect(app)
    page = await browser.send(DM, do="say", text="/greet Acme <2nd>")
    assert page.messages == [
        "Only visible to you Basecoach APP 09:00 You said Acme <2nd> in D0PRIYA"
    ]
    page = await browser.send(COACH, do="say", text="/greet there")
    assert page.messages[-1].endswith("in C0COACH")


async def test_an_unknown_command_is_answered_in_slackbot_s_words(browser: Browser) -> None:
    page = await browser.send(DM, do="say", text="/nothing at all")
    assert page.words(data_testid="slackbot") == (
        "S Only visible to you Slackbot /nothing is not a valid command."
    )
    assert (await browser.read("/p/U0SAM/dm")).find(data_testid="slackbot") == []
    page = await browser.send(DM, do="say", text="hello")
    assert page.find(data_testid="slackbot") == []
    assert page.messages == ["PN Priya Nair 09:00 hello"]


async def test_what_slackbot_said_is_gone_after_a_look_elsewhere(browser: Browser) -> None:
    await browser.send(DM, do="say", text="/nothing")
    assert (await browser.read(DM)).find(data_testid="slackbot")
    await browser.read(HOME)
    assert (await browser.read(DM)).find(data_testid="slackbot") == []


async def test_only_the_newest_messages_are_drawn(browser: Browser, priya: Person) -> None:
    for number in range(NEWEST_MESSAGES + 1):
        await priya.say(f"number {number}")
    page = await browser.read(DM)
    assert len(page.messages) == NEWEST_MESSAGES
    assert page.messages[-1].endswith(f"number {NEWEST_MESSAGES}")
    assert "1 older message is not shown." in page.words(data_testid="messages")


async def test_a_message_of_a_person_is_escaped(browser: Browser) -> None:
    page = await browser.send(
        COACH, do="say", text="<script>x</script> <!channel> @alex https://e.com"
    )
    assert page.messages[-1].endswith("<script>x</script> <!channel> @Alex Chen https://e.com")
    assert page.find(data_broadcast="channel") == []
    assert page.find(href="https://e.com")


@pytest.fixture
def silent_manifest(manifest: Json) -> None:
    manifest["features"]["app_home"]["messages_tab_read_only_enabled"] = True


@pytest.mark.usefixtures("silent_manifest")
async def test_an_app_that_takes_no_messages_says_so(browser: Browser) -> None:
    page = await browser.send(DM, do="say", text="hello")
    assert page.notice == "Sending messages to this app has been turned off."
    assert page.messages == []


class TestWithoutABot:
    @pytest.fixture
    def ack_seconds(self) -> float:
        return 0.05

    async def test_a_command_fails_in_slack_s_words(self, browser: Browser) -> None:
        page = await browser.send(DM, do="say", text="/greet")
        assert page.notice == "/greet failed because the app did not respond"

    async def test_a_press_fails_beside_its_button(
        self, browser: Browser, client: AsyncWebClient
    ) -> None:
        await client.chat_postMessage(channel="U0PRIYA", text="?", blocks=[row(button("yes", "y"))])
        (message,) = [each for each, _ in (await browser.read(DM)).find() if "data-ts" in each]
        surface = f"message:D0PRIYA/{message['data-ts']}"
        page = await browser.send(DM, surface=surface, press=pressed("row", "yes", "y"))
        assert page.notice in page.words(data_block_id="row", data_block_type="actions")
        assert (await browser.read("/p/U0SAM/dm")).find(data_testid="notice") == []

    async def test_a_modal_stays_open_with_what_was_typed(
        self, browser: Browser, client: AsyncWebClient, workspace: Workspace
    ) -> None:
        surface = await open_modal(client, workspace, modal(text_input("company")))
        typed = {field("company"): "Acme"}
        page = await browser.send(DM, surface=surface, do="submit", **typed)
        assert page.notice == "We had some trouble connecting. Try again?"
        assert page.find(name=field("company"))[0][0]["value"] == "Acme"


# Pressing and choosing


async def test_a_button_is_pressed_where_it_stands(
    browser: Browser, client: AsyncWebClient, app: AsyncApp, connect: Any
) -> None:
    heard: list[Json] = []

    @app.action("yes")
    async def yes(ack: Any, body: Json) -> None:
        await ack()
        heard.append(body)

    await connect(app)
    rows = [{**row(button("yes", each)), "block_id": f"row-{each}"} for each in ("one", "two")]
    sent = await client.chat_postMessage(channel="U0PRIYA", text="?", blocks=rows)
    surface = f"message:{sent['channel']}/{sent['ts']}"
    await browser.send(DM, surface=surface, press=pressed("row-two", "yes", "two"))
    (body,) = heard
    assert body["actions"][0]["value"] == "two"
    assert (body["user"]["id"], body["message"]["ts"]) == ("U0PRIYA", sent["ts"])


async def test_a_choice_in_a_message_is_sent_and_kept(
    browser: Browser, client: AsyncWebClient, app: AsyncApp, connect: Any
) -> None:
    heard: list[str] = []

    @app.action("snooze")
    async def snooze(ack: Any, action: Json) -> None:
        await ack()
        heard.append(action["selected_option"]["value"])

    await connect(app)
    sent = await client.chat_postMessage(channel="U0PRIYA", text="?", blocks=[row(menu("snooze"))])
    fields = {
        "surface": f"message:{sent['channel']}/{sent['ts']}",
        "press": pressed("row", "snooze"),
        field("row", "snooze"): "3h",
    }
    page = await browser.send(DM, **fields)
    assert heard == ["3h"]
    assert [each["value"] for each, _ in page.find(selected="")] == ["3h"]


async def test_a_button_in_a_home_is_pressed(
    browser: Browser, client: AsyncWebClient, app: AsyncApp, connect: Any
) -> None:
    heard: list[Json] = []

    @app.action("start")
    async def start(ack: Any, body: Json) -> None:
        await ack()
        heard.append(body)

    await connect(app)
    view = {"type": "home", "blocks": [row(button("start", "s"))]}
    answer = await client.views_publish(user_id="U0PRIYA", view=view)
    surface = f"view:{answer['view']['id']}"
    await browser.send(HOME, surface=surface, press=pressed("row", "start", "s"))
    assert heard[0]["view"]["type"] == "home"


@pytest.mark.parametrize(
    ("fields", "status", "words"),
    [
        (
            {"surface": "message:D0PRIYA/1.000000", "press": pressed("a", "b")},
            409,
            "This message is gone.",
        ),
        (
            {"surface": "message:C0COACH/1.000000", "press": pressed("a", "b")},
            409,
            "is not in C0COACH",
        ),
        ({"surface": "view:V1", "do": "submit"}, 409, "This view is not open any more."),
        ({"do": "dance"}, 400, "no such button"),
        ({}, 400, "no such button"),
        ({"do": "move", "seconds": "-5"}, 409, "only moves forward"),
        ({"do": "move", "seconds": "soon"}, 409, "soon"),
        ({"do": "fault", "kind": "flood"}, 409, "no such fault"),
        ({"do": "archive", "channel": "C0NONE"}, 409, "no such channel"),
        ({"do": "archive", "channel": "D0PRIYA"}, 409, "no such channel"),
    ],
)
async def test_what_can_not_be_done_is_refused_with_a_sentence(
    browser: Browser, fields: Json, status: int, words: str
) -> None:
    got, text = await browser.post(DM, fields)
    assert got == status
    assert words in text


async def test_a_button_that_is_not_there_can_not_be_pressed(
    browser: Browser, client: AsyncWebClient
) -> None:
    sent = await client.chat_postMessage(
        channel="U0PRIYA", text="?", blocks=[row(button("a", "b"))]
    )
    surface = f"message:{sent['channel']}/{sent['ts']}"
    for press in (pressed("row", "other"), "[]", "nonsense", "[1, 2, 3]", "{}"):
        status, _ = await browser.post(DM, {"surface": surface, "press": press})
        assert status == 409


# Modals


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
    options = [{"text": plain(each), "value": each} for each in ("a", "b")]

    def control(kind: str, **more: Any) -> Json:
        element = {"type": kind, "action_id": "typed", **more}
        return {
            "type": "input",
            "block_id": kind,
            "label": plain(kind),
            "element": element,
            "optional": True,
        }

    blocks = [
        control("number_input", is_decimal_allowed=True),
        control("datepicker", initial_date="2026-01-01"),
        control("timepicker"),
        control("datetimepicker"),
        control("radio_buttons", options=options),
        control("checkboxes", options=options, initial_options=options),
        control("static_select", options=options, initial_option=options[0]),
        control("users_select"),
        control("multi_users_select"),
        control("conversations_select"),
        control("plain_text_input", initial_value="kept"),
    ]
    surface = await open_modal(client, workspace, modal(*blocks))
    sent = {
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
    fields = {field(block_id): value for block_id, value in sent.items()}
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


# The sandbox's own buttons


async def test_the_clock_moves_and_is_shown_in_both_zones(
    browser: Browser, clock: SettableClock
) -> None:
    page = await browser.send("/p/U0SAM/dm", do="move", seconds="3600")
    assert page.words(data_testid="clock-local") == "05:00"
    assert page.words(data_testid="clock-day") == "Monday 23 November 2026"
    assert page.words(data_testid="clock-utc") == "Mon 10:00"
    before = clock.now()
    page = await browser.send(DM, do="jump", key="deadline")
    assert page.words(data_testid="clock-day") == "Tuesday 24 November 2026"
    assert clock.now() > before
    status, words = await browser.post(DM, {"do": "jump", "key": "yesterday"})
    assert (status, words) == (409, "no jump 'yesterday'")


async def test_trouble_waits_for_the_bot_s_next_call(
    browser: Browser, client: AsyncWebClient, workspace: Workspace
) -> None:
    page = await browser.send(DM, do="fault", kind="429", method="chat.postMessage")
    assert "429 rate limit on chat.postMessage" in page.words(data_testid="waiting-faults")
    await client.auth_test()
    page = await browser.send(DM, do="fault", kind="500", method="")
    assert len(workspace.faults.waiting) == 2
    page = await browser.send(DM, do="clear_faults")
    assert page.find(data_testid="waiting-faults") == []
    assert workspace.faults.waiting == []


async def test_the_bot_is_removed_and_invited_and_channels_are_archived(
    browser: Browser, workspace: Workspace
) -> None:
    page = await browser.send(COACH, do="remove_bot", channel="C0COACH")
    assert "Basecoach is not in this channel" in page.words(id="main")
    page = await browser.send(COACH, do="invite_bot", channel="C0COACH")
    assert "U0BASECOACH" in workspace.channels["C0COACH"].members
    page = await browser.send(COACH, do="archive", channel="C0COACH")
    assert "archived" in page.words(id="main")
    assert page.find(data_testid="unarchive-C0COACH")
    await browser.send(COACH, do="unarchive", channel="C0COACH")
    assert not workspace.channels["C0COACH"].is_archived


async def test_the_activity_tells_calls_and_deliveries(
    browser: Browser, client: AsyncWebClient, app: AsyncApp, connect: Any
) -> None:
    @app.command("/greet")
    async def greet(ack: Any) -> None:
        await ack()

    await connect(app)
    await client.chat_postMessage(channel="C0COACH", text="secret words")
    page = await browser.send(DM, do="say", text="/greet secret words")
    activity = page.words(data_testid="activity")
    assert "chat.postMessage #coach-dana ok" in activity
    assert "slash_commands /greet acked" in activity
    assert "secret" not in activity


# Live updates


async def test_changes_tells_the_version_now_and_at_each_change(
    browser: Browser, workspace: Workspace
) -> None:
    async with browser.session.get(f"{browser.url}/changes") as answer:
        assert answer.content_type == "text/event-stream"

        async def event() -> int:
            line = (await answer.content.readuntil(b"\n\n")).decode()
            return int(line.removeprefix("data: "))

        assert await event() == workspace.version
        workspace.touch()
        workspace.touch()
        assert await event() == workspace.version


async def test_the_server_stops_although_somebody_listens(
    browser: Browser, server: SandboxServer
) -> None:
    async with browser.session.get(f"{browser.url}/changes") as answer:
        await answer.content.readuntil(b"\n\n")
        await server.stop()
        assert await answer.content.read() == b""


async def test_the_script_s_forms_get_no_page(browser: Browser, workspace: Workspace) -> None:
    headers = {"Origin": browser.url, "X-Sandbox-Script": "1"}
    status, text = await browser.post(DM, {"do": "say", "text": "/nothing"}, headers)
    assert (status, text) == (204, "")


# Who may


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "https://127.0.0.1", "http://localhost:1"]
)
async def test_a_page_elsewhere_can_not_send_forms(
    browser: Browser, clock: SettableClock, origin: str | None
) -> None:
    before = clock.now()
    headers = {"Origin": origin} if origin else {}
    status, words = await browser.post(DM, {"do": "move", "seconds": "3600"}, headers)
    assert (status, words) == (403, "This form did not come from the sandbox's own page.")
    assert clock.now() == before


@pytest.mark.parametrize("path", ["/", DM, "/changes", "/static/sandbox.js"])
async def test_a_name_that_is_not_this_machine_s_is_refused(browser: Browser, path: str) -> None:
    headers = {"Host": "evil.example"}
    async with browser.session.get(browser.url + path, headers=headers) as answer:
        assert answer.status == 400


async def test_pages_allow_no_foreign_scripts_styles_or_frames(browser: Browser) -> None:
    async with browser.session.get(browser.url + DM) as answer:
        policy = answer.headers["Content-Security-Policy"]
        text = await answer.text()
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    page = Reading(text)
    assert all("style" not in each for each, _ in page.find())
    assert not [name for each, _ in page.find() for name in each if name.startswith("on")]
    scripts = [each for tag, each, _ in page.elements if tag == "script"]
    assert scripts == [{"src": "/static/sandbox.js", "defer": ""}]


@pytest.mark.parametrize("name", ["sandbox.js", "sandbox.css", "favicon.svg"])
async def test_what_the_page_needs_is_served_from_here(browser: Browser, name: str) -> None:
    async with browser.session.get(f"{browser.url}/static/{name}") as answer:
        assert answer.status == 200
        text = await answer.text()
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")
