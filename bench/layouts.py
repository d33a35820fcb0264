"""What the bench needs from inside the product, whether it lies where it lies today or where it lay at 72656de.

Only code that runs inside a build imports this file. Everything else of the bench meets the product from outside:
over HTTP, on the command line, or in the database.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from importlib import import_module
from typing import Any

RENAMED = {
    ("workspace", "disconnected_reason"): "dead_because",
    ("outbox", "desired_version"): "wanted",
    ("outbox", "rendered_version"): "shown",
    ("outbox", "unknown_since"): "uncertain_since",
    ("outbox", "lookbacks"): "looks",
    ("outbox", "duplicate_check_at"): "heal_at",
    ("outbox", "failed_reason"): "dead_because",
}
"""Today's columns, and what they were called before the schema 0005."""


def column(table: str, name: str, known: Any) -> str | None:
    """Return the column's name among the `known` ones: today's, or the earlier one; None if neither is there."""
    return next((each for each in (name, RENAMED.get((table, name), "")) if each in known), None)


def _part(*names: str) -> Any:
    """Return the first of the objects, given as `module:name`, that this build has."""
    for name in names:
        module, _, attribute = name.partition(":")
        try:
            return getattr(import_module(module), attribute)
        except (ImportError, AttributeError):
            continue
    raise ImportError(f"this build has none of {', '.join(names)}")


freeze_startup_objects = _part(
    "bot.gc_tuning:freeze_startup_objects", "bot.garbage:spare_what_is_here"
)
HttpSettings = _part("bot.slack.receiving.transport:HttpSettings", "bot.slack.transport:OverHttp")


def pacing() -> Any:
    """Return the module with the pace of calls to Slack."""
    return _module("bot.slack.delivery.pacing", "bot.slack.pacing")


def claim_limit() -> int:
    """Return how many rows of the outbox the sender claims at once."""
    found: int = _part("bot.slack.delivery.sender:CLAIM_LIMIT", "bot.slack.sender:CLAIM_LIMIT")
    return found


def outbox() -> Any:
    """Return the module of the outbox's rows."""
    return _module("bot.domain.outbox.outbox", "bot.domain.outbox")


def sending() -> Any:
    """Return the module that claims rows of the outbox."""
    return _module("bot.domain.outbox.sending", "bot.domain.sending")


def scheduling() -> Any:
    """Return the module that schedules check-ins."""
    return _module("bot.domain.checkins.scheduling", "bot.domain.scheduling")


def post_report() -> Any:
    """Return the class of a report that something was posted."""
    return _part("bot.domain.deliveries:PostReport", "bot.domain.deliveries:Posted")


def write_batched(database: Any) -> Any:
    """Return the method that runs a batched use case."""
    return getattr(database, "write_batched", None) or database.write_together


def run(main: Coroutine[Any, Any, None]) -> None:
    """Run the coroutine in the event loop that the build's own command line would take."""
    try:
        chosen = _part("bot.event_loop:run")
    except ImportError:
        chosen = asyncio.run
    chosen(main)


def _module(*names: str) -> Any:
    for name in names:
        try:
            found = import_module(name)
        except ImportError:
            continue
        if not hasattr(found, "__path__"):  # `bot.domain.outbox` is a package today
            return found
    raise ImportError(f"this build has none of {', '.join(names)}")
