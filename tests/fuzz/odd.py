"""Values as no honest client sends them, and payloads with such values in them."""

from __future__ import annotations

import copy
import json
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
    st.just([]),
    st.just({}),
    st.lists(texts, max_size=3),
    st.dictionaries(texts, texts, max_size=3),
    st.just(nested(DEPTH)),
    st.just([{}]),
    st.just([None]),
    st.just({"id": None}),
    st.just({"value": 5}),
)

Path = tuple[str | int, ...]


def paths(node: Any, here: Path = ()) -> list[Path]:
    """Every place in a payload but its root."""
    found: list[Path] = []
    inside: Any = ()
    if isinstance(node, dict):
        inside = node.items()
    elif isinstance(node, list):
        inside = enumerate(node)
    for key, value in inside:
        found += [(*here, key), *paths(value, (*here, key))]
    return found


@st.composite
def spoiled(draw: st.DrawFn, payload: dict[str, Any]) -> dict[str, Any]:
    """The payload with up to three of its fields gone, put elsewhere, or of another kind."""
    spoilt = copy.deepcopy(payload)
    for _ in range(draw(st.integers(0, 3))):
        places = paths(spoilt)
        if not places:
            break
        *above, last = draw(st.sampled_from(places))
        parent: Any = spoilt
        for key in above:
            parent = parent[key]
        how = draw(st.sampled_from(["remove", "replace", "replace", "replace", "inside", "copy"]))
        if how == "remove":
            del parent[last]
        elif how == "copy":
            source = draw(st.sampled_from(places))
            parent[last] = copy.deepcopy(_at(spoilt, source))
        elif how == "inside" and (inner := _as_json(parent[last])) is not None:
            parent[last] = json.dumps(draw(spoiled(inner)))
        else:
            parent[last] = draw(values)
    return spoilt


def _at(payload: Any, path: Path) -> Any:
    for key in path:
        payload = payload[key]
    return payload


def _as_json(value: object) -> dict[str, Any] | None:
    """What a metadata field or a button's value says, where that is an object."""
    if not isinstance(value, str) or not value.startswith("{"):
        return None
    try:
        said = json.loads(value)
    except (ValueError, RecursionError):
        return None
    return said if isinstance(said, dict) else None
