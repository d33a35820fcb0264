"""What is shown while `make` installs packages."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.repository import ROOT

SCRIPT = ROOT / "deploy" / "install.py"


@pytest.fixture
def install() -> ModuleType:
    """The script, as a module."""
    spec = importlib.util.spec_from_file_location("install", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PIP = """Collecting aiohttp==3.14 (from -r requirements.txt (line 9))
  Downloading aiohttp-3.14.whl (1 kB)
Ignoring colorama: markers 'sys_platform == "win32"' don't match your environment
Requirement already satisfied: alembic==1.20 in ./.venv (from -r requirements.txt (line 30))
Collecting aiohttp==3.14 (from -r requirements.txt (line 9))
Installing collected packages: aiohttp
Successfully installed aiohttp-3.14
"""


def test_each_package_is_named_once_and_counted(install: ModuleType) -> None:
    assert list(install.progress(PIP.splitlines(), total=3)) == [
        "1 of 3: aiohttp",
        "2 of 3: colorama",
        "3 of 3: alembic",
        "putting them in place",
    ]


def test_the_locked_requirements_are_counted(install: ModuleType) -> None:
    assert install.packages_in((ROOT / "requirements.txt").read_text()) > 40
    some = "a==1 \\\n    --hash=sha256:b==\npsycopg[binary]==3 ; x == 'y'\n# c==2\n"
    assert install.packages_in(some) == 2


def test_a_failure_shows_what_pip_said_and_ends_as_pip_did(tmp_path: Path) -> None:
    wanted = tmp_path / "requirements.txt"
    wanted.write_text("no-such-package==1 --hash=sha256:" + "0" * 64 + "\n")
    found = subprocess.run(
        [sys.executable, str(SCRIPT), str(wanted)],
        capture_output=True,
        text=True,
        env={**os.environ, "PIP_NO_INDEX": "1"},
    )
    assert found.returncode == 1
    assert "1 of 1: no-such-package" not in found.stdout  # pip never began it
    assert "No matching distribution found" in found.stdout
