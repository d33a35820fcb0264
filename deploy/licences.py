"""Prints the licence of each package in a CycloneDX file: `python licences.py sbom.json`.

It ends with 1 if a package names no licence, so that somebody looks at it before it is shipped.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LONGEST = 60
"""Characters of a licence that are shown: some packages put the whole text where its name belongs."""


def lines(bom: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each package with its version, and its licence; an empty text if it names none."""
    for component in sorted(bom["components"], key=lambda each: str(each["name"]).lower()):
        named = (
            each.get("expression") or each["license"].get("id") or each["license"].get("name", "")
            for each in component.get("licenses", [])
        )
        first = (name.split("\n")[0].rpartition(" :: ")[2] for name in named if name)
        names = dict.fromkeys(name[:LONGEST] for name in first)
        yield f"{component['name']} {component['version']}", ", ".join(names)


def main() -> None:
    found = list(lines(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))
    width = max(len(package) for package, _ in found)
    for package, licence in found:
        sys.stdout.write(f"{package:<{width}}  {licence or 'NONE NAMED'}\n")
    without = [package for package, licence in found if not licence]
    if without:
        sys.exit(f"No licence is named by {', '.join(without)}.")


if __name__ == "__main__":
    main()
