"""What the bot's database holds at first."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Session

from bot.domain.people.members import Profile
from bot.domain.shown.setup import ScheduleForm
from bot.sandbox.workspace import Workspace
from tests.harbor import Rep, Seeded, seed_harbor
from tests.simulation.mix import Mix

AMOUNTS = {"conversations": 2, "base_moves": 1, "sales": 1000}


def seed_database(session: Session, mix: Mix, workspace: Workspace, *, now: datetime) -> Seeded:
    """One team of those of the mix's people who are reps at first, with Dana as its coach."""
    at_first = mix.reps_at_first()
    users = [workspace.users[who] for who in ("U0DANA", "U0MORGAN", "U0ALEX", *mix.people)]
    return seed_harbor(
        session,
        people=[
            Profile(user.id, user.real_name, user.tz, "en-US", is_admin=user.is_admin)
            for user in users
        ],
        reps={who: Rep(AMOUNTS, is_there=who in at_first) for who in mix.people},
        targets_from=date(2026, 1, 5),
        schedule=ScheduleForm(
            check_in_day=mix.check_in_day,
            check_in_at=mix.check_in_at,
            deadline_day=mix.deadline_day,
            deadline_at=mix.deadline_at,
        ),
        now=now,
    )
