"""How acts are done: read by coaches, written by admins, and back to the built-in lines."""

from __future__ import annotations

import pytest

from bot.domain.coaching import alerts, guides
from bot.domain.refusals import FieldProblems, Refusal
from bot.domain.tables import ActGuide
from bot.rules.act_guides import GUIDES
from bot.rules.acts import Act
from tests.domain.coaching.story import TAKEN, alert_of, miss
from tests.domain.handover.desk import Desk


def write(desk: Desk, by: str = "UA", **typed: str) -> None:
    facts = {act: (f"field {act}", text) for act, text in typed.items()}
    desk.write(guides.write, caller=desk.caller(by), typed=facts, now=TAKEN)


def test_an_admin_writes_lines_that_coaches_read(desk: Desk) -> None:
    write(desk, coach=" Ask. \n\n Listen.", mentor="\n".join(GUIDES[Act.MENTOR]))
    found = desk.write(guides.read, caller=desk.caller("UC"))
    assert found.lines == {**GUIDES, Act.COACH: ("Ask.", "Listen.")}
    assert not found.may_write
    assert desk.write(guides.read, caller=desk.caller("UA")).may_write
    assert len(desk.rows(ActGuide)) == 1
    write(desk, coach="Listen.")
    assert desk.rows(ActGuide)[0].lines == "Listen."
    write(desk, coach="")
    assert desk.rows(ActGuide) == []


def test_nobody_else_reads_or_writes_them(desk: Desk) -> None:
    with pytest.raises(Refusal, match="Only coaches"):
        desk.write(guides.read, caller=desk.caller("U1"))
    for user in ("UC", "U1"):
        with pytest.raises(Refusal, match="Only a workspace admin"):
            write(desk, by=user, coach="Mine")
    with pytest.raises(FieldProblems) as problem:
        write(desk, coach="1\n2\n3\n4", mentor="ok")
    assert problem.value.sentences == {"field coach": "These are 4 lines. Keep to 3."}
    with pytest.raises(Refusal, match="older version"):
        write(desk, sing="la")
    assert desk.rows(ActGuide) == []


def test_an_alert_says_how_its_act_is_done(desk: Desk) -> None:
    miss(desk)
    how = {"caller": desk.caller("UC"), "alert_id": alert_of(desk).id}
    assert desk.write(alerts.how, **how) == (Act.COACH, GUIDES[Act.COACH])
    desk.write(alerts.choose, **how, act="motivate", now=TAKEN)
    assert desk.write(alerts.how, **how) == (Act.MOTIVATE, GUIDES[Act.MOTIVATE])
    with pytest.raises(Refusal, match="Only the coaches"):
        desk.write(alerts.how, caller=desk.caller("UN"), alert_id=alert_of(desk).id)
