"""The mutants of one file against the tests of its room: `python -m tests.mutation.room ORDER RESULTS`, in a copy.

Starting pytest anew for every mutant would take seconds, and a room has thousands of them. So the tests are
collected and run once; then each mutant has a forked process, in which the code of its function is replaced and
only those tests run that call the function. A mutant that shows while a file is imported has a process that
was forked before anything of Basecoach was imported.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FrameType, FunctionType, ModuleType
from typing import Any

import hypothesis
import hypothesis.stateful
import pytest
import slack_bolt.async_app  # noqa: F401 - imported once here, and not in every forked process
import sqlmodel  # noqa: F401

from tests.mutation.pool import BROKEN, KILLED, SURVIVED, Piece, run

UNREACHED = "survived: no test calls it"
EXAMPLES = 30
"""How many examples of each property are tried, and no simpler ones are looked for."""
MACHINE_EXAMPLES = 12
"""And of a state machine."""
PATIENCE = 10.0
"""A mutant may take so many times as long as the tests took without it ..."""
LEAST_PATIENCE = 10.0
"""... and at least so many seconds."""
IMPORT_PATIENCE = 60.0


@dataclass(frozen=True)
class Order:
    """What the parent process asks for, as JSON."""

    file: str
    tests: list[str]
    marks: str
    jobs: int
    seconds: float
    mutants: list[dict[str, Any]]
    """`number`, `function`, `at_import` and `source` of each, in the order in which they are tried."""

    @property
    def module(self) -> str:
        return ".".join(Path(self.file).with_suffix("").parts).removesuffix(".__init__")

    def arguments(self, marks: str | None = None) -> list[str]:
        return [
            *self.tests,
            *("-q", "-s", "-x", "-n", "0", "-p", "no:cacheprovider"),
            *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
            *("-o", "tmp_path_retention_policy=none", "-m", marks or self.marks),
        ]


class Room:
    """A pytest plugin that runs the tests once, and then again for each mutant in a forked process."""

    def __init__(self, order: Order, results: Results, until: float, log: Path) -> None:
        self._order = order
        self._results = results
        self._until = until
        self._log = log
        self._file = str(Path(order.file).resolve())
        self._called: set[str] = set()
        self._failed = False
        self._seconds: dict[str, float] = {}
        self._tests_of: defaultdict[str, list[pytest.Item]] = defaultdict(list)
        self.called_at_import: set[str] = set()

    def watch(self) -> None:
        """Note from now on which functions of the file are called, in every thread."""
        threading.setprofile(self._note)
        sys.setprofile(self._note)

    def _note(self, frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_code.co_filename == self._file:
            self._called.add(frame.f_code.co_qualname.partition(".<locals>")[0])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        self.called_at_import = set(self._called)
        for item in session.items:
            _calm(item)

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
        sys.setprofile(None)
        threading.setprofile(None)
        self._check(session)
        for number, outcome in run(
            self._pieces(), jobs=self._order.jobs, until=self._until, log=self._log
        ):
            self._results.add(number, outcome)
        return True

    def _check(self, session: pytest.Session) -> None:
        """The tests pass in a forked process, in the order in which mutants meet them."""
        items = self._quickest_first(session.items)
        piece = Piece(0, lambda: self._fails(items), self._patience(items))
        if list(run([piece], jobs=1, until=self._until, log=self._log)) != [(0, SURVIVED)]:
            raise session.Failed("the tests fail in a forked process without a mutant")

    def _pieces(self) -> Iterator[Piece]:
        for mutant in self._order.mutants:
            if mutant["at_import"]:
                continue
            items = self._quickest_first(self._tests_of[mutant["function"]])
            if items:
                yield Piece(
                    mutant["number"],
                    lambda mutant=mutant, items=items: self._notices(mutant, items),  # type: ignore[misc]
                    self._patience(items),
                )
            else:
                self._results.add(mutant["number"], UNREACHED)

    def _notices(self, mutant: dict[str, Any], items: Sequence[pytest.Item]) -> bool:
        plant(sys.modules[self._order.module], mutant["function"], mutant["source"])
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


class _Replaced(importlib.abc.MetaPathFinder):
    """Imports one module from a mutant's source in place of its file."""

    def __init__(self, module: str, source: str) -> None:
        self._module = module
        self._source = source

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(name, spec.origin, self._source)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._mutant = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._mutant, self.path, "exec", dont_inherit=True)


