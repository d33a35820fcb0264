"""Each flow is killed once at each of its points; in CI, at those whose turn it is.

`python -m tests.simulation.crash_points` prints the table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

import pytest

from tests.simulation.crash_points import FLOWS, sweep
from tests.simulation.crash_story import Flow
from tests.simulation.yard import Yard
from tests.turns import turn


@pytest.fixture(scope="module")
def yard() -> Iterator[Yard]:
    yard = Yard()
    yield yard
    yard.close()


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.name.replace(" ", "_"))
def test_every_promise_survives_a_kill_at_every_point(
    yard: Yard,
    flow: Flow,
    capsys: pytest.CaptureFixture[str],
    record_property: Callable[[str, object], None],
) -> None:
    swept = sweep(flow, yard, turn=turn())
    assert not swept.failed
    assert not swept.not_hit
    assert {"before commit", "after commit"} <= set(swept.points)
    record_property("crash points", len(swept.points))
    with capsys.disabled():
        sys.stderr.write(
            f"\n{flow.name}: {len(swept.points)} points, killed at each whose turn it is\n"
        )
