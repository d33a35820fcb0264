"""Finds lines of `.env` that its readers understand differently, and values that such a reader has spoilt.

The same file is read by python-dotenv (Basecoach itself), by systemd (`EnvironmentFile=`), by docker compose
(`env_file:`), and by `docker run --env-file` and `kubectl create secret --from-env-file`, which take each line as
it is. `.env.example` says how to write a line that all of them read alike. A value is never shown, because it may
be secret.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from bot.config import PREFIX, SETTINGS
from bot.doctor.findings import Finding, Notebook

_EXPORT = re.compile(r"\s*export\s")
_COMMENT = re.compile(r"\s#")
_VARIABLE = re.compile(r"\$(?:\w+|\{[^}]*\})?")
_QUOTED = re.compile(r"""(['"]).*\1""", re.DOTALL)


def about_env_file(path: Path | None, inherited: Mapping[str, str]) -> list[Finding]:
    """Check the lines of the file, if there is one, and the values that the process has inherited.

    A line that Basecoach reads well, and another reader does not, is a NOTE; a spoilt value is MEND.
    """
    said = Notebook("Settings")
    bindings = _bindings(path) if path is not None else []
    for binding in bindings:
        _about_line(said, binding, str(path))
    written = {binding.key: binding.value or "" for binding in bindings}
    for name, value in inherited.items():
        if _EXPORT.match(name):
            said.mend(
                f"There is a variable named “{name}”: whoever read the file of settings took the word "
                "“export” for a part of the name. Take the word away."
            )
        elif name in SETTINGS or name.startswith(PREFIX):
            _about_value(said, name, value, written.get(name, ""))
    return said.findings


def _bindings(path: Path) -> list[Binding]:
    """Return the settings in the file; none if it can't be read, which `bot.config` reports."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            return [binding for binding in parse_stream(stream) if binding.key is not None]
    except (OSError, UnicodeError):
        return []


def _about_line(said: Notebook, binding: Binding, file: str) -> None:
    line = binding.original.string.strip()
    where = f"{file}: the line of {binding.key}"
    if _EXPORT.match(line):
        said.note(f"{where} begins with “export”: systemd drops such a line. Take the word away.")
    value = line.partition("=")[2].strip()
    if not value.startswith(("'", '"')) and _COMMENT.search(value):
        said.note(
            f"{where} has a comment after the value: systemd takes it for a part of the value. "
            "Give the comment a line of its own."
        )
    if not value.startswith("'") and "$" in (binding.value or ""):
        said.note(
            f"{where} has a “$” in it: docker compose puts a variable there, and that is empty. "
            "In an address write %24, elsewhere put the value into single quotes."
        )


def _about_value(said: Notebook, name: str, value: str, written: str) -> None:
    """Check the inherited `value` of a setting; `written` is what the file has for it, or empty."""
    if _COMMENT.search(value):
        said.mend(
            f"{name} has a “#” after a space in its value: a comment, it seems, that whoever read the "
            "file of settings took for a part of the value. Give the comment a line of its own."
        )
    if _QUOTED.fullmatch(value.strip()):
        said.mend(
            f"{name} has quotation marks around its value: docker run and kubectl leave them there. "
            "Write the value without them."
        )
    if "$" in written and value in {written[: written.index("$")], _VARIABLE.sub("", written)}:
        said.mend(
            f"{name} is cut: in the file it has a “$”, where docker compose and shells put a variable. "
            "In an address write %24, elsewhere put the value into single quotes."
        )
