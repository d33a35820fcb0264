"""Turns an error into a sentence that a person can act on, and shows it on the surface where they look.

A Refusal is shown as it is. Any other error is a failure of the bot: it is logged under a reference, and the
person sees the reference but nothing of the error.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import failures
from bot.domain.refusals import FieldProblems, Refusal
from bot.failures import Failures
from bot.slack.causes import cause
from bot.slack.outcomes import PASSING, CallOutcome, classify
from bot.slack.receiving.payload_metrics import kind_of
from bot.slack.responding.response_urls import ResponseUrls
from bot.slack.views.blocks import notice, section, shorten
from bot.slack.views.mrkdwn import escape, fill

log = logging.getLogger(__name__)

TRIGGER_LOST = "That took too long for Slack to open the form. Please press or type it once more."

SLACK_IN_TROUBLE = (
    "Slack did not do what Basecoach asked of it just now. Please try again in a moment."
)

STALE = (
    "That changed meanwhile, so nothing was done here. Please open it again and go on from there."
)

NOT_SAVED = "Basecoach can't save anything just now, and nothing was changed."

NO_RECORDS = "Basecoach can't reach its records just now, and nothing was changed."

BROKEN = "Something went wrong on Basecoach's side, and nothing was changed."

_SENTENCES: Mapping[str, str] = MappingProxyType(
    {
        "disk_full": NOT_SAVED,
        "read_only": NOT_SAVED,
        "disk": NOT_SAVED,
        **dict.fromkeys(("damaged", "locked", "slow", "crowded", "away"), NO_RECORDS),
    }
)
"""What a person is told first, by the cause; BROKEN for any other."""

ERROR_LIMIT = 2000
"""How many characters of an inline error Slack shows."""


def register(app: AsyncApp, responses: ResponseUrls, failed: Failures) -> None:
    """Have every error of a listener answered with a sentence on the surface where it happened."""

    async def say(error: Exception, body: dict[str, Any], client: AsyncWebClient) -> BoltResponse:
        return await answer(error, body, client, responses, failed)

    app.error(say)


async def answer(
    error: Exception,
    body: dict[str, Any],
    client: AsyncWebClient,
    responses: ResponseUrls,
    failed: Failures,
) -> BoltResponse:
    """Say what went wrong in the place that the payload came from, even if the payload itself is malformed."""
    sentence = words_of(error, body, failed)
    kind = body.get("type")
    if "command" in body:
        return BoltResponse(
            status=200,
            body={"response_type": "ephemeral", "text": escape(sentence)},
            headers={"content-type": "application/json"},
        )
    if kind == "view_submission":
        return _in_modal(error, sentence, body.get("view"))
    if kind == "block_actions":
        await _beside_press(sentence, body, client, responses)
    # An event has no person to answer: the error was logged, and Slack need not send the event again.
    return BoltResponse(status=200, body="")


def words_of(error: Exception, body: Mapping[str, Any], failed: Failures) -> str:
    """Return the sentence for the person; a failure is counted, and logged under the reference in the sentence."""
    if isinstance(error, Refusal):
        return error.sentence
    failure = classify(error)
    if failure is not None and failure.outcome is CallOutcome.TRIGGER_LOST:
        return TRIGGER_LOST
    if failure is not None and failure.outcome is CallOutcome.STALE:
        return STALE  # the modal was closed, or a second press replaced its view
    facts: dict[str, Any] = {"kind": kind_of(body), "cause": cause(error)}
    reference = failed.note(error, part=failures.LISTENER, kind=facts["kind"], cause=facts["cause"])
    if failure is not None and failure.outcome in PASSING and not isinstance(error, AttributeError):
        log.warning("slack was in trouble", extra={**facts, "code": failure.code})
        return SLACK_IN_TROUBLE
    facts["reference"] = reference
    if isinstance(error, SlackApiError) and failure is not None:
        facts |= {"code": failure.code, "detail": failure.detail}
    log.error("a listener failed", extra=facts, exc_info=error)
    what = _SENTENCES.get(facts["cause"], BROKEN)
    again = "Please try again" if what == BROKEN else "Please try again in a few minutes"
    return f"{what} {again}; if it stays, tell whoever runs Basecoach the reference {reference}."


def _in_modal(error: Exception, sentence: str, view: object) -> BoltResponse:
    """Show the sentence under the input that it is about; a modal without inputs is replaced by the sentence."""
    inputs = _inputs(view)
    sentences = error.sentences if isinstance(error, FieldProblems) else {}
    found = {field: text for field, text in sentences.items() if field in inputs}
    if not found and inputs:
        field = error.field if isinstance(error, Refusal) else None
        found = {field if field is not None and field in inputs else inputs[0]: sentence}
    body: dict[str, Any]
    if found:
        errors = {field: shorten(text, ERROR_LIMIT) for field, text in found.items()}
        body = {"response_action": "errors", "errors": errors}
    else:
        body = {"response_action": "update", "view": notice("Basecoach", escape(sentence))}
    return BoltResponse(status=200, body=body, headers={"content-type": "application/json"})


def _inputs(view: object) -> list[str]:
    """Return the block_ids of a modal's inputs; an empty list for anything that is not a modal."""
    blocks = view.get("blocks") if isinstance(view, dict) else None
    return [
        block["block_id"]
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, dict)
        and block.get("type") == "input"
        and isinstance(block.get("block_id"), str)
    ]


async def _beside_press(
    sentence: str, body: dict[str, Any], client: AsyncWebClient, responses: ResponseUrls
) -> None:
    """Answer a press in a message with an ephemeral message; answer one in Home or a modal with a small modal."""
    url = body.get("response_url")
    try:
        if isinstance(url, str) and url:
            responses.later(
                url,
                {
                    "response_type": "ephemeral",
                    "replace_original": False,
                    "text": escape(sentence),
                    "blocks": [
                        section(fill(":information_source: {sentence}", sentence=escape(sentence)))
                    ],
                },
            )
            return
        view = body.get("view")
        in_modal = isinstance(view, dict) and view.get("type") == "modal"
        opening = client.views_push if in_modal else client.views_open
        await opening(trigger_id=body["trigger_id"], view=notice("Basecoach", escape(sentence)))
    except Exception as error:
        failure = classify(error)
        log.warning(
            "could not say why",
            extra={"code": failure.code if failure else type(error).__name__},
        )
