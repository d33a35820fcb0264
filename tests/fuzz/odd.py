"""Values as no honest client sends them, and payloads with such values in them."""

from __future__ import annotations

import json
import random
from typing import Any

from hypothesis import strategies as st

DEPTH = 1_000


def nested(depth: int) -> Any:
    """Lists and objects inside each other, so deep."""
    value: Any = "inside"
    for level in range(depth):
        value = {"value": value} if level % 2 else [value]
    return value


ODD_TEXTS = [
    "",
    " ",
    "\x00",
    "Acme\x00Ltd",
    "\ud800",  # half a pair: JSON can say it, UTF-8 can't
    "Acme \udfff 2nd",
    "\u202eemca\u202c",  # written from right to left
    "שלום עולם 2nd",
    "A\u200bc\u200dm\u2060e",  # with nothing to be seen in between
    "\ufeffAcme",
    "\u3164",
    "e\u0301" * 300,
    "👩‍👩‍👧‍👦" * 40,
    "<!channel> <@U0DANA> <https://x.example|y> *b* `c` :tada:",
    "&lt;!here&gt; &amp;amp;",
    "٣٤٥",
    "１２３",
    "1e999",
    "NaN",
    "-0",
    "0" * 5_000,
    "9" * 5_000,
    "2026-02-30",
    "0000-00-00",
    "99999-01-01",
    "2026-W53-1",
    "20261123",
    "24:61",
    "12:00:00+99:99",
    "../../etc/passwd",
    "'; DROP TABLE member; --",
    "{}",
    "[]",
    "null",
    "[" * DEPTH + "]" * DEPTH,
    '{"a":' * DEPTH + "1" + "}" * DEPTH,
    "x" * 100_000,
    "http://169.254.169.254/latest",
    "https://hooks.slack.com@evil.example/x",
    "http://[::1",
    "2147483648",
    "-1",
    "0",
    "1",
    "2",
    "3",
]

texts = st.one_of(
    st.sampled_from(ODD_TEXTS),
    st.text(st.characters(codec=None, exclude_categories=()), max_size=30),
)

values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**30), 10**30),
    st.floats(),
    texts,
    st.builds(list),
    st.builds(dict),
    st.lists(texts, max_size=3),
    st.dictionaries(texts, texts, max_size=3),
    st.builds(nested, st.just(DEPTH)),
    st.builds(lambda: [{}]),
    st.builds(lambda: [None]),
    st.builds(lambda: {"id": None}),
    st.builds(lambda: {"value": 5}),
)

Path = tuple[str | int, ...]
SIGHT = 12
"""How deep an honest payload goes, roughly."""


MOST_METADATA = 3_000
"""Characters that Slack takes as private_metadata."""


def paths(node: Any, here: Path = ()) -> list[Path]:
    """Every place in a payload but its root, as deep as honest ones go."""
    found: list[Path] = []
    if len(here) == SIGHT:
        return found
    inside: Any = ()
    if isinstance(node, dict):
        inside = node.items()
    elif isinstance(node, list):
        inside = enumerate(node)
    for key, value in inside:
        found += [(*here, key), *paths(value, (*here, key))]
    return found


def spoiled(payload: dict[str, Any], dice: random.Random) -> list[str]:
    """Spoil up to three fields of the payload: gone, put elsewhere, of another kind. Tells which."""
    done = []
    for _ in range(dice.randint(0, 3)):
        places = paths(payload)
        if not places:
            break
        *above, last = place = dice.choice(places)
        parent: Any = payload
        for key in above:
            parent = parent[key]
        how = dice.choice(["remove", "replace", "replace", "replace", "inside", "copy"])
        if how == "remove":
            del parent[last]
        elif how == "copy":
            parent[last] = _copied(_at(payload, dice.choice(places)))
        elif how == "inside" and (inner := _as_json(parent[last])) is not None:
            done += spoiled(inner, dice)
            parent[last] = json.dumps(_copied(inner))
        else:
            parent[last] = odd_value(dice)
        done.append(f"{how} {place}"[:200])
    return done


def odd_value(dice: random.Random) -> Any:
    """Something that no honest client sends, or sends elsewhere."""
    if dice.random() < 0.5:
        return odd_text(dice)
    return dice.choice(
        [
            lambda: None,
            lambda: dice.random() < 0.5,
            lambda: dice.randint(-(10**30), 10**30),
            lambda: dice.randint(-1, 12),
            lambda: dice.choice([0.5, float("nan"), float("inf"), -1e308]),
            list,
            dict,
            lambda: [{}],
            lambda: [None],
            lambda: {"id": None},
            lambda: {"value": 5},
            lambda: {odd_text(dice): odd_text(dice)},
            lambda: [odd_text(dice), odd_text(dice)],
            lambda: nested(DEPTH),
            lambda: nested(30),
        ]
    )()


def odd_text(dice: random.Random) -> str:
    if dice.random() < 0.7:
        return dice.choice(ODD_TEXTS)
    return "".join(chr(dice.randrange(0x110000)) for _ in range(dice.randint(1, 20)))


def _at(payload: Any, path: Path) -> Any:
    for key in path:
        payload = payload[key]
    return payload


def _copied(value: Any, depth: int = 0) -> Any:
    if depth > 3 * SIGHT:
        return "too deep to be copied"
    if isinstance(value, dict):
        return {key: _copied(inner, depth + 1) for key, inner in value.items()}
    return [_copied(inner, depth + 1) for inner in value] if isinstance(value, list) else value


def _as_json(value: object) -> dict[str, Any] | None:
    """What a metadata field or a button's value says, where that is an object."""
    if not isinstance(value, str) or not value.startswith("{") or len(value) > MOST_METADATA:
        return None
    try:
        said = json.loads(value)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
