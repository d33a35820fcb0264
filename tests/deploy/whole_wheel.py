"""The wheel, installed with the locked packages into an environment of its own, and used in an empty folder.

`make test-deploy` runs this; it takes a minute or two. `make test` leaves it out.
"""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.replay import run, said
from tests.patience import PATIENCE
from tests.repository import MANIFEST, ROOT

UNIT = ROOT / "deploy" / "basecoach.service"


@pytest.fixture(scope="module")
def basecoach(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command of an environment that docs/install.md makes, from a wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    tree = folder / "tree"
    tree.mkdir()
    for name in ("bot", "pyproject.toml", "README.md", "LICENSE"):
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tree / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, tree)
    pip = folder / "venv" / "bin" / "pip"
    run(sys.executable, "-m", "venv", folder / "venv")
    run(pip, "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, tree)
    (wheel,) = folder.glob("basecoach-*.whl")
    said(f"pip install {wheel.name} ...")
    run(pip, "install", "--quiet", "--require-hashes", "-r", ROOT / "requirements.txt")
    run(pip, "install", "--quiet", "--no-deps", "--no-index", wheel)
    shutil.rmtree(tree)
    return folder / "venv" / "bin" / "basecoach"


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def started(
    basecoach: Path, *arguments: str, folder: Path, until: str, **environment: str
) -> tuple[subprocess.Popen[str], str]:
    """Start a command, and return it with what it said up to a line with these words."""
    process = subprocess.Popen(
        [basecoach, *arguments],
        cwd=folder,
        env={"PATH": "/usr/bin:/bin", "PYTHONUNBUFFERED": "1", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    words = ""
    for line in process.stdout:
        said(line.rstrip())
        words += line
        if until in line:
            return process, words
    raise AssertionError(words)


def ended(process: subprocess.Popen[str]) -> int:
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=PATIENCE)
    return process.returncode


@pytest.fixture
def alone(basecoach: Path, empty: Path) -> Iterator[dict[str, str]]:
    """A sandbox without a bot, started in the empty folder: the settings that it prints."""
    process, words = started(
        basecoach, "sandbox", "--no-bot", "--port", "0", folder=empty, until="basecoach run"
    )
    yield dict(re.findall(r"^\s*export (\w+)=(\S+)$", words, re.MULTILINE))
    assert ended(process) == 0


def test_sandbox_in_an_empty_folder(basecoach: Path, empty: Path) -> None:
    process, words = started(basecoach, "sandbox", "--port", "0", folder=empty, until="Ctrl-C")
    assert "Basecoach is running in a Slack workspace of its own" in words
    assert ended(process) == 0
    assert {path.name for path in empty.iterdir()} == {"data"}


def test_run_and_doctor_in_an_empty_folder(
    basecoach: Path, empty: Path, alone: dict[str, str]
) -> None:
    process, _ = started(basecoach, "run", folder=empty, until="started", **alone)
    doctor, words = started(basecoach, "doctor", folder=empty, until="to be mended", **alone)
    doctor.communicate(timeout=PATIENCE)
    assert doctor.returncode in {0, 1}
    assert "The SQLite database data/basecoach.db can be read and written." in words
    assert ended(process) == 0


def test_manifest_in_an_empty_folder(basecoach: Path, empty: Path) -> None:
    printed = subprocess.run(
        [basecoach, "manifest"], cwd=empty, env={}, capture_output=True, text=True, check=True
    )
    assert json.loads(printed.stdout) == MANIFEST
    assert list(empty.iterdir()) == []


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd-analyze")
def test_systemd_takes_the_unit_and_finds_it_well_shut_in(tmp_path: Path) -> None:
    root = tmp_path / "root"
    for path in ("etc/systemd/system", "opt/basecoach/.venv/bin", "opt/basecoach/docs"):
        (root / path).mkdir(parents=True)
    shutil.copy(UNIT, root / "etc/systemd/system")
    program = root / "opt/basecoach/.venv/bin/basecoach"
    program.touch(mode=0o755)
    verify = ["systemd-analyze", "verify", f"--root={root}", "--man=no", "--recursive-errors=no"]
    verified = subprocess.run(
        [*verify, "/etc/systemd/system/basecoach.service"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (verified.returncode, verified.stderr) == (0, "")
    program.unlink()
    broken = subprocess.run([*verify, "/etc/systemd/system/basecoach.service"], check=False)
    assert broken.returncode != 0, "it does not look at the program"
    security = subprocess.run(
        ["systemd-analyze", "security", "--offline=true", "--threshold=20", "--no-pager", UNIT],
        capture_output=True,
        text=True,
        check=False,
    )
    said(security.stdout.splitlines()[-1])
    assert security.returncode == 0, security.stdout


@pytest.mark.skipif(shutil.which("kubectl") is None, reason="needs kubectl")
def test_kubectl_makes_the_secret_from_the_file_of_settings(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    example = (ROOT / ".env.example").read_text("utf-8")
    env_file.write_text(re.sub(r"^#(?=[A-Z])", "", example, flags=re.MULTILINE))
    command = ["kubectl", "create", "secret", "generic", "basecoach", f"--from-env-file={env_file}"]
    made = subprocess.run(
        [*command, "--dry-run=client", "--output=json"], capture_output=True, text=True, check=True
    )
    secret = json.loads(made.stdout)
    assert secret["metadata"]["name"] == "basecoach"
    assert {"SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "DATABASE_URL"} <= set(secret["data"])
