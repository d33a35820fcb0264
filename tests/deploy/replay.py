"""Builds the image without a container engine: carries out the Dockerfile's steps, one by one, in Debian roots.

A root is a Debian with Python that debootstrap makes once and keeps (`DEBIAN_ROOT`, or a folder in the
user's cache). What pip installs is fetched once, outside, by the locked hashes, and handed in without a network:
so a step that needs anything else than what it says fails. It takes Linux, root and debootstrap.
"""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.deploy.dockerfile import Copy, Stage, arguments, copy, ignored, stages, variables
from tests.repository import ROOT

SUITE = "bookworm"
"""The Debian whose Python is 3.11, as that of the image's base is."""

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
WHEELS = "/wheelhouse"
"""Where the packages lie inside a root while it is built."""


def reason_against() -> str | None:
    """Return why the image can't be built here; None if it can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "it takes root on Linux, for chroot and mounts"
    if shutil.which("unshare") is None:
        return "it takes unshare (util-linux)"
    if debian_root().is_dir():
        return None
    if shutil.which("debootstrap") is None:
        return "it takes debootstrap (apt-get install debootstrap)"
    return None


def debian_root() -> Path:
    default = Path.home() / ".cache" / "basecoach" / f"debian-{SUITE}"
    return Path(os.environ.get("DEBIAN_ROOT") or default)


def said(line: str) -> None:
    """Print at once: the steps take minutes, and whoever waits wants to see them."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(*command: str | Path, environment: Mapping[str, str] | None = None) -> None:
    """Run a command; an AssertionError with its output if it fails."""
    ran = subprocess.run(
        [str(word) for word in command],
        env=environment and dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, f"{shlex.join(map(str, command))}:\n{ran.stdout}"


def make_debian() -> Path:
    """Return the folder of a Debian with Python, made if there is none yet."""
    root = debian_root()
    if not root.is_dir():
        said(f"debootstrap {SUITE} (once; some minutes) ...")
        part = root.with_name(f"{root.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        part.parent.mkdir(parents=True, exist_ok=True)
        run(
            "debootstrap",
            "--variant=minbase",
            "--include=python3,python3-venv,ca-certificates",
            SUITE,
            part,
        )
        # The image's base has its own Python, by this name.
        (part / "usr/local/bin/python").symlink_to("/usr/bin/python3")
        part.rename(root)
    return root


def fetch_packages() -> Path:
    """Return the folder with what the Dockerfile installs, fetched by its hashes for the root's Python."""
    folder = debian_root().parent / "packages"  # what is there already is not fetched again
    for name in ("requirements.txt", "deploy/requirements-build.txt"):
        said(f"pip download -r {name} ...")
        run(
            *(sys.executable, "-m", "pip", "download", "--quiet", "--require-hashes", "--no-deps"),
            *("--only-binary=:all:", "--python-version=3.11", "--dest", folder),
            *("-r", ROOT / name),
        )
    return folder


def _bound(source: Path, target: Path) -> str:
    return f"mount --bind {shlex.quote(str(source))} {shlex.quote(str(target))}"


def _devices(root: Path) -> list[str]:
    """Return the commands for the devices of a root that lies where devices have no meaning (in memory)."""
    return [_bound(Path("/dev") / name, root / "dev" / name) for name in ("null", "urandom")]


class Image:
    """The image as it is being built: a folder for the root of each stage."""

    def __init__(self, folder: Path, *, packages: Path, text: str | None = None) -> None:
        self._folder = folder
        self._packages = packages
        self.stages = stages(text)

    @property
    def last(self) -> Stage:
        return self.stages[-1]

    @property
    def root(self) -> Path:
        """The root of the last stage: the image."""
        return self._root(len(self.stages) - 1)

    def build(self, *, debian: Path) -> None:
        """Carry out every step; an AssertionError with the step's output if one fails."""
        for number, stage in enumerate(self.stages):
            said(f"FROM {stage.base} (Debian {SUITE} in its place)")
            assert stage.base.startswith("python:3.11-slim"), "the root's Python is another"
            run("cp", "-a", "--reflink=auto", debian, self._root(number))
            self._carry_out(number, stage)

    def _root(self, number: int) -> Path:
        return self._folder / f"stage-{number}"

    def _carry_out(self, number: int, stage: Stage) -> None:
        root, here, environment = self._root(number), "/", {"PATH": PATH}
        for word, rest in stage.instructions:
            said(f"{word} {rest}")
            if word == "WORKDIR":
                here = rest
                (root / rest.lstrip("/")).mkdir(parents=True, exist_ok=True)
            elif word == "ENV":
                environment |= variables(rest)
            elif word == "RUN":
                self._run(root, rest, here=here, environment=environment)
            elif word == "COPY":
                self._copy(root / here.lstrip("/"), root, copy(rest))

    def _run(self, root: Path, script: str, *, here: str, environment: Mapping[str, str]) -> None:
        """Run a step in the root, with the packages where pip finds them and nothing of this machine's pip."""
        wheels = root / WHEELS.lstrip("/")
        wheels.mkdir(exist_ok=True)
        inside = {
            **environment,
            "HOME": "/root",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": WHEELS,
            "PIP_CONFIG_FILE": "/dev/null",
        }
        mounts = "; ".join([*_devices(root), _bound(self._packages, wheels)])
        step = f"cd {shlex.quote(here)} && {script}"
        run(
            *("unshare", "--mount", "--net", "sh", "-ec"),
            f"{mounts}; exec chroot {shlex.quote(str(root))} /bin/sh -c {shlex.quote(step)}",
            environment=inside,
        )
        wheels.rmdir()

    def _copy(self, here: Path, root: Path, copied: Copy) -> None:
        target = (
            here / copied.target if not copied.target.startswith("/") else root / copied.target[1:]
        )
        for source in copied.sources:
            if copied.stage is not None:
                number = [stage.name for stage in self.stages].index(copied.stage)
                run("cp", "-a", self._root(number) / source.lstrip("/"), target)
                continue
            there = ROOT / source
            assert there.exists(), f"COPY {source}: there is no such file"
            assert not ignored(source), f"COPY {source}: Dockerfile.dockerignore leaves it out"
            if there.is_dir():
                for path in sorted(there.rglob("*")):
                    inside = path.relative_to(ROOT)
                    if path.is_file() and not ignored(str(inside)):
                        to = target / path.relative_to(there)
                        to.parent.mkdir(parents=True, exist_ok=True)
                        shutil.copy2(path, to)
            elif len(copied.sources) > 1 or copied.target.endswith(("/", ".")):
                shutil.copy2(there, target / there.name)
            else:
                shutil.copy2(there, target)

    def command(self, *arguments_: str, data: Path, entrypoint: bool = True) -> list[str]:
        """Return what starts a process in the image as an engine does, with `data` as its volume.

        It runs as the image's user, without capabilities, on a root that can't be written, with /tmp in memory.
        The started process has the process id of the whole command.
        """
        user, _, group = self.last.last("USER").partition(":")
        volume = self.root / self.last.last("VOLUME").lstrip("/")
        root = shlex.quote(str(self.root))
        words = (
            [*arguments(self.last.last("ENTRYPOINT")), *arguments_] if entrypoint else arguments_
        )
        step = f"cd {self.last.last('WORKDIR')} && exec {shlex.join(words)}"
        script = "; ".join(
            [
                _bound(self.root, self.root),
                _bound(data, volume),
                f"mount -t tmpfs tmpfs {root}/tmp",  # noqa: S108
                *_devices(self.root),
                f"mount -o remount,ro,bind {root}",
                f"exec chroot {root} /usr/bin/setpriv --reuid {user} --regid {group} --clear-groups"
                " --no-new-privs --bounding-set=-all --inh-caps=-all"
                f" /bin/sh -c {shlex.quote(step)}",
            ]
        )
        return ["unshare", "--mount", "sh", "-ec", script]
