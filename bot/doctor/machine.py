"""Checks the settings, and what else on this machine affects the bot: environment variables and time zones."""

from __future__ import annotations

import zoneinfo
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

from bot.config import Problem, Settings
from bot.doctor.findings import Finding, Notebook

PROXIES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy")
"""The variables that the SDK reads, in its order. It does not know NO_PROXY."""


def about_settings(
    settings: Settings, problems: Sequence[Problem], inherited: Mapping[str, str]
) -> list[Finding]:
    """Check the settings.

    `inherited` is the process's own environment, from which the SDK takes the proxy, whatever our settings say.
    """
    said = Notebook("Settings")
    for problem in problems:
        said.mend(problem.words)
    if not problems:
        said.ok("Every setting can be used.")
    _about_proxy(said, settings, inherited)
    if settings.log_level == "debug":
        said.note(
            "BASECOACH_LOG_LEVEL is debug: good for finding something out, long for every day. "
            "The SDK's own debug lines, which hold what people write, stay off."
        )
    return said.findings


def _about_proxy(said: Notebook, settings: Settings, inherited: Mapping[str, str]) -> None:
    name = next((name for name in PROXIES if inherited.get(name)), None)
    if name is None or not inherited[name].strip():
        return
    if urlsplit(settings.slack_api_url).hostname not in {"127.0.0.1", "localhost", "::1"}:
        said.note(f"{name} is set: calls to Slack go through that proxy, whatever NO_PROXY says.")


def about_time_zones() -> list[Finding]:
    """Say which time-zone database is used: Python prefers the system's to the installed package."""
    said = Notebook("Time zones")
    package = _release_of_package()
    folder = next((path for path in zoneinfo.TZPATH if (Path(path) / "Europe").is_dir()), None)
    if folder is None and package is None:
        said.mend("There is no time-zone database. Install the package tzdata beside Basecoach.")
        return said.findings
    if folder is None:
        said.ok(f"Time zones come from the package tzdata, {package}.")
        return said.findings
    system = _release_of_folder(Path(folder))
    words = f"Time zones come from {folder}{f', {system}' if system else ''}"
    if package is None:
        said.note(f"{words}. The package tzdata, the same on every machine, is not installed.")
    elif system == package:
        said.ok(f"{words}, like the package tzdata.")
    else:
        said.note(
            f"{words}, not from the package tzdata, {package}. With PYTHONTZPATH= (empty) in the "
            "environment every machine takes the package's."
        )
    return said.findings


def _release_of_package() -> str | None:
    try:
        zones = resources.files("tzdata") / "zoneinfo" / "tzdata.zi"
        return _release(zones.read_text(encoding="utf-8"))
    except (ModuleNotFoundError, OSError):
        return None


def _release_of_folder(folder: Path) -> str | None:
    try:
        return _release((folder / "tzdata.zi").read_text(encoding="utf-8"))
    except (OSError, UnicodeError):
        return None


def _release(zones: str) -> str | None:
    """Return the release in the first line of a tzdata.zi: `# version 2026f`."""
    first = zones.partition("\n")[0].split()
    return first[2] if first[:2] == ["#", "version"] and len(first) == 3 else None
