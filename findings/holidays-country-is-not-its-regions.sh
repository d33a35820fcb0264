#!/usr/bin/env bash
# In `holidays`, a country without a region has neither the days that all its regions share nor those that some have.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet holidays==0.109

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import sys
from importlib.metadata import version

from holidays import country_holidays

YEAR = 2026


def days(country: str, region: str | None = None) -> dict[str, str]:
    found = country_holidays(country, subdiv=region, years=YEAR)
    return {str(day): name for day, name in found.items()}


def only_in(one: dict[str, str], other: dict[str, str]) -> str:
    return ", ".join(f"{day} {name}" for day, name in sorted(one.items()) if day not in other)


print(f"holidays {version('holidays')}, {YEAR}")

kingdom, england = days("GB"), days("GB", "ENG")
england_only = only_in(england, kingdom)
print(f"GB has {len(kingdom)} days, England {len(england)}; in England only: {england_only}")

australia = days("AU")
regions = [days("AU", region) for region in country_holidays("AU").subdivisions]
shared = {day: name for day, name in regions[0].items() if all(day in each for each in regions)}
everywhere = only_in(shared, australia)
print(f"AU: each of its {len(regions)} regions has {everywhere}; AU alone has not")

states = days("US")
florida_lacks = only_in(states, days("US", "FL"))
texas_lacks = only_in(states, days("US", "TX"))
print(f"US: naming a region takes days away. Florida lacks {florida_lacks}; Texas lacks {texas_lacks}")

as_expected = (
    "Easter Monday" in england_only
    and "2026-08-31" in england_only
    and everywhere.startswith("2026-12-28")
    and "Columbus Day" in florida_lacks
    and "Washington's Birthday" in florida_lacks
    and "Columbus Day" in texas_lacks
)
if not as_expected:
    sys.exit("The behaviour has changed.")
EOF
