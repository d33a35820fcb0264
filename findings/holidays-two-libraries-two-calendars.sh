#!/usr/bin/env bash
# Two libraries of public holidays agree on the weekdays of 2026 for fewer than a third of the countries that both know.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet holidays==0.109 workalendar==17.0.0

env -i PATH="$PATH" HOME="$folder" timeout 90 "$folder/venv/bin/python" -W ignore - <<'EOF'
import sys
from datetime import date
from importlib.metadata import version

from holidays import country_holidays, list_supported_countries
from workalendar.registry import registry

print(f"holidays {version('holidays')}, workalendar {version('workalendar')}")

known = set(list_supported_countries(include_aliases=False))
alike, different, refused = [], [], {}
for code, calendar in sorted(registry.get_calendars().items()):
    if code not in known:
        continue  # a region, or a country of one library alone
    try:
        theirs = {day for day, _ in calendar().holidays(2026) if day.weekday() < 5}
    except Exception as error:
        refused[code] = f"{type(error).__name__}: {error}"
        continue
    ours = {day for day in country_holidays(code, years=2026) if day.weekday() < 5}
    (alike if theirs == ours else different).append(code)

print(f"the same weekdays off in 2026: {len(alike)} countries; other ones: {len(different)}")
print(f"different: {' '.join(different)}")
print(f"workalendar has no 2026 for: {refused}")

juneteenth = date(2026, 6, 19)
america = dict(registry.get("US")().holidays(2026))
print(f"United States, {juneteenth}: workalendar {america.get(juneteenth)!r}, holidays "
      f"{country_holidays('US', years=2026).get(juneteenth)!r}")
easter = date(2026, 4, 6)
print(f"United Kingdom, {easter}: workalendar {dict(registry.get('GB')().holidays(2026)).get(easter)!r}, holidays "
      f"{country_holidays('GB', years=2026).get(easter)!r}")

as_expected = (
    len(alike) * 3 < len(alike) + len(different)
    and juneteenth not in america
    and juneteenth in country_holidays("US", years=2026)
    and easter not in country_holidays("GB", years=2026)
)
if not as_expected:
    sys.exit("The behaviour has changed.")
EOF
