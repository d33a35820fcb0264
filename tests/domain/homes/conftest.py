"""What the tests of Homes begin with."""

from __future__ import annotations

from tests.domain.handover.conftest import desk as desk
