"""The Kubernetes manifests: references lead somewhere, and settings, ports and probes are the bot's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest

from bot.__main__ import main
from bot.config import SETTINGS, from_environment
from tests.deploy.dockerfile import stages
from tests.deploy.yaml_files import documents
from tests.repository import ROOT

FOLDER = ROOT / "deploy" / "kubernetes"
IMAGE = stages()[-1]

SECRETS = {
    "SLACK_BOT_TOKEN": "xoxb-1111111111-222222",
    "SLACK_APP_TOKEN": "xapp-1-1111111111-222222",
    "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef",
    "DATABASE_URL": "postgresql://basecoach:secret@db.example.com/basecoach",
}
"""What docs/install.md has people put into the Secret."""

SHAPE: dict[str, tuple[set[str], set[str]]] = {
    "ConfigMap": ({"apiVersion", "kind", "metadata", "data"}, set()),
    "Deployment": (
        {"apiVersion", "kind", "metadata", "spec"},
        {"replicas", "revisionHistoryLimit", "strategy", "selector", "template"},
    ),
    "Job": (
        {"apiVersion", "kind", "metadata", "spec"},
        {"backoffLimit", "activeDeadlineSeconds", "template"},
    ),
    "PodDisruptionBudget": (
        {"apiVersion", "kind", "metadata", "spec"},
        {"minAvailable", "selector"},
    ),
    "Service": ({"apiVersion", "kind", "metadata", "spec"}, {"selector", "ports"}),
}
"""Each kind's fields that are used here, at the top and in its spec."""

POD = {
    "automountServiceAccountToken", "containers", "enableServiceLinks", "restartPolicy", "securityContext",
    "terminationGracePeriodSeconds", "topologySpreadConstraints", "volumes",
}  # fmt: skip
CONTAINER = {
    "args", "env", "envFrom", "image", "livenessProbe", "name", "ports", "readinessProbe", "resources",
    "securityContext", "startupProbe", "volumeMounts",
}  # fmt: skip
PROBE = {"httpGet", "periodSeconds", "timeoutSeconds", "failureThreshold"}


def found() -> dict[tuple[str, str], dict[str, Any]]:
    """Every object by its kind and name."""
    return {
        (each["kind"], each["metadata"]["name"]): each
        for path in sorted(FOLDER.glob("*.yaml"))
        if path.name != "http-patch.yaml"
        for each in documents(path)
    }


def merged(base: Any, patch: Any) -> Any:
    """Do what kubectl does with a strategic patch: maps merge, lists of named things by name, others give way."""
    if isinstance(base, dict) and isinstance(patch, dict):
        return base | {key: merged(base.get(key), value) for key, value in patch.items()}
    if isinstance(base, list) and isinstance(patch, list) and isinstance(patch[0], dict):
        named = {each["name"]: each for each in base}
        new = {each["name"]: merged(named.get(each["name"]), each) for each in patch}
        return list((named | new).values())
    return patch


