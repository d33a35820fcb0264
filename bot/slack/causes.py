"""Says in one word why something failed: the database's causes, `slack`, or `bug`."""

from __future__ import annotations

from bot.database.failures import cause_of
from bot.slack.outcomes import classify

SLACK = "slack"
BUG = "bug"


def cause(error: BaseException) -> str:
    """Return a cause for the log and for metrics; these are few and fixed words."""
    found = cause_of(error)
    if found is not None:
        return found
    is_slacks = isinstance(error, Exception) and classify(error) is not None
    return SLACK if is_slacks and not isinstance(error, AttributeError) else BUG
