"""Errors that stop the bot and that the operator has to fix. Each error's text says what to do next.

Commands catch `OperatorProblem`, print its text and end with exit code 1; no traceback is shown.
"""

from __future__ import annotations

from collections.abc import Sequence


class OperatorProblem(Exception):
    """Something that the operator has to fix; ``str()`` says how."""


class ConfigurationProblem(OperatorProblem):
    """The settings can't be used; `problems` has a sentence for each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(self.problems))


class DatabaseProblem(OperatorProblem):
    """The database can't be used."""


class BackupProblem(OperatorProblem):
    """No backup was made, and nothing was left behind."""


class StartProblem(OperatorProblem):
    """The bot can't start."""
