"""Faults that the next calls of the Web API shall meet, and Slack's rate limits."""

from __future__ import annotations

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

KINDS = ("429", "500", "lost", "slow", "error", "broken")


@dataclass
class Fault:
    """This fault hits the next `times` calls of `method`, or of any method if that is None.

    "429" refuses with `retry_after`. "500" fails before anything happened. "lost" does what was asked and
    closes the connection without an answer. "slow" answers `seconds` late. "error" answers `code`. "broken"
    fails before anything happened, with JSON that breaks off. With a `channel` it hits calls about that
    conversation alone.
    """

    kind: str
    method: str | None = None
    times: int = 1
    retry_after: int = 1
    seconds: float = 5.0
    code: str = "internal_error"
    channel: str | None = None

    def hits(self, method: str, channel: str | None) -> bool:
        """Return whether a call of this method, about this conversation, meets the fault."""
        return self.method in (None, method) and self.channel in (None, channel)


@dataclass
class FaultSpan:
    """Every call of `fault.method`, or of any method if that is None, meets the fault until this moment.

    The moment is one of the workspace's clock; without one the fault lasts until it is taken back.
    """

    fault: Fault
    until: datetime | None


@dataclass
class FaultShare:
    """This share of all calls of `method`, or of any method, meets a fault: `percent`, evenly spread."""

    percent: float
    fault: Fault
    owed: float = 0.0


class Faults:
    """Keeps the faults that wait for a call. The first one asked for comes first."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.spans: list[FaultSpan] = []
        self.refusals: list[FaultShare] = []
        self.dead_tokens: set[str] = set()
        """The kinds of tokens, "bot" or "app", that Slack answers with token_revoked."""
        self._holds: set[asyncio.Future[None]] = set()

    def next_call(
        self,
        kind: str,
        method: str | None = None,
        times: int = 1,
        *,
        retry_after: int = 1,
        seconds: float = 5.0,
        code: str = "internal_error",
        channel: str | None = None,
    ) -> None:
        """Let the next `times` calls of `method`, or of any method, meet a fault. See Fault for the kinds."""
        self.waiting.append(_fault(kind, method, times, retry_after, seconds, code, channel))

    def for_a_time(
        self,
        kind: str,
        method: str | None = None,
        *,
        until: datetime | None,
        retry_after: int = 1,
        seconds: float = 5.0,
        code: str = "internal_error",
        channel: str | None = None,
    ) -> None:
        """Let every call of `method`, or of any method, meet a fault until a moment, or until `clear()`."""
        fault = _fault(kind, method, 1, retry_after, seconds, code, channel)
        self.spans.append(FaultSpan(fault, until))

    def refuse(
        self,
        percent: float,
        kind: str = "500",
        method: str | None = None,
        *,
        retry_after: int = 1,
        seconds: float = 5.0,
        code: str = "internal_error",
    ) -> None:
        """Let `percent` of all calls meet a fault until `clear()`. They are counted out evenly, not by chance."""
        fault = _fault(kind, method, 1, retry_after, seconds, code)
        self.refusals.append(FaultShare(percent, fault))

    def clear(self) -> None:
        """Take back every fault that may still hit a call; dead tokens work again."""
        self.waiting.clear()
        self.spans.clear()
        self.dead_tokens.clear()
        self.refusals.clear()

    @property
    def held(self) -> int:
        """This many slow calls are waiting at the moment."""
        return len(self._holds)

    def hold(self) -> asyncio.Future[None]:
        """Return what a slow call waits for. It is done after `release()` or when the caller cancels it."""
        held: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._holds.add(held)
        held.add_done_callback(self._holds.discard)
        return held

    def release(self) -> None:
        """Let every slow call go on at once."""
        for held in list(self._holds):
            if not held.done():
                held.set_result(None)

    def take(
        self, method: str, *, channel: str | None = None, now: datetime | None = None
    ) -> Fault | None:
        """Return the fault that this call meets, if any. The fault counts as used then.

        `channel` is the conversation that the call names. `now` is the workspace's time; without it nothing that
        lasts for a time is over.
        """
        for fault in self.waiting:
            if fault.hits(method, channel):
                fault.times -= 1
                if fault.times <= 0:
                    self.waiting.remove(fault)
                return fault
        if now is not None:
            self.spans = [span for span in self.spans if span.until is None or now < span.until]
        for span in self.spans:
            if span.fault.hits(method, channel):
                return span.fault
        for refusal in self.refusals:
            if refusal.fault.hits(method, channel):
                refusal.owed += refusal.percent
                if refusal.owed >= 100:
                    refusal.owed -= 100
                    return refusal.fault
        return None


def _fault(
    kind: str,
    method: str | None,
    times: int,
    retry_after: int,
    seconds: float,
    code: str,
    channel: str | None = None,
) -> Fault:
    if kind not in KINDS:
        raise ValueError(f"no such fault: {kind!r}; there are {', '.join(KINDS)}")
    if times < 1:
        raise ValueError("a fault needs at least one call to hit")
    return Fault(kind, method, times, retry_after, seconds, code, channel)


@dataclass
class Limits:
    """Slack limits calls per method and minute, and posts per channel and second, by real seconds.

    `per_minute` overrides `default_per_minute` for a method. `post_burst` is how many posts one channel takes at
    once before Slack allows only one a second.
    """

    per_minute: dict[str, int] = field(default_factory=dict)
    default_per_minute: int = 50
    posts_per_second: float = 1.0
    post_burst: int = 3

    @classmethod
    def like_slack(cls) -> Limits:
        """Make the limits that Slack publishes, with some hundred posts a minute for the workspace."""
        tiers = {
            20: ("users.list",),
            50: (
                "chat.update",
                "chat.delete",
                "conversations.history",
                "conversations.info",
                "conversations.open",
                "team.info",
            ),
            100: (
                "chat.postEphemeral",
                "conversations.members",
                "users.info",
                "views.open",
                "views.publish",
                "views.push",
                "views.update",
            ),
            300: ("auth.test", "chat.postMessage"),
        }
        return cls({name: calls for calls, names in tiers.items() for name in names})

    _calls: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque), repr=False)
    _allowance: dict[str, tuple[float, float]] = field(default_factory=dict, repr=False)

    def retry_after(self, method: str, channel: str | None, now: Callable[[], float]) -> int | None:
        """Count a call. Returns None if it may pass, or the seconds to wait before the next one."""
        moment = now()
        calls = self._calls[method]
        while calls and moment - calls[0] >= 60:
            calls.popleft()
        if len(calls) >= self.per_minute.get(method, self.default_per_minute):
            return max(1, int(60 - (moment - calls[0])) + 1)
        if channel is not None and method in ("chat.postMessage", "chat.postEphemeral"):
            left, since = self._allowance.get(channel, (float(self.post_burst), moment))
            left = min(float(self.post_burst), left + (moment - since) * self.posts_per_second)
            if left < 1:
                self._allowance[channel] = (left, moment)
                return 1
            self._allowance[channel] = (left - 1, moment)
        calls.append(moment)
        return None
