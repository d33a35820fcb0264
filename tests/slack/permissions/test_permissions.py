"""Every listener of the bot's app × everybody who may press: what DESIGN says of who sees, and of changed hands.

A listener without a line in the table fails here, and so does a line that no listener hears.
"""

from __future__ import annotations

import gc
import warnings
from collections.abc import Callable

import pytest

from bot.clock import SettableClock
from bot.database import Database
from tests.scenarios.conftest import opened
from tests.slack.permissions import homes
from tests.slack.permissions.cases import Line, case, sign
from tests.slack.permissions.grown import grow
from tests.slack.permissions.people import (
    COACH_AWAY,
    COLUMNS,
    GONE,
    USUAL,
    Who,
    change_account,
    go_away,
)
from tests.slack.permissions.pressing import at_desk
from tests.slack.permissions.table import HOMES, OF_SLACK, TABLE
from tests.slack.permissions.walk import walk

FALLBACK = "_Fallback."
"""What answers payloads that no other listener knows."""


def lines() -> dict[Line, dict[str, str]]:
    """The table's lines, with the sign of each column."""
    found = {}
    names = [column.name for column in COLUMNS]
    for row in TABLE.strip().splitlines():
        line, _, signs = row.partition("|")
        how, what = line.strip().split(" ", 1)
        found[Line(how, what)] = dict(zip(names, signs.split(), strict=True))
    return found


@pytest.fixture
def nobody_elses_garbage() -> None:
    """Collect what earlier tests left: this one makes so much that it would be blamed for a socket of theirs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.sqlite
@pytest.mark.usefixtures("nobody_elses_garbage")
async def test_everybody_presses_everything(
    new_sqlite: Callable[[], str], clock: SettableClock
) -> None:
    database = Database(new_sqlite())
    wrong: list[str] = []
    table = lines()
    async with opened(database, clock, "socket_mode") as world:
        await walk(world)
        async with at_desk(world) as desk:
            things, forms = await grow(desk)
            desk.reached = set()

            async def fill_in(columns: tuple[Who, ...]) -> None:
                for who in columns:
                    desk.notes_listeners = who.name == "rep"
                    for line, expected in table.items():
                        seen = await case(desk, line, who, things, forms)
                        if (found := sign(seen)) != expected[who.name]:
                            wrong.append(
                                f"{line.what} by the {who.name}: {found} {seen.words[:300]}"
                            )
                    if "user" not in who.changes and homes.signs(desk, who) != HOMES[who.name]:
                        wrong.append(f"Home of the {who.name}: {homes.signs(desk, who)}")

            await fill_in(USUAL)
            await go_away(desk)
            await fill_in(COACH_AWAY)
            await change_account(desk, is_restricted=False, deleted=True)
            await fill_in(GONE)
            desk.notes_listeners = True
            for name in OF_SLACK:
                await desk.note_event(name)
            names = [
                f"{number}: {listener.ack_function.__qualname__}"
                for number, listener in enumerate(desk.app._async_listeners)
                if number not in desk.reached
                and not listener.ack_function.__qualname__.startswith(FALLBACK)
            ]
            missing = [key for key in things if Line("press", key) not in table]
            missing += [
                k for k, v in forms.items() if "submit" in v and Line("send", k) not in table
            ]
    database.close()
    assert not wrong, "\n".join(wrong)
    assert missing == [], "these stand on a screen and in no line of the table"
    assert names == [], "no line of the table reaches these listeners"
