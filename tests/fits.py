"""A view that goes over Slack's limits is cut and logged as an error in production; in tests it raises."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bot.slack.views import blocks


class DoesNotFit(AssertionError):
    """A view handed over more than Slack takes."""


class Refuses(logging.Handler):
    """Raises where a view was cut, and keeps what it raised in case somebody catches it."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.refused: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        facts = vars(record)
        what = f"{facts['size']} {facts['what']} where Slack takes {facts['most']}"
        self.refused.append(f"{what}\n{record.stack_info}")
        raise DoesNotFit(what)


VIEWS = logging.getLogger(blocks.__name__)
REFUSES = Refuses()


@contextmanager
def one_is_refused(match: str | None = None) -> Iterator[None]:
    """What is done inside goes over a limit, as it should."""
    with pytest.raises(DoesNotFit, match=match):
        yield
    REFUSES.refused.clear()
