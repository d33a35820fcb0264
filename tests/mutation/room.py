"""The mutants of the files of a room against its tests: `python -m tests.mutation.room ORDER RESULTS`, in a copy.

Starting pytest anew for every mutant would take seconds, and a room has thousands of them. So the tests are
collected and run once; then each mutant has a forked process, in which the code of its function is replaced and
only those tests run that call the function. A mutant that shows while a file is imported has a process that
was forked before anything of Basecoach was imported.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
import slack_bolt.async_app  # noqa: F401 - imported once here, and not in every forked process
import sqlmodel  # noqa: F401

from tests.mutation.examples import calm, calm_machines
from tests.mutation.pool import KILLED, SURVIVED, Piece, run
from tests.mutation.replacing import Replaced, plant

UNREACHED = "survived: no test calls it"
PATIENCE = 10.0
"""A mutant may take so many times as long as the tests took without it ..."""
LEAST_PATIENCE = 10.0
"""... and at least so many seconds."""
CONTROL_PATIENCE = 1_200.0
"""How many seconds the tests may take without a mutant."""


@dataclass(frozen=True)
class Order:
    """What the parent process asks for, as JSON."""

    tests: list[str]
    marks: str
    jobs: int
    seconds: float
    mutants: list[dict[str, Any]]
    """`number`, `file`, `function`, `at_import` and `source` of each, in the order in which they are tried."""

    def arguments(self) -> list[str]:
        return [
            *self.tests,
            *("-q", "-s", "-x", "-n", "0", "-p", "no:cacheprovider"),
            *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
            *("-o", "tmp_path_retention_policy=none", "-m", self.marks),
        ]


class Room:
    """A pytest plugin that runs the tests once, and then again for each mutant in a forked process."""

    def __init__(self, order: Order, results: Results, until: float, log: Path) -> None:
        self._order = order
        self._results = results
        self._until = until
        self._log = log
        self._files = {str(Path(one["file"]).resolve()): one["file"] for one in order.mutants}
        self._called: set[str] = set()
        self._failed = False
        self._seconds: dict[str, float] = {}
        self._tests_of: defaultdict[str, list[pytest.Item]] = defaultdict(list)
        self._called_at_import: set[str] = set()

    def watch(self) -> None:
        """Note from now on which functions of the files are called, in every thread.

        As a tracer that traces nothing: it hears of each call of a function of Python's, and of nothing else.
        """
        threading.settrace(self._note)
        sys.settrace(self._note)

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and (file := self._files.get(frame.f_code.co_filename)):
            self._called.add(_name(file, frame.f_code.co_qualname.partition(".<locals>")[0]))

    def seen(self) -> Seen:
        return Seen(sorted(self._called_at_import), self._seconds)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self._called_at_import = set(self._called)
        for item in session.items:
            calm(item)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._failed = self._failed or report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        if session.testsfailed:
            raise session.Failed("the tests can't be collected")
        for item in session.items:
            self._called.clear()
            began = time.monotonic()
            if self._fails([item]):
                raise session.Failed(f"{item.nodeid} fails without a mutant")
            self._seconds[item.nodeid] = time.monotonic() - began
            for function in self._called:
                self._tests_of[function].append(item)
        sys.settrace(None)
        threading.settrace(None)
        self._check(session)
        for number, outcome in run(
            self._pieces(), jobs=self._order.jobs, until=self._until, log=self._log
        ):
            self._results.add(number, outcome)
        return True

    def _check(self, session: pytest.Session) -> None:
        """The tests pass in a forked process, in the order in which mutants meet them."""
        items = self._quickest_first(session.items)
        piece = Piece(0, lambda: self._fails(items), CONTROL_PATIENCE)
        if not _passes(piece, self._log):
            raise session.Failed("the tests fail in a forked process without a mutant")

    def _pieces(self) -> Iterator[Piece]:
        for mutant in self._order.mutants:
            if mutant["at_import"]:
                continue
            items = self._quickest_first(self._tests_of[_of(mutant)])
            if items:
                yield Piece(
                    mutant["number"],
                    lambda mutant=mutant, items=items: self._notices(mutant, items),  # type: ignore[misc]
                    self._patience(items),
                )
            else:
                self._results.add(mutant["number"], UNREACHED)

    def _notices(self, mutant: dict[str, Any], items: Sequence[pytest.Item]) -> bool:
        plant(sys.modules[_module(mutant["file"])], mutant["function"], mutant["source"])
        return self._fails(items)

    def _fails(self, items: Sequence[pytest.Item]) -> bool:
        for item in items:
            # The session as the next item: what lasts for a session stays, everything else is taken down.
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=item.session)
            if self._failed:
                return True
        return False

    def _quickest_first(self, items: Sequence[pytest.Item]) -> list[pytest.Item]:
        return sorted(items, key=lambda item: self._seconds[item.nodeid])

    def _patience(self, items: Sequence[pytest.Item]) -> float:
        return LEAST_PATIENCE + PATIENCE * sum(self._seconds[item.nodeid] for item in items)


def _name(file: str, function: str) -> str:
    return f"{file}:{function}"


def _of(mutant: dict[str, Any]) -> str:
    """Return the name of the function that the mutant changes, as `Seen` and `Room` know it."""
    return _name(mutant["file"], mutant["function"])


def _module(file: str) -> str:
    return ".".join(Path(file).with_suffix("").parts).removesuffix(".__init__")


class Results:
    """A file of JSON lines, one for each mutant that was tried; the last line about a mutant counts."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, number: int, outcome: str) -> None:
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps([number, outcome]) + "\n")

    def read(self) -> dict[int, str]:
        if not self._path.exists():
            return {}
        lines = self._path.read_text(encoding="utf-8").splitlines()
        return dict(map(json.loads, lines))


