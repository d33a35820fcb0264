"""What the tests of check-ins begin with."""

from __future__ import annotations

from tests.domain.handover.conftest import desk as desk
