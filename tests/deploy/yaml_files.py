"""Reads YAML as docker compose and kubectl do."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml


def documents(path: Path) -> list[Any]:
    """Return the documents of a file. A key that is there twice is an error, as for docker compose and kubectl."""

    class Loader(yaml.SafeLoader):
        def construct_mapping(self, node: Any, deep: bool = False) -> Any:
            keys = [key.value for key, _ in node.value if key.tag != "tag:yaml.org,2002:merge"]
            assert len(keys) == len(set(keys)), f"{path.name}: a key is there twice in {keys}"
            return super().construct_mapping(node, deep)

    return list(yaml.load_all(path.read_text("utf-8"), Loader))
