"""No two modules import each other anywhere, and the command that prints a package's rooms tells so."""

from __future__ import annotations

from pathlib import Path

import grimp
import pytest

from tests.import_graph import circles, main, rooms_of

MOST_ROOMS = 21
"""With more rooms than this nobody finds the right one at first sight."""


@pytest.fixture(scope="module")
def bot() -> grimp.ImportGraph:
    return grimp.build_graph("bot", cache_dir=None)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package `house` with a cellar and a kitchen. The kitchen imports the cellar."""
    package = tmp_path / "house"
    for room in ("cellar", "kitchen"):
        (package / room).mkdir(parents=True)
        (package / room / "__init__.py").touch()
    (package / "__init__.py").touch()
    (package / "cellar" / "wine.py").write_text("RED = 1\n")
    (package / "kitchen" / "stove.py").write_text("from house.cellar.wine import RED\n")
    monkeypatch.syspath_prepend(tmp_path)
    return package


def pyproject(folder: Path, layers: str) -> Path:
    path = folder / "pyproject.toml"
    path.write_text(
        "[[tool.importlinter.contracts]]\n"
        f'name = "Floors"\ntype = "layers"\ncontainers = ["house"]\nlayers = {layers}\n'
    )
    return path


def house_graph() -> grimp.ImportGraph:
    return grimp.build_graph("house", cache_dir=None)


def test_no_circle_anywhere_in_the_bot(bot: grimp.ImportGraph) -> None:
    assert circles(bot) == []


@pytest.mark.parametrize("package", ["bot", "bot.domain", "bot.sandbox", "bot.slack"])
def test_every_arrow_leads_downwards(bot: grimp.ImportGraph, package: str) -> None:
    rooms = rooms_of(package, bot)
    assert rooms.arrows
    assert rooms.not_downwards == []
    assert rooms.room_circles == []
    assert rooms.module_circles == []


@pytest.mark.parametrize("package", ["bot.domain", "bot.sandbox", "bot.slack"])
def test_no_package_has_many_rooms(bot: grimp.ImportGraph, package: str) -> None:
    assert len(rooms_of(package, bot).names) <= MOST_ROOMS


def test_every_room_of_the_domain_stands_on_a_floor_of_the_contract(bot: grimp.ImportGraph) -> None:
    rooms = rooms_of("bot.domain", bot)
    assert {f"bot.domain.{name}" for name in rooms.names} == bot.find_children("bot.domain")
    assert "tables" in rooms.floors[0]
    assert "ticks" in rooms.floors[-1]


def test_floors_without_a_contract_are_measured(house: Path) -> None:
    rooms = rooms_of("house", house_graph())
    assert rooms.floors == [["cellar"], ["kitchen"]]
    assert rooms.arrows == {("kitchen", "cellar"): 1}
    assert rooms.sound


@pytest.mark.parametrize(
    "back",
    [
        "from house.kitchen import stove\n",
        "def cook():\n    from house.kitchen import stove\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.kitchen import stove\n",
    ],
)
def test_a_circle_is_found_wherever_the_import_stands(house: Path, back: str) -> None:
    (house / "cellar" / "wine.py").write_text(f"RED = 1\n{back}")
    rooms = rooms_of("house", house_graph())
    assert rooms.module_circles == [["house.cellar.wine", "house.kitchen.stove"]]
    assert rooms.room_circles == [["cellar", "kitchen"]]
    assert not rooms.sound
    assert "Circles between modules:\n  house.cellar.wine, house.kitchen.stove" in str(rooms)


def test_rooms_can_be_in_a_circle_where_no_module_is(house: Path) -> None:
    (house / "kitchen" / "table.py").touch()
    (house / "cellar" / "wine.py").write_text("from house.kitchen import table\nRED = 1\n")
    rooms = rooms_of("house", house_graph())
    assert rooms.module_circles == []
    assert rooms.room_circles == [["cellar", "kitchen"]]
    assert not rooms.sound


@pytest.mark.parametrize("layers", ['["cellar", "kitchen"]', '["cellar | kitchen"]'])
def test_an_arrow_upwards_or_beside_is_found(house: Path, tmp_path: Path, layers: str) -> None:
    rooms = rooms_of("house", house_graph(), pyproject(tmp_path, layers))
    assert rooms.not_downwards == [("kitchen", "cellar")]
    assert not rooms.sound
    assert "Arrows upwards or beside:\n  kitchen → cellar" in str(rooms)


def test_the_command_prints_the_rooms_from_the_top_down(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["house"]) == 0
    assert capsys.readouterr().out == (
        "house: rooms 2, floors 2, arrows between rooms 1, imports between rooms 1\n"
        "\n"
        "  2  kitchen  → cellar\n"
        "  1  cellar   → nothing\n"
        "\n"
        "Arrows upwards or beside: none\n"
        "Circles between rooms: none\n"
        "Circles between modules: none\n"
    )


def test_the_command_fails_where_there_is_a_circle(
    house: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (house / "cellar" / "wine.py").write_text("from house.kitchen import stove\n")
    assert main(["house"]) == 1
    assert "Circles between rooms:\n  cellar, kitchen" in capsys.readouterr().out
