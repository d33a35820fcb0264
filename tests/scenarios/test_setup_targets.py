"""Targets by their forms: of one rep, and of a whole team."""

from __future__ import annotations

from sqlmodel import select

from bot.domain.tables import Member, Metric
from bot.slack.views.setup.inputs import PICK
from bot.slack.views.setup.team_targets import PICK_METRIC
from tests.scenarios.coach_forms import coach
from tests.scenarios.conftest import World, text_of
from tests.scenarios.planning import title_of


async def test_targets_of_a_whole_team_in_one_form(world: World) -> None:
    dana = world.dana
    await coach(dana, "targets team")
    assert title_of(dana) == "Targets of a team"
    metrics = world.database.read_now(lambda s: {m.key: m.id for m in s.exec(select(Metric))})
    await dana.select(dana.modal, action_id=PICK_METRIC, value=str(metrics["base_moves"]))
    assert "Base moves" in str(dana.modal)
    priya = world.database.read_now(
        lambda s: s.exec(select(Member.id).where(Member.slack_user_id == "U0PRIYA")).one()
    )
    await dana.submit({f"rep.{priya}": "many", "from_week": "2026-11-23"})
    assert list(dana.errors) == [f"rep.{priya}"]
    await dana.submit({"everybody": "7", "from_week": "2026-11-23"})
    words = text_of(dana.modal)
    assert "*Base moves* of Harbor Sales from the week 23–29 November on:" in words
    assert "• <@U0PRIYA>: 7" in words


async def test_targets_that_cannot_be_read_are_said_each_under_its_input(world: World) -> None:
    dana = world.dana
    await coach(dana, "targets @priya")
    assert "Whose targets" in text_of(dana.modal)
    fields = [b["block_id"] for b in dana.modal["blocks"] if b["block_id"].startswith("amount.")]
    await dana.submit({fields[0]: "lots", fields[1]: "-2", fields[2]: "1000000000000"})
    assert set(dana.errors) == set(fields)
    assert "lots" in dana.errors[fields[0]]
    await dana.submit({fields[0]: "21", fields[1]: "", fields[2]: "1.234"})
    words = text_of(dana.modal)
    assert "Conversations: 21" in words
    assert "Base moves" not in words
    assert "I read “1.234” as" in words


async def test_the_targets_form_turns_to_another_rep(world: World) -> None:
    dana = world.dana
    await coach(dana, "targets")
    sam = world.database.read_now(
        lambda s: s.exec(select(Member.id).where(Member.slack_user_id == "U0SAM")).one()
    )
    assert dana.modal is not None
    assert "submit" not in dana.modal or dana.modal["submit"] is None
    await dana.select(dana.modal, action_id=PICK + "targets", value=str(sam))
    initial = [
        b["element"].get("initial_value") for b in dana.modal["blocks"] if b["type"] == "input"
    ]
    assert initial[:3] == ["15", "6", "$8,000"]
