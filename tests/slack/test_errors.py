"""What a person is told of an error, and on which surface."""

from __future__ import annotations

import json
import logging
import sqlite3
from typing import Any

import pytest
from sqlalchemy.exc import OperationalError

from bot.domain.refusals import FieldProblems, Refusal
from bot.failures import Failures
from bot.slack.errors import (
    BROKEN,
    ERROR_LIMIT,
    NO_RECORDS,
    NOT_SAVED,
    SLACK_IN_TROUBLE,
    STALE,
    TRIGGER_LOST,
    answer,
    words_of,
)
from tests.slack.conftest import Answers, WebApi

MODAL: dict[str, Any] = {
    "type": "modal",
    "blocks": [
        {"type": "section", "block_id": "words"},
        {"type": "input", "block_id": "name"},
        {"type": "input", "block_id": "day"},
    ],
}


async def said(error: Exception, body: dict[str, Any], web_api: WebApi, answers: Answers) -> Any:
    """What Bolt hands back to Slack, once nothing is left to do."""
    response = await answer(error, body, web_api.client, answers.responses, Failures())
    await answers.background.finish()
    assert response.status == 200
    return response.body


async def submitted(error: Exception, view: object, web_api: WebApi, answers: Answers) -> Any:
    body = {"type": "view_submission", "view": view}
    response = await answer(error, body, web_api.client, answers.responses, Failures())
    return json.loads(response.body)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("expired_trigger_id", TRIGGER_LOST),
        ("trigger_exchanged", TRIGGER_LOST),
        ("hash_conflict", STALE),
        ("not_found", STALE),
        ("internal_error", SLACK_IN_TROUBLE),
        ("message_limit_exceeded", SLACK_IN_TROUBLE),
    ],
)
async def test_what_slack_refuses_is_said_in_words_a_person_can_act_on(
    web_api: WebApi, code: str, words: str
) -> None:
    assert words_of(await web_api.refused(code), {"type": "block_actions"}, Failures()) == words


async def test_a_mistake_of_ours_is_logged_under_the_reference_that_is_shown(
    web_api: WebApi, caplog: pytest.LogCaptureFixture
) -> None:
    failed = Failures()
    for error in (ValueError("secret words"), await web_api.refused("invalid_blocks")):
        caplog.clear()
        words = words_of(error, {"type": "view_submission"}, failed)
        (record,) = [r for r in caplog.records if r.levelno == logging.ERROR]
        facts = vars(record)
        assert words.endswith(f"the reference {facts['reference']}.")
        assert facts["kind"] == "view_submission"
        assert "secret" not in words
    assert facts["code"] == "invalid_blocks"
    assert failed.counts == {
        ("listener", "view_submission", "bug"): 1,
        ("listener", "view_submission", "slack"): 1,
    }


@pytest.mark.parametrize(
    ("code", "begins"),
    [(sqlite3.SQLITE_FULL, NOT_SAVED), (sqlite3.SQLITE_BUSY, NO_RECORDS), (1, BROKEN)],
)
def test_a_database_in_trouble_is_told_from_a_mistake_of_ours(code: int, begins: str) -> None:
    driver = sqlite3.OperationalError("database or disk is full")
    driver.sqlite_errorcode = code
    error = OperationalError("INSERT", None, driver)
    words = words_of(error, {"command": "/checkin"}, Failures())
    assert words.startswith(f"{begins} Please try again")
    assert "database" not in words


def test_people_who_meet_one_failure_are_told_one_reference() -> None:
    failed, error = Failures(), ValueError()
    told = {words_of(error, {"type": "block_actions"}, failed) for _ in range(3)}
    assert len(told) == 1
    assert words_of(error, {"command": "/plan"}, failed) not in told


def test_a_refusal_is_no_failure() -> None:
    failed = Failures()
    assert words_of(Refusal("Choose a day."), {"command": "/plan"}, failed) == "Choose a day."
    assert not failed.counts


async def test_a_command_is_answered_to_the_person_alone_with_nothing_that_shouts(
    web_api: WebApi, answers: Answers
) -> None:
    body = await said(Refusal("No <!channel> here."), {"command": "/plan"}, web_api, answers)
    assert json.loads(body) == {"response_type": "ephemeral", "text": "No &lt;!channel&gt; here."}


async def test_a_form_says_it_under_the_input_that_it_is_about(
    web_api: WebApi, answers: Answers
) -> None:
    problems = FieldProblems({"day": "Choose a day.", "elsewhere": "Not shown."})
    cases = [
        (problems, {"day": "Choose a day."}),
        (Refusal("Choose a day.", field="day"), {"day": "Choose a day."}),
        (Refusal("No.", field="elsewhere"), {"name": "No."}),
        (Refusal("No."), {"name": "No."}),
        (FieldProblems({"elsewhere": "No."}), {"name": "No."}),
    ]
    for error, errors in cases:
        found = await submitted(error, MODAL, web_api, answers)
        assert found == {"response_action": "errors", "errors": errors}
    long = await submitted(Refusal("x" * 3_000), MODAL, web_api, answers)
    assert len(long["errors"]["name"]) == ERROR_LIMIT


@pytest.mark.parametrize("view", [{"type": "modal", "blocks": []}, None, {"blocks": "odd"}])
async def test_a_form_without_inputs_says_it_in_its_place(
    web_api: WebApi, answers: Answers, view: object
) -> None:
    found = await submitted(Refusal("Not any more."), view, web_api, answers)
    assert found["response_action"] == "update"
    assert "Not any more." in str(found["view"])


async def test_a_press_in_a_message_is_answered_beside_it(
    web_api: WebApi, answers: Answers
) -> None:
    body = {"type": "block_actions", "response_url": answers.url}
    assert await said(Refusal("Too <late>."), body, web_api, answers) == ""
    (taken,) = answers.taken
    assert (taken["response_type"], taken["replace_original"]) == ("ephemeral", False)
    assert taken["text"] == "Too &lt;late&gt;."


@pytest.mark.parametrize(
    ("view", "method"),
    [({"type": "home"}, "views.open"), ({"type": "modal"}, "views.push"), (None, "views.open")],
)
async def test_a_press_elsewhere_opens_a_small_modal_and_cannot_fail_itself(
    web_api: WebApi, answers: Answers, view: object, method: str
) -> None:
    body = {"type": "block_actions", "view": view, "trigger_id": "1.2"}  # no trigger of Slack's
    assert await said(Refusal("Too late."), body, web_api, answers) == ""
    assert [call.method for call in web_api.workspace.calls] == [method]
    assert await said(Refusal("Too late."), {"type": "block_actions"}, web_api, answers) == ""


async def test_an_event_has_nobody_to_answer(web_api: WebApi, answers: Answers) -> None:
    assert await said(ValueError("ours"), {"type": "event_callback"}, web_api, answers) == ""
    assert (answers.taken, web_api.workspace.calls) == ([], [])
