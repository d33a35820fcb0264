"""Python's search for garbage, kept away from what is there from the start and never becomes any.

Modules, tables and Bolt's listeners are some hundred thousand objects. Each full search would walk through all
of them, in the middle of somebody's press.
"""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def gc_paused() -> Iterator[None]:
    """No search while modules are imported: there is much that is new, and nothing to be found."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def freeze_startup_objects() -> None:
    """Search once, and leave what remains out of every later search. For a process that is ready to work."""
    gc.collect()
    gc.freeze()
