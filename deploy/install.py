"""Installs locked requirements with pip, and shows what it is at: `python install.py requirements.txt`.

Pip with --quiet says nothing for a minute or more, and without it fills pages. This shows one line that counts.
Where pip fails, all that it said is shown, and the exit code is its own.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

PIP = (sys.executable, "-m", "pip", "install", "--disable-pip-version-check", "--no-color")
BEGUN = re.compile(r"(?:Collecting|Ignoring|Requirement already satisfied:) ([\w.-]+)")


def packages_in(text: str) -> int:
    """Return how many packages a file of locked requirements names."""
    return sum(bool(re.match(r"[\w.-]+(\[[\w,.-]+\])?==", line)) for line in text.split("\n"))


def progress(lines: Iterable[str], *, total: int) -> Iterator[str]:
    """Yield what to show for pip's lines as they come: each package once, then that they are put in place."""
    seen: set[str] = set()
    for line in lines:
        begun = BEGUN.match(line.strip())
        if begun is not None and begun[1] not in seen:
            seen.add(begun[1])
            yield f"{min(len(seen), total)} of {total}: {begun[1]}"
        elif line.startswith("Installing collected packages"):
            yield "putting them in place"


def main() -> None:
    """Install the file that the command line names."""
    file = Path(sys.argv[1])
    total = packages_in(file.read_text(encoding="utf-8"))
    pip = subprocess.Popen(  # noqa: S603 - this Python's own pip
        [*PIP, "--require-hashes", "-r", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []

    def heard() -> Iterator[str]:
        for line in pip.stdout or ():
            said.append(line)
            yield line

    on_screen = sys.stdout.isatty()
    for number, step in enumerate(progress(heard(), total=total)):
        if on_screen:
            sys.stdout.write(f"\r\033[K  {step}")
        elif number % 10 == 0 or step.startswith("putting"):
            sys.stdout.write(f"  {step}\n")
        sys.stdout.flush()
    if on_screen:
        sys.stdout.write("\r\033[K")
    code = pip.wait()
    if code:
        sys.stdout.write("".join(said))
    sys.exit(code)


if __name__ == "__main__":
    main()
