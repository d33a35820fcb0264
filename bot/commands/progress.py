"""A progress bar for commands that may take a while."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

LONG = 20
"""Lines from which a progress bar is shown."""


@contextmanager
def bar(label: str, length: int) -> Iterator[Callable[[], None]]:
    """A progress bar for what is long enough; gives the function that moves it on by one."""
    with click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=length < LONG
    ) as bar:
        yield lambda: bar.update(1)
