"""`basecoach doctor`: checks everything that the bot depends on, and says what to do.

It changes nothing and sends nothing. If one part is broken, it still checks the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import aiohttp

from bot.clock import Clock, FollowedClock, SystemClock
from bot.config import Problem, Settings
from bot.doctor.env_file import about_env_file
from bot.doctor.findings import Finding, Level, Notebook
from bot.doctor.machine import about_settings, about_time_zones
from bot.doctor.slack import about_slack
from bot.doctor.storage import Storage, about_database

__all__ = ["Finding", "Level", "examine"]


async def examine(
    settings: Settings,
    *,
    problems: Sequence[Problem] = (),
    inherited: Mapping[str, str] | None = None,
    env_file: Path | None = None,
    machine: Clock | None = None,
) -> list[Finding]:
    """Check everything, and return the findings grouped by subject.

    `problems` are the problems of the settings (`bot.config.read`); `inherited` is the process's own environment;
    `env_file` is the file of settings, if it is to be looked at; `machine` is this machine's clock.
    """
    machine = machine or SystemClock()
    wrong = frozenset(problem.setting for problem in problems)
    findings = about_settings(settings, problems, inherited or {})
    findings += about_env_file(env_file, inherited or {})
    findings += about_time_zones()
    found, now = await _about_clock(settings.clock_url, machine)
    findings += found
    storage = Storage()
    if "DATABASE_URL" not in wrong:
        storage = await asyncio.to_thread(
            about_database,
            settings.database_url,
            pooler=settings.database_pooler,
            machine=machine,
            now=now,
        )
    findings += storage.findings
    findings += await about_slack(settings, wrong=wrong, records=storage.records, machine=machine)
    return findings


async def _about_clock(url: str | None, machine: Clock) -> tuple[list[Finding], datetime]:
    """Return the findings about the bot's clock, and the clock's current time."""
    said = Notebook("Clock")
    if url is None:
        return said.findings, machine.now()
    clock = FollowedClock(url)
    async with aiohttp.ClientSession() as session:
        try:
            await clock.start(session)
        except (OSError, TimeoutError):
            said.mend(
                f"BASECOACH_CLOCK_URL: no clock answers at {url}. Start the sandbox that it belongs "
                "to, or take the setting away."
            )
            return said.findings, machine.now()
        finally:
            await clock.stop()
        now = clock.now()
    said.note(f"The bot follows the clock at {url}, which shows {now:%Y-%m-%d %H:%M} UTC.")
    return said.findings, now
