"""The licences of a release: read from a CycloneDX file, and a package without one is named."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.repository import ROOT

NAMED: list[dict[str, Any]] = [
    {"name": "zeta", "version": "1", "licenses": [{"license": {"id": "MIT"}}]},
    {"name": "Alpha", "version": "2", "licenses": [{"expression": "MIT OR Apache-2.0"}]},
    {"name": "beta", "version": "3", "licenses": [{"license": {"name": "BSD\nthe whole text"}}]},
]


@pytest.mark.parametrize(
    "nameless", [[], [{"name": "eta", "version": "4"}]], ids=["all", "not all"]
)
def test_each_package_is_printed_with_its_licence(
    tmp_path: Path, nameless: list[dict[str, Any]]
) -> None:
    bom = tmp_path / "sbom.json"
    bom.write_text(json.dumps({"components": NAMED + nameless}))
    ran = subprocess.run(
        [sys.executable, ROOT / "deploy" / "licences.py", bom],
        capture_output=True,
        text=True,
        check=False,
    )
    lines = [line.split("  ")[-1].strip() for line in ran.stdout.splitlines()]
    assert lines[:2] == ["MIT OR Apache-2.0", "BSD"]
    assert lines[-1] == "MIT"
    assert ran.returncode == len(nameless)
    assert ("No licence is named by eta 4." in ran.stderr) is bool(nameless)
