"""Do the tests see? `python -m tests.mutation PATH` breaks a file, or each of a folder, in every way mutmut knows.

Each mutant should make a test of its room fail. What survives is printed with its line; what can't be seen by any
test stands with its reason in `equivalent.toml`. The exit code is 1 where fewer than 85 % of the others of a
file are killed. Everything happens in a temporary copy of the tree.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutation.planting import Mutant, mutants_of
from tests.mutation.pool import KILLED
from tests.mutation.room import Results

ROOT = Path(__file__).parents[2]
EQUIVALENT = Path(__file__).with_name("equivalent.toml")
LEAST_SCORE = 85.0
SEED = 1
ELSEWHERE = "NPT-05:45"
"""The zone of the machine, which no test is about: whatever takes it for UTC or a rep's own is noticed."""


@dataclass(frozen=True)
class Change:
    """What identifies a mutant for as long as its line stays as it is."""

    file: str
    function: str
    was: str
    becomes: str


@dataclass
class Report:
    """How one file fared."""

    file: str
    total: int
    outcomes: list[tuple[Mutant, str]]
    """Those that were tried."""
    accepted: dict[Change, str] = field(default_factory=dict)

    @property
    def killed(self) -> int:
        return sum(outcome == KILLED for _, outcome in self.outcomes)

    @property
    def equivalent(self) -> list[Mutant]:
        return [
            mutant
            for mutant, outcome in self.outcomes
            if outcome != KILLED and _change(mutant) in self.accepted
        ]

    @property
    def wrongly_accepted(self) -> list[Change]:
        """Those that are listed as equivalent, though a test fails for each mutant of that kind."""
        seen: dict[Change, set[str]] = {}
        for mutant, outcome in self.outcomes:
            seen.setdefault(_change(mutant), set()).add(outcome)
        return [change for change in self.accepted if seen.get(change) == {KILLED}]

    @property
    def survivors(self) -> list[tuple[Mutant, str]]:
        return [
            (mutant, outcome)
            for mutant, outcome in self.outcomes
            if outcome != KILLED and _change(mutant) not in self.accepted
        ]

    @property
    def score(self) -> float:
        """How many percent of those were killed that are not equivalent; 0 where there was no time for any."""
        seen = self.killed + len(self.survivors)
        if not seen:
            return 100.0 if self.outcomes else 0.0
        return 100.0 * self.killed / seen


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    files = list(_files(options.paths))
    accepted = read_equivalent(EQUIVALENT)
    os.chdir(ROOT)
    mutants = {file: mutants_of(file, Path(file).read_text(encoding="utf-8")) for file in files}
    last = time.monotonic() + options.minutes * 60
    left = sum(map(len, mutants.values()))
    reports: list[Report] = []
    with _copy() as copy:
        for tests, of_room in _rooms(files, options.tests).items():
            chosen = [one for file in of_room for one in mutants[file]]
            if not chosen:
                continue
            seconds = (last - time.monotonic()) * len(chosen) / max(left, 1)
            left -= len(chosen)
            tried = _tried(copy, chosen, tests, seconds, options)
            for file in of_room:
                outcomes = [(one, outcome) for one, outcome in tried if one.file == file]
                if mutants[file]:
                    reports.append(Report(file, len(mutants[file]), outcomes, accepted))
                    _show(reports[-1])
    _summarize(reports)
    stale = _stale(accepted, mutants)
    for change in stale:
        _say(f"equivalent.toml: {change.file} has no mutant any more of: {change.was}")
    for change in (change for report in reports for change in report.wrongly_accepted):
        _say(f"equivalent.toml: {change.file}: a test does see: {change.becomes}")
    return 1 if stale or any(report.score < LEAST_SCORE for report in reports) else 0


def _rooms(files: Sequence[str], tests: Sequence[str] | None) -> dict[tuple[str, ...], list[str]]:
    """Return the files by the tests that look at them: tests are collected and run once for all of a room."""
    found: dict[tuple[str, ...], list[str]] = {}
    for file in files:
        found.setdefault(tuple(tests or tests_of(file)), []).append(file)
    return found


def tests_of(file: str) -> list[str]:
    """Where the tests of a file lie: by its name, or in the folder of its room."""
    _, *rooms, _ = Path(file).parts
    folder, stem = Path("tests", *rooms), Path(file).stem
    if len(rooms) > 1:
        found = [folder] if (ROOT / folder).exists() else []
    else:
        by_name = [f"test_{stem}.py", f"test_{stem}_*.py"]
        found = [path for name in by_name for path in sorted((ROOT / folder).glob(name))]
    return [str(path.relative_to(ROOT)) if path.is_absolute() else str(path) for path in found]


