"""A Monday at Slack's pace, on paper: `python -m bench.pacing_model`; see docs/scale.md.

Nothing is sent. Time jumps from one moment at which the product's own `Pace` lets a call begin to the next, as
the sender's lanes do, so the table follows from the rules in `bot/slack/delivery/pacing.py` and from nothing
else but the habits below.
"""

from __future__ import annotations

import heapq
import statistics
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from bot.domain.outbox.outbox import Lane
from bot.slack.delivery.pacing import Pace
from bot.slack.delivery.sender import CLAIM_LIMIT, METHODS

NINE = datetime(2026, 11, 23, 9, tzinfo=UTC)
TEAM_SIZE = 10
QUESTIONS = 3
ANSWER_WITHIN = timedelta(hours=2)
"""The reps' median time to their answers; one in ten needs four times as long."""
MISSES = 0.3
"""The share of reps whose last answer brings an alert."""
HOMES = 0.5
"""The share of coaches who have ever opened Home, where each of their reps' answers is shown."""
RETRY_AFTER = 30.0


@dataclass(frozen=True)
class Case:
    """One workspace's Monday."""

    name: str
    reps: int
    zones: int = 1
    """In so many hours one after another nine o'clock comes to an equal share of the reps."""
    refused: float = 0.0
    """The share of posts that Slack answers with 429."""


CASES = (
    Case("100 reps", 100),
    Case("1,000 reps", 1_000),
    Case("10,000 reps, one zone", 10_000),
    Case("10,000 reps, eight zones", 10_000, zones=8),
    Case("10,000 reps, one zone, 5 % of posts refused", 10_000, refused=0.05),
)


@dataclass(frozen=True)
class Monday:
    """What a case came to."""

    asked: Sequence[timedelta]
    """How long after nine, in the rep's own zone, each was asked."""
    alerted: Sequence[timedelta]
    """How long each alert waited."""
    homes: Sequence[timedelta]
    """How far each redrawing of a Home was behind."""
    home_calls: int
    posts_in_a_minute: int
    """The most that began within one minute."""


class Lanes:
    """The sender's lanes: what is due waits until the pace lets its call begin."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._waiting: dict[Lane, list[tuple[datetime, int, str]]] = {lane: [] for lane in Lane}
        self._number = 0

    def want(self, lane: Lane, what: str, due_at: datetime) -> None:
        self._number += 1
        heapq.heappush(self._waiting[lane], (due_at, self._number, what))

    def next_at(self, now: datetime) -> datetime | None:
        """When the next call may begin; None while nothing waits."""
        moments = [
            # As the sender, which looks no sooner than 10 ms later: a token may lack its last billionth.
            self._pace.ready_at(METHODS[lane], max(now, waiting[0][0])) + timedelta(milliseconds=10)
            for lane, waiting in self._waiting.items()
            if waiting
        ]
        return min(moments, default=None)

    def begin(self, now: datetime) -> Iterator[tuple[Lane, str, datetime]]:
        """The calls that begin now, each with the moment since which it was due."""
        for lane, waiting in self._waiting.items():
            allowed = min(self._pace.allowance(METHODS[lane], now), CLAIM_LIMIT)
            taken = []
            while waiting and waiting[0][0] <= now and len(taken) < allowed:
                taken.append(heapq.heappop(waiting))
            self._pace.spend(METHODS[lane], len(taken), now)
            yield from ((lane, what, due_at) for due_at, _, what in taken)


def live(case: Case, *, seed: int = 1) -> Monday:
    """One Monday, from nine o'clock in the first zone until nothing waits any more."""
    random, pace = Random(seed), Pace()  # noqa: S311 - a model
    lanes, now = Lanes(pace), NINE
    asked: list[timedelta] = []
    alerted: list[timedelta] = []
    homes: list[timedelta] = []
    posts: list[datetime] = []
    first_due: dict[str, datetime] = {}
    home_wanted: dict[int, datetime] = {}
    answers: list[tuple[datetime, int, int]] = []
    has_home = [random.random() < HOMES for _ in range(case.reps // TEAM_SIZE + 1)]
    for rep in range(case.reps):
        lanes.want(Lane.POST, f"check-in {rep}", NINE + timedelta(hours=rep % case.zones))
    while True:
        upcoming = [at for at in (lanes.next_at(now), answers[0][0] if answers else None) if at]
        if not upcoming:
            break
        now = max(now, min(upcoming))
        while answers and answers[0][0] <= now:
            _, rep, left = heapq.heappop(answers)
            team = rep // TEAM_SIZE
            if has_home[team] and team not in home_wanted:
                home_wanted[team] = now  # ten changes are one redrawing
                lanes.want(Lane.PUBLISH, f"home {team}", now)
            if left == 0 and random.random() < MISSES:
                lanes.want(Lane.POST, f"alert {rep}", now)
        for lane, what, due_at in lanes.begin(now):
            kind, _, number = what.rpartition(" ")
            began_at = first_due.setdefault(what, due_at)
            if lane is Lane.POST:
                posts.append(now)
                if random.random() < case.refused:
                    pace.refused(METHODS[lane], RETRY_AFTER, now)
                    lanes.want(lane, what, now + timedelta(seconds=RETRY_AFTER))
                    continue
            pace.taken(METHODS[lane], now)
            if kind == "check-in":
                asked.append(now - began_at)
                answers_at = now + ANSWER_WITHIN * random.lognormvariate(0.0, 1.08)
                for question in range(QUESTIONS):
                    at = answers_at + timedelta(seconds=8 * question)
                    heapq.heappush(answers, (at, int(number), QUESTIONS - 1 - question))
            elif kind == "alert":
                slot = pace.channel_slot(f"C{int(number) // TEAM_SIZE}", int(number), now)
                if slot > now:
                    lanes.want(lane, what, slot)
                else:
                    alerted.append(now - began_at)
            else:
                homes.append(now - home_wanted.pop(int(number)))
    return Monday(asked, alerted, homes, len(homes), _most_in_a_minute(posts))


def _most_in_a_minute(moments: Sequence[datetime]) -> int:
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= timedelta(minutes=1):
            first += 1
        most = max(most, last - first + 1)
    return most


def table(cases: Sequence[Case] = CASES) -> str:
    """The cases in Markdown."""
    lines = [
        "| one workspace | asked after: half / all | posts in the busiest minute | alert waits: half / longest"
        " | a coach's Home is behind: half / longest |",
        "|---|---|---|---|---|",
    ]
    for case in cases:
        monday = live(case)
        lines.append(
            f"| {case.name} | {_both(monday.asked)} | {monday.posts_in_a_minute}"
            f" | {_both(monday.alerted)} | {_both(monday.homes)} |"
        )
    return "\n".join(lines)


def _both(waits: Sequence[timedelta]) -> str:
    return f"{_said(statistics.median(waits))} / {_said(max(waits))}" if waits else "–"


def _said(wait: timedelta) -> str:
    seconds = wait.total_seconds()
    return f"{seconds:.0f} s" if seconds < 100 else f"{seconds / 60:.0f} min"


if __name__ == "__main__":
    sys.stdout.write(f"{table()}\n")
