"""What the promises are held against: the sandbox's own record, and plain SQL over the database."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from bot.sandbox.records import Message
from bot.slack.views.checkins.messages import CHANGE
from tests.simulation import oracle
from tests.simulation.virtual_time import Process
from tests.simulation.wire import DONE_ALL_THE_SAME

if TYPE_CHECKING:
    from tests.simulation.world import World

PUNCTUAL = timedelta(minutes=15)
CATCH_UP = timedelta(hours=48)
SKEW = timedelta(seconds=3)
KEEPS_PAUSES = {
    "chat.postMessage",
    "chat.update",
    "chat.delete",
    "views.publish",
    "conversations.history",
}
"""Methods that the sender calls, whose 429s a whole process minds."""
READ_WITHIN = timedelta(days=1)
DAY = timedelta(days=1)
LONGEST_OUTAGE = timedelta(days=10)
ROUNDED = 0.001
"""Seconds: the clock has microseconds, the loop a number of its own."""
UNCERTAIN = {"lost", "reset", "500", "internal_error", *DONE_ALL_THE_SAME}
"""Outcomes of which the bot can't know whether they had an effect."""


@dataclass(frozen=True)
class Broken:
    """A promise that was not kept."""

    promise: str
    words: str

    def __str__(self) -> str:
        return f"{self.promise}: {self.words}"


@dataclass
class Copies:
    """What is known of one token's posts."""

    surface: str
    subject: int
    channel: str = ""
    asked: int = 0
    """Posts that left a process."""
    doubtful: bool = False
    """A post's outcome is not known, and nobody has looked since."""
    doubted_at: datetime | None = None
    ever: list[str] = field(default_factory=list)
    twice_since: datetime | None = None


class Records:
    """What the checks of one world read, and what they found broken."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.broken: list[Broken] = []
        self._tokens: dict[str, Copies] = {}
        self._first_shown: dict[tuple[str, int], datetime] = {}
        self._modal_triggers: set[str] = set()
        self._states: dict[int, str] = {}
        self._skipped_seen: set[int] = set()
        self._judged: set[int] = set()
        """Check-ins that were not sent, of which it is known whether they could have been."""
        self._kept: list[tuple[str, str, tuple[Any, ...]]] = []
        """What was acknowledged: (promise, query, parameters); it must hold for ever."""
        self._paused: dict[tuple[Process, str], tuple[float, float]] = {}
        """From when until when a process must leave a method alone, in the loop's time."""
        self._dms: dict[str, list[datetime]] = defaultdict(list)
        self.most_dms_in_a_day = 0
        self._suggested: dict[tuple[int, str | None], str | None] = {}
        self._pinged: dict[tuple[str, date], set[tuple[str, int]]] = defaultdict(set)
        """The messages to a rep in a week, by its Monday, that count against the budget."""
        self._asked_in: dict[tuple[int, str], int] = {}

    def rows(self, query: str, *parameters: Any) -> list[tuple[Any, ...]]:
        return self.world.sql.execute(query, parameters).fetchall()

    def one(self, query: str, *parameters: Any) -> Any:
        row = self.world.sql.execute(query, parameters).fetchone()
        return row[0] if row else None

    def next_due(self) -> datetime | None:
        """When a beat has something to do."""
        *moments, stuck = self.rows(
            "SELECT (SELECT min(next_due_at) FROM enrolment WHERE next_due_at IS NOT NULL),"
            " (SELECT min(due_at) FROM reminder WHERE due_at IS NOT NULL),"
            " (SELECT min(deadline_at) FROM check_in WHERE state = 'open'),"
            " (SELECT min(midweek_at) FROM enrolment WHERE ended_on IS NULL),"
            " (SELECT min(next_look_at) FROM alert WHERE next_look_at IS NOT NULL),"
            " (SELECT min(due_at) FROM check_in WHERE state = 'scheduled')"
        )[0]
        found = [moment_of(moment) for moment in moments if moment]
        if stuck:
            late = moment_of(stuck) + CATCH_UP + timedelta(seconds=1)
            # Later ones are stuck for another reason; look again in a while.
            found.append(max(late, self.now + timedelta(minutes=10)) if late < self.now else late)
        return min(found, default=None)

    def next_in_lane(self, lane: str) -> datetime | None:
        """When a lane of the sender has something to do, as `bot.domain.outbox.sending.next_due_at` says."""
        moment = self.one("SELECT min(due_at) FROM outbox WHERE lane = ?", lane)
        return moment_of(moment) if moment else None

    def next_heal(self) -> datetime | None:
        moment = self.one(
            "SELECT min(duplicate_check_at) FROM outbox WHERE duplicate_check_at IS NOT NULL"
        )
        return moment_of(moment) if moment else None

    @property
    def now(self) -> datetime:
        return self.world.clock.now()

    def check_in_of(self, message: Message) -> int | None:
        """The check-in that a message shows."""
        copies = self._tokens.get(token_in(message.metadata) or "")
        return copies.subject if copies and copies.surface == "check_in" else None

    def deadline_of(self, message: Message) -> datetime | None:
        check_in = self.check_in_of(message)
        text = self.one("SELECT deadline_at FROM check_in WHERE id = ?", check_in)
        return moment_of(text) if text else None

    def _copies(self, token: str) -> Copies:
        if token not in self._tokens:
            found = self.rows("SELECT surface, subject_id FROM outbox WHERE token = ?", token)
            surface, subject = found[0] if found else ("unknown", 0)
            self._tokens[token] = Copies(surface, subject)
        return self._tokens[token]

    def _due(self, week: str, zone: str) -> datetime:
        mix = self.world.mix
        return oracle.due(
            date.fromisoformat(week), day=mix.check_in_day, at=mix.check_in_at, zone=zone
        )

    def _closes(self, week: str, zone: str) -> datetime:
        mix = self.world.mix
        return oracle.closes(
            date.fromisoformat(week),
            day=mix.check_in_day,
            at=mix.check_in_at,
            until_day=mix.deadline_day,
            until=mix.deadline_at,
            zone=zone,
        )

    def _zones_around(self, who: str, begin: datetime, end: datetime) -> list[str]:
        """The zones that the person's profile had then, each until the bot had read the next one."""
        stays = self.world.whereabouts.zones[who]
        zones = []
        for stay, following in zip(stays, [*stays[1:], None], strict=True):
            until = following.known_since if following is not None else None
            if stay.since <= end and (until is None or until >= begin):
                zones.append(stay.zone)
        return list(dict.fromkeys(zones))

    def _break(self, promise: str, words: str) -> None:
        self.world.broke(Broken(promise, words))


def token_in(metadata: Any) -> str | None:
    if isinstance(metadata, str):
        metadata = json.loads(metadata)
    token = ((metadata or {}).get("event_payload") or {}).get("token")
    return token if isinstance(token, str) else None


def verdicts_shown(blocks: Any) -> list[tuple[int, str]]:
    """Answers that a check-in message shows, by their ids."""
    if isinstance(blocks, str):
        blocks = json.loads(blocks)
    found = []
    for block in blocks or []:
        accessory = block.get("accessory") or {}
        if accessory.get("action_id") == CHANGE:
            text = block["text"]["text"]
            verdict = "yes" if "*Yes.*" in text else "no"
            found.append((int(accessory["value"]), verdict))
    return found


def moment_of(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def stored(moment: datetime) -> str:
    return moment.replace(tzinfo=None).isoformat(sep=" ")
