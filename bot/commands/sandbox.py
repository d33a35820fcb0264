"""`basecoach sandbox`: serves a Slack workspace in the browser, with the bot in it."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
from sqlmodel import Session

from bot import app, demo, private_files
from bot.clock import SettableClock
from bot.commands import sandbox_weeks
from bot.commands.running import in_words, read_settings, ready_database, stop_signal
from bot.commands.sandbox_weeks import BOT, SANDBOX
from bot.config import Settings
from bot.database import Database
from bot.demo.weeks import life
from bot.domain.checkins import schedule_ahead
from bot.problems import StartProblem
from bot.sandbox.clock import Jump
from bot.sandbox.manifest import ManifestError
from bot.sandbox.seed import seed_workspace
from bot.sandbox.server import SandboxServer
from bot.sandbox.state.storage import StorageError
from bot.sandbox.workspace import Workspace
from bot.slack import manifest as own_manifest

JUST_AFTER = timedelta(seconds=1)
EMPTY = "sandbox-empty"
"""The file that says of a sandbox's data that it began without the demo's team."""


@click.command()
@click.option(
    "--reset", is_flag=True, help="Start afresh: forget the workspace and the bot's data."
)
@click.option(
    "--empty", is_flag=True, help="Begin with people and channels, and nothing set up for them."
)
@click.option(
    "--weeks",
    type=click.IntRange(life.FEWEST, life.MOST),
    help="Begin with a team of twelve and so many weeks behind it: 12 take a minute and a half.",
)
@click.option("--no-bot", is_flag=True, help="Only the workspace; run the bot yourself.")
@click.option("--port", type=int, help="Where to listen (BASECOACH_SANDBOX_PORT, 3333).")
@click.option(
    "--ack-seconds",
    type=click.FloatRange(min=0, min_open=True),
    default=3.0,
    show_default=True,
    help="How long the bot has to acknowledge and to open a modal; Slack gives it 3 seconds.",
)
@click.option(
    "--manifest",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The app's manifest: commands, events and scopes (that of `basecoach manifest`).",
)
def sandbox(
    *,
    reset: bool,
    empty: bool,
    weeks: int | None,
    no_bot: bool,
    port: int | None,
    ack_seconds: float,
    manifest: Path | None,
) -> None:
    """Run a Slack workspace on this machine, in your browser, with the bot and a team in it."""
    if weeks is not None and (empty or no_bot):
        raise in_words(
            "--weeks fills the workspace with what a team does with its bot: leave "
            f"{'--empty' if empty else '--no-bot'} out, or --weeks."
        )
    settings = read_settings(for_slack=False)
    data = settings.sandbox_data
    if reset:
        for path in (*data.glob(f"{SANDBOX}*"), *data.glob(f"{BOT}*"), data / EMPTY):
            path.unlink(missing_ok=True)
        for folder in data.glob(sandbox_weeks.UNFINISHED):
            shutil.rmtree(folder, ignore_errors=True)
    try:
        private_files.make_folder(data)
    except OSError as problem:
        raise in_words(
            f"The folder {data} can't be made ({problem.strerror or problem})."
        ) from problem
    described = own_manifest.manifest() if manifest is None else _manifest(manifest)
    if weeks is not None:
        sandbox_weeks.fill(data, weeks=weeks, manifest=described)
    private_files.make_database(data / SANDBOX)
    # The sandbox has a database of its own and never opens the one at DATABASE_URL.
    own = Settings(database_url=f"sqlite:///{data / BOT}", admin_users=settings.admin_users)
    with ready_database(own) as database:
        try:
            asyncio.run(
                _serve(
                    database=None if no_bot else database,
                    data=data,
                    empty=empty,
                    weeks=weeks,
                    port=settings.sandbox_port if port is None else port,
                    ack_seconds=ack_seconds,
                    manifest=described,
                )
            )
        except (StartProblem, ManifestError, StorageError) as problem:
            raise in_words(str(problem)) from problem


def _manifest(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise in_words(
            f"The manifest {path} can't be read. Name another file with --manifest, or leave "
            "the option out."
        ) from problem
    except ValueError as problem:
        raise in_words(f"The manifest {path} is not JSON: {problem}.") from problem
    if not isinstance(found, dict):
        raise in_words(f"The manifest {path} is not a JSON object.")
    return found


async def _serve(
    *,
    database: Database | None,
    data: Path,
    empty: bool,
    weeks: int | None,
    port: int,
    ack_seconds: float,
    manifest: dict[str, Any],
) -> None:
    stop = stop_signal()
    clock = SettableClock()
    workspace = Workspace.open(
        data / SANDBOX,
        clock=clock,
        manifest=manifest,
        ack_seconds=ack_seconds,
        trigger_seconds=ack_seconds,
    )
    try:
        is_new = not workspace.users
        _remember_empty(data / EMPTY, empty=empty, is_new=is_new)
        if not is_new:
            clock.follow(workspace.saved_offset)
        else:
            start = demo.friday_afternoon(datetime.now(UTC))
            clock.follow((start - datetime.now(UTC)).total_seconds())
            seed_workspace(workspace)
        server = SandboxServer(
            workspace, clock=clock, port=port, jumps=_jumps(database) if database else ()
        )
        try:
            await server.start()
        except OSError as problem:
            raise in_words(
                f"Port {port} is taken ({problem.strerror}). "
                "Stop what listens there, or choose another with --port or BASECOACH_SANDBOX_PORT."
            ) from problem
        try:
            if database is None:
                _say_how_to_connect(server, workspace)
                await stop.wait()
                return
            is_empty = (data / EMPTY).exists()
            if not is_empty:
                await database.write(demo.seed, now=clock.now())
            async with app.running(
                database=database,
                clock=clock,
                bot_token=workspace.bot_token,
                app_token=workspace.app_token,
                api_url=server.api_url,
            ):
                what = _what_to_do(is_empty=is_empty, is_new=is_new, weeks=weeks)
                _say_hello(server, data, what)
                await stop.wait()
        finally:
            await server.stop()
    finally:
        workspace.close()


def _remember_empty(mark: Path, *, empty: bool, is_new: bool) -> None:
    """Note beside a new sandbox that it begins empty, so that it stays so when it is started again."""
    if not empty or mark.exists():
        return
    if not is_new:
        raise in_words(
            f"The sandbox in {mark.parent} has the team of the demo in it already. "
            "Start afresh with --empty --reset, or leave --empty out."
        )
    mark.touch(mode=0o600)


def _jumps(database: Database) -> list[Jump]:
    """Return the clock buttons that jump to the bot's next actions."""

    def to(
        moment: Callable[[Session], datetime | None],
    ) -> Callable[[], Awaitable[datetime | None]]:
        async def when() -> datetime | None:
            found = await database.read(moment)
            return found + JUST_AFTER if found is not None else None

        return when

    return [
        Jump("Next check-in", "next_check_in", to(schedule_ahead.next_check_in)),
        Jump("Next reminder", "next_reminder", to(schedule_ahead.next_reminder)),
        Jump("To the deadline", "deadline", to(schedule_ahead.next_deadline)),
        Jump("To the brief", "brief", to(schedule_ahead.next_brief)),
    ]


