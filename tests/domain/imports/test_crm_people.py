"""Who is meant by an e-mail address or a full name."""

from __future__ import annotations

import pytest

from bot.database import Database
from bot.domain.imports.crm_people import SlackPerson, read_people
from bot.domain.refusals import Refusal
from tests.domain.conversations.rep import Rep


@pytest.mark.usefixtures("rep")
def test_people_are_found_by_name_email_mapping_and_id(database: Database, rep: Rep) -> None:
    slack = [
        SlackPerson("U0PRIYA", ("Priya N.", "Priya Nair", "priya@example.com")),
        SlackPerson("U0TWO", ("Two Names",)),
        SlackPerson("U0THREE", ("Two Names", "Priya Nair")),
    ]
    people = database.read_now(
        read_people, workspace_id=1, mapped={"The Boss": "U0DANA"}, slack=slack
    )
    for text, slack_id in (
        ("priya@EXAMPLE.com", "U0PRIYA"),
        ("Priya  n.", "U0PRIYA"),
        ("Somebody (priya@example.com)", "U0PRIYA"),
        ("Priya Nair", "U0PRIYA"),  # of the two, she is the rep
        ("the boss", "U0DANA"),
        ("U0ANYBODY", "U0ANYBODY"),
    ):
        assert people.slack_id(text) == slack_id
    for text, words in (("Two Names", "2 people here"), ("Nobody", "nobody here is known as")):
        with pytest.raises(Refusal, match=words):
            people.slack_id(text)
