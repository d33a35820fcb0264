"""Keeps Python's garbage collection away from objects that exist from the start and never become garbage.

Modules, tables and Bolt's listeners are some hundred thousand objects. Each full collection would go through all
of them and delay a press that comes meanwhile.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """Pause garbage collection while modules are imported: they make many new objects and no garbage."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def freeze_startup_objects() -> None:
    """Collect once, then exclude the remaining objects from later collections. Call it after start-up."""
    gc.collect()
    gc.freeze()
