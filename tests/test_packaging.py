"""The wheel holds every file of the package, and the image leaves out files that are there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from tests.repository import ROOT


def data_files() -> set[Path]:
    """The files below bot/ that are not Python, without what Python itself leaves there."""
    return {
        path
        for path in (ROOT / "bot").rglob("*")
        if path.is_file() and path.suffix != ".py" and path.parent.name != "__pycache__"
    }


def test_every_data_file_is_packaged() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["bot"]
    packaged = {pattern: set((ROOT / "bot").glob(pattern)) for pattern in patterns}
    assert data_files() == set().union(*packaged.values())
    assert [pattern for pattern, found in packaged.items() if not found] == []


def test_the_image_leaves_out_what_is_there() -> None:
    dockerfile = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
    (removed,) = re.findall(r"^RUN rm -r ((?:\S+ )+)\\$", dockerfile, re.MULTILINE)
    assert "bot/sandbox" in removed.split()
    assert [path for path in removed.split() if not (ROOT / path).exists()] == []
