"""What a seed is made of: who is in the team, and which faults how often. Each seed draws a mix of its own.

Uniform small rates hide the deep cases, so some kinds of fault are off entirely in a seed and some frequent.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any

from tests.simulation.hand_changes import HandChange, draw_hand_changes
from tests.simulation.odd_answers import OddAnswer, draw_odd_answers
from tests.simulation.wire import KINDS

START = datetime(2026, 2, 26, 12, 0, tzinfo=UTC)
"""A Thursday. The 52 weeks that follow hold both clock changes everywhere, a week 53 and a new year."""

QUIET = timedelta(days=10)
"""Without faults, at the end: by then everything must be in order."""

ZONES = (
    "Europe/London",
    "America/New_York",
    "Pacific/Kiritimati",
    "Pacific/Honolulu",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "America/Santiago",
    "Asia/Tokyo",
)

HARMLESS = {"tenures", "logging", "Homes", "more than one replica"}
"""What a seed without faults has all the same."""

REPS = ("U0PRIYA", "U0SAM", "U0NOZONE", "U0REP3", "U0REP4")


@dataclass(frozen=True)
class Span:
    """From when to when, in seconds from the start."""

    begin: float
    end: float

    def __contains__(self, moment: float) -> bool:
        return self.begin <= moment < self.end


@dataclass(frozen=True)
class Move:
    """A person's profile shows another zone."""

    at: float
    person: str
    zone: str


@dataclass(frozen=True)
class Absence:
    """A person's account is deactivated and, maybe, comes back."""

    person: str
    span: Span


@dataclass(frozen=True)
class Tenure:
    """A person is a rep of the team: from joining it, or from the start, until leaving it."""

    person: str
    span: Span


@dataclass(frozen=True)
class ChannelTrouble:
    """The coach channel is archived, or the bot removed from it, until somebody repairs that."""

    span: Span
    how: str


