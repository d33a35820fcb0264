"""The pace keeps below Slack's limits, gives way at a 429, and never needs to sleep."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.slack.delivery.pacing import RATES, Pace, Rate, rates

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
POST = "chat.postMessage"


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def in_a_second(pace: Pace, now: datetime) -> int:
    """How many calls may begin within the second after what may begin now; the latter is spent."""
    pace.spend(POST, pace.allowance(POST, now), now)
    return pace.allowance(POST, now + seconds(1))


def test_a_burst_may_go_at_once_and_then_one_after_the_other() -> None:
    pace = Pace({POST: Rate(5.0, 20)})
    assert pace.allowance(POST, NOW) == 20
    pace.spend(POST, 20, NOW)
    assert pace.allowance(POST, NOW) == 0
    assert pace.ready_at(POST, NOW) == NOW + seconds(0.2)
    assert pace.allowance(POST, NOW + seconds(1)) == 5
    assert pace.allowance(POST, NOW + seconds(600)) == 20


def test_a_429_pauses_its_method_only_and_halves_what_follows() -> None:
    pace = Pace({POST: Rate(4.0, 4), "chat.update": Rate(1.0, 4)})
    pace.spend(POST, 4, NOW)
    pace.refused(POST, 30, NOW)
    assert pace.allowance(POST, NOW + seconds(29)) == 0
    assert pace.ready_at(POST, NOW) == NOW + seconds(30)
    assert pace.allowance("chat.update", NOW) == 4
    after = NOW + seconds(30)
    pace.spend(POST, pace.allowance(POST, after), after)
    assert pace.allowance(POST, after + seconds(1)) == 2
    later = after + seconds(240)
    pace.spend(POST, pace.allowance(POST, later), later)
    assert pace.allowance(POST, later + seconds(1)) == 4


def test_twenty_calls_that_slack_takes_win_back_what_one_429_took() -> None:
    pace = Pace({POST: Rate(4.0, 4)})
    pace.refused(POST, 30, NOW)
    after = NOW + seconds(30)
    for _ in range(20):
        pace.taken(POST, after)
    assert in_a_second(pace, after) == 4


def test_one_429_after_the_other_halves_down_to_an_eighth_and_no_further() -> None:
    pace = Pace({POST: Rate(16.0, 16)})
    now, seen = NOW, []
    for _ in range(5):
        pace.refused(POST, 30, now)
        now += seconds(30)
        seen.append(in_a_second(pace, now))
    assert seen == [8, 4, 2, 2, 2]


def test_calls_that_were_under_way_at_a_429_neither_halve_again_nor_win_back() -> None:
    pace = Pace({POST: Rate(16.0, 16)})
    pace.refused(POST, 30, NOW)
    pace.refused(POST, 30, NOW + seconds(1))
    for _ in range(40):
        pace.taken(POST, NOW + seconds(2))
    assert in_a_second(pace, NOW + seconds(31)) == 8


def test_a_shorter_retry_after_does_not_end_a_longer_one() -> None:
    pace = Pace()
    pace.refused(POST, 30, NOW)
    pace.refused(POST, 1, NOW + seconds(1))
    assert pace.ready_at(POST, NOW + seconds(1)) == NOW + seconds(30)
    pace.refused(POST, 60, NOW + seconds(2))
    assert pace.ready_at(POST, NOW + seconds(2)) == NOW + seconds(62)


def test_a_burst_and_a_minute_keep_below_each_tier() -> None:
    tiers = {POST: 300, "chat.update": 50, "views.publish": 100}
    assert {
        method: rate.burst + rate.per_second * 60 <= tiers[method] for method, rate in RATES.items()
    } == dict.fromkeys(tiers, True)


def test_posts_in_one_channel_keep_a_second_between_them() -> None:
    pace = Pace(channel_spacing=seconds(1))
    slots = [pace.channel_slot("C1", row, NOW) for row in range(3)]
    assert slots == [NOW, NOW + seconds(1), NOW + seconds(2)]
    assert pace.channel_slot("C2", 4, NOW) == NOW


def test_rows_that_come_back_late_keep_the_distance_too() -> None:
    pace = Pace(channel_spacing=seconds(1))
    for row in range(4):
        pace.channel_slot("C1", row, NOW)
    late = NOW + seconds(60)
    assert [pace.channel_slot("C1", row, late) for row in (1, 2)] == [late, late + seconds(1)]
    assert pace.channel_slot("C1", 2, late + seconds(0.5)) == late + seconds(1)
    assert pace.channel_slot("C1", 2, late + seconds(1)) == late + seconds(1)


def test_a_call_that_does_not_begin_is_given_back() -> None:
    pace = Pace({POST: Rate(1.0, 4)})
    pace.spend(POST, 4, NOW)
    pace.give_back(POST, NOW)
    assert pace.allowance(POST, NOW) == 1
    for _ in range(9):
        pace.give_back(POST, NOW)
    assert pace.allowance(POST, NOW) == 4


@given(st.integers(1, 80), st.floats(0.001, 0.4), st.floats(0.0, 3.0))
def test_however_late_the_rows_come_back_none_is_too_early_and_none_waits_needlessly(
    count: int, delay: float, stall: float
) -> None:
    """Each row comes back `delay` after its moment; once, all of them are held up for `stall`."""
    pace, posted = Pace(channel_spacing=seconds(1)), list[datetime]()
    waiting = [(NOW, row) for row in range(count)]
    while waiting:
        due_at, row = waiting.pop(0)
        now = max(due_at + seconds(delay), posted[-1] if posted else NOW)
        if len(posted) == count // 2:
            now = max(now, NOW + seconds(count // 2 + stall))
        slot = pace.channel_slot("C1", row, now)
        if slot <= now:
            posted.append(now)
        else:
            waiting.append((slot, row))
            waiting.sort()
    gaps = [(b - a).total_seconds() for a, b in itertools.pairwise(posted)]
    assert all(gap >= 1 for gap in gaps)
    assert sum(gaps) <= (count - 1) * (1 + 2 * delay) + stall + 1


def test_the_setting_changes_the_rate_of_posting_only() -> None:
    pace = Pace(rates(0.5))
    pace.spend(POST, pace.allowance(POST, NOW), NOW)
    assert pace.ready_at(POST, NOW) == NOW + seconds(2)
    assert pace.allowance("views.publish", NOW) == Pace().allowance("views.publish", NOW)


@given(
    st.lists(
        st.tuples(st.floats(0, 90), st.integers(0, 40), st.booleans(), st.integers(0, 40)),
        min_size=1,
        max_size=40,
    )
)
def test_no_minute_ever_sees_more_than_the_burst_and_a_minutes_worth(
    steps: list[tuple[float, int, bool, int]],
) -> None:
    rate = Rate(50 / 60, 25)
    pace = Pace({POST: rate})
    now, spent = NOW, list[tuple[datetime, int]]()
    for pause, wish, refused, taken in steps:
        now += seconds(pause)
        calls = min(pace.allowance(POST, now), wish)
        pace.spend(POST, calls, now)
        spent.append((now, calls))
        if refused:
            pace.refused(POST, 7, now)
            assert pace.allowance(POST, now) == 0
        for _ in range(taken):
            pace.taken(POST, now)
        assert pace.ready_at(POST, now) >= now
        minute = sum(count for moment, count in spent if moment > now - seconds(60))
        assert minute <= rate.burst + 50 + 1
