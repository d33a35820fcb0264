"""Says which messages were given up, why, and what a person can do about the reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlmodel import Session

from bot.database import any_of, columns, rows
from bot.domain.outbox.outbox import (
    ALERT,
    CHECK_IN,
    DIRECT_REPLY,
    EXPORT,
    HOME,
    NOTHING_TO_SHOW,
    NOTICE,
    PLAN,
    PLAN_ENDED,
    PLAN_ENDED_REPLY,
    PLAN_REACHED,
    PLAN_REACHED_REPLY,
    PLAN_REPLY,
    REMINDER,
    TOO_LATE,
    WELCOME,
    WITHDRAWN,
)
from bot.domain.tables import OutboxItem

RECENT = timedelta(days=28)
"""Messages that could not be sent longer ago than this are not reported."""


class GivenUp(NamedTuple):
    """The recent messages of one surface that were given up for one reason, counted."""

    workspace_id: int
    surface: str
    reason: str
    messages: int


def given_up(
    session: Session, workspace_ids: Collection[int], *, now: datetime
) -> dict[int, list[GivenUp]]:
    """Return what was given up lately, by workspace id. What had nobody to go to is left out."""
    found: dict[int, list[GivenUp]] = {workspace_id: [] for workspace_id in workspace_ids}
    for row in rows(session, _GIVEN_UP, workspaces=list(workspace_ids), since=now - RECENT):
        one = GivenUp(*row)
        found[one.workspace_id].append(one)
    return found


def named(lost: Collection[GivenUp]) -> str:
    """Return what was given up in words: “2 check-ins and 1 reminder”."""
    counts = Counter[str]()
    for one in lost:
        counts[one.surface] += one.messages
    words = [_counted(surface, count) for surface, count in sorted(counts.items())]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _counted(surface: str, count: int) -> str:
    one, many = _NAMES.get(surface, ("message", "messages"))
    return f"{count} {one if count == 1 else many}"


def why(reason: str) -> str:
    """Return the reason in words, for a place in brackets."""
    return _WHY.get(reason) or f"Slack says {reason}"


def remedy(reason: str, *, method: str = "chat.postMessage") -> str:
    """Return the sentence that says what to do about a reason: a Slack code, or one of our own words.

    `method` is the method of Slack's that was called.
    """
    if passes(reason):
        return "This is Slack's or the network's trouble: look at slack-status.com if it lasts."
    return _REMEDY_OF.get(reason) or (
        f"Look {reason} up in Slack's documentation of {method}; "
        "it is a rule of the workspace's, or a fault of Slack's."
    )


def lasts(reason: str) -> bool:
    """Return whether the reason stands in the way of later messages until it is mended."""
    return not passes(reason) and reason not in _OVER


def passes(reason: str) -> bool:
    """Return whether the reason is a passing trouble of Slack's or the network's, which nobody has to mend."""
    return reason in _PASSING or reason.startswith("http_")


_NAMES: Mapping[str, tuple[str, str]] = {
    ALERT: ("alert", "alerts"),
    CHECK_IN: ("check-in", "check-ins"),
    DIRECT_REPLY: ("answer to a direct message", "answers to direct messages"),
    EXPORT: ("export", "exports"),
    HOME: ("Home", "Homes"),
    NOTICE: ("line about a change of hands", "lines about a change of hands"),
    PLAN: ("plan", "plans"),
    PLAN_REPLY: ("answer to a plan", "answers to plans"),
    PLAN_ENDED: ("account of a plan", "accounts of plans"),
    PLAN_ENDED_REPLY: ("account of a plan for its rep", "accounts of plans for their reps"),
    PLAN_REACHED: ("line about a reached goal", "lines about reached goals"),
    PLAN_REACHED_REPLY: ("line to a rep about a reached goal", "lines to reps about reached goals"),
    REMINDER: ("reminder", "reminders"),
    WELCOME: ("welcome", "welcomes"),
    WITHDRAWN: ("withdrawn message", "withdrawn messages"),
}
"""What one message, and several messages, of each surface are called."""

_PASSING = frozenset(
    {
        "connection",
        "external_channel_migrating",
        "fatal_error",
        "fetch_members_failed",
        "held_back",
        "internal_error",
        "ratelimited",
        "request_timeout",
        "service_unavailable",
        "streaming_state_conflict",
        "timeout",
        "unreadable_answer",
        "update_failed",
    }
)

_OVER = frozenset({TOO_LATE, NOTHING_TO_SHOW, "deactivated", "bot"})
"""Reasons that concern nobody any more: Slack answers again, or the person is gone."""

_WHY: Mapping[str, str] = {
    TOO_LATE: "Basecoach or Slack was down until it was too late",
    NOTHING_TO_SHOW: "there is nobody to send it to",
    "deactivated": "their account is deactivated",
    "bot": "they are a bot",
    "internal error": "Basecoach could not make it; its log has the error",
}

_REMEDIES: Mapping[str, Collection[str]] = {
    "Install the app again with what `basecoach manifest` prints, and approve all its scopes.": (
        "missing_scope",
        "not_allowed_token_type",
        "no_permission",
        "messages_tab_disabled",
        "not_enabled",
        "unknown_method",
        "method_deprecated",
        "deprecated_endpoint",
    ),
    "Ask an owner of the Slack workspace to let the app in; it is restricted or not approved.": (
        "team_access_not_granted",
        "access_denied",
        "accesslimited",
        "app_access_restricted",
        "enterprise_is_restricted",
        "two_factor_setup_required",
        "org_login_required",
        "team_added_to_org",
        "ekm_access_denied",
        "message_limit_exceeded",
    ),
    "Install the app again, set its token as SLACK_BOT_TOKEN and start `basecoach run`.": (
        "invalid_auth",
        "not_authed",
        "account_inactive",
        "token_revoked",
        "token_expired",
        "app_uninstalled",
    ),
    "Invite Basecoach to the channel or choose another one with /coach; in a DM, see to the account.": (
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
    ),
    "See to their Slack account, or take them out of their team with /coach.": (
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "cannot_dm_bot",
        "user_not_in_channel",
        "invalid_user_combination",
        "deactivated",
        "bot",
    ),
    "This is a fault of Basecoach: report it with the log lines about it.": (
        "internal error",
        "invalid_arguments",
        "invalid_arg_name",
        "invalid_array_arg",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_attachments",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "metadata_too_large",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "view_too_large",
    ),
    "Choose a coach who can be written to, and a channel that works, with /coach.": (
        NOTHING_TO_SHOW,
    ),
    "Keep `basecoach run` at work; its health check tells when it is not.": (TOO_LATE,),
}
_REMEDY_OF = {reason: words for words, reasons in _REMEDIES.items() for reason in reasons}

_ITEM = columns(OutboxItem)

_GIVEN_UP = (
    sa.select(_ITEM.workspace_id, _ITEM.surface, _ITEM.failed_reason, sa.func.count())
    .where(
        _ITEM.failed_reason.is_not(None),
        _ITEM.failed_reason != NOTHING_TO_SHOW,
        _ITEM.workspace_id.in_(any_of("workspaces")),
        _ITEM.created_at >= sa.bindparam("since", type_=_ITEM.created_at.type),
    )
    .group_by(_ITEM.workspace_id, _ITEM.surface, _ITEM.failed_reason)
    .order_by(_ITEM.workspace_id, _ITEM.surface, _ITEM.failed_reason)
)