def pods() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every pod's template; the Deployment's also as HTTP mode has it."""
    for (kind, name), each in found().items():
        if "template" in each.get("spec", {}):
            yield f"{kind} {name}", each["spec"]["template"]
    (patch,) = documents(FOLDER / "http-patch.yaml")
    over_http = merged(found()[("Deployment", "basecoach")], patch)
    yield "over HTTP", over_http["spec"]["template"]


def test_every_object_has_its_shape() -> None:
    assert {kind for kind, _ in found()} == set(SHAPE)
    for (kind, name), each in found().items():
        top, spec = SHAPE[kind]
        assert set(each) == top, (kind, name)
        assert set(each.get("spec", {})) <= spec, (kind, name)
    for name, template in pods():
        assert set(template["spec"]) <= POD, name
        (container,) = template["spec"]["containers"]
        assert set(container) <= CONTAINER, name
        for key, probe in container.items():
            assert not key.endswith("Probe") or set(probe) <= PROBE


def test_two_replicas_of_which_one_stays() -> None:
    deployment = found()[("Deployment", "basecoach")]["spec"]
    assert deployment["replicas"] == 2
    assert found()[("PodDisruptionBudget", "basecoach")]["spec"]["minAvailable"] == 1


def test_selectors_select_the_bot_and_not_the_migration() -> None:
    deployment = found()[("Deployment", "basecoach")]["spec"]
    bot = deployment["template"]["metadata"]["labels"]
    migration = found()[("Job", "basecoach-migrate")]["spec"]["template"]["metadata"]["labels"]
    (spread,) = deployment["template"]["spec"]["topologySpreadConstraints"]
    selectors = [
        deployment["selector"]["matchLabels"],
        spread["labelSelector"]["matchLabels"],
        found()[("PodDisruptionBudget", "basecoach")]["spec"]["selector"]["matchLabels"],
        found()[("Service", "basecoach")]["spec"]["selector"],
    ]
    for selector in selectors:
        assert selector.items() <= bot.items()
        assert not selector.items() <= migration.items()


@pytest.mark.parametrize("secret", ["every", "socket mode alone"])
def test_settings_come_from_what_is_there_and_can_be_used(secret: str) -> None:
    secrets = dict(SECRETS)
    if secret != "every":
        del secrets["SLACK_SIGNING_SECRET"]
    context = click.Context(main)
    for name, template in pods():
        (container,) = template["spec"]["containers"]
        command, *options = container["args"]
        command_line = main.get_command(context, command)
        assert command_line is not None
        assert set(options) <= {o for each in command_line.get_params(context) for o in each.opts}
        if "--http" in options and secret != "every":
            continue
        values = dict(IMAGE.environment())
        for source in container["envFrom"]:
            if "configMapRef" in source:
                data = found()[("ConfigMap", source["configMapRef"]["name"])]["data"]
                assert set(data) <= set(SETTINGS)
                values |= data
            else:
                assert source == {"secretRef": {"name": "basecoach"}}
                values |= secrets
        values |= {each["name"]: each["value"] for each in container.get("env", [])}
        assert all(isinstance(value, str) for value in values.values()), name
        settings = from_environment(values, for_slack=True, over_http="--http" in options)
        assert settings.database_url.startswith("postgresql://")
        ports = {each["name"]: each["containerPort"] for each in container.get("ports", [])}
        if command == "run":
            assert ports["metrics"] == settings.metrics_port
            assert settings.metrics_host == "0.0.0.0"  # noqa: S104
        if "--http" in options:
            (service,) = found()[("Service", "basecoach")]["spec"]["ports"]
            assert service["targetPort"] == ports["http"] == settings.http_port
            assert settings.http_host == "0.0.0.0"  # noqa: S104


def test_probes_ask_what_a_restart_and_a_pause_can_mend() -> None:
    for name, template in pods():
        (container,) = template["spec"]["containers"]
        if container["args"][0] != "run":
            continue
        asked = {
            key.removesuffix("Probe"): probe["httpGet"]
            for key, probe in container.items()
            if key.endswith("Probe")
        }
        assert {get["port"] for get in asked.values()} == {"metrics"}
        ready = "/healthz" if name == "over HTTP" else "/readyz"
        assert {key: get["path"] for key, get in asked.items()} == {
            "startup": "/healthz",
            "liveness": "/healthz",
            "readiness": ready,
        }
        assert template["spec"]["terminationGracePeriodSeconds"] > 10


def test_every_pod_is_shut_in_and_is_the_images_user() -> None:
    user, _, group = IMAGE.last("USER").partition(":")
    for name, template in pods():
        pod = template["spec"]
        (container,) = pod["containers"]
        assert pod["securityContext"]["runAsNonRoot"] is True, name
        assert (pod["securityContext"]["runAsUser"], pod["securityContext"]["runAsGroup"]) == (
            int(user),
            int(group),
        )
        assert pod["automountServiceAccountToken"] is False
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        volumes = {each["name"] for each in pod.get("volumes", [])}
        assert {each["name"] for each in container.get("volumeMounts", [])} == volumes


def test_no_secret_lies_in_the_files() -> None:
    for path in FOLDER.iterdir():
        text = Path(path).read_text("utf-8")
        assert "kind: Secret" not in text
        assert not any(prefix in text for prefix in ("xoxb-", "xapp-", "postgresql://"))
