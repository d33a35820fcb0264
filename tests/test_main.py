"""The command line: a command or an option that is nearly right is answered with the one that was meant."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bot.__main__ import COMMANDS, main


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("docter", "No such command 'docter'. Did you mean 'doctor'?"),
        ("run --htttp", "No such option '--htttp'. Did you mean '--http'?"),
        ("import teems teams.csv", "No such command 'teems'. Did you mean 'teams'?"),
        ("zzz", "No such command 'zzz'."),
        ("run --zzz", "No such option '--zzz'."),
    ],
)
def test_what_was_meant_is_suggested(line: str, answer: str) -> None:
    result = CliRunner().invoke(main, line.split())
    assert result.exit_code == 2
    assert result.output.splitlines()[-1] == f"Error: {answer}"


def test_help_names_every_command() -> None:
    told = CliRunner().invoke(main, ["--help"]).output
    assert [name for name in COMMANDS if f"\n  {name} " not in told] == []
