"""A progress bar for commands that may take a while."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

LONG = 20
"""From this many lines a progress bar is shown."""


@contextmanager
def bar(label: str, length: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar if `length` is at least LONG; yield the function that advances it by one."""
    with click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=length < LONG
    ) as bar:
        yield lambda: bar.update(1)
