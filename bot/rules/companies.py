"""Company names: what is taken as one, which are the same, which are suspiciously alike."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from anyascii import anyascii
from rapidfuzz.distance import OSA

from bot.rules.problems import CompanyProblem

MAX_LENGTH = 80

_MOST_NEAR_MISSES = 3
# What a legal form adds to a name does not tell two companies apart.
_LEGAL_FORMS = re.compile(
    r"ab|ag|as|asa|bv|co|company|corp|corporation|gmbh|group|holdings?|inc|incorporated|kg|kk|"
    r"limited|llc|llp|ltd|nv|oyj?|plc|pte|pty|pvt|sa|sarl|se|spa|srl|the"
)
_AND = frozenset({"&", "+", "and"})
_CONTROL = re.compile(r"<[!@#][^<>]*>|(?<![\w.])@(?:channel|here|everyone)(?![\w.])", re.IGNORECASE)
_LABELLED_LINK = re.compile(r"<(?:https?://|mailto:|tel:)[^|<>]*\|([^<>]*)>")
_BARE_LINK = re.compile(r"<(?:https?://|mailto:|tel:)([^|<>]*)>")
_SHORTCODE = re.compile(r":[a-z0-9_+'-]+:", re.IGNORECASE)
# A character shown as an emoji, though Unicode counts it among the letters and digits.
_EMOJI_STYLE = re.compile(r".\ufe0f|.\ufe0f?\u20e3", re.DOTALL)
# Letters by category that show nothing: the Hangul fillers.
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0")


def plain_text(text: str) -> str:
    """What the person typed, before Slack escaped it; a link becomes its label.

    Mentions and controls such as ``<!channel>`` stay as they are.
    """
    text = _BARE_LINK.sub(r"\1", _LABELLED_LINK.sub(r"\1", text))
    # As often as it was escaped, so that a second call changes nothing.
    text = re.sub(r"&(?:amp;)+", "&", text)
    return text.replace("&lt;", "<").replace("&gt;", ">")


def clean_name(text: str) -> str:
    """A name fit to store, or ``CompanyProblem``. Cleaning a clean name changes nothing.

    Whitespace is collapsed, invisible characters are dropped, Slack's escapes undone.
    """
    name = _visible(text)
    while (undone := _visible(plain_text(name))) != name:
        name = undone
    if not name:
        raise CompanyProblem("Type the name of the company, like Acme.")
    if _CONTROL.search(name):
        raise CompanyProblem("A mention is not a company: type the company's name, like Acme.")
    if not _has_letter_or_digit(name):
        raise CompanyProblem("A company's name needs a letter or a digit: type one like Acme.")
    if len(name) > MAX_LENGTH:
        raise CompanyProblem(
            f"A company's name has at most {MAX_LENGTH} characters and this one has {len(name)}: "
            "type a shorter one."
        )
    return name


def key(name: str) -> str:
    """Equal for names that differ in case, width, spacing or a closing dot only."""
    while True:
        folded = unicodedata.normalize("NFKC", name).casefold()
        folded = "".join(folded.split()).rstrip(".")
        if folded == name:
            return folded
        name = folded


def near_misses(name: str, known: Iterable[str]) -> list[str]:
    """Up to three of ``known`` that may be the same company as ``name``, best first.

    Those with the same ``key`` are not near misses: they are the company.
    """
    wanted, words = key(name), _words(name)
    found: dict[str, tuple[int, str]] = {}
    for other in known:
        other_key = key(other)
        if other_key == wanted or other_key in found:
            continue
        distance = _distance(words, _words(other))
        if distance is not None:
            found[other_key] = (distance, other)
    ranked = sorted(found.values(), key=lambda entry: (entry[0], entry[1].casefold()))
    return [other for _, other in ranked[:_MOST_NEAR_MISSES]]


class NearMisses:
    """Finds near misses among many names in a time that doesn't grow with their square.

    `add` takes a name in and gives the first one it found before it that may be the same company; None where
    there is none, or the same `key`. After `most` comparisons of spelling no more are made.
    """

    def __init__(self, *, most: int = 100_000) -> None:
        self._left = most
        self._keys: set[str] = set()
        self._joined: dict[str, str] = {}
        self._words: dict[tuple[str, ...], str] = {}
        self._beginnings: dict[tuple[str, ...], str] = {}
        self._alike: dict[tuple[str, str, int], list[_Spelt]] = defaultdict(list)

    def add(self, name: str) -> str | None:
        wanted = key(name)
        if wanted in self._keys:
            return None
        words = _words(name)
        joined = "".join(words)
        spelt = _Spelt(name, words, joined)
        found = self._joined.get(joined) or self._longer_or_shorter(words)
        found = found or self._spelt_alike(spelt)
        self._keys.add(wanted)
        self._joined.setdefault(joined, name)
        self._words.setdefault(words, name)
        for length in range(1, len(words)):
            self._beginnings.setdefault(words[:length], name)
        self._alike[*spelt.block, len(joined)].append(spelt)
        return found

    def _longer_or_shorter(self, words: tuple[str, ...]) -> str | None:
        beginnings = [self._words.get(words[:length]) for length in range(1, len(words))]
        for other in [*beginnings, self._beginnings.get(words)]:
            if other is not None and _distance(words, _words(other)) is not None:
                return other
        return None

    def _spelt_alike(self, spelt: _Spelt) -> str | None:
        length = len(spelt.joined)
        for near in range(length - 2, length + 3):
            # Each letter that is added, dropped or changed makes a difference of at most two.
            most = 4 if min(near, length) >= 8 else 2
            for other in self._alike.get((*spelt.block, near), ()):
                if (spelt.letters ^ other.letters).bit_count() > most:
                    continue
                if self._left <= 0:
                    return None
                self._left -= 1
                if _distance(spelt.words, other.words) is not None:
                    return other.name
        return None


class _Spelt:
    """How a name is spelt, with what two names near in spelling must have in common."""

    __slots__ = ("block", "joined", "letters", "name", "words")

    def __init__(self, name: str, words: tuple[str, ...], joined: str) -> None:
        self.name, self.words, self.joined = name, words, joined
        self.block = joined[:1], re.sub(r"\D", "", joined)
        self.letters = 0
        for letter in joined:
            self.letters |= 1 << ord(letter) % 64


def _visible(text: str) -> str:
    kept = (
        " " if character.isspace() else character
        for character in text
        if character.isspace()
        or not (
            unicodedata.category(character) in ("Cc", "Cf", "Cs") or character in _BLANK_LETTERS
        )
    )
    return " ".join("".join(kept).split())


def _has_letter_or_digit(name: str) -> bool:
    name = _EMOJI_STYLE.sub("", _SHORTCODE.sub("", name))
    return any(unicodedata.category(character)[0] in "LN" for character in name)


def _words(name: str) -> tuple[str, ...]:
    """The words that make the name, in Latin letters: no accents, no punctuation, no "and", no legal form."""
    split = unicodedata.normalize("NFKC", name)
    split = split.replace("'", "").replace("’", "").replace(".", "").replace("_", " ")
    words = tuple(
        word
        for part in re.findall(r"\w+|[&+]", split)
        if (word := _in_latin_letters(part)) and word not in _AND
    )
    return tuple(word for word in words if not _LEGAL_FORMS.fullmatch(word)) or words


def _in_latin_letters(word: str) -> str:
    """Ørsted becomes orsted, Газпром gazprom; a word of which nothing is left stays as it is."""
    return re.sub(r"\W+", "", anyascii(word)).casefold() or word.casefold()


def _distance(one: tuple[str, ...], other: tuple[str, ...]) -> int | None:
    """How far two names are apart, 0 is closest; None when they are different companies."""
    joined, other_joined = "".join(one), "".join(other)
    if joined == other_joined:
        return 0
    shorter, longer = sorted((one, other), key=len)
    if len("".join(shorter)) >= 4 and longer[: len(shorter)] == shorter:
        return 3
    # Shops 12 and 13 of a chain are two customers, not a slip of the finger.
    if re.sub(r"\D", "", joined) != re.sub(r"\D", "", other_joined):
        return None
    length = min(len(joined), len(other_joined))
    if length < 4 or joined[0] != other_joined[0]:
        return None
    most = 2 if length >= 8 else 1
    edits = OSA.distance(joined, other_joined, score_cutoff=most)
    if edits > most:
        return None
    # Four letters with one changed make another word more often than a slip: Ford and Fond.
    if length == 4 and len(joined) == len(other_joined) and sorted(joined) != sorted(other_joined):
        return None
    return edits
