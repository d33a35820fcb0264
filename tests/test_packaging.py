"""The wheel holds the whole package, and the source distribution what an installation starts from."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.repository import ROOT

BUILD = """
import json
from setuptools import build_meta
print(json.dumps([build_meta.build_wheel("out"), build_meta.build_sdist("out")]))
"""
LEFT_OUT = {".git", ".venv", "tests", "bench", "findings", "data", "build", "basecoach.egg-info"}


def data_files() -> set[Path]:
    """The files below bot/ that are not Python, without what Python itself leaves there."""
    return {
        path
        for path in (ROOT / "bot").rglob("*")
        if path.is_file() and path.suffix != ".py" and path.parent.name != "__pycache__"
    }


def files_below(folder: str) -> set[str]:
    return {
        str(path.relative_to(ROOT))
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.parent.name != "__pycache__"
    }


def test_every_data_file_is_packaged() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = settings["tool"]["setuptools"]["package-data"]["bot"]
    packaged = {pattern: set((ROOT / "bot").glob(pattern)) for pattern in patterns}
    assert data_files() == set().union(*packaged.values())
    assert [pattern for pattern, found in packaged.items() if not found] == []


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the source distribution, built without a network from a copy of the tree."""
    tree = tmp_path_factory.mktemp("built") / "tree"
    skipped = shutil.ignore_patterns("__pycache__", ".*_cache")
    shutil.copytree(
        ROOT,
        tree,
        ignore=lambda folder, names: {
            *skipped(folder, names),
            *(LEFT_OUT if folder == str(ROOT) else ()),
        },
    )
    (tree / "tests").mkdir()
    shutil.copy(Path(__file__), tree / "tests")
    (tree / "out").mkdir()
    ran = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", BUILD],
        cwd=tree,
        capture_output=True,
        text=True,
        check=True,
    )
    wheel, source = json.loads(ran.stdout.splitlines()[-1])
    return tree / "out" / wheel, tree / "out" / source


def test_the_wheel_holds_the_whole_package(built: tuple[Path, Path]) -> None:
    names = set(zipfile.ZipFile(built[0]).namelist())
    package = {name for name in names if ".dist-info/" not in name}
    assert package == files_below("bot")


def test_the_source_distribution_holds_what_an_installation_starts_from(
    built: tuple[Path, Path],
) -> None:
    with tarfile.open(built[1]) as archive:
        names = {Path(*Path(name).parts[1:]).as_posix() for name in archive.getnames()}
    wanted = files_below("bot") | files_below("deploy") | files_below("docs")
    wanted |= {".env.example", "requirements.txt", "README.md", "LICENSE", "pyproject.toml"}
    assert wanted - names == set()
    assert not [name for name in names if name.startswith("tests")]


def test_nothing_of_the_package_looks_outside_of_it() -> None:
    """A file that is found from `__file__` upwards is there in a checkout, and not where a wheel was installed."""
    for path in (ROOT / "bot").rglob("*.py"):
        deep = len(path.relative_to(ROOT).parts) - 1
        text = path.read_text(encoding="utf-8")
        assert f"parents[{deep}]" not in text, path
        assert '"deploy"' not in text, path
