"""Which columns of a CRM's export say what."""

from __future__ import annotations

import pytest

from bot.rules.crm_columns import Field, FileKind, layout_of


@pytest.mark.parametrize(
    ("header", "kind", "user", "day"),
    [
        ("Deal Name|Deal Stage|Deal owner|Create Date|Company name", "deals", 2, 3),
        ("Opportunity Owner|Account Name|Stage|Created Date", "deals", 0, 3),
        ("Deal - Owner|Deal - Title|Deal - Stage|Deal - Deal created", "deals", 0, 3),
        ("Subject|Assigned|Company / Account|Date", "conversations", 1, 3),
        (
            "Activity - Assigned to user|Activity - Organization|Activity - Due date",
            "conversations",
            0,
            2,
        ),
        ("Company Name|Contact owner|Last Contacted", "conversations", 1, 2),
        ("Record ID|dealname|dealstage|createdate|Deal owner", "deals", 4, 3),
        (
            "Call title|Activity date|Activity assigned to|Call outcome|Associated Company",
            "conversations",
            2,
            1,
        ),
        (
            "Opportunity Owner|Account Name|Stage Name|Opportunity Currency|CreatedDate",
            "deals",
            0,
            4,
        ),
        (
            "Deal - Title*|Organization*|Deal - Owner|Deal - Stage (pipeline)|Deal - Creation date",
            "deals",
            2,
            4,
        ),
        ("user|date|company|base", "conversations", 0, 1),
    ],
)
def test_the_columns_of_the_crms_are_recognised(
    header: str, kind: str, user: int, day: int
) -> None:
    layout = layout_of(header.split("|"), named={})
    date = Field.CREATED if kind == "deals" else Field.DATE
    assert (layout.kind, layout.fields[Field.USER], layout.fields[date]) == (kind, user, day)
    assert layout.missing == []
    assert Field.COMPANY in layout.fields


def test_columns_with_the_day_of_a_stage_are_recognised_and_the_others_named() -> None:
    layout = layout_of(
        [
            'Date entered "Contract Sent (Sales Pipeline)"',
            "Owner",
            "Deal",
            "Date entered Won",
            "Age",
        ],
        named={},
    )
    assert layout.stage_dates == {0: "contract sent", 3: "won"}
    assert layout.ignored == ["Age"]
    assert layout.missing == []  # the days say the stages, and the deal's name is the company


def test_internal_names_of_the_days_of_stages_are_recognised() -> None:
    header = [
        "Deal owner",
        "dealname",
        "hs_v2_date_entered_contractsent",
        "hs_date_entered_closedwon",
    ]
    layout = layout_of(header, named={})
    assert layout.stage_dates == {2: "contractsent", 3: "closedwon"}
    assert layout.missing == []


@pytest.mark.parametrize(
    ("header", "field", "place"),
    [
        ("Associated Company|Associated Company (Primary)|Deal Stage", Field.COMPANY, 1),
        ("Amount (converted) Currency|Amount (converted)|Stage", Field.AMOUNT, 1),
        ("Amount (converted) Currency|Amount (converted)|Stage", Field.CURRENCY, 0),
        ("Amount (converted)|Amount|Stage", Field.AMOUNT, 1),
        ("Closed|Close Date|Stage", Field.CLOSED, 1),  # the first says whether, not when
        ("Call status|Call outcome|Activity date", Field.DONE, 1),
    ],
)
def test_of_several_columns_the_one_that_says_it_best_is_read(
    header: str, field: Field, place: int
) -> None:
    assert layout_of(header.split("|"), named={}).fields[field] == place


def test_a_mapping_goes_before_the_known_names() -> None:
    layout = layout_of(
        ["Owner", "Rep", "Company", "Day one", "Demo on", "Stage"],
        named={"rep": "ignore", "Day one": "created", "Demo on": "entered 2nd"},
        kind=FileKind.DEALS,
    )
    assert layout.fields[Field.USER] == 0
    assert layout.fields[Field.CREATED] == 3
    assert layout.stage_dates == {4: "2nd"}
    assert layout.ignored == ["Rep"]


def test_what_no_column_says_is_missing() -> None:
    assert layout_of(["Company", "Colour"], named={}).missing == [Field.USER, Field.DATE]