class _Calm:
    """Makes the plugin's examples few where the plugin `Room` is not there."""

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        for item in session.items:
            _calm(item)


def plant(module: ModuleType, qualified: str, source: str) -> None:
    """Replace the code of a function wherever it is known by now; and forget what caches remember of before."""
    code = _code(compile(source, str(module.__file__), "exec", dont_inherit=True), qualified)
    owner: Any = module
    *classes, name = qualified.split(".")
    for part in classes:
        owner = vars(owner)[part]
    function = vars(owner)[name]
    function = inspect.unwrap(getattr(function, "__func__", function))
    assert isinstance(function, FunctionType)
    function.__code__ = code
    for known in [module for name, module in sys.modules.items() if name.startswith("bot.")]:
        for value in list(vars(known).values()):
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _code(module: CodeType, qualified: str) -> CodeType:
    found = [code for code in _codes(module) if code.co_qualname == qualified]
    return found[-1]


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


def _calm(item: pytest.Item) -> None:
    """Few examples, the same ones each time, and the first that fails is enough."""
    test = getattr(item, "obj", None)
    test = getattr(test, "__func__", test)
    if test is not None and hypothesis.is_hypothesis_test(test):
        mine = getattr(test, "_hypothesis_internal_use_settings", hypothesis.settings())
        test._hypothesis_internal_use_settings = _calmer(mine, EXAMPLES)


def _calmer(settings: hypothesis.settings, examples: int) -> hypothesis.settings:
    return hypothesis.settings(
        settings,
        max_examples=min(settings.max_examples, examples),
        derandomize=True,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )


def _calm_machines() -> None:
    original = hypothesis.stateful.run_state_machine_as_test

    def calm(machine: Any, *, settings: hypothesis.settings | None = None, **others: Any) -> None:
        calmer = _calmer(settings or hypothesis.settings(), MACHINE_EXAMPLES)
        original(machine, settings=calmer, **others)

    hypothesis.stateful.run_state_machine_as_test = calm


def _at_import(order: Order, numbers: set[int], marks: str) -> Iterator[Piece]:
    for mutant in order.mutants:
        if mutant["number"] in numbers:
            yield Piece(
                mutant["number"],
                lambda mutant=mutant: _imported(order, mutant["source"], marks),  # type: ignore[misc]
                IMPORT_PATIENCE,
            )


def _imported(order: Order, source: str, marks: str) -> bool:
    """Whether a test fails where the module is imported with this source."""
    sys.meta_path.insert(0, _Replaced(order.module, source))
    code = pytest.main(order.arguments(marks), plugins=[_Calm()])
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
    _calm_machines()
    in_functions = sum(not mutant["at_import"] for mutant in order.mutants)
    share = in_functions / (len(order.mutants) * 2 - in_functions)
    called_at_import = Path(results_path).with_suffix(".called")

    process = os.fork()
    if not process:
        code = 1
        try:
            room = Room(order, results, began + order.seconds * share, log)
            room.watch()
            code = int(pytest.main(order.arguments(), plugins=[room]))
            called_at_import.write_text(json.dumps(sorted(room.called_at_import)))
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
        return 1
    known = set(json.loads(called_at_import.read_text()))
    tried = results.read()
    numbers = {
        mutant["number"]
        for mutant in order.mutants
        if mutant["at_import"]
        or (mutant["function"] in known and tried.get(mutant["number"]) not in (None, KILLED))
    }
    if not numbers:
        return 0
    source = Path(order.file).read_text(encoding="utf-8")
    check = [Piece(0, lambda: _imported(order, source, order.marks), IMPORT_PATIENCE)]
    if list(run(check, jobs=1, until=last, log=log)) not in ([], [(0, SURVIVED)]):
        sys.stderr.write("The tests fail when the file is imported without a mutant.\n")
        return 1
    for number, outcome in run(
        _at_import(order, numbers, order.marks), jobs=order.jobs, until=last, log=log
    ):
        if outcome == BROKEN:
            sys.stderr.write(f"Mutant {number}: the runner failed.\n")
        results.add(number, outcome)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
