"""How each program that reads a `.env` file understands it, by its documentation.

- python-dotenv is the bot's own and used as it is (`bot.config.environment`).
- systemd, `EnvironmentFile=`: systemd.exec(5). It knows no `export`, takes quotes off, and takes a comment only
  on a line of its own.
- docker compose, `env_file:` and `--env-file`: the syntax in its reference. Variables are put in outside of single
  quotes, and ` #` begins a comment outside of quotes.
- `docker run --env-file` and `kubectl create secret --from-env-file`: a line is taken as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

from bot.config import environment

NAME = r"[A-Za-z_][A-Za-z0-9_]*"


def _lines(path: Path) -> list[str]:
    lines = [line.strip() for line in path.read_text("utf-8").splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def _unquoted(value: str) -> str:
    quoted = re.fullmatch(r"""(['"])(.*)\1""", value)
    return quoted[2] if quoted else value


def python_dotenv(path: Path) -> dict[str, str]:
    return environment({}, path)


def systemd(path: Path) -> dict[str, str]:
    pairs = [line.partition("=") for line in _lines(path) if not line.startswith(";")]
    return {
        name.strip(): _unquoted(value.strip())
        for name, _, value in pairs
        if re.fullmatch(NAME, name.strip())
    }


def compose(path: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in _lines(path):
        name, _, value = line.partition("=")
        name = re.sub(r"^export\s+", "", name).strip()
        found[name] = _composed(value.strip(), found)
    return found


def _composed(value: str, known: Mapping[str, str]) -> str:
    if value.startswith("'"):
        return value[1 : value.index("'", 1)]
    if value.startswith('"'):
        return interpolated(value[1 : value.index('"', 1)], known)
    return interpolated(re.sub(r"\s+#.*$", "", value), known)


def interpolated(text: str, known: Mapping[str, str]) -> str:
    """Put variables into a text as docker compose does: `$X`, `${X}`, `${X:?words}`, and `$$` for a dollar.

    A variable that is not known is empty; `${X:?words}` raises KeyError with the words.
    """

    def value(found: re.Match[str]) -> str:
        if found[0] == "$$":
            return "$"
        name, needed = found[1] or found[2], found[3]
        if needed is not None and not known.get(name):
            raise KeyError(needed)
        return known.get(name, "")

    return re.sub(rf"\$\$|\$({NAME})|\$\{{({NAME})(?::\?([^}}]*))?\}}", value, text)


def as_it_is(path: Path) -> dict[str, str]:
    pairs = [line.partition("=") for line in _lines(path)]
    for name, _, _ in pairs:
        assert re.fullmatch(NAME, name), f"a name can't have white space: {name}"
    return {name: value for name, _, value in pairs}


READERS: Mapping[str, Callable[[Path], dict[str, str]]] = {
    "python-dotenv": python_dotenv,
    "systemd": systemd,
    "compose": compose,
    "docker run": as_it_is,
}
