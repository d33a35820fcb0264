"""What people read about their own data."""

from __future__ import annotations

from bot.slack.views import privacy
from bot.slack.views.privacy import (
    erased_home_view,
    export_begun_message,
    export_failed_message,
    export_refused_message,
    record_comment,
    weeks_comment,
)
from tests.slack.views.sound import check_sound


def test_an_erased_home_says_that_nothing_is_stored() -> None:
    view = erased_home_view()
    check_sound(view)
    assert "Nothing is stored about you." in str(view)


def test_a_missing_scope_names_the_operators_command() -> None:
    message = export_failed_message(privacy.MISSING_SCOPE, "U0PRIYA")
    check_sound(message)
    assert "`basecoach export member U0PRIYA`" in message["text"]


def test_another_refusal_names_its_code_and_what_to_do() -> None:
    message = export_failed_message("<storage&limit>", "U0PRIYA")
    check_sound(message)
    assert "(&lt;storage&amp;limit&gt;)" in message["text"]
    assert "Try again in a few minutes" in message["text"]


def test_the_other_answers_are_sound() -> None:
    check_sound(export_begun_message())
    check_sound(export_refused_message("Somebody in it was <deleted>."))
    assert "JSON" in record_comment()
    assert "whom you coach today" in weeks_comment(with_answers=True)
    assert "Answers are for their coaches only" in weeks_comment(with_answers=False)
