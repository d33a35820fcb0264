"""The builds that are measured: this checkout, and beside it an earlier commit in a git worktree of its own.

Each build gets a folder with two links: `bot` leads to the build's product, `bench` always to this bench.
Processes of a build run with only that folder on their path, and in it, so neither an installed Basecoach nor a
`.env` file gets in. An earlier build has other module paths and column names; `bench/layouts.py` knows both.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PINNED = re.compile(r"^([a-z0-9_.-]+)==([^ ;\\]+)", re.MULTILINE)


@dataclass(frozen=True)
class Build:
    """One build of the product, and the interpreter that it runs with."""

    name: str
    """`new`, or the commit that it was made from."""
    folder: Path
    python: str

    def command(self, module: str, *arguments: str) -> list[str]:
        """Return the command that runs a module of this build, or of the bench inside of it."""
        return [self.python, "-P", "-m", module, *arguments]

    def environment(self, **more: str) -> dict[str, str]:
        """Return the environment for `command`: nothing of the caller's settings, and this build on the path."""
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
        return {**kept, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "", **more}

    def run(self, module: str, *arguments: str, **environment: str) -> None:
        """Run a module to its end; raises RuntimeError with what it said if it fails."""
        done = subprocess.run(  # noqa: S603
            self.command(module, *arguments),
            cwd=self.folder,
            env=self.environment(**environment),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{module} of {self.name}: {done.stdout}{done.stderr}")


@contextmanager
def builds(against: str | None) -> Iterator[tuple[Build, ...]]:
    """For the length of a `with` block: this checkout's build, and after it the one to measure it against."""
    folder = Path(tempfile.mkdtemp(prefix="basecoach-builds-"))
    worktree = folder / "worktree"
    try:
        made = [_linked("new", folder / "new", ROOT, sys.executable)]
        if against is not None:
            commit = _git("rev-parse", "--short", f"{against}^{{commit}}")
            _git("worktree", "add", "--detach", str(worktree), commit)
            made.append(_linked(commit, folder / "old", worktree, _interpreter(worktree, folder)))
        yield tuple(made)
    finally:
        if worktree.exists():
            _git("worktree", "remove", "--force", str(worktree))
        shutil.rmtree(folder, ignore_errors=True)


def _linked(name: str, folder: Path, root: Path, python: str) -> Build:
    folder.mkdir()
    (folder / "bot").symlink_to(root / "bot")
    (folder / "bench").symlink_to(ROOT / "bench")
    build = Build(name, folder, python)
    found = subprocess.run(  # noqa: S603
        [python, "-P", "-c", "import bot; print(bot.__file__)"],
        cwd=folder,
        env=build.environment(),
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    if Path(found).parent != folder / "bot":
        raise RuntimeError(f"{name} would run {found}")
    return build


def _interpreter(worktree: Path, folder: Path) -> str:
    """Return this interpreter if it has every requirement in the version that the commit locks; else a new one."""
    locked, here = (
        set(PINNED.findall((root / "requirements.txt").read_text(encoding="utf-8")))
        for root in (worktree, ROOT)
    )
    if locked <= here:
        return sys.executable
    sys.stderr.write("installing what the earlier build is locked to\n")
    python = folder / "venv" / "bin" / "python"
    pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    for command in (
        [sys.executable, "-m", "venv", str(folder / "venv")],
        [str(python), *pip, "--require-hashes", "-r", str(worktree / "requirements.txt")],
        [str(python), *pip, "--no-deps", str(worktree)],
    ):
        subprocess.run(command, check=True)  # noqa: S603
    return str(python)


def _git(*arguments: str) -> str:
    command = ["git", "-C", str(ROOT), *arguments]
    return subprocess.run(  # noqa: S603
        command, check=True, capture_output=True, text=True
    ).stdout.strip()
