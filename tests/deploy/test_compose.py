"""The compose files: what they name exists, and what they set is what the image and the bot understand."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from bot.__main__ import main
from bot.config import from_environment
from tests.deploy.dockerfile import arguments, stages
from tests.deploy.env_readers import compose, interpolated
from tests.deploy.yaml_files import documents
from tests.repository import ROOT

DEPLOY = ROOT / "deploy"
FILES = sorted(DEPLOY.glob("compose*.yaml"))
IMAGE = stages()[-1]

KNOWN = {
    "build", "cap_drop", "command", "depends_on", "deploy", "env_file", "environment", "healthcheck", "image",
    "init", "mem_limit", "pids_limit", "ports", "read_only", "restart", "security_opt", "stop_grace_period",
    "tmpfs", "volumes",
}  # fmt: skip
"""What of the reference of a compose file's services is used here; a misspelt name is none of these."""

SETTINGS = """
SLACK_BOT_TOKEN=xoxb-1111111111-222222
SLACK_APP_TOKEN=xapp-1-1111111111-222222
SLACK_SIGNING_SECRET=0123456789abcdef0123456789abcdef
BASECOACH_METRICS_PORT=9555
DATABASE_URL=sqlite:///elsewhere.db
POSTGRES_PASSWORD=a1b2c3
"""


def read(path: Path) -> dict[str, Any]:
    (found,) = documents(path)
    assert isinstance(found, dict)
    return found


def ours(path: Path) -> dict[str, dict[str, Any]]:
    """The services that are Basecoach."""
    return {name: each for name, each in read(path)["services"].items() if "build" in each}


def test_there_is_one_for_each_way_to_run_it() -> None:
    assert [path.name for path in FILES] == [
        "compose-http.yaml",
        "compose-postgresql.yaml",
        "compose.yaml",
    ]
    names = [read(path)["name"] for path in FILES]
    assert len(set(names)) == len(FILES), "projects of one name take each other's containers down"
    assert all(name.startswith("basecoach") for name in names)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_its_structure_is_that_of_a_compose_file(path: Path) -> None:
    found = read(path)
    assert {key for key in found if not key.startswith("x-")} == {"name", "services", "volumes"}
    for name, service in found["services"].items():
        assert set(service) <= KNOWN, name
        for volume in service.get("volumes", []):
            assert volume.partition(":")[0] in found["volumes"]
        for other, how in service.get("depends_on", {}).items():
            needed = found["services"][other]
            assert how["condition"] != "service_healthy" or "healthcheck" in needed
            assert how["condition"] != "service_completed_successfully" or (
                needed["restart"] in {"no", "on-failure"}
            )


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_what_it_names_exists(path: Path) -> None:
    context = click.Context(main)
    for name, service in ours(path).items():
        folder = (DEPLOY / service["build"]["context"]).resolve()
        assert folder == ROOT
        assert (folder / service["build"]["dockerfile"]).is_file()
        assert (DEPLOY / service["env_file"]).resolve() == ROOT / ".env"
        command, *options = service.get("command") or arguments(IMAGE.last("CMD"))
        found = main.get_command(context, command)
        assert found is not None, name
        known = {option for each in found.get_params(context) for option in each.opts}
        assert set(options) <= known
    for line in path.read_text("utf-8").splitlines():
        for words in re.findall(r"docker compose (.*)$", line):
            flags = dict(re.findall(r"(-f|--env-file) (\S+)", words))
            assert flags.get("-f", "compose.yaml") == path.name
            assert set(shlex.split(words)) & {"up"}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_settings_that_a_container_gets_can_be_used(path: Path, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(SETTINGS)
    for name, service in ours(path).items():
        values = compose(env_file)
        values |= {
            key: interpolated(value, compose(env_file))
            for key, value in service["environment"].items()
        }
        over_http = "--http" in service.get("command", [])
        settings = from_environment(
            IMAGE.environment() | values, for_slack=True, over_http=over_http
        )
        if path.name == "compose-postgresql.yaml":
            assert settings.database_url == "postgresql://basecoach:a1b2c3@postgresql/basecoach"
        else:
            folder = next(volume.split(":")[1] for volume in service["volumes"])
            assert folder == IMAGE.last("VOLUME")
            assert settings.database_url.startswith(f"sqlite:///{folder}/")
        assert settings.metrics_port == 9555, name
        for port in service.get("ports", []):
            host, _, inside = port.rsplit(":", 2)
            assert (host, int(inside)) == ("127.0.0.1", settings.http_port)
            assert settings.http_host == "0.0.0.0"  # noqa: S104
        assert ("ports" in service) is over_http


def test_without_a_password_for_postgresql_compose_says_what_is_missing() -> None:
    service = ours(DEPLOY / "compose-postgresql.yaml")["basecoach"]
    with pytest.raises(KeyError, match=r"set it in \.env"):
        interpolated(service["environment"]["DATABASE_URL"], {})


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_container_of_ours_is_shut_in(path: Path) -> None:
    for service in ours(path).values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
