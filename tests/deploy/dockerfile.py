"""Reads deploy/Dockerfile: its stages with their instructions, and what the build may copy from the tree.

Only what that file uses is understood. Anything else is an error, so that nobody takes a step that was not looked
at for one that was.
"""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.repository import ROOT

DOCKERFILE = ROOT / "deploy" / "Dockerfile"
PLAIN = {"RUN", "WORKDIR", "USER", "VOLUME", "STOPSIGNAL"}
KNOWN = PLAIN | {"COPY", "ENV", "HEALTHCHECK", "ENTRYPOINT", "CMD"}


@dataclass(frozen=True)
class Copy:
    """`COPY`: files of the tree, or of another stage (then absolute), to a place in this one."""

    sources: tuple[str, ...]
    target: str
    stage: str | None


@dataclass
class Stage:
    """One `FROM`, with its instructions in their order: (its word, the rest of the line)."""

    base: str
    name: str | None
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def last(self, word: str) -> str:
        """Return the rest of the last line with this instruction."""
        return [rest for each, rest in self.instructions if each == word][-1]

    def environment(self) -> dict[str, str]:
        """Return the variables that the stage sets."""
        return {
            name: value
            for word, rest in self.instructions
            if word == "ENV"
            for name, value in variables(rest).items()
        }

    def copies(self) -> list[Copy]:
        return [copy(rest) for word, rest in self.instructions if word == "COPY"]


def stages(text: str | None = None) -> list[Stage]:
    """Return the stages of the Dockerfile."""
    found: list[Stage] = []
    for word, rest in _instructions(DOCKERFILE.read_text("utf-8") if text is None else text):
        if word == "FROM":
            named = re.fullmatch(r"(\S+)(?: AS (\S+))?", rest)
            assert named is not None, rest
            found.append(Stage(base=named[1], name=named[2]))
        else:
            assert word in KNOWN, f"{word} is not understood here"
            found[-1].instructions.append((word, rest))
    return found


def _instructions(text: str) -> Iterator[tuple[str, str]]:
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    for line in re.sub(r"\s*\\\n\s*", " ", "\n".join(lines)).splitlines():
        word, _, rest = line.partition(" ")
        yield word, rest.strip()


def variables(rest: str) -> dict[str, str]:
    """Return what `ENV` sets."""
    return dict(pair.split("=", 1) for pair in shlex.split(rest))


def copy(rest: str) -> Copy:
    """Read a `COPY`."""
    words = shlex.split(rest)
    stage = None
    if words[0].startswith("--"):
        flag, _, stage = words.pop(0).partition("=")
        assert flag == "--from", flag
    return Copy(sources=tuple(words[:-1]), target=words[-1], stage=stage)


def arguments(rest: str) -> list[str]:
    """Read the exec form of `ENTRYPOINT`, `CMD`, and the command of a `HEALTHCHECK`."""
    found = json.loads(rest[rest.index("[") :])
    assert isinstance(found, list)
    return [str(word) for word in found]


def ignored(path: str, rules: list[str] | None = None) -> bool:
    """Return whether Dockerfile.dockerignore keeps a path of the tree from the build; the last rule wins."""
    if rules is None:
        rules = (ROOT / "deploy" / "Dockerfile.dockerignore").read_text("utf-8").split()
    out = False
    for rule in rules:
        pattern = rule.removeprefix("!").removeprefix("**/")
        parts = Path(path).parts
        # A rule for a folder is one for everything in it.
        starts = range(len(parts)) if "**/" in rule else [0]
        if any(
            fnmatch.fnmatchcase("/".join(parts[start:end]), pattern)
            for start in starts
            for end in range(start + 1, len(parts) + 1)
        ):
            out = not rule.startswith("!")
    return out
