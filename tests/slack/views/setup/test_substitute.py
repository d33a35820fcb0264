"""The form in which a coach names a substitute, and its answer."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.shown.substitutes import StandsIn, SubstituteForm, SubstituteSaved
from bot.slack.views.setup import substitute as views
from bot.slack.views.setup.inputs import BACK
from tests.slack.views.shown import MONDAY, READER
from tests.slack.views.sound import ODD, check_sound, text_of

NOW = StandsIn("U0ALEX", MONDAY, MONDAY, (ODD, "Quay"), began=True)
LATER = replace(NOW, began=False, teams=("Quay",))


def test_the_form_names_the_teams_and_who_stands_in_already() -> None:
    form = SubstituteForm((ODD,) * 3, (LATER,) * 12, MONDAY, READER)
    view = views.substitute_view(form)
    check_sound(view)
    assert "will stand in for you in Quay" in text_of(view)
    assert view["submit"]["text"] == "Save"
    assert views.read_substitute(view) == (None, None, None)
    # Whoever has handed everything over can only come back.
    over = views.substitute_view(SubstituteForm((), (NOW,), MONDAY, READER))
    check_sound(over)
    assert "submit" not in over
    assert over["blocks"][0]["accessory"]["action_id"] == BACK


def test_the_answer_says_who_stands_in_and_where() -> None:
    for saved, words in (
        (SubstituteSaved(NOW, (), READER), "They and your reps are told now."),
        (SubstituteSaved(LATER, (), READER), "are told when it begins"),
        (SubstituteSaved(None, ("Harbor", "Quay"), READER), "You coach Harbor and Quay."),
        (SubstituteSaved(None, (), READER), "Nobody stands in for you."),
    ):
        view = views.substitute_done(saved)
        check_sound(view)
        assert words in text_of(view)
