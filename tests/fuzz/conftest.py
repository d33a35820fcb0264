"""How much is fuzzed: a little in every test run, as much as EXAMPLES says in `make fuzz`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

EXAMPLES = int(os.environ.get("EXAMPLES", "0"))
"""How many examples each test tries; 0 for the few of an ordinary test run."""

_UNHURRIED = settings(
    deadline=None,
    phases=set(Phase) - {Phase.explain},
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
LONG = settings(_UNHURRIED, max_examples=max(EXAMPLES, 1))
"""New examples at each run; what failed is kept and tried first the next time."""


def fuzzed(few: int) -> settings:
    """Decorates a test: `few` examples, the same ones on every machine, or EXAMPLES new ones."""
    if EXAMPLES:
        return LONG
    return settings(_UNHURRIED, max_examples=few, derandomize=True, database=None)
