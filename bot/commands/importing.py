"""`basecoach import teams|members|history FILE`: look first, then do it, all or nothing."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import aiohttp
import click
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from sqlmodel import Session, select

from bot.commands.running import chosen_clock, in_words, read_settings, ready_database
from bot.config import Settings
from bot.database import Database
from bot.domain import imports, imports_history, workspaces
from bot.domain.enrolments import Change
from bot.domain.imports import Plan, Rejected
from bot.domain.imports_csv import LARGEST_FILE, Columns, FileProblem, Table, read_table
from bot.domain.imports_rows import Known
from bot.domain.refusals import Refusal
from bot.domain.shown.setup import Channel
from bot.domain.tables import Workspace
from bot.slack.channels import read_channel
from bot.slack.profiles import read_profiles

LONG = 20
"""Lines from which a progress bar is shown."""

SHOWN = 40
"""Lines of a preview; further ones are counted."""

ONLY_A_PREVIEW = 2
"""The exit code when nobody could be asked."""

HTTP_TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=5)

SIGNS = {Change.CREATED: "+ new", Change.UPDATED: "~ changed", Change.UNCHANGED: "= the same"}


@dataclass(frozen=True)
class Kind:
    """What is imported."""

    one: str
    many: str
    columns: Columns
    plan: Callable[..., Plan]
    apply: Callable[..., Plan]
    of_known: bool = False
    """Whether all that a file can name is in the database: nothing is asked of Slack, and a plan only reads."""


TEAMS = Kind("team", "teams", imports.TEAM_COLUMNS, imports.plan_teams, imports.apply_teams)
MEMBERS = Kind(
    "member", "members", imports.MEMBER_COLUMNS, imports.plan_members, imports.apply_members
)
HISTORY = Kind(
    "conversation",
    "conversations",
    imports_history.COLUMNS,
    imports_history.plan_history,
    imports_history.apply_history,
    of_known=True,
)


@dataclass(frozen=True)
class Options:
    """How careful to be."""

    yes: bool
    skip_bad: bool
    public_channels: bool = False


@dataclass(frozen=True)
class Workplace:
    """Which workspace is imported into, what Slack says of those named, and when it is."""

    workspace_id: int
    known: Known
    now: datetime


FILE = click.argument("file", type=click.Path(path_type=Path))
YES = click.option("--yes", is_flag=True, help="Import without asking.")
SKIP_BAD = click.option("--skip-bad", is_flag=True, help="Import the good lines and leave the bad.")


@click.group("import")
def import_() -> None:
    """Import teams, members or past conversations from a CSV file.

    For teams and members an empty cell means the default for something new, and leaves what is there as it
    is; importing a file again updates what it names. A conversation that is there already is not added again.
    """


@import_.command("teams")
@FILE
@YES
@SKIP_BAD
@click.option("--public-channels", is_flag=True, help="Take coach channels that all can read.")
def import_teams(file: Path, yes: bool, skip_bad: bool, public_channels: bool) -> None:
    """Import teams: name, coach, second_coach, coach_channel, day, time, deadline_day, deadline_time.

    People and channels are given by their Slack ids (U…, C…).
    """
    _import(TEAMS, file, Options(yes, skip_bad, public_channels))


@import_.command("members")
@FILE
@YES
@SKIP_BAD
def import_members(file: Path, yes: bool, skip_bad: bool) -> None:
    """Import reps: user, team, timezone, enrolled_on, sales, base_moves, conversations.

    The user is a Slack id (U…); enrolled_on is a day like 2026-11-23; the last three are weekly targets.
    """
    _import(MEMBERS, file, Options(yes, skip_bad))


@import_.command("history")
@FILE
@YES
@SKIP_BAD
def import_history(file: Path, yes: bool, skip_bad: bool) -> None:
    """Import past conversations of reps: user, date, company, base, outcome, amount, close.

    The user is a Slack id (U…) of a rep; date is a day like 2026-11-23; base is 1st, 2nd, 3rd, home or none;
    outcome is open, won or lost; amount goes with home; close is asked, not asked or inoffensive.
    """
    _import(HISTORY, file, Options(yes, skip_bad))


def _import(kind: Kind, file: Path, options: Options) -> None:
    settings = read_settings(for_slack=False)
    table = _read(file, kind.columns)
    with ready_database(settings) as database:
        place = asyncio.run(_look_up(kind, settings, database, table, options))
        run = database.read_now if kind.of_known else database.write_now
        plan = _with_bar(f"Checking {kind.many}", table, run, kind.plan, place)
        _show(kind, plan)
        if plan.problems and not options.skip_bad:
            raise click.ClickException(
                "Nothing was imported. Mend these lines, or leave them out with --skip-bad."
            )
        if plan.changes_nothing:
            click.echo("There is nothing to change.")
            return
        if not options.yes and not _agreed(kind, plan):
            return
        try:
            done = _with_bar(
                f"Importing {kind.many}",
                table,
                database.write_now,
                kind.apply,
                place,
                skip_bad=options.skip_bad,
            )
        except Rejected as rejected:  # somebody changed something since the preview
            _show_problems(rejected.plan)
            raise click.ClickException("Nothing was imported: see these lines.") from None
        click.echo(f"Imported: {_counted(kind, done)}.")


def _read(file: Path, columns: Columns) -> Table:
    try:
        with file.open("rb") as opened:
            data = opened.read(LARGEST_FILE + 1)
        return read_table(data, columns)
    except FileNotFoundError:
        raise in_words(f"There is no file {file}. Check the path.") from None
    except IsADirectoryError:
        raise in_words(f"{file} is a folder. Name a CSV file.") from None
    except OSError as error:
        raise in_words(f"{file} can’t be read: {error.strerror}.") from None
    except FileProblem as problem:
        raise in_words(f"{file.name} can’t be imported:", *problem.sentences) from None


async def _look_up(
    kind: Kind, settings: Settings, database: Database, table: Table, options: Options
) -> Workplace:
    """What the import needs to know from Slack, where there is a token to ask with."""
    async with chosen_clock(settings) as clock:
        now = clock.now()
    if kind.of_known and (only := await database.read(_workspaces)) and len(only) == 1:
        return Workplace(only[0], Known(), now)
    if settings.slack_bot_token is None:
        known = Known(admin_users=settings.admin_users, public_channels=options.public_channels)
        click.echo("SLACK_BOT_TOKEN is not set, so Slack is not asked who these people are.")
        return Workplace(await database.read(_only_workspace), known, now)
    async with aiohttp.ClientSession(timeout=HTTP_TIMEOUT) as session:
        client = AsyncWebClient(
            token=settings.slack_bot_token, base_url=settings.slack_api_url, session=session
        )
        client.retry_handlers.append(AsyncRateLimitErrorRetryHandler(max_retry_count=10))
        workspace_id = await _installed(client, database, now)
        people, channels = imports.people_in(table), imports.channels_in(table)
        with _bar("Asking Slack", len(people)) as step:
            profiles = await read_profiles(client, people, progress=step)
        known = Known(
            profiles=profiles,
            channels={channel: await _channel(client, channel) for channel in channels},
            asked_slack=True,
            admin_users=settings.admin_users,
            public_channels=options.public_channels,
        )
    return Workplace(workspace_id, known, now)


async def _installed(client: AsyncWebClient, database: Database, now: datetime) -> int:
    try:
        answer = await client.auth_test()
    except SlackApiError as error:
        raise in_words(
            f"Slack does not take SLACK_BOT_TOKEN ({error.response.get('error')}). "
            "Copy it again from Slack."
        ) from None
    except (aiohttp.ClientError, OSError) as error:
        raise in_words(f"Slack does not answer ({type(error).__name__}). Try again.") from None
    return await database.write(
        workspaces.install,
        slack_team_id=answer["team_id"],
        name=answer["team"],
        bot_user_id=answer["user_id"],
        now=now,
    )


async def _channel(client: AsyncWebClient, channel_id: str) -> Channel | str | None:
    try:
        return await read_channel(client, channel_id)
    except Refusal as refusal:
        return refusal.sentence


def _workspaces(session: Session) -> Sequence[int]:
    return session.exec(select(Workspace.id)).all()


def _only_workspace(session: Session) -> int:
    found = _workspaces(session)
    if len(found) != 1:
        raise in_words(
            "The database knows no workspace yet. Set SLACK_BOT_TOKEN, so that Slack can tell which."
            if not found
            else "The database has several workspaces. Set SLACK_BOT_TOKEN to say which is meant."
        )
    return found[0]


def _with_bar(
    label: str,
    table: Table,
    run: Callable[..., Plan],
    use_case: Callable[..., Plan],
    place: Workplace,
    **more: bool,
) -> Plan:
    with _bar(label, len(table.rows)) as step:
        return run(
            use_case,
            workspace_id=place.workspace_id,
            table=table,
            known=place.known,
            now=place.now,
            progress=step,
            **more,
        )


@contextmanager
def _bar(label: str, length: int) -> Iterator[Callable[[], None]]:
    """A progress bar for what is long enough; gives the function that moves it on by one."""
    with click.progressbar(
        length=length, label=label, file=sys.stderr, hidden=length < LONG
    ) as bar:
        yield lambda: bar.update(1)


def _show(kind: Kind, plan: Plan) -> None:
    if plan.rows:
        click.echo(f"{'line':>5}  {'':<11} {kind.one}")
    for row in plan.rows[:SHOWN]:
        details = ", ".join(row.details)
        click.echo(_printable(f"{row.line:>5}  {SIGNS[row.change]:<11} {row.what}: {details}"))
    if len(plan.rows) > SHOWN:
        click.echo(f"       … and {len(plan.rows) - SHOWN:,} more lines")
    for warning in plan.warnings[:SHOWN]:
        click.echo(_printable(f"line {warning.line}: {warning.reason}"))
    if len(plan.warnings) > SHOWN:
        click.echo(f"… and {len(plan.warnings) - SHOWN:,} more lines like these")
    _show_problems(plan)
    click.echo(f"In all: {_counted(kind, plan)}.")


def _show_problems(plan: Plan) -> None:
    for problem in plan.problems:
        click.echo(_printable(f"line {problem.line}: {problem.reason}"), err=True)


def _counted(kind: Kind, plan: Plan) -> str:
    counts = [
        f"{plan.count(Change.CREATED):,} new",
        f"{plan.count(Change.UPDATED):,} changed",
        f"{plan.count(Change.UNCHANGED):,} the same",
    ]
    if plan.problems:
        counts.append(f"{len(plan.problems):,} rejected")
    return f"{len(plan.rows) + len(plan.problems):,} {kind.many}: {', '.join(counts)}"


def _agreed(kind: Kind, plan: Plan) -> bool:
    if not sys.stdin.isatty():
        click.echo("This was a preview and nothing was imported. Add --yes to import.")
        click.get_current_context().exit(ONLY_A_PREVIEW)
    if click.confirm(f"Import these {kind.many}?"):
        return True
    click.echo("Nothing was imported.")
    return False


def _printable(text: str) -> str:
    """Names come from people: no control character of theirs reaches the terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
