"""Properties here look for wrong answers, not for slow ones, and alike on every machine."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("rules", deadline=None, derandomize=True)
settings.load_profile("rules")
