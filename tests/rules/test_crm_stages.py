"""The stages and words of CRMs."""

from __future__ import annotations

import pytest

from bot.rules.conversation import DealOutcome
from bot.rules.crm_stages import is_empty, read_stage, read_status, why_no_conversation


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Appointment Scheduled", "1st"),
        ("Qualified To Buy", "2nd"),
        ("Decision Maker Bought-In", "3rd"),
        ("Closed Won", "home, won"),
        ("closedlost", "lost"),
        ("decisionmakerboughtin", "3rd"),
        ("Closed Won (Sales Pipeline)", "home, won"),
        ("5. Closed Lost (Sales Pipeline)", "lost"),
        ("3) Proposal", "3rd"),
        ("Proposal (lost)", None),  # of two stages it is neither
        ("Id. Decision Makers", "2nd"),
        ("Closed Lost", "lost"),
        ("Prospecting", "none"),
        ("Negotiation/Review", "3rd"),
        ("Demo Scheduled", "2nd"),
        ("Lead In", "none"),
        ("home", "home, won"),
        ("2nd base", "2nd"),
        ("Our own stage", None),
    ],
)
def test_stages_are_bases(name: str, label: str | None) -> None:
    stage = read_stage(name)
    assert (stage.label if stage is not None else None) == label


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Won", DealOutcome.WON),
        ("lost", DealOutcome.LOST),
        ("Open", DealOutcome.OPEN),
        ("hot", None),
    ],
)
def test_a_status_is_an_outcome(text: str, outcome: DealOutcome | None) -> None:
    assert read_status(text) is outcome


@pytest.mark.parametrize(
    ("text", "empty"),
    [
        ("", True),
        ("#N/A", True),
        ("NULL", True),
        ("-", True),
        (" – ", True),
        ("0", False),
        ("none", False),
    ],
)
def test_what_says_nothing_is_empty(text: str, empty: bool) -> None:
    assert is_empty(text) is empty


@pytest.mark.parametrize(
    ("kind", "done", "held"),
    [
        ("Call", "Done", True),
        ("", "", True),
        ("Email", "Done", False),
        ("Call", "To do", False),
        ("", "Connected", True),
        ("", "No answer", False),
        ("", "No show", False),
        ("", "Completed", True),
    ],
)
def test_only_activities_that_were_held_are_conversations(kind: str, done: str, held: bool) -> None:
    assert (why_no_conversation(kind=kind, done=done) is None) is held
