"""`basecoach run` and `basecoach migrate`, and the first steps of every command that needs settings."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import aiohttp
import click
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

from bot import app, event_loop, gc_tuning, logs, migrations
from bot.clock import Clock, FollowedClock, SystemClock
from bot.config import Settings, environment, from_environment
from bot.database import Database, opened, problem_of
from bot.problems import ConfigurationProblem, DatabaseProblem, StartProblem
from bot.slack.delivery.pacing import Pace, rates
from bot.slack.receiving.transport import HealthSettings, HttpSettings

log = logging.getLogger(__name__)


def read_settings(*, for_slack: bool, over_http: bool = False) -> Settings:
    """Return the settings from the environment and `.env`; if there are problems, name all and end the command."""
    try:
        settings = from_environment(
            environment(os.environ), for_slack=for_slack, over_http=over_http
        )
    except ConfigurationProblem as problem:
        raise in_words("These settings need mending:", *problem.problems) from problem
    logs.configure(level=settings.log_level, style=settings.log_format)
    return settings


def in_words(first: str, *more: str) -> click.ClickException:
    """Return the exception that ends a command for a reason that its user can fix."""
    return click.ClickException("\n".join([first, *(f"  • {line}" for line in more)]))


@contextmanager
def opened_database(settings: Settings) -> Iterator[Database]:
    """Open the database. What the operator has to mend about it, and its loss, end the command in words."""
    try:
        with opened(settings.database_url, pooler=settings.database_pooler) as database:
            try:
                yield database
            except (OperationalError, InterfaceError) as error:
                if database.is_sqlite or not _is_lost(error):
                    raise
                raise problem_of(error, database.url) from error
    except DatabaseProblem as problem:
        raise in_words(str(problem)) from problem


def _is_lost(error: DBAPIError) -> bool:
    """Return whether there is no connection: it was cut, or none was made (then there is no code)."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) is None


@contextmanager
def ready_database(settings: Settings) -> Iterator[Database]:
    """Open the database and ensure this release's schema: SQLite is upgraded here, PostgreSQL must be already."""
    with opened_database(settings) as database:
        done = migrations.upgrade(database) if database.is_sqlite else None
        if done is not None and done.copy is not None:
            log.info(
                "schema upgraded, the database was copied first",
                extra={"before": done.before, "revision": migrations.HEAD, "copy": str(done.copy)},
            )
        migrations.require_current(database)
        yield database


@asynccontextmanager
async def chosen_clock(settings: Settings) -> AsyncIterator[Clock]:
    """Yield the system's clock, or the clock at BASECOACH_CLOCK_URL."""
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
    """Return an event that is set at SIGTERM or SIGINT; a second signal kills the process."""
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
@click.option("--http", is_flag=True, help="Over HTTP: Slack posts to /slack/events.")
def run(*, http: bool) -> None:
    """Run the bot over Socket Mode until SIGTERM.

    Ends with an error when Slack could not be reached for minutes, so that a supervisor starts it anew.
    """
    settings = read_settings(for_slack=True, over_http=http)
    with ready_database(settings) as database:
        try:
            gave_up = event_loop.run(_run(settings, database, over_http=http))
        except StartProblem as problem:
            raise in_words(str(problem)) from problem
    if gave_up:
        raise in_words("Slack could not be reached over Socket Mode for minutes: start me again.")


async def _run(settings: Settings, database: Database, *, over_http: bool) -> bool:
    """Run until SIGTERM (returns False), or until no payload arrives any more (returns True)."""
    http = None
    if over_http:
        assert settings.slack_signing_secret is not None  # noqa: S101 - for_slack saw to it
        http = HttpSettings(
            settings.slack_signing_secret, host=settings.http_host, port=settings.http_port
        )
    health = None
    if settings.metrics_port is not None:
        health = HealthSettings(settings.metrics_host, settings.metrics_port)
    stop, started = stop_signal(), asyncio.Event()
    work = asyncio.create_task(
        _work(settings, database, http=http, health=health, stop=stop, started=started)
    )
    if not await _first(stop, work) or started.is_set():
        return await work
    work.cancel()  # the process was told to stop while it was still connecting to Slack
    with contextlib.suppress(asyncio.CancelledError):
        await work
    return False


async def _work(
    settings: Settings,
    database: Database,
    *,
    http: HttpSettings | None,
    health: HealthSettings | None,
    stop: asyncio.Event,
    started: asyncio.Event,
) -> bool:
    assert settings.slack_bot_token is not None  # noqa: S101 - for_slack saw to it
    async with (
        chosen_clock(settings) as clock,
        app.running(
            database=database,
            clock=clock,
            bot_token=settings.slack_bot_token,
            app_token=settings.slack_app_token,
            http=http,
            health=health,
            api_url=settings.slack_api_url,
            admin_users=settings.admin_users,
            pace=Pace(rates(settings.messages_per_second)),
            retention_months=settings.retention_months,
        ) as bot,
    ):
        started.set()
        gc_tuning.freeze_startup_objects()
        giving_up = asyncio.create_task(bot.transport.gave_up.wait())
        try:
            return not await _first(stop, giving_up)
        finally:
            giving_up.cancel()


async def _first(stop: asyncio.Event, other: asyncio.Task[bool]) -> bool:
    """Wait for either, and return whether it was `stop`."""
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait({stopping, other}, return_when=asyncio.FIRST_COMPLETED)
        return stop.is_set()
    finally:
        stopping.cancel()


@click.command()
def migrate() -> None:
    """Bring the database's schema to this release's. An SQLite database is copied first."""
    settings = read_settings(for_slack=False)
    with opened_database(settings) as database:
        if not database.is_sqlite and migrations.current(database) not in {None, migrations.HEAD}:
            click.echo(
                "PostgreSQL is not copied first: the way back is a dump of your own (pg_dump)."
            )
        done = migrations.upgrade(database)
    click.echo(f"The schema is at {migrations.HEAD}{'' if done else ' already'}.")
    if done is not None and done.copy is not None:
        click.echo(
            f"The database as it was before, at {done.before}, is in {done.copy}. "
            "It holds people's data: delete it once you need no way back."
        )
