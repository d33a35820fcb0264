"""Which changes of hands a seed has, and when."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

HAND_CHANGES = ("coach", "second coach", "channel", "public", "shared", "rep moves", "guest")


@dataclass(frozen=True)
class HandChange:
    """A change of who coaches whom, or of who can read the coach channel."""

    at: float
    what: str
    """One of HAND_CHANGES."""
    person: str = ""
    """The rep who moves, the new second coach, or the coach who becomes a guest."""
    team: str = ""
    """Where the rep moves to."""


def draw_hand_changes(seed: int, length: float, people: list[str]) -> tuple[HandChange, ...]:
    """Half the seeds have some; a channel that others can read is replaced some days later."""
    random = Random(f"hand changes {seed}")
    changes = []
    for _ in range(random.choice((0, 0, 1, 3))):
        at, what = random.uniform(0, 0.9 * length), random.choice(HAND_CHANGES)
        match what:
            case "second coach":
                person = random.choice(("U0MORGAN", "U0ALEX", *people))
                changes.append(HandChange(at, what, person))
            case "rep moves":
                who, week = random.choice(people), 7 * 86_400.0
                changes.append(HandChange(at, what, who, "Quay"))
                back = at + random.uniform(0.1, 4) * week
                if back < length:
                    changes.append(HandChange(back, what, who, "Harbor Sales"))
            case "guest":
                changes.append(HandChange(at, what, "U0MORGAN"))
            case _:
                changes.append(HandChange(at, what))
                if what in {"public", "shared"}:
                    changes.append(HandChange(at + random.uniform(1, 72) * 3600, "channel"))
    return tuple(changes)
