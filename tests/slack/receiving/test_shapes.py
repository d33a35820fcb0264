"""Payloads of another shape than Slack's: refused in words before anybody reads them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.refusals import Refusal
from bot.slack.listeners.payloads import metadata_of, pressed_in
from bot.slack.receiving.shapes import has_listener, readable


def press(**changes: Any) -> dict[str, Any]:
    """A press of a button in a message, as Slack sends it."""
    payload: dict[str, Any] = {
        "type": "block_actions",
        "user": {"id": "U0PRIYA"},
        "trigger_id": "1.2.3",
        "response_url": "https://hooks.slack.com/actions/1",
        "actions": [{"action_id": "check_in.answer.yes", "block_id": "b", "value": "1"}],
        "container": {"channel_id": "D0PRIYA", "message_ts": "1763715600.000100"},
        "message": {"metadata": {"event_payload": {"token": "t"}}},
    }
    return {**payload, **changes}


def sent(**changes: Any) -> dict[str, Any]:
    """A form that was sent, as Slack sends it."""
    view: dict[str, Any] = {
        "id": "V1",
        "type": "modal",
        "callback_id": "check_in.number",
        "private_metadata": "{}",
        "blocks": [{"type": "input", "block_id": "answer.1"}],
        "state": {"values": {"answer.1": {"number": {"type": "plain_text_input", "value": "3"}}}},
    }
    return {"type": "view_submission", "user": {"id": "U0PRIYA"}, "view": {**view, **changes}}


def event(**fields: Any) -> dict[str, Any]:
    return {"type": "event_callback", "event": fields}


@pytest.mark.parametrize(
    "payload",
    [
        press(),
        press(message=None, container=None),
        sent(),
        sent(private_metadata=None),
        event(type="app_home_opened", user="U0PRIYA", tab="home"),
        event(type="of_tomorrow", channel=5),
        {"command": "/coach", "user_id": "U0ALEX", "trigger_id": "1.2.3", "text": ""},
        {"type": "of tomorrow"},
    ],
)
def test_what_slack_sends_is_read(payload: dict[str, Any]) -> None:
    readable(payload)


def test_a_null_of_what_may_be_absent_is_taken_out() -> None:
    payload = press(
        message={"metadata": None, "ts": None},
        container={"channel_id": None, "message_ts": None},
        actions=[{"action_id": "check_in.snooze", "block_id": None, "selected_option": None}],
    )
    readable(payload)
    assert payload["message"] == {}
    assert payload["container"] == {}
    assert payload["actions"] == [{"action_id": "check_in.snooze"}]


@pytest.mark.parametrize(
    "payload",
    [
        press(actions=[]),
        press(actions=[5]),
        press(actions=None),
        press(user={"id": "who knows"}),
        press(user="U0PRIYA"),
        press(trigger_id=None),
        press(response_url=None),
        press(response_url="x" * 3_000),
        press(container={"message_ts": "yesterday"}),
        press(message={"metadata": []}),
        press(view={"id": "V1"}),
        press(event=True),
        sent(state=None),
        sent(state={"values": {"answer.1": [1]}}),
        sent(state={"values": {"answer.1": {"number": {"value": 3}}}}),
        sent(blocks=[{"type": "input"}]),
        sent(private_metadata=5),
        event(type="channel_archive"),
        event(type="What somebody said"),
        event(type="app_home_opened", user=None),
        {"type": "event_callback", "event": "channel_archive"},
        {"command": None, "user_id": "U0ALEX", "trigger_id": "1.2.3"},
    ],
)
def test_another_shape_is_refused_in_words(payload: dict[str, Any]) -> None:
    with pytest.raises(Refusal, match="Please try again"):
        readable(payload)


def test_what_no_database_stores_is_replaced() -> None:
    payload = sent()
    payload["view"]["state"]["values"]["answer.1"]["number"]["value"] = "a\x00b\ud800c\u202ed"
    readable(payload)
    typed = payload["view"]["state"]["values"]["answer.1"]["number"]["value"]
    assert typed == "a\ufffdb\ufffdc\u202ed"


def test_endless_nesting_is_refused() -> None:
    deep: Any = "inside"
    for _ in range(1_000):
        deep = [deep]
    with pytest.raises(Refusal):
        readable(press(state=deep))


@pytest.mark.parametrize("metadata", ["[", "[]", "5", "null", "[" * 5_000])
def test_metadata_that_is_none_of_ours_is_refused(metadata: str) -> None:
    with pytest.raises(Refusal, match="Close it and open it again"):
        metadata_of({"private_metadata": metadata})


def test_a_press_from_nowhere_is_refused() -> None:
    with pytest.raises(Refusal):
        pressed_in(press())


@pytest.mark.parametrize("kind", ["view_folded", "shortcut", "Acme, 1st", None, 1, [], {}])
def test_a_payload_of_no_known_kind_has_no_listener(kind: object) -> None:
    assert not has_listener({"type": kind, "user": {"id": "U0PRIYA"}, "view": {"type": "modal"}})


@pytest.mark.parametrize("known", [{"type": "url_verification"}, {"ssl_check": "1"}, press()])
def test_what_bolt_answers_itself_goes_on(known: dict[str, object]) -> None:
    assert has_listener(known)
