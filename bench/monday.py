"""A Monday of a team: eight reps answer, some contradict their log, some miss, and the coach has Home open.

Of a hundred answers sixty agree with the log and are one press. Forty contradict it: a press, a form that opens,
a number typed into it. Of ten reps three have logged nothing and miss their week, so an alert goes to the coach.
Answers come one after the other, so every message, alert and Home is rendered for itself, as over a whole Monday.
Sending the check-ins is not counted: `fanout` measures that.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from bench import slack_seen
from bench.check_ins import counted
from bench.databases import KINDS
from bench.load import send
from bench.measuring import Bench, name
from bench.payloads import press_of, submission_of
from bench.people import QUESTIONS
from bench.processes import come_to_rest, cpu_seconds, started
from bench.rounds import REPEATS, Result, Variant, paired, values
from bot.slack.views.checkins.messages import ANSWER_NO, ANSWER_YES

TEAM = 8
TEAMS, QUICK_TEAMS = 10, 2
SILENT = (0, 4, 7)
"""The last digits of the reps who have logged nothing, and miss."""
BETWEEN = 0.03
"""Seconds between an acknowledgement and the next answer."""
ENOUGH = "150"
"""A number that reaches each of the targets."""


@dataclass
class Office:
    """A bot, and the teams whose Monday has not come yet."""

    port: int
    pid: int
    api: int
    next_rep: int = 1

    async def monday(self, teams: int) -> float:
        """Milliseconds of the bot's processor that one rep takes until everything rests."""
        first, self.next_rep = self.next_rep, self.next_rep + teams * TEAM
        before, calls = cpu_seconds(self.pid), await slack_seen.calls(self.api)
        for rep in range(first, self.next_rep):
            for question in range(len(QUESTIONS)):
                await self._answer(rep, question)
        await come_to_rest(self.pid, quiet=1.0)
        worked = cpu_seconds(self.pid) - before
        after = await slack_seen.calls(self.api)
        alerts = sum(rep % 10 in SILENT for rep in range(first, self.next_rep))
        if (sent := after.get("chat.postmessage", 0) - calls.get("chat.postmessage", 0)) != alerts:
            raise RuntimeError(f"{sent} alerts went out where {alerts} reps missed")
        if after.get("views.publish", 0) == calls.get("views.publish", 0):
            raise RuntimeError("no Home was rendered")
        return worked / (teams * TEAM) * 1000

    async def _answer(self, rep: int, question: int) -> None:
        has_logged = rep % 10 not in SILENT
        agrees = (rep * len(QUESTIONS) + question) % 5 not in (0, 3)
        pressed = ANSWER_YES if has_logged is agrees else ANSWER_NO
        slack, trigger = f"http://127.0.0.1:{self.api}", f"1.{rep}.{question}.{self.port}"
        await send(
            self.port, press_of(rep, question, slack=slack, pressed=pressed, trigger=trigger)
        )
        if not agrees:
            view = await slack_seen.opened(self.api, trigger)
            await send(self.port, submission_of(rep, view, typed=ENOUGH))
        await asyncio.sleep(BETWEEN)


async def measure(bench: Bench) -> list[Result]:
    """Processor time a rep, of each build on both kinds of database."""
    rounds, teams = (3, QUICK_TEAMS) if bench.quick else (7, TEAMS)
    repeats = 1 if bench.quick else REPEATS
    facts = {
        "reps": TEAM * (1 + rounds * (repeats + 1) * teams),
        "team_size": TEAM,
        "check_ins": "open",
        "silent": SILENT,
        "with_home": True,
    }
    variants: dict[str, Variant] = {}
    urls = {}
    with contextlib.ExitStack() as stack:
        api, _ = stack.enter_context(started("bench.mock_slack"))
        for key, kind, build in bench.on_each_kind():
            url = bench.databases.with_people(kind, build, **facts)
            told = ("serve", url, f"http://127.0.0.1:{api}/api/")
            port, process = stack.enter_context(started("bench.inside", *told, build=build))
            office = Office(int(port), process.pid, int(api))
            await office.monday(1)  # first calls import and compile

            async def monday(_: int, office: Office = office) -> float:
                return await office.monday(teams)

            variants[key], urls[url] = monday, office
        pairs = [pair for kind in KINDS for pair in bench.pairs(kind)]
        measured = await paired(variants, rounds=rounds, pairs=pairs, repeats=repeats)
        for url, office in urls.items():
            answers, given = (
                (office.next_rep - 1) * len(QUESTIONS),
                "answer WHERE verdict IS NOT NULL",
            )
            if (found := counted(url, given)) != answers:
                raise RuntimeError(f"{found} of {answers} answers were recorded")
    results = []
    for kind, bar in zip(KINDS, (0.25, 0.35), strict=True):
        what = f"a Monday of a team, processor time a rep, {kind}"
        found = values(measured, name(bench.new, kind))
        results.append(Result(what, found, None, better="less", unit=" ms"))
        results += bench.beside(what, measured, kind, bar=bar)
    return results
