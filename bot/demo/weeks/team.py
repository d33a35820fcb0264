"""The team of twelve whose weeks are lived through: who they are, their goals, and how each of their weeks goes.

A week is written as two signs. The first is what the week brings:

- ``G`` every goal is met, ``L`` conversations are held but few deals move, ``S`` only the sales are missing;
- a digit is the share of every goal that is reached, in tenths; ``Z`` nothing happens at all;
- ``A`` the whole week is away, ``H`` its last two days are.

The second is how its check-in is answered:

- ``.`` soon, as the log has it, and with what was in the way of a miss; ``q`` the same without that;
- ``?`` the same with a wish for advice; ``+`` with more than the log has; ``t`` too late; ``-`` not at all.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.demo.people import ALEX, DANA, LONDON, MAYA, MORGAN, NEW_YORK, PRIYA, SAM

__all__ = ["ALEX", "DANA", "MORGAN", "REPS", "Rep"]

BERLIN, DENVER = "Europe/Berlin", "America/Denver"


@dataclass(frozen=True)
class Rep:
    """A rep with weekly goals; `story` has two signs for each week and begins again at its end."""

    slack_user_id: str
    name: str
    timezone: str
    goals: tuple[int, int, int]
    """Conversations, base moves and sales a week."""
    story: str
    has_plan: bool = False
    """Whether the goals come out of a plan; see `bot.demo.weeks.plans` for the numbers."""

    @property
    def wants_midweek_line(self) -> bool:
        """Whether the rep has a line come on Thursdays; those who miss without a word do not."""
        return self.slack_user_id in {SAM, MAYA, "U0LENA", "U0MARCO"}

    @property
    def handle(self) -> str:
        """What people type behind an @."""
        return self.name.split()[0].lower()

    def week(self, number: int) -> tuple[str, str]:
        """Return both signs of a week, counted from 0."""
        weeks = self.story.split()
        both = weeks[number % len(weeks)]
        return both[0], both[1]


REPS = (
    Rep(PRIYA, "Priya Nair", LONDON, (10, 6, 4_000), "5. 7. 8. G. G. G. L. G. G. G. G. G."),
    Rep(SAM, "Sam Ortiz", NEW_YORK, (8, 6, 3_000), "G. G. L. L. G. S. L? G. H. G. L. L."),
    Rep(MAYA, "Maya Brandt", LONDON, (9, 7, 4_000), "G. G. G. G. G. H. G. G. G. G. G. G.", True),
    Rep("U0LENA", "Lena Fischer", BERLIN, (10, 6, 3_000), "G. G. 8. 6. 4. G. G. G. G. 8. 5. G."),
    Rep("U0TOM", "Tom Okafor", LONDON, (8, 5, 2_500), "G. 6- G. 5- 7. G- G. Z- G. 6- 8. G-"),
    Rep("U0INES", "Ines Duarte", LONDON, (9, 5, 3_000), "G. G. 5. Z. Z. 4. 7. G. G. 6. Z. Z."),
    Rep("U0MARCO", "Marco Silva", NEW_YORK, (8, 5, 2_500), "G. 6+ 7+ G. 5+ G. G. 6+ G. G. 7+ 6+"),
    Rep("U0HANNA", "Hanna Weiss", BERLIN, (9, 6, 3_500), "7q 6q G. 8q G. 7q G. G. G. 6q G. 7q"),
    Rep("U0OLA", "Ola Adeyemi", LONDON, (8, 5, 5_000), "G. S. S. G. S. S? G. S. G. G. S. S."),
    Rep("U0JUN", "Jun Park", DENVER, (8, 5, 2_500), "Gt Gt 7t G. Gt G. 6. Gt G. Gt G. 8t"),
    Rep("U0GRACE", "Grace Lindqvist", LONDON, (8, 5, 3_000), "G. A. G. H. G. G. A. A. G. G. H. G."),
    Rep(
        "U0BEN",
        "Ben Castellano",
        LONDON,
        (9, 7, 4_000),
        "G. 6? 7. G. G. G. G. G. G. 6. 7? G.",
        True,
    ),
)

TRAVELLER = "U0GRACE"
"""She works from New York for two weeks in each twelve."""
