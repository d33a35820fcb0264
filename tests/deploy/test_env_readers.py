"""`.env`, written as `.env.example` says, means the same to all who read it; `doctor` names what does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.doctor.env_file import about_env_file
from tests.deploy.env_readers import READERS
from tests.repository import ROOT

EXAMPLE = (ROOT / ".env.example").read_text("utf-8")


def understood(path: Path) -> dict[str, dict[str, str] | str]:
    found: dict[str, dict[str, str] | str] = {}
    for name, read in READERS.items():
        try:
            found[name] = {key: value for key, value in read(path).items() if value}
        except AssertionError as refused:
            found[name] = str(refused)
    return found


def test_the_example_with_everything_set_means_the_same_to_every_reader(tmp_path: Path) -> None:
    everything = re.sub(r"^#(?=[A-Z])", "", EXAMPLE, flags=re.MULTILINE)
    path = tmp_path / ".env"
    path.write_text(everything + "POSTGRES_PASSWORD=a1b2c3\n")
    first, *others = understood(path).values()
    assert len(first) > 10
    assert others == [first] * len(others)
    assert about_env_file(path, {}) == []


@pytest.mark.parametrize(
    "line",
    [
        "BASECOACH_LOG_LEVEL=debug # for now",
        "DATABASE_URL=postgresql://b:pa$ss@host/b",
        'DATABASE_URL="postgresql://b:pa${ss}@host/b"',
        "export BASECOACH_LOG_LEVEL=debug",
    ],
)
def test_a_line_that_they_read_differently_is_one_that_doctor_names(
    line: str, tmp_path: Path
) -> None:
    path = tmp_path / ".env"
    path.write_text(f"{line}\n")
    readings = list(understood(path).values())
    assert readings != [readings[0]] * len(readings)
    assert about_env_file(path, {})
    said = [
        finding
        for reading in readings
        if isinstance(reading, dict) and reading != readings[0]
        for finding in about_env_file(path, reading)
        if finding.level == "mend"
    ]
    # What systemd drops is missing, which only the setting's own check can tell.
    assert said or line.startswith("export")
