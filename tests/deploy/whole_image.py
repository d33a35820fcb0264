"""The image, built from the Dockerfile step by step, and the bot in it: started, asked for its health, stopped.

`make test-deploy` runs this; it takes minutes. `make test` leaves it out.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.deploy import replay
from tests.deploy.dockerfile import arguments
from tests.deploy.replay import Image
from tests.patience import PATIENCE
from tests.repository import ROOT

pytestmark = pytest.mark.skipif(
    replay.reason_against() is not None, reason=str(replay.reason_against())
)


@pytest.fixture(scope="module")
def packages() -> Path:
    return replay.fetch_packages()


@pytest.fixture(scope="module")
def image(packages: Path, tmp_path_factory: pytest.TempPathFactory) -> Image:
    built = Image(tmp_path_factory.mktemp("image"), packages=packages)
    built.build(debian=replay.make_debian())
    return built


@dataclass
class Slack:
    """A sandbox without a bot, and the settings for one beside it."""

    process: subprocess.Popen[str]
    settings: dict[str, str]


@pytest.fixture
def slack(tmp_path: Path) -> Iterator[Slack]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "sandbox", "--no-bot", "--port", "0"],
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    settings: dict[str, str] = {}
    for line in process.stdout:
        settings |= dict(re.findall(r"^\s*export (\w+)=(\S+)$", line))
        if "basecoach run" in line:
            break
    yield Slack(process, settings)
    process.terminate()
    process.communicate(timeout=PATIENCE)


@pytest.fixture
def data(image: Image, tmp_path: Path) -> Path:
    """A volume as an engine makes it: with the owner and the mode that the image's folder has."""
    folder = tmp_path / "volume"
    folder.mkdir()
    there = (image.root / image.last.last("VOLUME").lstrip("/")).stat()
    os.chown(folder, there.st_uid, there.st_gid)
    folder.chmod(there.st_mode & 0o777)
    return folder


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def ran(command: list[str], environment: dict[str, str]) -> tuple[int, str]:
    done = subprocess.run(
        command,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    replay.said(f"{' '.join(command[-1].split()[-4:])} -> {done.returncode}\n{done.stdout}")
    return done.returncode, done.stdout


def test_a_step_that_fails_or_copies_nothing_stops_the_build(
    packages: Path, tmp_path: Path
) -> None:
    for number, line in enumerate(("RUN rm -r bot/nowhere", "COPY nowhere.txt .")):
        broken = Image(
            tmp_path / str(number), packages=packages, text=f"FROM python:3.11-slim\n{line}\n"
        )
        (tmp_path / str(number)).mkdir()
        with pytest.raises(AssertionError, match="nowhere"):
            broken.build(debian=replay.make_debian())


def test_the_bot_lives_in_the_image(image: Image, slack: Slack, data: Path) -> None:
    environment = {
        "PATH": replay.PATH,
        **image.last.environment(),
        **slack.settings,
        "BASECOACH_METRICS_PORT": str(free_port()),
    }
    check = image.command(*arguments(image.last.last("HEALTHCHECK")), data=data, entrypoint=False)
    code, output = ran(check, environment)
    assert code == 1, "nobody answers yet"
    assert environment["BASECOACH_METRICS_PORT"] in output
    with subprocess.Popen(
        image.command(*arguments(image.last.last("CMD")), data=data),
        env=environment,
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as bot:
        assert bot.stderr is not None
        for line in bot.stderr:
            replay.said(line.strip())
            if '"started"' in line:
                break
        status = Path(f"/proc/{bot.pid}/status").read_text()
        assert re.search(r"^Uid:(\s+10001){4}$", status, re.MULTILINE)
        assert re.search(r"^CapBnd:\s+0+$", status, re.MULTILINE)
        assert ran(check, environment) == (0, "")
        backup = image.command("backup", "backups/monday.db", data=data)
        code, output = ran(backup, environment)
        assert code == 0, output
        elsewhere = image.command("backup", "/monday.db", data=data)
        code, output = ran(elsewhere, environment)
        assert code == 1
        assert "can't be written (Read-only file system)" in output
        doctor = image.command("doctor", data=data)
        code, output = ran(doctor, environment)
        assert "The SQLite database /data/basecoach.db can be read and written." in output
        stopped = time.monotonic()
        bot.send_signal(signal.SIGTERM)
        rest = bot.stderr.read()
        assert bot.wait(PATIENCE) == 0, rest
        replay.said(f"stopped after {time.monotonic() - stopped:.1f} s\n{rest}")
    assert "Traceback" not in rest
    kept = {
        str(path.relative_to(data)): oct(path.stat().st_mode & 0o777)
        for path in data.rglob("*")
        if not path.name.endswith(("-wal", "-shm"))
    }
    assert kept == {"basecoach.db": "0o600", "backups": "0o700", "backups/monday.db": "0o600"}


def test_what_is_for_trying_out_is_not_in_it(image: Image, data: Path) -> None:
    environment = {"PATH": replay.PATH, **image.last.environment()}
    code, output = ran(image.command("--help", data=data), environment)
    assert code == 0, output
    assert "  migrate " in output
    assert "sandbox" not in output
    assert not list(image.root.glob("app/lib/python3*/site-packages/bot/sandbox"))
    code, output = ran(image.command("manifest", data=data), environment)
    assert code == 0
    assert '"display_information"' in output
