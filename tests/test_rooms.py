"""Every file of the product's inner rooms has its tests by its name, so that a reader finds them beside it."""

from __future__ import annotations

from pathlib import Path

import bot

PRODUCT = Path(bot.__file__).parent
TESTS = Path(__file__).parent

ROOMS = ("domain", "rules", "database", "slack", "http")

WITHOUT = {
    "domain/tables.py": "the schema, which the tests of migrations compare with the scripts",
    "slack/services.py": "what the listeners are handed: a dataclass",
    "slack/application.py": "composes Bolt's app, which every scenario starts",
    "slack/receiving/transport.py": "what a transport promises: a protocol and settings",
    "slack/delivery/duplicates.py": "tests/scenarios/test_delivery.py has second copies deleted",
    "slack/delivery/calls.py": "makes the delivery's calls: tests/slack/delivery/test_delivery.py",
    "slack/responding/redrawing.py": "tests/scenarios/test_monday.py redraws by response_url",
}
"""Files without tests of their own name, and why."""

ELSEWHERE = {
    "domain/shown/": "dataclasses that use cases return: the tests of the use cases read them",
    "slack/listeners/": "parse, call one use case, acknowledge: tests/scenarios by what people do",
}
"""Folders whose files are tested under other names, and why."""


def files() -> list[str]:
    """Every file of the rooms, as its path in the product."""
    found = [path for room in ROOMS for path in (PRODUCT / room).rglob("*.py")]
    return sorted(str(path.relative_to(PRODUCT)) for path in found if path.name != "__init__.py")


def has_tests(file: str) -> bool:
    path = Path(file)
    return (TESTS / path.parent / f"test_{path.name}").is_file()


def stands(file: str, among: set[str] | dict[str, str]) -> bool:
    """Whether the file, or a folder that it is in, is named there."""
    return any(file == name or (name.endswith("/") and file.startswith(name)) for name in among)


def test_every_file_has_its_tests_by_its_name() -> None:
    without = [
        file
        for file in files()
        if not has_tests(file) and not any(stands(file, names) for names in (WITHOUT, ELSEWHERE))
    ]
    assert without == []


def test_no_exception_outlives_its_reason() -> None:
    known = files()
    assert [name for name in WITHOUT if name not in known or has_tests(name)] == []
    gone = [name for name in ELSEWHERE if not any(stands(file, {name}) for file in known)]
    assert gone == []
