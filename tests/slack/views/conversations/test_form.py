"""The form of a conversation: sound, and read back as it was filled in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.shown.conversations import Form
from bot.domain.shown.reader import Reader
from bot.rules.conversation import Base, Close, DealOutcome
from bot.slack.views.blocks import View
from bot.slack.views.conversations import form as conversation_form
from tests.slack.views.sound import check_sound

READER = Reader(timezone="Europe/London", locale="en_US", currency="USD")
WEEK = date(2026, 11, 16)
FORM = Form(company="Acme", base="2nd", held_on=WEEK, close=Close.ASKED)
METADATA = {"key": "1.2", "reply": "https://hooks", "replace": False, "opened_at": "2026-11-20"}


def test_the_form_comes_back_as_it_was_sent_out() -> None:
    form = replace(
        FORM,
        amount="12,500",
        back_reason="No budget",
        stands_on=Base.THIRD,
        candidates=("Acme", "new"),
        asked_about="Acmee",
        choice="Acme",
        conversation_id=7,
    )
    view = conversation_form.form_modal(form, metadata=METADATA)
    back, metadata = conversation_form.read_form(filled_in(view))
    assert back == form
    assert {name: metadata[name] for name in METADATA} == METADATA


def test_a_new_form_asks_neither_why_nor_which() -> None:
    view = conversation_form.form_modal(Form(held_on=WEEK), metadata=METADATA)
    assert [block["block_id"] for block in view["blocks"] if "block_id" in block] == [
        "company",
        "base",
        "held_on",
        "close",
        "outcome",
        "amount",
    ]
    assert conversation_form.read_form(filled_in(view))[0] == Form(held_on=WEEK)


def test_the_outcome_is_called_so() -> None:
    view = conversation_form.form_modal(FORM, metadata=METADATA)
    labels = [block["label"]["text"] for block in view["blocks"]]
    assert labels[-2:] == ["Outcome", "Amount"]


def filled_in(view: View) -> View:
    """The view as it is submitted when every initial value stays."""
    values = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        values[block["block_id"]] = {
            element["action_id"]: {
                "type": element["type"],
                "value": element.get("initial_value"),
                "selected_option": element.get("initial_option"),
                "selected_date": element.get("initial_date"),
            }
        }
    return {**view, "state": {"values": values}}


# Whatever people type

texts = st.one_of(
    st.text(max_size=80),
    st.sampled_from(
        [
            "<!channel>",
            "<@U0BOSS>",
            "<#C1|x>",
            "<!here> & <@U0BOSS>",
            "<https://x|y>",
            "&lt;!here&gt;",
        ]
    ),
    st.text("<>!@#&|ab \U0001f389", max_size=80),
)
companies = st.one_of(texts, st.text(min_size=1, max_size=80)).filter(bool)
candidates = st.lists(companies, min_size=1, max_size=3, unique=True).map(tuple)


@given(
    st.builds(
        Form,
        company=st.one_of(texts, st.text(max_size=4000)),
        base=st.sampled_from(["none", "1st", "2nd", "3rd", "home"]),
        held_on=st.none() | st.dates(),
        close=st.none() | st.sampled_from(Close),
        outcome=st.sampled_from(DealOutcome),
        amount=st.text(max_size=60),
        back_reason=st.text(max_size=300),
        stands_on=st.none() | st.sampled_from(Base),
        asked_about=companies,
        candidates=st.just(()) | candidates,
        choice=st.none(),
        conversation_id=st.none() | st.integers(1, 2**53),
    )
)
def test_no_form_has_live_text_of_people_in_it(form: Form) -> None:
    metadata = {**METADATA, "reply": "https://hooks.slack.com/" + "x" * 120}
    check_sound(conversation_form.form_modal(form, metadata=metadata))
