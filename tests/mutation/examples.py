"""Few examples for the tests that a mutant runs through: the same ones each time, none made simpler."""

from __future__ import annotations

from typing import Any

import hypothesis
import hypothesis.stateful
import pytest

EXAMPLES = 30
"""How many examples of each property are tried, and no simpler ones are looked for."""
MACHINE_EXAMPLES = 12
"""And of a state machine."""


def calm(item: pytest.Item) -> None:
    """Few examples, the same ones each time, and the first that fails is enough."""
    test = getattr(item, "obj", None)
    test = getattr(test, "__func__", test)
    if test is not None and hypothesis.is_hypothesis_test(test):
        mine = getattr(test, "_hypothesis_internal_use_settings", hypothesis.settings())
        test._hypothesis_internal_use_settings = _calmer(mine, EXAMPLES)


def _calmer(settings: hypothesis.settings, examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        settings,
        max_examples=min(settings.max_examples, examples),
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )


def calm_machines() -> None:
    original = hypothesis.stateful.run_state_machine_as_test

    def calm(machine: Any, *, settings: hypothesis.settings | None = None, **others: Any) -> None:
        calmer = _calmer(settings or hypothesis.settings(), MACHINE_EXAMPLES)
        original(machine, settings=calmer, **others)

    hypothesis.stateful.run_state_machine_as_test = calm
