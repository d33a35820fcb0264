"""Modals and Homes over the Web API: triggers, stacks, hashes."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.people import Person
from bot.sandbox.workspace import Workspace

View = dict[str, Any]


def modal(title: str = "Log it", **more: Any) -> View:
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": title},
        "blocks": [{"type": "divider"}],
        **more,
    }


def home(text: str = "Hello") -> View:
    block = {"type": "section", "text": {"type": "plain_text", "text": text}}
    return {"type": "home", "blocks": [block]}


async def error(client: AsyncWebClient, method: str, **arguments: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await client.api_call(method, json=arguments)
    return str(refused.value.response["error"])


@pytest.fixture
def trigger(workspace: Workspace) -> Callable[..., str]:
    def issue(**more: Any) -> str:
        return workspace.triggers.issue("U0PRIYA", **more)

    return issue


async def test_open_shows_the_modal_to_its_person(
    client: AsyncWebClient, priya: Person, dana: Person, trigger: Callable[..., str]
) -> None:
    answer = await client.views_open(
        trigger_id=trigger(), view=modal(private_metadata="m", callback_id="c")
    )
    assert priya.modal is not None
    assert priya.modal["id"] == answer["view"]["id"] == answer["view"]["root_view_id"]
    assert (priya.modal["private_metadata"], priya.modal["callback_id"]) == ("m", "c")
    assert dana.modal is None


async def test_a_trigger_lives_three_seconds(
    client: AsyncWebClient, trigger: Callable[..., str], seconds: Any
) -> None:
    late, in_time = trigger(), trigger()
    seconds.go_by(3.0)
    assert (await client.views_open(trigger_id=in_time, view=modal()))["ok"]
    seconds.go_by(0.001)
    code = await error(client, "views.open", trigger_id=late, view=modal())
    assert code == "expired_trigger_id"


async def test_a_trigger_works_once(client: AsyncWebClient, trigger: Callable[..., str]) -> None:
    once = trigger()
    await client.views_open(trigger_id=once, view=modal())
    assert await error(client, "views.open", trigger_id=once, view=modal()) == (
        "exchanged_trigger_id"
    )
    assert await error(client, "views.open", trigger_id="1.2.3", view=modal()) == (
        "invalid_trigger_id"
    )
    assert await error(client, "views.open", view=modal()) == "invalid_arguments"


async def test_an_invalid_view_names_the_place_and_leaves_the_trigger(
    client: AsyncWebClient, trigger: Callable[..., str]
) -> None:
    once = trigger()
    with pytest.raises(SlackApiError) as refused:
        await client.views_open(trigger_id=once, view=modal("x" * 25))
    assert refused.value.response["error"] == "invalid_arguments"
    assert refused.value.response["response_metadata"]["messages"] == [
        "[ERROR] must be less than 25 characters [json-pointer:/view/title/text]"
    ]
    assert (await client.views_open(trigger_id=once, view=modal("x" * 24)))["ok"]


async def test_a_view_may_come_as_text(client: AsyncWebClient, trigger: Callable[..., str]) -> None:
    answer = await client.api_call(
        "views.open", params={"trigger_id": trigger(), "view": json.dumps(modal())}
    )
    assert answer["ok"]
    arguments = {"trigger_id": trigger(), "view": "{"}
    assert await error(client, "views.open", **arguments) == "invalid_arguments"


async def test_a_view_over_250_kilobytes(
    client: AsyncWebClient, trigger: Callable[..., str]
) -> None:
    section = {"type": "section", "text": {"type": "plain_text", "text": "x" * 3000}}
    big = modal(blocks=[section] * 90)
    assert await error(client, "views.open", trigger_id=trigger(), view=big) == "view_too_large"


async def test_push_lays_up_to_three(
    client: AsyncWebClient, priya: Person, trigger: Callable[..., str]
) -> None:
    root = (await client.views_open(trigger_id=trigger(), view=modal("one")))["view"]
    for title in ("two", "three"):
        await client.views_push(trigger_id=trigger(view_id=root["id"]), view=modal(title))
    assert [view["title"]["text"] for view in priya.modals] == ["one", "two", "three"]
    assert priya.modals[2]["previous_view_id"] == priya.modals[1]["id"]
    assert priya.modals[2]["root_view_id"] == root["id"]
    fourth = {"trigger_id": trigger(view_id=root["id"]), "view": modal("four")}
    assert await error(client, "views.push", **fourth) == "push_limit_reached"


async def test_push_needs_an_open_modal(
    client: AsyncWebClient, trigger: Callable[..., str]
) -> None:
    assert await error(client, "views.push", trigger_id=trigger(), view=modal()) == "not_found"
    gone = trigger(view_id="V0GONE")
    assert await error(client, "views.push", trigger_id=gone, view=modal()) == "not_found"


async def test_update_minds_the_hash(
    client: AsyncWebClient, priya: Person, trigger: Callable[..., str]
) -> None:
    view = (await client.views_open(trigger_id=trigger(), view=modal("one")))["view"]
    fresh = await client.views_update(view_id=view["id"], hash=view["hash"], view=modal("two"))
    assert fresh["view"]["hash"] != view["hash"]
    stale = {"view_id": view["id"], "hash": view["hash"], "view": modal("three")}
    assert await error(client, "views.update", **stale) == "hash_conflict"
    assert priya.modal is not None
    assert priya.modal["title"]["text"] == "two"
    await client.views_update(view_id=view["id"], view=modal("four"))
    assert priya.modal["title"]["text"] == "four"


async def test_update_of_a_closed_modal(
    client: AsyncWebClient, priya: Person, trigger: Callable[..., str]
) -> None:
    view = (await client.views_open(trigger_id=trigger(), view=modal()))["view"]
    await priya.close()
    assert await error(client, "views.update", view_id=view["id"], view=modal()) == "not_found"
    assert await error(client, "views.update", view=modal()) == "invalid_arguments"


async def test_external_ids_are_unique(
    client: AsyncWebClient, priya: Person, trigger: Callable[..., str]
) -> None:
    named = modal(external_id="week-48")
    await client.views_open(trigger_id=trigger(), view=named)
    again = {"trigger_id": trigger(), "view": named}
    assert await error(client, "views.open", **again) == "duplicate_external_id"
    await client.views_update(external_id="week-48", view=modal("two", external_id="week-48"))
    assert priya.modal is not None
    assert priya.modal["title"]["text"] == "two"


async def test_an_update_keeps_what_was_filled_in(
    client: AsyncWebClient, priya: Person, workspace: Workspace, trigger: Callable[..., str]
) -> None:
    def field(block_id: str) -> dict[str, Any]:
        return {
            "type": "input",
            "block_id": block_id,
            "label": {"type": "plain_text", "text": block_id},
            "element": {"type": "plain_text_input", "action_id": "a", "initial_value": "start"},
        }

    submit = {"type": "plain_text", "text": "Save"}
    view = (
        await client.views_open(
            trigger_id=trigger(), view=modal(submit=submit, blocks=[field("kept"), field("gone")])
        )
    )["view"]
    await priya.select(priya.modal or {}, action_id="a", block_id="kept", value="typed")
    await client.views_update(
        view_id=view["id"], view=modal(submit=submit, blocks=[field("kept"), field("new")])
    )
    assert priya.modal is not None
    values = priya.modal["state"]["values"]
    assert {name: entry["a"]["value"] for name, entry in values.items()} == {
        "kept": "typed",
        "new": "start",
    }


async def test_publish(client: AsyncWebClient, priya: Person, dana: Person) -> None:
    first = (await client.views_publish(user_id="U0PRIYA", view=home("one")))["view"]
    second = await client.views_publish(user_id="U0PRIYA", view=home("two"), hash=first["hash"])
    assert second["view"]["id"] == first["id"]
    stale = {"user_id": "U0PRIYA", "view": home("three"), "hash": first["hash"]}
    assert await error(client, "views.publish", **stale) == "hash_conflict"
    assert priya.home is not None
    assert priya.home["blocks"][0]["text"]["text"] == "two"
    assert dana.home is None


async def test_publish_that_is_refused(
    client: AsyncWebClient, workspace: Workspace, manifest: dict[str, Any]
) -> None:
    assert await error(client, "views.publish", user_id="U0NOBODY", view=home()) == (
        "user_not_found"
    )
    wrong = {"user_id": "U0PRIYA", "view": modal()}
    assert await error(client, "views.publish", **wrong) == "invalid_arguments"
    manifest["features"]["app_home"]["home_tab_enabled"] = False
    workspace.manifest = workspace.manifest.read(manifest)
    assert await error(client, "views.publish", user_id="U0PRIYA", view=home()) == "not_enabled"


async def test_a_choice_that_is_offered_no_more_falls_back(
    client: AsyncWebClient, priya: Person, trigger: Callable[..., str]
) -> None:
    def picker(*names: str) -> View:
        options = [{"text": {"type": "plain_text", "text": name}, "value": name} for name in names]
        element = {"type": "radio_buttons", "action_id": "pick", "options": options}
        return modal(blocks=[{"type": "actions", "block_id": "b", "elements": [element]}])

    def picked() -> str | None:
        option = (priya.modal or {})["state"]["values"]["b"]["pick"]["selected_option"]
        return option and str(option["value"])

    opened = await client.views_open(trigger_id=trigger(), view=picker("1st", "2nd"))
    view_id = opened["view"]["id"]
    await priya.select(priya.modal or {}, action_id="pick", value="2nd")
    await client.views_update(view_id=view_id, view=picker("2nd", "3rd"))
    assert picked() == "2nd"
    await client.views_update(view_id=view_id, view=picker("3rd", "home"))
    assert picked() is None
