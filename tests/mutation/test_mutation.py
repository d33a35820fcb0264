"""What stands behind `make mutants`: which mutants there are, how one is planted, what becomes of its process."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from pathlib import Path

import pytest

import tests.mutation.__main__ as command
from tests.mutation.planting import mutants_of
from tests.mutation.pool import BROKEN, KILLED, SURVIVED, Piece, run
from tests.repository import ROOT

SOURCE = '''"""A file."""

from functools import lru_cache

LIMIT = 3


class Door:
    def opens(self, visitors: int) -> bool:
        return visitors < LIMIT


def greeting(name: str = "you") -> str:
    return " ".join(
        [
            "Hello",
            name,
        ]
    )
'''


def test_a_mutant_knows_the_line_that_it_changes() -> None:
    found = [
        (mutant.line, mutant.function, mutant.was, mutant.becomes, mutant.at_import)
        for mutant in mutants_of("bot/door.py", SOURCE)
    ]
    assert (5, "", "LIMIT = 3", "LIMIT = 4", True) in found
    assert (
        10,
        "Door.opens",
        "return visitors < LIMIT",
        "return visitors <= LIMIT",
        False,
    ) in found
    assert (16, "greeting", '"Hello",', '"XXHelloXX",', False) in found
    default = 'def greeting(name: str = "you") -> str:'
    assert (13, "greeting", default, default.replace("you", "YOU"), True) in found


def test_only_the_line_changes() -> None:
    for mutant in mutants_of("bot/door.py", SOURCE):
        before, after = SOURCE.splitlines(), mutant.source.splitlines()
        assert before[: mutant.line - 1] == after[: mutant.line - 1]
        assert before[-1] == after[-1] or mutant.function == "greeting"


def test_a_planted_function_is_the_mutant_wherever_it_is_known(tmp_path: Path) -> None:
    path = tmp_path / "planted_door.py"
    path.write_text(SOURCE)
    code = (
        "from planted_door import Door\n"
        "import planted_door, sys\n"
        "from tests.mutation.planting import mutants_of\n"
        "from tests.mutation.replacing import plant\n"
        "source = open(planted_door.__file__).read()\n"
        "door = Door()\n"
        "before = door.opens(3)\n"
        "mutant = next(m for m in mutants_of('d', source) if '<= LIMIT' in m.becomes)\n"
        "plant(planted_door, mutant.function, mutant.source)\n"
        "sys.exit(0 if (before, door.opens(3)) == (False, True) else 1)\n"
    )
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}"}
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)


def test_what_becomes_of_a_piece_and_of_what_it_started(tmp_path: Path) -> None:
    left_behind = tmp_path / "pid"

    def breaks() -> bool:
        raise RuntimeError

    def leaves_a_process_behind() -> bool:
        process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        left_behind.write_text(str(process.pid))
        return True

    def never_ends() -> bool:
        while True:
            time.sleep(600)

    pieces = [
        Piece(1, lambda: False, 600),
        Piece(2, breaks, 600),
        Piece(3, leaves_a_process_behind, 600),
        Piece(4, never_ends, 0.1),
    ]
    outcomes = dict(run(pieces, jobs=2, until=time.monotonic() + 600, log=tmp_path / "log"))
    assert outcomes == {1: SURVIVED, 2: BROKEN, 3: KILLED, 4: KILLED}
    assert _ends(int(left_behind.read_text()))


def _ends(process: int) -> bool:
    """Whether a process that was told to end does."""
    try:
        handle = os.pidfd_open(process)
    except ProcessLookupError:
        return True
    ended, _, _ = select.select([handle], [], [], 600)
    os.close(handle)
    return bool(ended)


@pytest.mark.parametrize(
    ("file", "tests"),
    [
        ("bot/rules/plan.py", ["tests/rules/test_plan.py"]),
        (
            "bot/rules/weeks.py",
            [
                "tests/rules/test_weeks.py",
                "tests/rules/test_weeks_deadlines.py",
                "tests/rules/test_weeks_schedules.py",
            ],
        ),
        ("bot/domain/outbox/sending.py", ["tests/domain/outbox"]),
        ("bot/domain/tables.py", []),
    ],
)
def test_the_tests_of_a_file_are_those_of_its_room(file: str, tests: list[str]) -> None:
    assert command.tests_of(file) == tests


def test_every_file_of_the_rules_has_tests_by_its_name() -> None:
    files = [path for path in (ROOT / "bot/rules").glob("*.py") if path.name != "__init__.py"]
    assert [path.name for path in files if not command.tests_of(f"bot/rules/{path.name}")] == []


def test_every_accepted_survivor_has_its_reason_and_its_file() -> None:
    for change, reason in command.read_equivalent(command.EQUIVALENT).items():
        assert (ROOT / change.file).is_file(), change.file
        assert reason.endswith("."), change
        assert change.was != change.becomes
