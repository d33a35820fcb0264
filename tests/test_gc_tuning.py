"""The search for garbage is off while modules are imported, and leaves out what was there at the start."""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from bot import gc_tuning
from tests.repository import ROOT


def test_nothing_is_searched_while_modules_are_imported() -> None:
    with gc_tuning.gc_paused():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_the_search_is_on_again_after_an_import_that_failed() -> None:
    with pytest.raises(ImportError), gc_tuning.gc_paused():
        raise ImportError("no such module")

    assert gc.isenabled()


LEFT_OUT = """
import gc
from bot import gc_tuning
here = [[]]
gc_tuning.freeze_startup_objects()
assert not any(one is here for one in gc.get_objects())
gc.unfreeze()
assert any(one is here for one in gc.get_objects())
"""


def test_what_is_here_is_left_out_of_later_searches() -> None:
    # In a process of its own: this one has so much that looking through it takes seconds.
    subprocess.run([sys.executable, "-c", LEFT_OUT], cwd=ROOT, check=True)
