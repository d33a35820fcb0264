"""`basecoach doctor`."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from itertools import groupby
from pathlib import Path

import click

from bot import logs
from bot.config import Problem, Settings, environment, read
from bot.doctor import Finding, Level, examine
from bot.problems import ConfigurationProblem


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def doctor(*, as_json: bool) -> None:
    """Check settings, database, tokens, scopes and channels, and say what to mend.

    Ends with 0 when nothing is to be mended, with 1 otherwise.
    """
    unreadable: list[Problem] = []
    try:
        values = environment(os.environ)
    except ConfigurationProblem as problem:
        values = {name: value for name, value in os.environ.items() if value.strip()}
        unreadable = [Problem(".env", words) for words in problem.problems]
    settings, problems = read_all(values)
    logs.configure(level="error", style=settings.log_format)
    findings = asyncio.run(
        examine(
            settings,
            problems=[*unreadable, *problems],
            inherited=os.environ,
            env_file=Path(".env"),
        )
    )
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        _print(findings)
    if any(finding.level is Level.MEND for finding in findings):
        raise SystemExit(1)


def read_all(values: Mapping[str, str]) -> tuple[Settings, list[Problem]]:
    """Return the settings for `run`, or for `run --http` if only the settings of HTTP mode are there."""
    over_http = "SLACK_SIGNING_SECRET" in values and "SLACK_APP_TOKEN" not in values
    return read(values, for_slack=True, over_http=over_http)


def _print(findings: Iterable[Finding]) -> None:
    mend = 0
    for about, group in groupby(findings, key=lambda finding: finding.about):
        click.echo(f"\n{about}")
        for finding in group:
            mend += finding.level is Level.MEND
            click.echo(f"  {finding.level:<4}  {finding.words}")
    things = {0: "Nothing is to be mended.", 1: "1 thing is to be mended."}
    click.echo(f"\n{things.get(mend, f'{mend} things are to be mended.')}")
