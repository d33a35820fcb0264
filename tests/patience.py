"""How long a test waits for what it expects."""

from __future__ import annotations

PATIENCE = 300.0
"""Seconds after which a test gives up.

Tests wait for a condition, and are done as soon as it holds. This limit only ends a wait that has become
hopeless, so it is far above what anything takes on a machine with much other work.
"""
