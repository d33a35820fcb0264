"""`basecoach delete member`: says what goes with a person, and deletes it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence

import click

from bot.commands.export import now_of
from bot.commands.running import in_words, read_settings, ready_database
from bot.database import Database
from bot.domain.privacy import erasure
from bot.domain.privacy.erasure import Erasure
from bot.domain.privacy.forgetting import Count
from bot.domain.refusals import Refusal
from bot.rules.terminal import printable

ONLY_A_PREVIEW = 2
"""The exit code when the command could not ask anybody for confirmation."""


@click.group()
def delete() -> None:
    """Delete what is stored about a person."""


@delete.command("member")
@click.argument("slack_user_id", metavar="ID")
@click.option("--yes", is_flag=True, help="Delete without asking.")
def delete_member(slack_user_id: str, yes: bool) -> None:
    """Delete everything about a person, by their Slack id (U…). There is a preview first; there is no way back.

    The bot may be running. It deletes the person's messages from Slack; if it is not running, it does so when it
    starts.
    """
    settings = read_settings(for_slack=False)
    with ready_database(settings) as database:
        try:
            found = database.read_now(erasure.preview, slack_user_id=slack_user_id)
            _show(found)
            if not yes and not _agreed(found):
                return
            now = asyncio.run(now_of(settings))
            went = database.write_now(erasure.erase, slack_user_id=slack_user_id, now=now)
        except Refusal as refusal:
            raise in_words(refusal.sentence) from None
        _empty_log(database)
    rows = sum(count.rows for count in went.removed)
    click.echo(
        f"Deleted: {rows:,} rows. {went.messages:,} messages, files and Homes go from Slack as soon "
        "as `basecoach run` is at work; `basecoach doctor` names those that Slack refuses."
    )
    click.echo("Backups keep what they hold: see docs/data.md.")


def _show(found: Erasure) -> None:
    click.echo(printable(f"{found.name} ({found.slack_user_id})"))
    click.echo("\nThis is removed:")
    _list(found.removed)
    if found.anonymised:
        click.echo("\nThis stays with others, and names “a deleted member” from then on:")
        _list(found.anonymised)
    click.echo(f"\nMessages that are deleted in Slack: {found.messages:,}\n")


def _list(counts: Sequence[Count]) -> None:
    for count in counts:
        click.echo(f"{count.rows:>7,}  {count.name:<24} {count.what}")


def _agreed(found: Erasure) -> bool:
    if not sys.stdin.isatty():
        click.echo("This was a preview and nothing was deleted. Add --yes to delete.")
        click.get_current_context().exit(ONLY_A_PREVIEW)
    if click.confirm(printable(f"Delete everything about {found.name}? There is no way back.")):
        return True
    click.echo("Nothing was deleted.")
    return False


def _empty_log(database: Database) -> None:
    """Have SQLite take what was deleted out of its write-ahead log; a reader may keep it from that for a while."""
    if database.is_sqlite:
        with database.engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None  # noqa: S101 - the connection was just opened
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
