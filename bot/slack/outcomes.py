"""What an answer of Slack's means for what is to be done next.

The codes are Slack's (https://docs.slack.dev/reference/methods); what each class calls for is our judgement. A
post has three outcomes that matter: done, certainly not done, and unknown. Only the second may be sent again
at once, so everything that leaves a doubt counts as unknown.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum, auto

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError


class CallOutcome(Enum):
    """What became of a call that did not simply succeed."""

    RATE_LIMITED = auto()
    """Certainly not done; `retry_after` says when to come back. Counts as no failure."""
    UNKNOWN = auto()
    """Perhaps done: look before doing it again."""
    NOT_DONE = auto()
    """Certainly not done, for a passing reason."""
    PAUSED = auto()
    """The workspace as a whole takes nothing for hours (quota, migration)."""
    TOKEN_DEAD = auto()
    """The installation is gone or its token is wrong: stop calling."""
    OPERATOR = auto()
    """Something that the operator has to mend (a scope, a setting)."""
    RECIPIENT_GONE = auto()
    """This person can't be written to."""
    CHANNEL_UNUSABLE = auto()
    """This channel can't be posted in."""
    PAYLOAD = auto()
    """What we sent is not valid: our own mistake."""
    TRIGGER_LOST = auto()
    """The moment for opening a modal is over."""
    STALE = auto()
    """The message or view is no longer what we think it is."""


PASSING = frozenset(
    {CallOutcome.RATE_LIMITED, CallOutcome.UNKNOWN, CallOutcome.NOT_DONE, CallOutcome.PAUSED}
)
"""Slack's trouble and no mistake of anybody's: who tries again later may well get through."""

RATE_LIMIT_DEFAULT = 30.0
"""Seconds to wait where Slack gives no usable Retry-After."""

RATE_LIMIT_LONGEST = 3600.0
"""A Retry-After beyond this is not believed: the worst that asking again can bring is another one."""

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
    """A failed call, understood."""

    outcome: CallOutcome
    code: str
    """Slack's error code, or our word for what went wrong (`timeout`, `connection`, `http_502`)."""
    retry_after: float = 0.0
    detail: str = ""
    """What Slack says beside the code: scopes needed, where a block is invalid. Never what we sent."""


class DeliveryError(Exception):
    """A message was not brought to Slack as it should have been."""


class UnrecordedPost(DeliveryError):
    """Slack has the message, but the database could not be told.

    The row must stay claimed: when its lease ends it comes back as one whose outcome is unknown, and the message
    is found.
    """


class RateLimited(DeliveryError):
    """A call was not made: Slack has refused its method, and said how long to leave it alone."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"{seconds:.0f} s")
        self.seconds = seconds


def classify(error: Exception) -> Failure | None:
    """What a failed Slack call means; None for an error that is no matter of Slack's."""
    if isinstance(error, RateLimited):
        return Failure(CallOutcome.RATE_LIMITED, "held_back", retry_after=error.seconds)
    if isinstance(error, SlackApiError):
        return _from_answer(error)
    if isinstance(error, aiohttp.ClientConnectorError):
        return Failure(CallOutcome.NOT_DONE, "connection")  # it never got through
    if isinstance(error, (asyncio.TimeoutError, aiohttp.ClientError, ConnectionError)):
        return Failure(
            CallOutcome.UNKNOWN, "timeout" if isinstance(error, TimeoutError) else "connection"
        )
    if isinstance(error, (SlackClientError, AttributeError)):
        # A proxy's page in place of Slack's answer ends as one of these inside the SDK.
        return Failure(CallOutcome.UNKNOWN, "unreadable_answer")
    return None


def _from_answer(error: SlackApiError) -> Failure:
    response = error.response
    status = int(getattr(response, "status_code", None) or getattr(response, "status", None) or 200)
    data = getattr(response, "data", None)
    answer = data if isinstance(data, dict) else {}
    code = str(answer.get("error") or f"http_{status}")
    if status == 429 or code in _CODES[CallOutcome.RATE_LIMITED]:
        return Failure(CallOutcome.RATE_LIMITED, "ratelimited", retry_after=_retry_after(response))
    if code in _OUTCOMES:
        return Failure(_OUTCOMES[code], code, detail=_detail(answer))
    if status >= 500 or code.startswith("http_"):
        return Failure(CallOutcome.UNKNOWN, code)
    # An unknown code is permanent for what we sent: trying again would only repeat it.
    return Failure(CallOutcome.PAYLOAD, code, detail=_detail(answer))


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
