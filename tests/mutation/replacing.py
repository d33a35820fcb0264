"""A mutant in the place of what it changes: the code of one function, or a whole module when it is imported."""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import inspect
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, FunctionType, ModuleType
from typing import Any


def plant(module: ModuleType, qualified: str, source: str) -> None:
    """Replace the code of a function wherever it is known by now; and forget what caches remember of before."""
    code = _code(compile(source, str(module.__file__), "exec", dont_inherit=True), qualified)
    owner: Any = module
    *classes, name = qualified.split(".")
    for part in classes:
        owner = vars(owner)[part]
    function = vars(owner)[name]
    function = inspect.unwrap(getattr(function, "__func__", function))
    assert isinstance(function, FunctionType)
    function.__code__ = code
    for known in [module for name, module in sys.modules.items() if name.startswith("bot.")]:
        for value in list(vars(known).values()):
            if hasattr(value, "cache_clear"):
                value.cache_clear()


def _code(module: CodeType, qualified: str) -> CodeType:
    found = [code for code in _codes(module) if code.co_qualname == qualified]
    return found[-1]


def _codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _codes(constant)


class Replaced(importlib.abc.MetaPathFinder):
    """Imports one module from a mutant's source in place of its file."""

    def __init__(self, module: str, source: str) -> None:
        self._module = module
        self._source = source

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if name != self._module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(name, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(name, spec.origin, self._source)
        return spec


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self._mutant = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._mutant, self.path, "exec", dont_inherit=True)