def _say_hello(server: SandboxServer, data: Path, what: str) -> None:
    click.echo(
        f"\n  Basecoach is running in a Slack workspace of its own: {server.url}\n\n{what}"
        f"  Ctrl-C stops it; what happened is kept in {data} (--reset starts afresh).\n"
    )


def _what_to_do(*, is_empty: bool, is_new: bool, weeks: int | None) -> str:
    """Return two lines for whoever opens the page."""
    if is_empty:
        return (
            "  Nothing is set up in it. Be Alex, the admin, and type /coach, or look at Alex’s Home;\n"
            "  #coach-dana is there for a coach, and everybody of the company can become a rep.\n"
        )
    if weeks is not None:
        return (
            f"  It is Wednesday, and a team of twelve has {sandbox_weeks.so_many(weeks)} behind it. Be Dana,\n"
            "  their coach: read the newest brief among her messages, take an alert in #coach-dana,\n"
            "  or type /coach @priya.\n"
        )
    if not is_new:
        return "  It goes on where it was left.\n"
    return (
        "  It is Friday afternoon. Be Priya and log a conversation (/log-conversation Acme 2nd),\n"
        "  press “Next check-in” and answer; then be Dana, her coach, in #coach-dana.\n"
    )


def _say_how_to_connect(server: SandboxServer, workspace: Workspace) -> None:
    click.echo(
        f"\n  A Slack workspace without a bot: {server.url}\n\n"
        "  Start the bot beside it with these settings:\n\n"
        f"  export SLACK_BOT_TOKEN={workspace.bot_token}\n"
        f"  export SLACK_APP_TOKEN={workspace.app_token}\n"
        f"  export SLACK_API_URL={server.api_url}\n"
        f"  export BASECOACH_CLOCK_URL={server.clock_url}\n"
        "  basecoach run\n"
    )
