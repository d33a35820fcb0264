"""`python -m tests.import_graph bot.domain`: a package's rooms, their floors, and who imports whom.

A room is a module or a package directly inside the package. Every import counts, also those inside
functions and those for type checkers alone: a circle that is hidden there is still a circle.
"""

from __future__ import annotations

import argparse
import copy
import re
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import grimp

PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"

Arrow = tuple[str, str]
"""The room that imports, and the room that is imported."""


@dataclass(frozen=True)
class Rooms:
    """The rooms of one package, by their names inside it.

    `floors` begin at the ground. `arrows` counts the imports from one room to another.
    """

    package: str
    floors: Sequence[Sequence[str]]
    arrows: Counter[Arrow]
    room_circles: Sequence[Sequence[str]]
    module_circles: Sequence[Sequence[str]]

    @property
    def names(self) -> list[str]:
        """The rooms are in this list from the ground up."""
        return [room for floor in self.floors for room in floor]

    @property
    def not_downwards(self) -> list[Arrow]:
        """These arrows lead to a higher floor, or to another room on the same floor."""
        floor_of = {room: number for number, floor in enumerate(self.floors) for room in floor}
        return sorted(
            (importer, imported)
            for importer, imported in self.arrows
            if floor_of[importer] <= floor_of[imported]
        )

    @property
    def sound(self) -> bool:
        """Whether every arrow leads downwards and there is no circle."""
        return not (self.not_downwards or self.room_circles or self.module_circles)

    def __str__(self) -> str:
        width = max(map(len, self.names), default=0)
        lines = [
            f"{self.package}: rooms {len(self.names)}, floors {len(self.floors)},"
            f" arrows between rooms {len(self.arrows)}, imports between rooms {self.arrows.total()}",
            "",
        ]
        for number, floor in reversed(list(enumerate(self.floors, start=1))):
            for index, room in enumerate(floor):
                imported = [below for above, below in sorted(self.arrows) if above == room]
                label = "" if index else str(number)
                lines.append(f"{label:>3}  {room:<{width}}  → {', '.join(imported) or 'nothing'}")
        return "\n".join(
            [
                *lines,
                "",
                _listed("Arrows upwards or beside", map(" → ".join, self.not_downwards)),
                _listed("Circles between rooms", map(", ".join, self.room_circles)),
                _listed("Circles between modules", map(", ".join, self.module_circles)),
            ]
        )


def _listed(title: str, found: Iterable[str]) -> str:
    lines = list(found)
    return "\n  ".join([f"{title}:", *lines]) if lines else f"{title}: none"


def rooms_of(package: str, graph: grimp.ImportGraph, pyproject: Path = PYPROJECT) -> Rooms:
    """Return the rooms of a package in the graph.

    Their floors are those of the import contract whose container the package is. Without one, each room
    stands directly above the highest room that it imports.
    """
    rooms = {child: child.removeprefix(f"{package}.") for child in graph.find_children(package)}
    arrows: Counter[Arrow] = Counter()
    for module in graph.modules:
        importer = _room(module, package)
        for other in graph.find_modules_directly_imported_by(module):
            imported = _room(other, package)
            if importer and imported and importer != imported:
                arrows[importer, imported] += 1
    squashed = copy.deepcopy(graph)
    for child in rooms:
        squashed.squash_module(child)
    return Rooms(
        package=package,
        floors=_declared_floors(package, pyproject)
        or _measured_floors(set(rooms.values()), arrows),
        arrows=arrows,
        room_circles=[
            [rooms[room] for room in circle]
            for circle in circles(squashed)
            if set(circle) <= set(rooms)
        ],
        module_circles=[
            circle for circle in circles(graph) if any(_room(each, package) for each in circle)
        ],
    )


def circles(graph: grimp.ImportGraph) -> list[list[str]]:
    """Return the groups of modules in which each imports every other, directly or by way of others."""
    upstream = {module: graph.find_upstream_modules(module) for module in graph.modules}
    found = {
        frozenset({module, *(other for other in above if module in upstream[other])})
        for module, above in upstream.items()
    }
    return sorted(sorted(group) for group in found if len(group) > 1)


def _room(module: str, package: str) -> str:
    """Return the name of the room that a module belongs to, or "" if it is not inside the package."""
    inside = module.removeprefix(f"{package}.")
    return "" if inside == module else inside.partition(".")[0]


def _declared_floors(package: str, pyproject: Path) -> list[list[str]]:
    settings = tomllib.loads(pyproject.read_text(encoding="utf-8"))
    for contract in settings["tool"]["importlinter"]["contracts"]:
        if contract["type"] == "layers" and contract.get("containers") == [package]:
            return [re.split(r"\s*[|:]\s*", layer) for layer in reversed(contract["layers"])]
    return []


def _measured_floors(rooms: set[str], arrows: Counter[Arrow]) -> list[list[str]]:
    """Lay the rooms out in floors. Rooms that no order fits, for they import each other, come last."""
    floors: list[list[str]] = []
    left = set(rooms)
    while left:
        floor = {
            room
            for room in left
            if not any(above == room and below in left for above, below in arrows)
        }
        floors.append(sorted(floor or left))
        left -= floor or left
    return floors


def main(arguments: Sequence[str] | None = None) -> int:
    """Print each package's rooms. Returns 1 if an arrow leads upwards or there is a circle."""
    parser = argparse.ArgumentParser(prog="python -m tests.import_graph", description=__doc__)
    parser.add_argument("packages", nargs="*", default=["bot.domain"], metavar="package")
    given = parser.parse_args(arguments)
    sound = True
    for package in given.packages:
        graph = grimp.build_graph(package.partition(".")[0], cache_dir=None)
        found = rooms_of(package, graph)
        sys.stdout.write(f"{found}\n")
        sound = sound and found.sound
    return 0 if sound else 1


if __name__ == "__main__":
    sys.exit(main())
