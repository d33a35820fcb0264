"""The coaching loop on Homes: the rep's own, the coach's lines about each rep, and the admin's shares."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.domain.shown.loop import NOTHING, CoachShare, LeftAlerts
from bot.domain.shown.setup import Checklist
from bot.slack.views.coaching import on_home as views
from bot.slack.views.home import home_view
from tests.slack.views.coaching.shown import AGREED, LOOP
from tests.slack.views.shown import COACHED, HOME, NOW, READER
from tests.slack.views.sound import ODD, check_nothing_live, check_sound, text_of

SHARE = CoachShare("U0DANA", 4, 3, 1, Decimal("26.5"), 4, 3, 1)


def test_a_coachs_line_about_a_rep_is_sound_and_bounded() -> None:
    assert views.for_coach(COACHED, READER) == ""
    text = views.for_coach(replace(COACHED, loop=LOOP), READER)
    check_nothing_live(text)
    assert len(text) <= views.LINES_LIMIT
    assert text.count(":small_orange_diamond:") == 3


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "Last time: hold accountable by <@U0DANA>, Thursday 3 December at 10:12"),
        ({"kept": "yes"}, "” done"),
        ({"kept": "no", "talked": "yes", "helped": "yes"}, "” not done, it helped"),
        ({"talked": "yes", "helped": "no"}, ": it did not help"),
        ({"talked": "no"}, ": you two did not talk"),
        ({"otherwise": ODD}, ": the rep says it was agreed otherwise"),
    ],
)
def test_the_last_time(changes: dict[str, str], said: str) -> None:
    last = replace(AGREED, otherwise=None)
    rep = replace(COACHED, loop=replace(NOTHING, last=replace(last, **changes)))  # type: ignore[arg-type]
    assert said in views.for_coach(rep, READER)


def test_numbers_are_accepted_only_where_a_week_was_met_without_its_log() -> None:
    rep = replace(COACHED, loop=LOOP, last_result="met")
    prepare, nod = views.buttons_of_coach(rep)
    assert (nod["action_id"], nod["value"]) == (views.NOD, "1")
    assert (prepare["action_id"], prepare["value"]) == (views.PREPARE, rep.slack_user_id)
    assert views.buttons_of_coach(replace(rep, last_result="missed")) == [prepare]
    assert views.buttons_of_coach(replace(rep, loop=replace(LOOP, nodded_by="U0DANA"))) == [prepare]
    assert views.buttons_of_coach(replace(rep, loop=NOTHING)) == [prepare]
    accepted = replace(rep, loop=replace(NOTHING, differences=LOOP.differences[:1], nodded_by="U1"))
    assert "(accepted by <@U1>)" in views.for_coach(accepted, READER)


def test_a_whole_home_is_sound() -> None:
    assert HOME.rep is not None
    team = replace(HOME.coached[0], reps=(replace(COACHED, loop=LOOP, last_result="met"),))
    shown = replace(
        HOME,
        rep=replace(HOME.rep, loop=LOOP),
        coached=(team,),
        checklist=Checklist(0, 0, ()),
        left_alerts=(LeftAlerts(ODD, "U0DANA", 2, NOW),),
        shares=(SHARE,) * 30,
    )
    view = home_view(shown)
    check_sound(view)
    text = text_of(view)
    assert "*would like advice*, since Thursday 10:12" in text
    assert "You asked for advice, Thursday 10:12" in text
    assert "And 10 more coaches." in text
    assert "I’d like advice" not in text


def test_an_admin_reads_shares() -> None:
    (_, block) = views.for_admin((), (SHARE,), READER)
    assert block["text"]["text"] == (
        "<@U0DANA>: 4 alerts, 75 % taken, 25 % done, taken after 26 hours (median). "
        "Reps say: talked 75 %, helped 25 %"
    )
    quiet = CoachShare("U0DANA", 1, 0, 0, None, 0, 0, 0)
    (_, block) = views.for_admin((), (quiet,), READER)
    assert block["text"]["text"] == "<@U0DANA>: 1 alert, 0 % taken, 0 % done"
    assert views.for_admin((), (), READER) == []
