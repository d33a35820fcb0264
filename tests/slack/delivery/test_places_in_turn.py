"""Where a message to coaches may be posted, and where it may have been: for each surface that goes to them."""

from __future__ import annotations

import pytest

from bot.domain.coaching import advice
from bot.domain.deliveries import TO_COACHES
from bot.domain.outbox import outbox
from bot.domain.tables import OutboxItem
from bot.slack.delivery.addressing import ToChannel, ToMember
from bot.slack.delivery.rendering import conversations, places_in_turn, render
from tests.domain.coaching.brief_story import all_answer
from tests.domain.handover.conftest import desk as desk
from tests.domain.handover.desk import Desk
from tests.domain.mondays import at

LATER = at(23, 12, 6)


def whereabouts(places: list[ToMember | ToChannel]) -> list[str]:
    return [one.channel if isinstance(one, ToChannel) else one.slack_user_id for one in places]


@pytest.mark.parametrize("surface", [outbox.ALERT, outbox.ADVICE, outbox.BRIEF])
def test_the_channel_and_both_coaches_take_turns_and_are_searched(desk: Desk, surface: str) -> None:
    """A brief is for the coaches alone: it never goes to their channel."""
    all_answer(desk)
    desk.write(advice.ask, caller=desk.caller("U1"), words="", now=LATER, field="words")
    desk.reminded(LATER)
    places = ["UC", "UD"] if surface == outbox.BRIEF else ["CHarbor", "UC", "UD"]
    assert surface in TO_COACHES
    items = desk.rows(OutboxItem, surface=surface)
    (item,) = [one for one in items if one.channel in {"CHarbor", "DUC"}]
    about = {"surface": surface, "subject_id": item.subject_id}
    rendered = desk.database.read_now(render, **about, now=at(23, 22))
    assert isinstance(rendered, ToChannel | ToMember)
    turns = desk.database.read_now(places_in_turn, **about, rendered=rendered)
    assert whereabouts(turns) == places
    earliest = {one.earliest for one in turns if isinstance(one, ToMember)}
    assert earliest == {at(24, 8) if surface == outbox.BRIEF else None}
    searched = desk.database.read_now(conversations, **about, rendered=rendered)
    assert set(whereabouts(searched)) == set(places)
