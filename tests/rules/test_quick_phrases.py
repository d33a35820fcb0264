"""The everyday words, each read as one thing."""

from __future__ import annotations

import pytest

from bot.rules.conversation import Base, Close, DealOutcome
from bot.rules.quick_phrases import (
    ADJECTIVES,
    CONNECTORS,
    EVERYDAY_WORDS,
    LONGEST,
    OWN_WORDS,
    PHRASES,
    TALKS,
)


def test_no_phrase_is_longer_than_what_is_looked_at() -> None:
    assert max(len(phrase) for phrase in PHRASES) <= LONGEST
    assert all(word == word.casefold() and word for phrase in PHRASES for word in phrase)


def test_the_bots_own_words_are_not_explained() -> None:
    assert not set(OWN_WORDS) & set(EVERYDAY_WORDS)


def test_words_for_a_talk_alone_say_no_base() -> None:
    assert not {(word,) for word in TALKS | ADJECTIVES} & set(PHRASES)
    assert TALKS <= CONNECTORS


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("intro", Base.FIRST),
        ("appointment booked", Base.FIRST),
        ("demo booked", Base.FIRST),
        ("discovery", Base.SECOND),
        ("demo", Base.SECOND),
        ("proposal sent", Base.THIRD),
        ("sent the quote", Base.THIRD),
        ("verbal yes", Base.THIRD),  # nothing is home before it is signed
        ("signed", Base.HOME),
        ("closed won", Base.HOME),
        ("closed lost", DealOutcome.LOST),
        ("said no", DealOutcome.LOST),
        ("asked for the order", Close.ASKED),
        ("did not ask", Close.NOT_ASKED),
        ("closed", "closed"),
        ("no show", "no_talk"),
        ("left a voicemail", "no_talk"),
    ],
)
def test_what_everyday_words_are_read_as(phrase: str, said: object) -> None:
    assert EVERYDAY_WORDS[tuple(phrase.split())] == said