@dataclass(frozen=True)
class Mix:
    """One seed's world."""

    seed: int
    weeks: int
    people: Mapping[str, str]
    """Each rep's zone at first."""
    check_in_day: int
    check_in_at: time
    deadline_day: int
    deadline_at: time
    replicas: int
    skews: tuple[float, ...]
    call_faults: Mapping[str, float]
    slack_outages: tuple[Span, ...]
    bot_outages: tuple[Span, ...]
    kill_rate: float
    """How likely a process dies at each point."""
    pauses: float
    """How likely a process stops for a while at a step."""
    longest_pause: float
    repeated: float
    """How likely an envelope is delivered twice."""
    dropped_events: float
    tenures: tuple[Tenure, ...]
    """Whoever has none is a rep all the time."""
    moves: tuple[Move, ...]
    absences: tuple[Absence, ...]
    channel_troubles: tuple[ChannelTrouble, ...]
    hand_changes: tuple[HandChange, ...]
    logging_rate: float
    """Logged conversations a week and person."""
    homes: bool
    second_leaves: float | None = None
    """When the team loses its second coach, in seconds from the start; None for never."""
    odd_answers: tuple[OddAnswer, ...] = ()
    weekly_messages: int = 5
    """The workspace's message budget."""
    off: frozenset[str] = frozenset()
    """What was switched off to find out which faults a failure needs."""

    @property
    def faults_end(self) -> float:
        """From when on everything works, in seconds from the start."""
        return self.weeks * 7 * 86_400.0

    @property
    def end(self) -> float:
        return self.faults_end + QUIET.total_seconds()

    @property
    def p9_conditions_hold(self) -> bool:
        """No process stalls longer than 30 s, no accepted post shows later than a minute."""
        return self.longest_pause <= 30

    def tenures_of(self, who: str) -> list[Tenure]:
        """When somebody is a rep; nothing for those who always are."""
        return [tenure for tenure in self.tenures if tenure.person == who]

    def reps_at_first(self) -> list[str]:
        """Who is in the team at the start."""
        return [
            who
            for who in self.people
            if not (tenures := self.tenures_of(who)) or tenures[0].span.begin <= 0
        ]

    def kinds(self) -> list[str]:
        """The kinds of fault that this mix has."""
        present = {
            "call faults": bool(self.call_faults),
            "Slack's outages": bool(self.slack_outages),
            "the bot's outages": bool(self.bot_outages),
            "kills": self.kill_rate > 0,
            "pauses": self.pauses > 0,
            "repeated deliveries": self.repeated > 0,
            "dropped events": self.dropped_events > 0,
            "tenures": bool(self.tenures),
            "moves": bool(self.moves),
            "absences": bool(self.absences),
            "channel troubles": bool(self.channel_troubles),
            "changes of hands": bool(self.hand_changes),
            "more than one replica": self.replicas > 1,
            "skewed clocks": any(self.skews),
            "logging": self.logging_rate > 0,
            "Homes": self.homes,
            "odd answers": bool(self.odd_answers),
        }
        return [kind for kind, is_there in present.items() if is_there] + [
            f"call fault {kind}" for kind in self.call_faults
        ]

    def without(self, kind: str) -> Mix:
        """This mix with one kind of fault, or one member, switched off."""
        off = self.off | {kind}
        match kind:
            case "call faults":
                return replace(self, call_faults={}, off=off)
            case "Slack's outages":
                return replace(self, slack_outages=(), off=off)
            case "the bot's outages":
                return replace(self, bot_outages=(), off=off)
            case "kills":
                return replace(self, kill_rate=0.0, off=off)
            case "pauses":
                return replace(self, pauses=0.0, off=off)
            case "repeated deliveries":
                return replace(self, repeated=0.0, off=off)
            case "dropped events":
                return replace(self, dropped_events=0.0, off=off)
            case "tenures":
                return replace(self, tenures=(), off=off)
            case "moves":
                return replace(self, moves=(), off=off)
            case "absences":
                return replace(self, absences=(), off=off)
            case "channel troubles":
                return replace(self, channel_troubles=(), off=off)
            case "changes of hands":
                return replace(self, hand_changes=(), off=off)
            case "more than one replica":
                return replace(self, replicas=1, skews=self.skews[:1], off=off)
            case "skewed clocks":
                return replace(self, skews=(0.0,) * self.replicas, off=off)
            case "logging":
                return replace(self, logging_rate=0.0, off=off)
            case "Homes":
                return replace(self, homes=False, off=off)
            case "odd answers":
                return replace(self, odd_answers=(), off=off)
        if kind.startswith("call fault "):
            left = dict(self.call_faults)
            left.pop(kind.removeprefix("call fault "), None)
            return replace(self, call_faults=left, off=off)
        if kind in self.people:
            return replace(
                self,
                people={who: zone for who, zone in self.people.items() if who != kind},
                tenures=tuple(tenure for tenure in self.tenures if tenure.person != kind),
                moves=tuple(move for move in self.moves if move.person != kind),
                absences=tuple(away for away in self.absences if away.person != kind),
                hand_changes=tuple(one for one in self.hand_changes if one.person != kind),
                off=off,
            )
        raise ValueError(f"there is no {kind!r} to switch off")

    def without_all(self, kinds: Collection[str]) -> Mix:
        """This mix with several things switched off."""
        mix = self
        for kind in sorted(kinds):
            mix = mix.without(kind)
        return mix


def draw_mix(seed: int, weeks: int) -> Mix:
    """The mix of a seed; the same seed and weeks give the same one."""
    random = Random(f"mix {seed}")
    length = weeks * 7 * 86_400.0
    chosen = random.sample(REPS, random.randint(3, 5))
    people = {who: random.choice(ZONES) for who in chosen}
    replicas = random.choice((1, 2, 2, 3))
    calm = random.random() < 0.1
    day, at, until_day, until = random.choice(
        (
            (0, time(9), 1, time(17)),
            (0, time(9), 1, time(17)),
            (0, time(9), 1, time(17)),
            (0, time(8, 30), 0, time(18)),
            (6, time(1, 30), 0, time(12)),
            (4, time(16), 0, time(10)),
        )
    )
    mix = Mix(
        seed=seed,
        weeks=weeks,
        people=people,
        check_in_day=day,
        check_in_at=at,
        deadline_day=until_day,
        deadline_at=until,
        replicas=replicas,
        skews=tuple(random.choice((0.0, 0.0, random.uniform(-2, 2))) for _ in range(replicas)),
        call_faults={
            kind: random.choice((0.003, 0.02, 0.1)) for kind in KINDS if random.random() < 0.4
        },
        slack_outages=_spans(random, length, (0, 0, 1, 3), (600, 12 * 3600, 3 * 86_400)),
        bot_outages=_spans(random, length, (0, 1, 2, 4), (600, 14 * 3600, 3 * 86_400, 9 * 86_400)),
        kill_rate=random.choice((0.0, 0.0, 0.0005, 0.005, 0.03)),
        pauses=random.choice((0.0, 0.0, 0.002, 0.02)),
        longest_pause=random.choice((10.0, 10.0, 10.0, 25.0, 900.0)),
        repeated=random.choice((0.0, 0.02, 0.2)),
        dropped_events=random.choice((0.0, 0.0, 0.2)),
        tenures=_tenures(seed, length, chosen),
        moves=tuple(
            Move(random.uniform(0, length), random.choice(chosen), random.choice(ZONES))
            for _ in range(random.choice((0, 0, 2, 6)))
        ),
        absences=_absences(random, length, chosen),
        channel_troubles=tuple(
            ChannelTrouble(span, random.choice(("archived", "removed")))
            for span in _spans(random, length, (0, 0, 1, 2), (86_400, 9 * 86_400))
        ),
        hand_changes=draw_hand_changes(seed, length, chosen),
        logging_rate=random.choice((0.0, 0.5, 2.0)),
        homes=random.random() < 0.3,
        odd_answers=draw_odd_answers(seed, length),
        weekly_messages=Random(f"budget {seed}").choice((5, 5, 2, 1)),
    )
    if calm:
        for kind in mix.kinds():
            if kind not in HARMLESS and not kind.startswith("call fault "):
                mix = mix.without(kind)
        mix = replace(mix, off=frozenset())
    return mix


