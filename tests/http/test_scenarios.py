"""Every scenario once more, with the workspace reaching the bot over HTTP."""

from __future__ import annotations

import importlib
from pathlib import Path
from types import ModuleType

SCENARIOS = Path(__file__).parents[1] / "scenarios"


def _take(module: ModuleType) -> None:
    """Have pytest find the module's tests and fixtures here."""
    file = module.__name__.rpartition(".test_")[2]
    for name, found in vars(module).items():
        if name.startswith("test_"):
            globals()[f"test_{file}__{name.removeprefix('test_')}"] = found
        elif type(found).__name__ == "FixtureFunctionDefinition":
            globals()[name] = found


for _path in sorted(SCENARIOS.glob("test_*.py")):
    _take(importlib.import_module(f"tests.scenarios.{_path.stem}"))


def test_they_are_all_here() -> None:
    taken = [name for name in globals() if name.startswith("test_monday__")]
    assert len(taken) > 5
