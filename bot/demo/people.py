"""The people of the demo: the reps with their targets, their past weeks and this week's log."""

from __future__ import annotations

from dataclasses import dataclass

PRIYA, SAM, MAYA = "U0PRIYA", "U0SAM", "U0MAYA"
DANA, ALEX, MORGAN = "U0DANA", "U0ALEX", "U0MORGAN"
LONDON, NEW_YORK = "Europe/London", "America/New_York"


@dataclass(frozen=True)
class Rep:
    """A rep of the demo: the targets, and the numbers of the past weeks."""

    slack_user_id: str
    name: str
    timezone: str
    goals: tuple[int, int, int, int]
    """conversations, base moves, sales, referrals asked for"""
    history: tuple[tuple[int, int, int, int] | None, ...]
    """The same four for each past week, oldest first; None where the check-in was not answered."""
    typical: tuple[int, int, int]
    """Conversations, base moves and sales of a week before the check-ins began."""
    step: str | None = None
    """What was agreed about last week, if it was a miss."""


REPS = (
    Rep(
        PRIYA,
        "Priya Nair",
        LONDON,
        (20, 9, 10_000, 5),
        (
            (14, 6, 6_000, 2),
            (17, 7, 8_500, 3),
            (16, 8, 0, 4),
            (20, 9, 12_000, 5),
            (21, 10, 10_500, 6),
            (19, 9, 11_000, 5),
            (22, 9, 14_200, 5),
            (20, 11, 10_000, 7),
            (23, 9, 12_750, 5),
            (21, 10, 10_400, 6),
            (20, 9, 13_000, 5),
            (22, 12, 16_500, 8),
        ),
        typical=(18, 8, 9_000),
    ),
    Rep(
        SAM,
        "Sam Ortiz",
        NEW_YORK,
        (15, 6, 8_000, 4),
        (
            (16, 7, 9_000, 4),
            (15, 6, 8_000, 5),
            (17, 8, 12_400, 4),
            (15, 6, 8_200, 4),
            (14, 6, 7_000, 3),
            (16, 6, 8_800, 4),
            None,
            (15, 5, 6_500, 4),
            (13, 5, 8_000, 2),
            (12, 4, 4_000, 3),
            (15, 6, 9_900, 4),
            (11, 3, 2_500, 1),
        ),
        typical=(15, 6, 8_000),
        step="Two first meetings a day",
    ),
    Rep(
        MAYA,
        "Maya Brandt",
        LONDON,
        (18, 8, 9_000, 4),
        (
            (15, 7, 8_000, 4),
            (16, 7, 9_500, 4),
            (18, 8, 7_400, 4),
            (17, 8, 9_000, 5),
            (18, 8, 9_600, 4),
            (19, 9, 8_200, 4),
            (18, 8, 9_000, 5),
            (20, 9, 11_500, 4),
            (19, 8, 9_800, 4),
            (21, 10, 12_400, 6),
            (20, 9, 10_900, 5),
            (22, 10, 13_600, 5),
        ),
        typical=(17, 7, 8_500),
    ),
)

# The texts that each rep typed after /log-conversation this week, day by day, up to Friday afternoon.
THIS_WEEK: dict[str, tuple[tuple[str, ...], ...]] = {
    PRIYA: (
        ("Acme 2nd", "Blue Sky Ltd 1st", "Brightwater", "Delmar Foods 1st asked"),
        ("Acme 3rd asked", "Corner Bakery", "Foxglove Hotels 1st", "Granite & Sons"),
        ("Blue Sky Ltd 2nd", "Harrow Clinic", "Ivy Lane 1st", "Delmar Foods 2nd"),
        ("Acme home 12,400 inoffensive", "Juniper Press", "Kestrel Air"),
        ("Foxglove Hotels not asked", "Lowtide Surf"),
    ),
    SAM: (
        ("Maple Motors 1st", "Northgate Gym", "Opal Jewellers", "Upland Cycles"),
        ("Maple Motors 3rd", "Pine Street Deli 1st", "Larch House"),
        ("Quarry Stone 1st asked", "Northgate Gym 1st", "Redwood Dental"),
        ("Pine Street Deli 2nd", "Sable Lighting", "Maple Motors home 8,400 asked"),
        ("Redwood Dental lost", "Thorn & Vale"),
    ),
    MAYA: (
        ("Tidewater Yachts 1st", "Umber Ceramics", "Vantage Golf 1st asked", "Willow Vets"),
        ("Tidewater Yachts 2nd", "Yarrow Spa 1st", "Zephyr Coaches", "Vantage Golf 2nd"),
        ("Tidewater Yachts 3rd inoffensive", "Aspen Cycles 1st", "Bluebell Nursery"),
        ("Tidewater Yachts home 11,800 inoffensive", "Yarrow Spa 2nd", "Cobalt Glass 1st"),
        ("Vantage Golf 3rd asked", "Dovetail Kitchens", "Eastgate Tennis 1st", "Fairlane Dental"),
    ),
}
