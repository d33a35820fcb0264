"""Says what Slack's answer to a call means for the next step.

The codes are Slack's (https://docs.slack.dev/reference/methods); how the bot classifies them is this module's
decision. A post has three outcomes that matter: done, certainly not done, and unknown. Only a post that was
certainly not done may be sent again at once, so every doubtful outcome counts as unknown.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum, auto

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError


class CallOutcome(Enum):
    """The outcome of a call that did not simply succeed."""

    RATE_LIMITED = auto()
    """The call was certainly not done; `retry_after` says how long to wait. It does not count as a failure."""
    UNKNOWN = auto()
    """The call may have been done: look before doing it again."""
    NOT_DONE = auto()
    """The call was certainly not done, for a temporary reason."""
    PAUSED = auto()
    """The whole workspace accepts nothing for hours (quota, migration)."""
    TOKEN_DEAD = auto()
    """The installation was removed or its token is wrong: make no more calls."""
    OPERATOR = auto()
    """The operator has to fix something (a scope, a setting)."""
    RECIPIENT_GONE = auto()
    """The bot can't write to this person."""
    CHANNEL_UNUSABLE = auto()
    """The bot can't post in this channel."""
    PAYLOAD = auto()
    """The request is not valid: this is a bug of the bot."""
    REFUSED = auto()
    """The call was certainly not done; the code does not tell whether a person, a place or everybody is meant."""
    TRIGGER_LOST = auto()
    """The trigger id has expired, so the modal can't be opened any more."""
    STALE = auto()
    """The message or view has changed or is gone since the bot last knew it."""


PASSING = frozenset(
    {CallOutcome.RATE_LIMITED, CallOutcome.UNKNOWN, CallOutcome.NOT_DONE, CallOutcome.PAUSED}
)
"""Outcomes that are a fault of Slack or the network: another attempt later may succeed."""

NOT_FOR_THIS_TOKEN = frozenset({"not_allowed_token_type", "missing_scope"})
"""Codes that say of a call which only asks about a token, or connects with it, that it takes another token."""

UNREADABLE = "unreadable_answer"
"""The code of an answer that is no answer of Slack's: a proxy's page, or JSON that breaks off."""

RATE_LIMIT_DEFAULT = 30.0
"""How many seconds to wait if Slack gives no usable Retry-After."""

RATE_LIMIT_LONGEST = 3600.0
"""The longest Retry-After, in seconds, that the bot obeys: at worst the next call gets another 429."""

_CODES: dict[CallOutcome, frozenset[str]] = {
    CallOutcome.RATE_LIMITED: frozenset({"ratelimited", "rate_limited"}),
    CallOutcome.UNKNOWN: frozenset(
        {"internal_error", "fatal_error", "service_unavailable", "update_failed"}
    ),
    CallOutcome.NOT_DONE: frozenset(
        {
            "request_timeout",
            "fetch_members_failed",
            "external_channel_migrating",
            "streaming_state_conflict",
        }
    ),
    CallOutcome.PAUSED: frozenset(
        {
            "team_added_to_org",
            "org_login_required",
            "message_limit_exceeded",
            "ekm_access_denied",
        }
    ),
    CallOutcome.TOKEN_DEAD: frozenset(
        {
            "invalid_auth",
            "account_inactive",
            "token_revoked",
            "token_expired",
            "not_authed",
        }
    ),
    CallOutcome.OPERATOR: frozenset(
        {
            "missing_scope",
            "not_allowed_token_type",
            "no_permission",
            "messages_tab_disabled",
            "not_enabled",
            "accesslimited",
            "access_denied",
            "app_access_restricted",
            "enterprise_is_restricted",
            "two_factor_setup_required",
            "unknown_method",
        }
    ),
    CallOutcome.RECIPIENT_GONE: frozenset(
        {
            "user_not_found",
            "user_disabled",
            "user_not_visible",
            "cannot_dm_bot",
            "user_not_in_channel",
            "invalid_user_combination",
        }
    ),
    CallOutcome.CHANNEL_UNUSABLE: frozenset(
        {
            "channel_not_found",
            "is_archived",
            "not_in_channel",
            "is_inactive",
            "restricted_action",
            "restricted_action_read_only_channel",
            "restricted_action_thread_only_channel",
            "restricted_action_non_threadable_channel",
            "restricted_action_thread_locked",
            "posting_to_channel_denied",
            "channel_is_limited_access",
            "method_not_supported_for_channel_type",
        }
    ),
    CallOutcome.PAYLOAD: frozenset(
        {
            "invalid_arguments",
            "invalid_arg_name",
            "invalid_array_arg",
            "invalid_blocks",
            "invalid_blocks_format",
            "invalid_attachments",
            "invalid_metadata_format",
            "invalid_metadata_schema",
            "metadata_too_large",
            "markdown_text_conflict",
            "msg_blocks_too_long",
            "msg_too_long",
            "no_text",
            "too_many_attachments",
            "attachment_payload_limit_exceeded",
            "view_too_large",
            "block_mismatch",
            "duplicate_external_id",
        }
    ),
    CallOutcome.TRIGGER_LOST: frozenset(
        {
            "expired_trigger_id",
            "exchanged_trigger_id",
            "invalid_trigger_id",
            "trigger_expired",
            "trigger_exchanged",
            "push_limit_reached",
        }
    ),
    CallOutcome.STALE: frozenset(
        {
            "hash_conflict",
            "not_found",
            "message_not_found",
            "cant_update_message",
            "edit_window_closed",
            "cant_delete_message",
        }
    ),
}
_OUTCOMES = {code: outcome for outcome, codes in _CODES.items() for code in codes}


