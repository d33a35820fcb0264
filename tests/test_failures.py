"""Failures are counted, remembered for two minutes, and share a reference where they come from one place."""

from __future__ import annotations

from bot import failures
from bot.failures import Failures, origin_of


class Seconds:
    """A monotonic clock that only tests move."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def raised(error: Exception) -> Exception:
    try:
        raise error
    except Exception as caught:
        return caught


def note(failed: Failures, error: Exception, *, kind: str = "command", cause: str = "bug") -> str:
    return failed.note(error, part=failures.LISTENER, kind=kind, cause=cause)


def test_they_are_counted_for_good_and_recent_for_two_minutes() -> None:
    seconds = Seconds()
    failed = Failures(monotonic=seconds)
    note(failed, ValueError())
    seconds.now += failures.RECENT_SECONDS - 1
    note(failed, ValueError(), cause="disk_full")
    failed.note(ValueError(), part=failures.ROW, kind="close_due", cause="bug")
    assert failed.recent() == {"listener": {"bug": 1, "disk_full": 1}, "row": {"bug": 1}}
    seconds.now += 2
    assert failed.recent() == {"listener": {"disk_full": 1}, "row": {"bug": 1}}
    seconds.now += failures.RECENT_SECONDS
    assert failed.recent() == {}
    assert failed.counts == {
        ("listener", "command", "bug"): 1,
        ("listener", "command", "disk_full"): 1,
        ("row", "close_due", "bug"): 1,
    }


def test_one_origin_has_one_reference_for_ten_minutes() -> None:
    seconds = Seconds()
    failed = Failures(monotonic=seconds)
    error = raised(ValueError())
    first = note(failed, error)
    assert note(failed, error) == first
    others = {
        note(failed, error, kind="event"),
        note(failed, error, cause="disk_full"),
        note(failed, raised(KeyError())),
        note(failed, ValueError()),  # raised nowhere
    }
    assert len(others | {first}) == 5
    seconds.now += failures.REFERENCE_SECONDS
    assert note(failed, error) != first


def test_a_flood_takes_bounded_memory() -> None:
    failed = Failures(monotonic=Seconds())
    for _ in range(failures.MOST_RECENT + 5):
        note(failed, ValueError())
    assert failed.recent() == {"listener": {"bug": failures.MOST_RECENT}}
    assert failed.counts["listener", "command", "bug"] == failures.MOST_RECENT + 5


def test_the_origin_is_the_innermost_line() -> None:
    name, where = origin_of(raised(ValueError()))
    assert name == "ValueError"
    assert "test_failures.py:" in where
    assert origin_of(None) == ("", "")
