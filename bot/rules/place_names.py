"""Finds the place that somebody means: names are compared without case, accents, spaces and small words.

Letters of other scripts are compared by their Latin ones, so that 日本 and a name in Greek are found as typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping

from anyascii import anyascii
from rapidfuzz import process
from rapidfuzz.distance import OSA

NEAR = 0.75
"""How like a known name a typed one has to be to be asked about: 1 is equal."""

LAST_LATIN = 0x2FF
SHORT = 4

_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ø": "oe", "å": "aa"}
)
_AND = re.compile(r"\s*[&+]\s*")
_SAINT = re.compile(r"\bst\b\.?", re.IGNORECASE)
# What a place is, in front of its name or behind it: "Free State of Bavaria", "Kanton Bern", "Milan Province".
_KINDS = re.compile(
    r"\b(?:the|of|and|de|del|della|di|do|da|la|free|autonomous|federal|islamic|people'?s|independent|state|states|"
    r"province|region|regional|republic|kingdom|commonwealth|principality|sultanate|grand|duchy|canton|county|"
    r"prefecture|territory|parish|department|district|division|community|country|land|freistaat|bundesland|"
    r"kanton|provincia|provincie|provinz|estado|departamento|comunidad|comunitat|regione|regi[oó]n|"
    r"região|voivodeship|województwo|fylke|région)\b",
    re.IGNORECASE,
)


class Names:
    """The known names of places, each with the code of its place."""

    def __init__(self, named: Iterable[tuple[str, str]]) -> None:
        """Take pairs of a code and one of its names; a code may come often, a name may belong to several."""
        codes: dict[str, set[str]] = {}
        self._shown: dict[str, str] = {}
        for code, name in named:
            for key in _keys(name):
                codes.setdefault(key, set()).add(code)
                self._shown.setdefault(key, name)
        self._codes: Mapping[str, frozenset[str]] = {k: frozenset(v) for k, v in codes.items()}

    def find(self, text: str) -> tuple[str, ...]:
        """Return the codes of the places with this name, in order; an empty tuple for a name that nobody has."""
        for key in _keys(text):
            if key in self._codes:
                return tuple(sorted(self._codes[key]))
        bare = _KINDS.sub(" ", text)
        for key in _keys(bare):
            if key in self._codes:
                return tuple(sorted(self._codes[key]))
        return ()

    def nearest(self, text: str) -> str | None:
        """Return the known name that is most like this one, as it is written; None if none is like it."""
        best = process.extractOne(
            _key(text), self._codes.keys(), scorer=OSA.normalized_similarity, score_cutoff=NEAR
        )
        return self._shown[best[0]] if best is not None else None


def listed(text: str) -> Iterator[tuple[str, str]]:
    """Yield the first word and the rest of each line that has any."""
    for line in text.strip().split("\n"):
        first, _, rest = line.partition(" ")
        yield first, rest


def named(text: str) -> Iterator[tuple[str, str]]:
    """Yield a code and a name for each name in lines of a code, a blank, and names with commas between them."""
    for code, rest in listed(text):
        for name in rest.split(","):
            yield code, name.strip()


def _keys(name: str) -> list[str]:
    """Return what the name is compared by, the likeliest first; an empty list for a name without letters.

    A name in another script is compared as it is written, and, unless it is short, by its Latin letters: those of
    a few letters without vowels look like somebody else's code.
    """
    spelled = (name, name.translate(_UMLAUTS), _SAINT.sub("saint", name))
    latin = [_key(each) for each in spelled]
    written = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    if any(ord(letter) > LAST_LATIN for letter in written):
        latin = [written, *(key for key in latin if len(key) > SHORT)]
    return [key for key in dict.fromkeys(latin) if key]


def _key(name: str) -> str:
    plain = anyascii(_AND.sub(" and ", name)).casefold().strip()
    return re.sub(r"[^a-z0-9]", "", plain.removeprefix("the "))
