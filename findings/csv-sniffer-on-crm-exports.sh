#!/usr/bin/env bash
# csv.Sniffer decides from its sample that quotes are never doubled, splits a column of addresses at a letter, and more.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"

env -i PATH="$PATH" HOME="$folder" timeout 60 "$folder/venv/bin/python" - <<'EOF'
import csv
import io
import platform
import sys

# As a CRM exports deals: every cell quoted, a quotation mark inside a cell doubled.
DEALS = (
    '"Record ID","Deal Name","Amount"\n'
    '"1","Acme","12500.00"\n'
    '"2","Hooli, Inc.","900.00"\n'
)
LATER = '"3","Globex ""West"", Ltd","100.00"\n'
ADDRESSES = "Email\nana@example.com\nben@example.com\n"
COMPANIES = "Company name\nAcme Inc\nHooli Inc\nGlobex Corporation\n"
EXCEL = "sep=;\nDeal;Amount;Close date\nAcme;12.500,00;23.11.2026\nHooli;9.000,50;24.11.2026\n"


def sniffed(sample: str) -> str:
    try:
        return repr(csv.Sniffer().sniff(sample).delimiter)
    except csv.Error as error:
        return str(error)


def last_row(dialect: type[csv.Dialect] | str) -> list[str]:
    return list(csv.reader(io.StringIO(DEALS + LATER), dialect))[-1]


by_the_sniffer, by_default = last_row(csv.Sniffer().sniff(DEALS)), last_row("excel")
separators = {
    "one column of e-mail addresses": sniffed(ADDRESSES),
    "one column of company names": sniffed(COMPANIES),
    "a first line sep=;": sniffed(EXCEL),
}

print(f"Python {platform.python_version()}, module csv")
print("a deal export whose first rows have no quotation mark inside a cell; the fourth line is")
print(f"   {LATER.strip()}")
print(f"read with the sniffed dialect: {by_the_sniffer}")
print(f"read with csv's own default:   {by_default}")
for name, found in separators.items():
    print(f"separator found for {name}: {found}")
as_expected = (
    by_the_sniffer == ["3", 'Globex "West""', ' Ltd"', "100.00"]
    and by_default == ["3", 'Globex "West", Ltd', "100.00"]
    and list(separators.values()) == ["'l'", "' '", "Could not determine delimiter"]
)
if not as_expected:
    sys.exit("The behaviour has changed.")
EOF