@dataclass(frozen=True)
class Failure:
    """A failed call with its classification."""

    outcome: CallOutcome
    code: str
    """Slack's error code, or this module's name for the failure (`timeout`, `connection`, `http_502`)."""
    retry_after: float = 0.0
    detail: str = ""
    """What Slack says beside the code: needed scopes, the place of an invalid block. Never content of the request.
    """


class DeliveryError(Exception):
    """A message was not delivered to Slack as it should have been."""


class UnrecordedPost(DeliveryError):
    """Slack has the message, but the database could not record it.

    The row must stay claimed: when its lease ends, it is claimed again with an unknown outcome, and the sender
    finds the message.
    """


class RateLimited(DeliveryError):
    """A call was not made, because Slack refused its method and said how long to wait."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


def classify(error: Exception) -> Failure | None:
    """Return what a failed Slack call means; None for an error that has nothing to do with Slack."""
    if isinstance(error, RateLimited):
        return Failure(CallOutcome.RATE_LIMITED, "held_back", retry_after=error.seconds)
    if isinstance(error, SlackApiError):
        return _from_answer(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Failure(CallOutcome.NOT_DONE, "connection")  # the request never reached Slack
    if isinstance(error, (asyncio.TimeoutError, aiohttp.ClientError, ConnectionError)):
        return Failure(
            CallOutcome.UNKNOWN, "timeout" if isinstance(error, TimeoutError) else "connection"
        )
    if isinstance(error, (SlackClientError, AttributeError, UnicodeDecodeError)):
        # If a proxy's page, or no text at all, came instead of Slack's answer, the SDK raises one of these.
        return Failure(CallOutcome.UNKNOWN, UNREADABLE)
    return None


def _from_answer(error: SlackApiError) -> Failure:
    response = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 200)
    data = getattr(response, "data", None)
    answer = data if isinstance(data, dict) else {}
    code = str(answer.get("error") or (f"http_{status}" if status >= 400 else UNREADABLE))
    if status == 429 or code in _CODES[CallOutcome.RATE_LIMITED]:
        return Failure(CallOutcome.RATE_LIMITED, "ratelimited", retry_after=_retry_after(response))
    if code in _OUTCOMES:
        return Failure(_OUTCOMES[code], code, detail=_detail(answer))
    if status >= 500 or code == UNREADABLE or code.startswith("http_"):
        return Failure(CallOutcome.UNKNOWN, code)
    return Failure(CallOutcome.REFUSED, code, detail=_detail(answer))


def _retry_after(response: object) -> float:
    headers = getattr(response, "headers", {}) or {}
    text = str(next((v for k, v in headers.items() if k.lower() == "retry-after"), ""))
    digits = text.lstrip("0") if text.isascii() and text.isdigit() else ""
    if not digits:
        return RATE_LIMIT_DEFAULT
    return min(float(digits), RATE_LIMIT_LONGEST)


def _detail(answer: dict[str, object]) -> str:
    if "needed" in answer:
        return f"needed {answer['needed']}"
    metadata = answer.get("response_metadata")
    messages = metadata.get("messages") if isinstance(metadata, dict) else None
    return "; ".join(str(m) for m in messages[:3]) if isinstance(messages, list) else ""
