"""`basecoach backup`: copies the database while the bot is running."""

from __future__ import annotations

from pathlib import Path

import click

from bot.backup import back_up
from bot.commands.running import in_words, read_settings
from bot.problems import OperatorProblem


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Copy the SQLite database to FILE, checked; the bot may be running. Never overwrites."""
    settings = read_settings(for_slack=False)
    try:
        made = back_up(settings.database_url, file)
    except OperatorProblem as problem:
        raise in_words(str(problem)) from problem
    click.echo(f"{made.path}: {made.size:,} bytes, schema {made.revision}, checked.")