def read_equivalent(path: Path) -> dict[Change, str]:
    """The mutants that no test can see, each with the reason."""
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return {
        Change(file, entry.get("function", ""), entry["was"], entry["becomes"]): entry["reason"]
        for file, listed in entries.items()
        for entry in listed
    }


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files or folders below bot/")
    parser.add_argument("--minutes", type=float, default=20.0, help="for all of it (20)")
    parser.add_argument("--jobs", type=int, default=2, help="tests at the same time (2)")
    parser.add_argument("--seed", type=int, default=SEED, help="the order in which they are tried")
    parser.add_argument("--tests", nargs="+", help="other tests than those of the room")
    parser.add_argument("--only", default="", help="only functions with this in their name")
    parser.add_argument(
        "--marks", default="not postgresql and not browser", help="which tests, by marks"
    )
    return parser.parse_args(arguments)


def _files(paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        here = Path(path).resolve().relative_to(ROOT)
        found = sorted((ROOT / here).rglob("*.py")) if (ROOT / here).is_dir() else [ROOT / here]
        yield from (str(file.relative_to(ROOT)) for file in found)


@contextlib.contextmanager
def _copy() -> Iterator[Path]:
    """A copy of the tree as it is, changes included; it goes with everything that was written there."""
    folder = Path(tempfile.mkdtemp(prefix="mutants-"))
    folder.chmod(0o755)  # an embedded PostgreSQL under root has a user of its own
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
            cwd=ROOT,
            check=True,
            capture_output=True,
        ).stdout.decode()
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (folder / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / "tree" / name)
        (folder / "t").mkdir(mode=0o755)
        yield folder
    finally:
        for record in folder.glob("t/**/postmaster.pid"):
            with contextlib.suppress(ProcessLookupError, ValueError, IndexError, OSError):
                os.kill(int(record.read_text().splitlines()[0]), signal.SIGQUIT)
        shutil.rmtree(folder, ignore_errors=True)


def _tried(
    copy: Path,
    mutants: Sequence[Mutant],
    tests: Sequence[str],
    seconds: float,
    options: argparse.Namespace,
) -> list[tuple[Mutant, str]]:
    chosen = [mutant for mutant in mutants if options.only in mutant.function]
    if not tests:
        return [(mutant, "survived: the file has no tests") for mutant in chosen]
    random.Random(options.seed).shuffle(chosen)
    order, results = copy / "order.json", copy / "results.jsonl"
    results.unlink(missing_ok=True)
    asked = {
        "tests": tests,
        "marks": options.marks,
        "jobs": options.jobs,
        "seconds": seconds,
        "mutants": [
            {
                "number": number,
                "file": mutant.file,
                "function": mutant.function,
                "at_import": mutant.at_import,
                "source": mutant.source,
            }
            for number, mutant in enumerate(chosen)
        ],
    }
    order.write_text(json.dumps(asked), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.mutation.room", str(order), str(results)],
        cwd=copy / "tree",
        env={
            **os.environ,
            "TMPDIR": str(copy / "t"),
            "TZ": ELSEWHERE,
            "PYTHONDONTWRITEBYTECODE": "",
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        output, _ = process.communicate()
    except BaseException:
        process.terminate()
        process.wait()
        raise
    if process.returncode:
        raise SystemExit(f"{output}\n{' '.join(tests)}: the tests can't be run on mutants.")
    outcomes = Results(results).read()
    tried = [(one, outcomes[number]) for number, one in enumerate(chosen) if number in outcomes]
    return sorted(tried, key=lambda found: found[0].number)


def _change(mutant: Mutant) -> Change:
    return Change(mutant.file, mutant.function, mutant.was, mutant.becomes)


def _stale(accepted: dict[Change, str], mutants: dict[str, list[Mutant]]) -> list[Change]:
    known = {_change(mutant) for found in mutants.values() for mutant in found}
    return [change for change in accepted if change.file in mutants and change not in known]


def _show(report: Report) -> None:
    for mutant, outcome in report.survivors:
        _say(f"{mutant.file}:{mutant.line}: {mutant.function or 'outside of functions'}: {outcome}")
        _say(f"    - {mutant.was}\n    + {mutant.becomes}")
    for mutant in report.equivalent:
        _say(f"{mutant.file}:{mutant.line}: equivalent: {report.accepted[_change(mutant)]}")
        _say(f"    - {mutant.was}\n    + {mutant.becomes}")
    _say(_line(report))


def _summarize(reports: Sequence[Report]) -> None:
    if len(reports) > 1:
        _say("")
        for report in reports:
            _say(_line(report))


def _say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def _line(report: Report) -> str:
    tried = len(report.outcomes)
    sampled = "" if tried == report.total else f" (tried {tried} of {report.total})"
    return (
        f"{report.file}: {tried} mutants{sampled}, {report.killed} killed, "
        f"{len(report.survivors)} survived, {len(report.equivalent)} equivalent: {report.score:.1f} %"
    )


if __name__ == "__main__":
    raise SystemExit(main())
