"""The command line: `basecoach …`, or `python -m bot …`."""

from __future__ import annotations

import zoneinfo
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec
from typing import Any

import click
from click.exceptions import NoSuchCommand, NoSuchOption

from bot import gc_tuning

COMMANDS = {
    "sandbox": "bot.commands.sandbox:sandbox",
    "run": "bot.commands.running:run",
    "migrate": "bot.commands.running:migrate",
    "doctor": "bot.commands.doctor:doctor",
    "import": "bot.commands.importing:import_",
    "audit": "bot.commands.audit:audit",
    "export": "bot.commands.export:export",
    "delete": "bot.commands.deleting:delete",
    "backup": "bot.commands.backup:backup",
    "manifest": "bot.commands.manifest:manifest",
}


class _Commands(click.Group):
    """Imports a command only when it is used: `run` should not load the sandbox's server."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        # A container image for servers does not contain the sandbox.
        return [name for name, where in COMMANDS.items() if find_spec(where.split(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        module, name = COMMANDS[cmd_name].split(":")
        with gc_tuning.gc_paused():
            command = getattr(import_module(module), name)
        assert isinstance(command, click.Command)  # noqa: S101 - COMMANDS names nothing else
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        try:
            return super().resolve_command(ctx, args)
        except NoSuchCommand as error:
            # Click looks for a similar name among the commands that are imported, and none is.
            raise NoSuchCommand(
                error.command_name, possibilities=self.list_commands(ctx), ctx=ctx
            ) from None

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NoSuchOption as error:
            # Click names every option that is similar, in alphabetical order: --help before --http.
            raise NoSuchOption(
                error.option_name,
                error.message,
                possibilities=(error.possibilities or [])[:1],
                ctx=error.ctx,
            ) from None


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(version("basecoach"), prog_name="basecoach")
def main() -> None:
    """Basecoach holds a sales team to its own numbers, in Slack."""
    # Use the same time-zone database everywhere: that of the pinned package, not the machine's.
    zoneinfo.reset_tzpath(to=())


if __name__ == "__main__":
    main()
