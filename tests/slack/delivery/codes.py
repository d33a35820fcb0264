"""The codes with which Slack refuses calls, as facts (https://docs.slack.dev/reference/methods, 2026-08-20)."""

from __future__ import annotations

from pathlib import Path

DOCUMENTED = tuple(Path(__file__).with_name("codes.txt").read_text(encoding="utf-8").split())
"""The codes of every method that the bot calls, or might call."""

INVENTED = ("a_code_of_tomorrow", "moon_phase_not_allowed", "x")
"""Codes that nobody has ever seen."""

OF_EACH_CLASS = (
    "ratelimited",
    "internal_error",
    "request_timeout",
    "message_limit_exceeded",
    "invalid_auth",
    "missing_scope",
    "user_not_found",
    "channel_not_found",
    "invalid_blocks",
    "invalid_arguments",
    "message_not_found",
    "expired_trigger_id",
    "team_access_not_granted",
    "a_code_of_tomorrow",
)
"""One code, or two, of each class."""
