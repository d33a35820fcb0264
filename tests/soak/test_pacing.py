"""A Monday of one large workspace at the bot's own pace, in virtual time.

400 reps in every test run; `make soak-pacing REPS=10000` for what a large company's slowest rep sees.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.slack.delivery.pacing import RATES
from tests.simulation.yard import Yard
from tests.soak.monday import POST, Seen, live

REPS = int(os.environ.get("REPS", "400"))
"""Enough that a pace above the tier would be seen within the first minute."""

TIER = 300
"""chat.postMessage in a minute, for a whole workspace."""


@pytest.fixture(scope="module")
def yard() -> Iterator[Yard]:
    yard = Yard()
    yield yard
    yard.close()


@pytest.mark.parametrize("percent", [0, 5])
def test_everybody_is_asked_once_and_the_limits_are_kept(yard: Yard, percent: int) -> None:
    seen = live(yard, reps=REPS, refused=percent / 100)
    print(_said(seen))  # noqa: T201 - what this is run for
    assert not seen.trouble
    assert len(seen.rows) == REPS
    assert {who: seen.check_ins[who] for who in seen.rows} == dict.fromkeys(seen.rows, 1)
    assert seen.waits[0] >= timedelta(0)
    assert seen.busiest_minute <= TIER
    assert seen.over_the_limit == 0
    assert (seen.planted > 0) == (percent > 0)
    assert len(seen.refusals) == seen.planted
    _nothing_begins_while_slack_wants_quiet(seen)
    _first_come_first_asked(seen)


def test_stray_refusals_cost_little_more_than_slack_asks_for(yard: Yard) -> None:
    seen = live(yard, reps=200, refused=0.05, retry_after=1)
    undisturbed = timedelta(seconds=len(seen.posts) / RATES[POST].per_second)
    assert seen.waits[-1] < seen.quiet + 2 * undisturbed


def _nothing_begins_while_slack_wants_quiet(seen: Seen) -> None:
    """After each 429, none begins until its Retry-After is over."""
    began = [post.began_at for post in seen.posts]
    assert not [
        (refused_at, moment)
        for refused_at, quiet_until in seen.refusals
        for moment in began
        if refused_at < moment < quiet_until
    ]


def _first_come_first_asked(seen: Seen) -> None:
    """First attempts are made in the order of the outbox, give or take what goes at once."""
    first = list(dict.fromkeys(post.user_id for post in seen.posts if post.is_check_in))
    place = {who: number for number, who in enumerate(seen.rows)}
    together = RATES[POST].burst
    assert max(abs(number - place[who]) for number, who in enumerate(first)) < together


def _said(seen: Seen) -> str:
    waits = seen.waits
    shares = {"half": 0.5, "90 %": 0.9, "99 %": 0.99, "the slowest": 1.0}
    asked = ", ".join(
        f"{name} after {waits[max(round(share * len(waits)) - 1, 0)].total_seconds() / 60:.1f} min"
        for name, share in shares.items()
    )
    return (
        f"\n{len(seen.rows)} reps, {seen.planted} of {len(seen.posts)} posts refused: asked {asked}; "
        f"{seen.busiest_minute} posts in the busiest minute, "
        f"{seen.longest_silence.total_seconds():.1f} s without one at the longest, "
        f"{seen.quiet.total_seconds() / 60:.1f} min in which Slack wanted none"
    )
