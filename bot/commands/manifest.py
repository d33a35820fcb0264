"""`basecoach manifest`: prints the manifest from which Slack creates the app."""

from __future__ import annotations

from urllib.parse import urlsplit

import click

from bot.commands.running import in_words
from bot.slack import manifest as source


@click.command()
@click.option(
    "--http",
    metavar="URL",
    help="For HTTP mode, behind this address (https://host); without it for Socket Mode.",
)
def manifest(*, http: str | None) -> None:
    """Print the Slack app's manifest."""
    if http is not None:
        try:
            parts = urlsplit(http)
            usable = parts.scheme == "https" and bool(parts.hostname) and parts.path in {"", "/"}
            usable = usable and not parts.query and not parts.fragment
        except ValueError:
            usable = False
        if not usable:
            raise in_words(
                "--http takes the address at which Slack reaches this bot, such as "
                f"{source.EXAMPLE_URL}, and adds {source.PATH} itself."
            )
    click.echo(source.as_text(source.manifest(http=http)), nl=False)
