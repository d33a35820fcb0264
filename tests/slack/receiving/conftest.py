"""What the tests of receiving begin with."""

from __future__ import annotations

import pytest

from tests.slack.receiving.seconds import Pauses, Seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def pauses() -> Pauses:
    return Pauses()
