"""What the tests of receiving begin with."""

from __future__ import annotations

import pytest

from tests.slack.receiving.seconds import Seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()