def _spans(
    random: Random, length: float, counts: tuple[int, ...], durations: tuple[float, ...]
) -> tuple[Span, ...]:
    spans = []
    for _ in range(random.choice(counts)):
        begin = random.uniform(0, length)
        duration = random.choice(durations) * random.uniform(0.5, 1.0)
        spans.append(Span(begin, min(begin + duration, length)))
    return tuple(spans)


def _tenures(seed: int, length: float, people: list[str]) -> tuple[Tenure, ...]:
    """When each is a rep: some weeks, often those of the others too, and sometimes once more after a while.

    A year of five reps tells little that a year of one rep's weeks here and there does not; what it takes buys
    several mixes of faults. So most reps stay for a part of the year; a team of some seeds stays whole.
    """
    random = Random(f"tenures {seed}")
    if random.random() < 0.03:
        return ()
    week = 7 * 86_400.0
    season = random.uniform(-4 * week, length)
    together = random.random() < 0.5
    tenures = []
    for who in people:
        begin = season if together else random.uniform(-4 * week, length)
        begin = min(begin + random.uniform(0, 2 * week), 0.8 * length)
        for _ in range(random.choice((1, 1, 1, 2))):
            stay = random.choice((2, 3, 4, 6, 8, 13, 26)) * random.uniform(0.7, 1.3) * week
            end = max(begin + stay, week)
            if begin < length:
                tenures.append(Tenure(who, Span(begin, end)))
            begin = end + random.uniform(0.0, 1.0) ** 2 * 10 * week
    return tuple(tenures)


def _absences(random: Random, length: float, people: list[str]) -> tuple[Absence, ...]:
    absences = []
    for who in random.sample(people, random.choice((0, 0, 1))):
        begin = random.uniform(0, length)
        end = begin + random.uniform(1, 40) * 86_400 if random.random() < 0.7 else length * 10
        absences.append(Absence(who, Span(begin, end)))
    return tuple(absences)


def quiet_mix(seed: int, weeks: int, **different: Any) -> Mix:
    """Two reps in London and New York, one process and no faults but those that are named."""
    quiet: dict[str, Any] = {
        "people": {"U0PRIYA": "Europe/London", "U0SAM": "America/New_York"},
        "check_in_day": 0,
        "check_in_at": time(9),
        "deadline_day": 1,
        "deadline_at": time(17),
        "replicas": 1,
        "skews": (0.0, 0.0, 0.0),
        "call_faults": {},
        "slack_outages": (),
        "bot_outages": (),
        "kill_rate": 0.0,
        "pauses": 0.0,
        "longest_pause": 10.0,
        "repeated": 0.0,
        "dropped_events": 0.0,
        "tenures": (),
        "moves": (),
        "absences": (),
        "channel_troubles": (),
        "hand_changes": (),
        "logging_rate": 0.0,
        "homes": False,
        "odd_answers": (),
        "weekly_messages": 5,
    }
    return replace(draw_mix(seed, weeks), **{**quiet, **different})
