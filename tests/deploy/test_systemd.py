"""The unit and its helper: one user, one folder, one file of settings, and paths that docs/install.md makes."""

from __future__ import annotations

import configparser
import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.deploy.dockerfile import stages
from tests.repository import ROOT

UNIT = ROOT / "deploy" / "basecoach.service"
HELPER = ROOT / "deploy" / "basecoach-as-service"


def service() -> dict[str, str]:
    read = configparser.RawConfigParser(strict=False)
    read.optionxform = str  # type: ignore[assignment, method-assign]
    read.read_string(UNIT.read_text("utf-8"))
    return dict(read["Service"])


def run_helper(tmp_path: Path, *arguments: str) -> list[str]:
    """What the helper hands to systemd-run."""
    stand_in = tmp_path / "systemd-run"
    stand_in.write_text('#!/bin/sh\nprintf "%s\\n" "$@"\n')
    stand_in.chmod(0o755)
    ran = subprocess.run(
        [HELPER, *arguments],
        env={"PATH": f"{tmp_path}:{os.environ['PATH']}"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout.splitlines()


def test_the_helper_runs_a_command_as_the_service_would(tmp_path: Path) -> None:
    unit = service()
    told = run_helper(tmp_path, "backup", "two words.db")
    program, run = unit["ExecStart"].split(" ")
    assert run == "run"
    assert told[-3:] == [program, "backup", "two words.db"]
    properties = dict(
        line.removeprefix("--property=").split("=", 1) for line in told if "--property=" in line
    )
    assert {"User", "EnvironmentFile", "WorkingDirectory", "UMask"} <= set(properties)
    assert {name: unit[name] for name in properties} == properties


def test_the_service_may_write_to_its_own_folder_alone() -> None:
    unit = service()
    assert unit["WorkingDirectory"] == f"/var/lib/{unit['StateDirectory']}"
    assert (unit["StateDirectoryMode"], unit["UMask"]) == ("0700", "0077")
    assert unit["ProtectSystem"] == "strict"
    assert unit["User"] == unit["Group"] == "basecoach"
    assert stages()[-1].last("STOPSIGNAL") == "SIGTERM" == unit.get("KillSignal", "SIGTERM")


@pytest.mark.parametrize("path", [UNIT, HELPER], ids=lambda path: path.name)
def test_the_page_on_installing_makes_every_path_that_is_named(path: Path) -> None:
    page = (ROOT / "docs" / "install.md").read_text("utf-8")
    named = set(re.findall(r"(?<![\w.])/(?:opt|etc|var)/[\w./-]*\w", path.read_text("utf-8")))
    assert named
    for each in named - {"/etc/systemd/system"}:
        assert each in page or each.startswith("/opt/basecoach/docs/"), each
    for document in re.findall(r"/opt/basecoach/(docs/\S+)", path.read_text("utf-8")):
        assert (ROOT / document).is_file()
