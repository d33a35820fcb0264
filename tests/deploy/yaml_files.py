"""Reads YAML; skips a test, with the reason, where there is no reader (PyYAML comes with the tests' tools)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def documents(path: Path) -> list[Any]:
    """Return the documents of a file. A key that is there twice is an error, as for docker compose and kubectl."""
    yaml = pytest.importorskip("yaml", reason="needs PyYAML to read the file")

    class Loader(yaml.SafeLoader):  # type: ignore[misc, name-defined]
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
            assert len(keys) == len(set(keys)), f"{path.name}: a key is there twice in {keys}"
            return super().construct_mapping(node, deep)

    return list(yaml.load_all(path.read_text("utf-8"), Loader))
