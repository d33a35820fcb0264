"""The Dockerfile names only what is there: in the tree, in the other stage, in the package."""

from __future__ import annotations

import re
import shlex
import tomllib
from importlib.metadata import entry_points

import pytest

from bot.config import SETTINGS
from tests.deploy.dockerfile import Stage, arguments, ignored, stages
from tests.repository import ROOT

BUILD, IMAGE = stages()


@pytest.mark.parametrize("stage", [BUILD, IMAGE], ids=["build", "image"])
def test_what_is_copied_is_there_and_not_ignored(stage: Stage) -> None:
    assert stage.copies()
    for copied in stage.copies():
        for source in copied.sources:
            if copied.stage is None:
                assert (ROOT / source).exists(), source
                assert not ignored(source), f"Dockerfile.dockerignore leaves out {source}"
            else:
                assert copied.stage == BUILD.name
                assert f"-m venv {source}" in str(BUILD.instructions)


def test_what_is_removed_was_copied() -> None:
    steps = [shlex.split(rest) for word, rest in BUILD.instructions if word == "RUN"]
    removed = [path for words in steps if words[:2] == ["rm", "-r"] for path in words[2:]]
    assert "bot/sandbox" in removed
    assert [path for path in removed if not (ROOT / path).exists()] == []


def test_files_of_requirements_are_copied_before_they_are_installed() -> None:
    there: set[str] = set()
    for word, rest in BUILD.instructions:
        if word == "COPY":
            there |= {source.rpartition("/")[2] for source in shlex.split(rest)[:-1]}
        for name in re.findall(r"pip install .*-r (\S+)", rest):
            assert name in there


def test_nothing_but_what_the_build_needs_gets_to_it() -> None:
    for path in (".env", ".git/config", "data/basecoach.db", "tests/conftest.py", ".venv/bin/pip"):
        assert ignored(path), path
    assert ignored("bot/__pycache__/app.cpython-311.pyc")
    assert not ignored("bot/slack/manifest.py")


def test_the_command_is_on_the_path_and_runs_as_somebody_who_is_nobody() -> None:
    environment = IMAGE.environment()
    assert environment["PATH"].split(":")[0] == "/app/bin"
    assert arguments(IMAGE.last("ENTRYPOINT")) == ["basecoach"]
    assert "basecoach" in {script.name for script in entry_points(group="console_scripts")}
    assert arguments(IMAGE.last("CMD")) == ["run"]
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", IMAGE.last("USER"))
    ours = {name for name in environment if name.startswith(("BASECOACH_", "SLACK_"))}
    assert ours <= set(SETTINGS)


def test_data_lies_in_the_volume_that_the_user_owns() -> None:
    assert IMAGE.last("VOLUME") == IMAGE.last("WORKDIR") == "/data"
    assert IMAGE.environment()["DATABASE_URL"].startswith("sqlite:////data/")
    user, _, group = IMAGE.last("USER").partition(":")
    made = next(rest for word, rest in IMAGE.instructions if word == "RUN")
    assert f"useradd --uid {user}" in made
    assert f"install -d -o {user} -g {group} -m 0700 /data" in made


def test_the_health_check_is_a_file_of_the_image() -> None:
    python, *_, script = arguments(IMAGE.last("HEALTHCHECK"))
    assert python == "/app/bin/python"
    assert script in {copied.target for copied in IMAGE.copies()}


def test_what_builds_the_wheel_is_one_release_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (pinned,) = project["build-system"]["requires"]
    assert re.fullmatch(r"setuptools==[\d.]+", pinned)
    assert pinned in project["project"]["optional-dependencies"]["dev"]
    of_build = (ROOT / "deploy" / "requirements-build.txt").read_text("utf-8").split("\n", 1)[1]
    assert of_build.startswith(f"{pinned} \\\n    --hash=sha256:")
    assert of_build in (ROOT / "requirements-dev.txt").read_text("utf-8")
