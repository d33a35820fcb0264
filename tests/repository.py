"""The files of this repository that tests read: where it is, and the manifest that an installation begins with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
MANIFEST: dict[str, Any] = json.loads(
    (ROOT / "deploy" / "slack-manifest.json").read_text(encoding="utf-8")
)
"""The manifest of an app in Socket Mode, as `deploy/` has it."""
