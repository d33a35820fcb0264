"""What a plan asks for against what was done: the words and the doubt."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.ratios import Provenance, Ratio, Step, overruled, ratio
from bot.rules.validity import Asked, Done, Finding, findings

TODAY = date(2026, 11, 25)
SINCE = date(2026, 3, 3)

MEASURED = tuple(
    ratio(step, hits=hits, trials=trials, since=SINCE)
    for step, (hits, trials) in zip(Step, [(60, 300), (31, 60), (16, 31), (3, 7)], strict=True)
)
ASKED = Asked(conversations=22, ratios=MEASURED)
DONE = Done(
    best_average=Decimal("24.5"),
    best_first=date(2026, 4, 6),
    medians={
        Step.FIRST: Decimal("18.4"),
        Step.SECOND: Decimal(45),
        Step.THIRD: Decimal(55),
        Step.HOME: Decimal(40),
    },
    conversation_minutes=30,
    weekly_hours=25,
)


def _found(asked: Asked, done: Done = DONE) -> tuple[Finding, ...]:
    return findings(asked, done, locale="en_US", today=TODAY)


def _second(found: Ratio, done: Done = DONE) -> Finding:
    """The finding about the ratio of 1st → 2nd where the plan counts on `found`."""
    ratios = [found if old.step is found.step else old for old in MEASURED]
    (finding,) = [
        finding
        for finding in _found(replace(ASKED, ratios=ratios), done)
        if finding.sentence.startswith("1st → 2nd")
    ]
    return finding


def test_a_sound_plan_raises_no_doubt() -> None:
    assert _found(ASKED) == (
        Finding(
            "22 conversations a week is what was done before: the best four weeks of the last year, "
            "from 6 April on, had 24.5 on average.",
            False,
        ),
        Finding("22 conversations at 30 minutes: that is 11 of the 25 hours of a week.", False),
        Finding(
            "conversation → 1st at 20 % is measured: 60 of 300 since 3 March; "
            "the team's median is 18.4 %.",
            False,
        ),
        Finding(
            "1st → 2nd at 51.6 % is measured: 31 of 60 since 3 March; the team's median is 45 %.",
            False,
        ),
        Finding(
            "2nd → 3rd at 51.6 % is measured: 16 of 31 since 3 March; the team's median is 55 %.",
            False,
        ),
        Finding(
            "3rd → home at 42.8 % is measured on few: 3 of 7 since 3 March; "
            "the team's median is 40 %.",
            False,
        ),
    )


@pytest.mark.parametrize(
    ("best", "sentence", "doubtful"),
    [
        ("22", "22 conversations a week is what was done before: … had 22 on average.", False),
        (
            "21.75",
            "22 conversations a week is a little more than was ever done: … had 21.8 on average.",
            False,
        ),
        (
            "20",
            "22 conversations a week is a little more than was ever done: … had 20 on average.",
            False,
        ),
        (
            "19.75",
            "22 conversations a week is more than was ever done: … had 19.8 on average.",
            True,
        ),
        ("0", "22 conversations a week is more than was ever done: … had 0 on average.", True),
        (
            "19.85",
            "22 conversations a week is more than was ever done: … had 19.9 on average.",
            True,
        ),
        (
            "19.9",  # 22 are 10.6 % more
            "22 conversations a week is more than was ever done: … had 19.9 on average.",
            True,
        ),
        (
            "20.25",
            "22 conversations a week is a little more than was ever done: … had 20.3 on average.",
            False,
        ),
    ],
)
def test_conversations_against_the_best_four_weeks(
    best: str, sentence: str, doubtful: bool
) -> None:
    finding = _found(ASKED, replace(DONE, best_average=Decimal(best)))[0]
    weeks = "the best four weeks of the last year, from 6 April on,"
    assert finding == Finding(sentence.replace("…", weeks), doubtful)


def test_one_conversation_is_no_plural() -> None:
    found = _found(replace(ASKED, conversations=1))
    assert found[0].sentence.startswith("1 conversation a week is what was done before: ")
    assert (
        found[1].sentence == "1 conversation at 30 minutes: that is 0.5 of the 25 hours of a week."
    )


def test_a_quarter_of_a_tenth_is_rounded_up() -> None:
    found = _found(replace(ASKED, conversations=1), replace(DONE, conversation_minutes=15))
    assert found[1].sentence == (
        "1 conversation at 15 minutes: that is 0.3 of the 25 hours of a week."
    )


def test_without_four_weeks_of_history_there_is_nothing_to_compare() -> None:
    assert _found(ASKED, replace(DONE, best_average=None, best_first=None))[0] == Finding(
        "22 conversations a week: there are no four weeks of history yet to compare.", False
    )


@pytest.mark.parametrize(
    ("minutes", "hours", "sentence", "doubtful"),
    [
        (60, 22, "22 conversations at 60 minutes: that is 22 of the 22 hours of a week.", False),
        (60, 21, "22 conversations at 60 minutes: that is 22 of the 21 hours of a week.", True),
        (45, 25, "22 conversations at 45 minutes: that is 16.5 of the 25 hours of a week.", False),
        (41, 15, "22 conversations at 41 minutes: that is 15 of the 15 hours of a week.", True),
        (3, 25, "22 conversations at 3 minutes: that is 1.1 of the 25 hours of a week.", False),
        (20, 5, "22 conversations at 20 minutes: that is 7.3 of the 5 hours of a week.", True),
    ],
)
def test_conversations_against_the_hours_of_a_week(
    minutes: int, hours: int, sentence: str, doubtful: bool
) -> None:
    done = replace(DONE, conversation_minutes=minutes, weekly_hours=hours)
    assert _found(ASKED, done)[1] == Finding(sentence, doubtful)


SECOND = ratio(Step.SECOND, hits=12, trials=31, since=SINCE)  # 38.7 %, from 23.7 to 56.2 %
NO_HISTORY = ratio(Step.SECOND, hits=0, trials=0, since=None)


@pytest.mark.parametrize(
    ("found", "median", "sentence", "doubtful"),
    [
        (
            overruled(SECOND, Decimal(50)),
            45,
            "1st → 2nd at 50 % is set by hand; measured at 38.7 %, 12 of 31 since 3 March, "
            "and more than 56.2 % is unlikely; the team's median is 45 %.",
            False,
        ),
        (
            overruled(SECOND, Decimal("56.2")),
            None,
            "1st → 2nd at 56.2 % is set by hand; measured at 38.7 %, 12 of 31 since 3 March, "
            "and more than 56.2 % is unlikely.",
            False,
        ),
        (
            overruled(SECOND, Decimal("56.3")),
            50,
            "1st → 2nd at 56.3 % is set by hand; measured at 38.7 %, 12 of 31 since 3 March, "
            "and more than 56.2 % is unlikely; the team's median is 50 %.",
            True,
        ),
        (
            overruled(SECOND, Decimal("55.1")),
            45,
            "1st → 2nd at 55.1 % is set by hand; measured at 38.7 %, 12 of 31 since 3 March, "
            "and more than 56.2 % is unlikely; the team's median is 45 %, 10.1 points less.",
            True,
        ),
        (
            overruled(SECOND, Decimal(30)),
            None,
            "1st → 2nd at 30 % is set by hand; measured at 38.7 %, 12 of 31 since 3 March.",
            False,
        ),
        (
            overruled(NO_HISTORY, Decimal(55)),
            45,
            "1st → 2nd at 55 % is set by hand, there is no history yet; the team's median is 45 %.",
            False,
        ),
        (
            overruled(NO_HISTORY, Decimal(70)),
            45,
            "1st → 2nd at 70 % is set by hand, there is no history yet; "
            "the team's median is 45 %, 25 points less.",
            True,
        ),
        (
            # as a plan has it that was made before such a ratio was measured
            replace(NO_HISTORY, hits=0, trials=7, since=SINCE, high=Decimal("35.5")),
            None,
            "1st → 2nd at 50 % is assumed; measured at 0 %, 0 of 7 since 3 March, "
            "and more than 35.5 % is unlikely.",
            True,
        ),
        (
            NO_HISTORY,
            45,
            "1st → 2nd at 50 % is assumed, there is no history yet; the team's median is 45 %.",
            False,
        ),
        (
            overruled(ratio(Step.SECOND, hits=2, trials=3, since=None), Decimal(60)),
            None,
            "1st → 2nd at 60 % is set by hand; measured at 66.6 %, 2 of 3.",
            False,
        ),
        (
            replace(SECOND, provenance=Provenance.OVERRULED),  # as measured: not above it
            None,
            "1st → 2nd at 38.7 % is set by hand; measured at 38.7 %, 12 of 31 since 3 March.",
            False,
        ),
        # What the rep's own history has is not in doubt, however far ahead of the team.
        (
            ratio(Step.SECOND, hits=40, trials=50, since=SINCE),
            45,
            "1st → 2nd at 80 % is measured: 40 of 50 since 3 March; the team's median is 45 %.",
            False,
        ),
        # Of a thin one that can't be said.
        (
            ratio(Step.SECOND, hits=4, trials=5, since=date(2025, 12, 1)),
            45,
            "1st → 2nd at 80 % is measured on few: 4 of 5 since 1 December 2025; "
            "the team's median is 45 %, 35 points less.",
            True,
        ),
    ],
)
def test_a_ratio_against_own_history_and_the_team(
    found: Ratio, median: int | None, sentence: str, doubtful: bool
) -> None:
    medians = {Step.FIRST: Decimal(20)}
    if median is not None:
        medians[Step.SECOND] = Decimal(median)
    assert _second(found, replace(DONE, medians=medians)) == Finding(sentence, doubtful)


@pytest.mark.parametrize("found", [NO_HISTORY, ratio(Step.SECOND, hits=12, trials=31, since=SINCE)])
def test_a_ratio_that_has_nothing_to_be_held_against_is_no_finding(found: Ratio) -> None:
    ratios = [found if old.step is found.step else old for old in MEASURED]
    sentences = [
        each.sentence for each in _found(replace(ASKED, ratios=ratios), replace(DONE, medians={}))
    ]
    assert len(sentences) == 3  # the weeks, the hours, and that there is no median
    assert not any("1st → 2nd" in sentence for sentence in sentences)


def test_a_team_without_a_median_says_so_once() -> None:
    found = _found(ASKED, replace(DONE, medians={}))
    assert found[-1] == Finding("The team has no median yet to hold the ratios against.", False)
    assert not any("the team's median is" in finding.sentence for finding in found)


def test_numbers_are_written_as_the_reader_writes_them() -> None:
    found = findings(replace(ASKED, conversations=1200), DONE, locale="de-DE", today=TODAY)
    assert found[0].sentence.startswith("1.200 conversations a week is more")
    assert "had 24,5 on average" in found[0].sentence
    assert "at 42,8 % is" in found[-1].sentence


@given(conversations=st.integers(1, 200), more=st.integers(1, 50), data=st.data())
def test_asking_for_more_never_takes_a_doubt_away(
    conversations: int, more: int, data: st.DataObject
) -> None:
    percents = [data.draw(st.integers(1, 50)) for _ in Step]

    def doubts(conversations: int, extra: int) -> list[bool]:
        ratios = [
            replace(overruled(found, Decimal(percent + extra) + Decimal("0.05")), step=found.step)
            for found, percent in zip(MEASURED, percents, strict=True)
        ]
        return [f.doubtful for f in _found(Asked(conversations, ratios))]

    less = doubts(conversations, 0)
    assert all(
        after or not before
        for before, after in zip(less, doubts(conversations + more, more), strict=True)
    )