@dataclass(frozen=True)
class Seen:
    """What one run of the tests without a mutant showed."""

    called_at_import: list[str]
    """The functions of the files, as `file:function`, that are called while they and the tests are imported."""
    seconds: dict[str, float]
    """How long each test takes."""


class _Calm:
    """For a process without the plugin `Room`: few examples, and the quickest tests first."""

    def __init__(self, seen: Seen) -> None:
        self._seconds = seen.seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._seconds.get(item.nodeid, 0.0))

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            calm(item)


def _passes(piece: Piece, log: Path) -> bool:
    """Whether the tests pass in a forked process."""
    until = time.monotonic() + CONTROL_PATIENCE
    return list(run([piece], jobs=1, until=until, log=log)) == [(0, SURVIVED)]


def _try_functions(order: Order, results: Results, *, until: float, log: Path) -> Seen | None:
    """Try what shows when a function is called, in a process of its own; None where the tests can't be run."""
    notes = log.with_suffix(".seen")
    process = os.fork()
    if not process:
        code = 1
        try:
            room = Room(order, results, until, log)
            room.watch()
            code = int(pytest.main(order.arguments(), plugins=[room]))
            notes.write_text(json.dumps(asdict(room.seen())), encoding="utf-8")
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    try:
        _, status = os.waitpid(process, 0)
    except BaseException:
        os.kill(process, signal.SIGTERM)
        os.waitpid(process, 0)
        raise
    if os.waitstatus_to_exitcode(status):
        return None
    return Seen(**json.loads(notes.read_text(encoding="utf-8")))


def _try_imports(order: Order, results: Results, seen: Seen, *, until: float, log: Path) -> bool:
    """Try what shows when a file is imported; False where the tests can't be run so."""
    tried = results.read()
    mutants = [
        mutant
        for mutant in order.mutants
        if mutant["at_import"]
        or (
            _of(mutant) in seen.called_at_import
            and tried.get(mutant["number"]) not in (None, KILLED)
        )
    ]
    if not mutants:
        return True
    file = mutants[0]["file"]
    as_it_is = {"file": file, "source": Path(file).read_text(encoding="utf-8")}
    began = time.monotonic()
    if not _passes(Piece(0, lambda: _fails_with(order, as_it_is, seen), CONTROL_PATIENCE), log):
        return False
    patience = LEAST_PATIENCE + PATIENCE * (time.monotonic() - began)
    pieces = (
        Piece(
            mutant["number"],
            lambda mutant=mutant: _fails_with(order, mutant, seen),  # type: ignore[misc]
            patience,
        )
        for mutant in mutants
    )
    for number, outcome in run(pieces, jobs=order.jobs, until=until, log=log):
        results.add(number, outcome)
    return True


def _fails_with(order: Order, mutant: dict[str, Any], seen: Seen) -> bool:
    """Whether a test fails where the mutant's module is imported with its source."""
    sys.meta_path.insert(0, Replaced(_module(mutant["file"]), mutant["source"]))
    code = pytest.main(order.arguments(), plugins=[_Calm(seen)])
    if code in (pytest.ExitCode.INTERNAL_ERROR, pytest.ExitCode.NO_TESTS_COLLECTED):
        raise RuntimeError(f"pytest ended with {code!r}")
    return code != pytest.ExitCode.OK


def main(order_path: str, results_path: str) -> int:
    """Try the mutants of one order; 0 if that was possible."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    order = Order(**json.loads(Path(order_path).read_text(encoding="utf-8")))
    results = Results(Path(results_path))
    log = Path(results_path).with_suffix(".log")
    began = time.monotonic()
    last = began + order.seconds
    calm_machines()
    # One that shows at an import takes the time of many others, and is worth two of them.
    in_functions = sum(not mutant["at_import"] for mutant in order.mutants)
    share = in_functions / (2 * len(order.mutants) - in_functions)
    seen = _try_functions(order, results, until=began + order.seconds * share, log=log)
    if seen is None:
        return 1
    if not _try_imports(order, results, seen, until=last, log=log):
        sys.stderr.write("The tests fail when a file is imported without a mutant.\n")
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
