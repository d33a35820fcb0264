"""Keeps calls within Slack's limits, before Slack has to refuse them.

A token bucket for each method keeps a workspace below its tier; a 429 halves the method's rate, and the rate grows
again with time and with each call that Slack accepts. Posts in one channel are at least a second apart. All times
come from the injected clock, and nothing here sleeps: the sender asks how many calls it may make now, and when to
ask again.

Limits: https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

CHANNEL_SPACING = timedelta(seconds=1.05)
"""Slack accepts about one message a second in one channel. The rest is for calls that take differently long."""

SLOTS_KEPT = 1_000
"""When more channels than this have slots, those that are free again are forgotten."""

RISE = 1 / 480
"""The share of its rate that a method regains per second after a 429: from half to full in 4 minutes."""

RISE_PER_CALL = 1 / 40
"""The share that it also regains with each call that Slack accepts: from half to full in 20 calls."""

SLOWEST = 1 / 8
"""The share of its rate that a method keeps, however many 429s come."""


@dataclass(frozen=True)
class Rate:
    """`per_second` on average, `burst` at once."""

    per_second: float
    burst: int


MESSAGES_PER_SECOND = 4.5

RATES: Mapping[str, Rate] = {
    # A burst plus one minute at the rate stay below the tier: "several hundred" messages a minute for the whole
    # workspace, assumed to be 300, and 50 and 100 calls a minute for the other two.
    "chat.postMessage": Rate(MESSAGES_PER_SECOND, 20),
    "chat.update": Rate(0.5, 20),
    "views.publish": Rate(1.25, 25),
}


def rates(messages_per_second: float) -> Mapping[str, Rate]:
    """Return the usual rates, with the given one for posting (BASECOACH_MESSAGES_PER_SECOND)."""
    burst = max(
        round(RATES["chat.postMessage"].burst * messages_per_second / MESSAGES_PER_SECOND), 1
    )
    return {**RATES, "chat.postMessage": Rate(messages_per_second, burst)}


@dataclass
class _Channel:
    """The posts of one channel: when the last one began, and the rows that wait for their turn."""

    last: datetime | None
    booked: dict[int, datetime]
    """The moments that rows were told to come back at."""
    newest: datetime | None
    """The latest of those moments, and of the posts that began."""


class ChannelSlots:
    """Lets the posts in one channel begin one after the other, in the order in which they were asked for.

    A row that comes too early is told a moment of its own to come back at. That moment is no permission: what
    counts when it comes back is when the last post began.
    """

    def __init__(self, spacing: timedelta) -> None:
        self._spacing = spacing
        self._channels: dict[str, _Channel] = {}

    def slot(self, channel: str, row: int, now: datetime) -> datetime:
        """Return when the row may be posted; `now` means that its post begins now."""
        known = self._channels.get(channel)
        if known is None:
            self._forget(now)
            known = self._channels[channel] = _Channel(None, {}, None)
        booked = known.booked.pop(row, None)
        free_at = now if known.last is None else max(now, known.last + self._spacing)
        if booked is not None:
            slot = max(booked, free_at)
        else:
            slot = free_at if known.newest is None else max(free_at, known.newest + self._spacing)
        known.newest = slot if known.newest is None else max(known.newest, slot)
        if slot <= now:
            known.last = now
        else:
            known.booked[row] = slot
        return slot

    def _forget(self, now: datetime) -> None:
        if len(self._channels) >= SLOTS_KEPT:
            self._channels = {
                channel: known
                for channel, known in self._channels.items()
                if known.newest is not None and known.newest + self._spacing > now
            }


class Pace:
    """Knows how fast one workspace's methods may be called.

    Processes don't share it; if their calls add up to too many, the 429s slow all of them down.
    """

    def __init__(
        self,
        rates: Mapping[str, Rate] = RATES,
        *,
        channel_spacing: timedelta = CHANNEL_SPACING,
    ) -> None:
        self._rates = rates
        self._tokens: dict[str, tuple[float, datetime]] = {}
        self._share: dict[str, tuple[float, datetime]] = {}
        self._paused: dict[str, datetime] = {}
        self._slots = ChannelSlots(channel_spacing)

    def allowance(self, method: str, now: datetime) -> int:
        """Return how many calls of the method may begin now."""
        if self.pause(method, now) > 0:
            return 0
        return int(self._filled(method, now))

    def pause(self, method: str, now: datetime) -> float:
        """Return for how many seconds Slack still refuses the method; 0 when it may be called."""
        return max((self._paused.get(method, now) - now).total_seconds(), 0.0)

    def ready_at(self, method: str, now: datetime) -> datetime:
        """Return when at least one call of the method may begin."""
        paused_until = self._paused.get(method, now)
        missing = 1.0 - self._filled(method, now)
        filled_at = now + timedelta(seconds=max(missing, 0.0) / self._per_second(method, now))
        return max(now, paused_until, filled_at)

    def spend(self, method: str, calls: int, now: datetime) -> None:
        """Record that this number of calls of the method begin now."""
        self._tokens[method] = (self._filled(method, now) - calls, now)

    def give_back(self, method: str, now: datetime) -> None:
        """Record that a call which was counted by `spend` does not begin."""
        rate = self._rates[method]
        self._tokens[method] = (min(self._filled(method, now) + 1, float(rate.burst)), now)

    def refused(self, method: str, retry_after: float, now: datetime) -> None:
        """Record a 429: pause the method for `retry_after` seconds, then call it at half its rate, which grows
        again.

        A 429 that comes during a pause can lengthen it but does not halve the rate again.
        """
        share = self._current_share(method, now)
        paused_until = self._paused.get(method, now)
        if paused_until <= now:
            share = max(share / 2, SLOWEST)
        self._paused[method] = max(paused_until, now + timedelta(seconds=retry_after))
        self._share[method] = (share, self._paused[method])

    def taken(self, method: str, now: datetime) -> None:
        """Record that Slack accepted a call. During a pause this changes nothing, because the call began before
        it.
        """
        if method in self._share and self._paused[method] <= now:
            self._share[method] = (self._current_share(method, now) + RISE_PER_CALL, now)

    def channel_slot(self, channel: str, row: int, now: datetime) -> datetime:
        """Return when the row may be posted in this channel; `now` means that its post begins now."""
        return self._slots.slot(channel, row, now)

    def _filled(self, method: str, now: datetime) -> float:
        rate = self._rates[method]
        tokens, since = self._tokens.get(method, (float(rate.burst), now))
        elapsed = max((now - since).total_seconds(), 0.0)
        return min(tokens + elapsed * self._per_second(method, now), float(rate.burst))

    def _per_second(self, method: str, now: datetime) -> float:
        return self._rates[method].per_second * self._current_share(method, now)

    def _current_share(self, method: str, now: datetime) -> float:
        share, since = self._share.get(method, (1.0, now))
        return min(share + max((now - since).total_seconds(), 0.0) * RISE, 1.0)
