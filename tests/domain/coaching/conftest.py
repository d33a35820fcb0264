"""What the tests of the coaching loop begin with."""

from __future__ import annotations

from tests.domain.handover.conftest import desk as desk
