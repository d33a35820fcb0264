"""The brief on its pages: nothing is cut, whatever the size of the team, and its fallback is whole sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.shown.briefs import BriefShown, PraiseShown
from bot.domain.shown.momentum import MomentumShown
from bot.rules.briefs import RepWeek, Result, Waits
from bot.slack.views.blocks import FALLBACK_LIMIT, Message
from bot.slack.views.coaching.briefs import PAGE, PRAISE, brief_message, praise_message, span
from bot.slack.views.coaching.on_home import PREPARE
from tests.slack.views.coaching.brief_shown import NOON, READER, brief, rep, table_of
from tests.slack.views.sound import check_sound, text_of


def pages_of(shown: BriefShown) -> list[Message]:
    """All pages, by following *More*."""
    pages = [brief_message(shown)]
    while (more := _value(pages[-1], f"{PAGE}.next")) is not None:
        pages.append(brief_message(replace(shown, page=int(more.split(":")[1]))))
    return pages


def _value(message: Message, action_id: str) -> str | None:
    found = [
        element["value"]
        for block in message["blocks"]
        for element in (*block.get("elements", ()), block.get("accessory", {}))
        if element.get("action_id") == action_id
    ]
    return found[0] if found else None


@pytest.mark.parametrize("missed", [0, 30, 60])
def test_every_rep_of_a_long_team_is_on_some_page(missed: int) -> None:
    reps = [rep(n, Result.MISSED) for n in range(missed)]
    reps += [rep(n, praise=("every goal met for 9 weeks in a row",)) for n in range(missed, 60)]
    pages = pages_of(brief(*reps))
    for page in pages:
        check_sound(page)
        assert len(page["text"]) <= FALLBACK_LIMIT
        assert not page["text"].endswith("…")
    in_tables = [row[0] for page in pages for row in table_of(page)[1:]]
    assert in_tables == [one.week.name for one in reps]
    words = " ".join(text_of(page) for page in pages)
    assert all(f"*{place}. <@U0{place - 1}>*" in words for place in range(1, missed + 1))
    assert sum(text_of(page).count("Well done") for page in pages) == 60 - missed
    assert _value(pages[-1], f"{PAGE}.back") == f"7:{len(pages) - 2}"
    assert f"Page 1 of {len(pages)}, 60 reps." in text_of(pages[0])


def test_a_page_that_is_no_more_becomes_the_last_one() -> None:
    reps = [rep(n) for n in range(21)]
    assert [row[0] for row in table_of(brief_message(brief(*reps, page=9)))] == ["Rep", "Rep 20"]


def test_a_small_team_has_one_page() -> None:
    message = brief_message(brief(rep(1, Result.MISSED), rep(2)))
    check_sound(message)
    assert "Page" not in text_of(message)
    assert _value(message, PREPARE) == "U01"  # beside whom to speak with
    assert message["text"] == (
        "Harbor &amp; Sons, the week 16–22 November: 1 met every goal, 1 missed. "
        "Speak with Rep 01: coach. Conversations 12 of 20. "
        "Rep 01: missed; Conversations 12 of 20. Rep 02: met; Conversations 22 of 20."
    )


def test_who_said_well_done_stands_in_place_of_the_button() -> None:
    praised = rep(1, praise=("kept the step “Call”",), praised_by="U0DANA", praised_at=NOON)
    message = brief_message(brief(praised))
    check_sound(message)
    assert _value(message, PRAISE) is None
    assert ":star: <@U0DANA> said well done, Tuesday 12:00 PM." in text_of(message)


def test_a_coach_does_not_praise_their_own_week() -> None:
    assert _value(brief_message(brief(rep(1, rep="U0DANA", praise=("x",)))), PRAISE) is None


def test_when_nobody_has_to_be_spoken_with() -> None:
    done = rep(1, Result.MISSED, week=RepWeek("Ada", Result.MISSED))
    assert "You have spoken with everybody" in text_of(brief_message(brief(done)))
    assert "Nobody missed a goal." in text_of(brief_message(brief(rep(1))))


def test_alarms_stand_on_the_first_page_and_say_how_many_more() -> None:
    alarm = MomentumShown("first appointment", 2, date(2027, 1, 11), 63, 9, True)
    alarmed = [rep(n, momentum=alarm) for n in range(60)]
    first, *others = pages_of(brief(*alarmed))
    check_sound(first)
    assert text_of(first).count("*Two weeks without a first appointment.*") == 6
    assert "And 54 more reps." in text_of(first)
    assert all("first appointment" not in text_of(one) for one in others)


def test_how_long_alerts_waited() -> None:
    hours = timedelta(hours=1)
    shown = brief(
        rep(1),
        this_week=Waits(2, 3 * hours, 1, NOON),
        before=Waits(5, 50 * hours, 0, None),
    )
    assert (
        "2 alerts taken, 3 hours after they came. 1 alert not taken yet, waiting since Tuesday "
        "12:00 PM. In the four weeks before, alerts waited 2 days."
    ) in text_of(brief_message(shown))


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "1 minute"),
        (59, "59 minutes"),
        (60, "1 hour"),
        (47 * 60, "47 hours"),
        (48 * 60, "2 days"),
    ],
)
def test_a_length_of_time(minutes: int, said: str) -> None:
    assert span(timedelta(minutes=minutes)) == said


def test_the_word_of_praise() -> None:
    shown = PraiseShown("U0DANA", "Dana <W>", date(2026, 11, 16), "kept the step “<Call>”", READER)
    message = praise_message(shown)
    check_sound(message)
    assert message["text"].startswith("Dana &lt;W&gt; says well done for the week 16–22 November.")
    assert "<@U0DANA> says *well done*" in text_of(message)
    assert "Kept the step “&lt;Call&gt;”." in text_of(message)
