"""`basecoach run` and `basecoach migrate`, and what every command that needs settings does first."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import click

from bot import app, logs, migrations
from bot.clock import Clock, FollowedClock, SystemClock
from bot.config import ConfigurationProblem, Settings, environment, from_environment
from bot.database import Database, DatabaseProblem, opened
from bot.slack.pacing import Pace, rates


def read_settings(*, for_slack: bool) -> Settings:
    """The settings from the environment and `.env`; ends the command with every problem named."""
    try:
        settings = from_environment(environment(os.environ), for_slack=for_slack)
    except ConfigurationProblem as problem:
        raise in_words("These settings need mending:", *problem.problems) from problem
    logs.configure(level=settings.log_level, style=settings.log_format)
    return settings


def in_words(first: str, *more: str) -> click.ClickException:
    """What ends a command for a reason that its user can mend."""
    return click.ClickException("\n".join([first, *(f"  • {line}" for line in more)]))


@contextmanager
def ready_database(settings: Settings) -> Iterator[Database]:
    """The database with this release's schema: SQLite is upgraded here, PostgreSQL must have been."""
    try:
        with opened(settings.database_url) as database:
            if database.is_sqlite:
                migrations.upgrade(database)
            migrations.require_current(database)
            yield database
    except DatabaseProblem as problem:
        raise in_words(str(problem)) from problem


@asynccontextmanager
async def chosen_clock(settings: Settings) -> AsyncIterator[Clock]:
    """The system's clock, or the one that BASECOACH_CLOCK_URL names."""
    if settings.clock_url is None:
        yield SystemClock()
        return
    clock = FollowedClock(settings.clock_url)
    async with aiohttp.ClientSession() as session:
        try:
            await clock.start(session)
        except OSError as problem:
            raise in_words(f"BASECOACH_CLOCK_URL: {problem}.") from problem
        try:
            yield clock
        finally:
            await clock.stop()


def stop_signal() -> asyncio.Event:
    """Set at SIGTERM or SIGINT; a second signal ends the process the hard way."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def asked(number: int) -> None:
        stop.set()
        loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, asked, number)
    return stop


@click.command()
def run() -> None:
    """Run the bot over Socket Mode until SIGTERM."""
    settings = read_settings(for_slack=True)
    with ready_database(settings) as database:
        try:
            asyncio.run(_run(settings, database))
        except app.StartProblem as problem:
            raise in_words(str(problem)) from problem


async def _run(settings: Settings, database: Database) -> None:
    assert settings.slack_bot_token is not None  # noqa: S101 - for_slack saw to it
    assert settings.slack_app_token is not None  # noqa: S101
    stop = stop_signal()
    async with (
        chosen_clock(settings) as clock,
        app.running(
            database=database,
            clock=clock,
            bot_token=settings.slack_bot_token,
            app_token=settings.slack_app_token,
            api_url=settings.slack_api_url,
            admin_users=settings.admin_users,
            pace=Pace(rates(settings.messages_per_second)),
        ),
    ):
        await stop.wait()


@click.command()
def migrate() -> None:
    """Bring the database's schema to this release's."""
    settings = read_settings(for_slack=False)
    try:
        with opened(settings.database_url) as database:
            changed = migrations.upgrade(database)
    except DatabaseProblem as problem:
        raise in_words(str(problem)) from problem
    click.echo(f"The schema is at {migrations.HEAD}{'' if changed else ' already'}.")
