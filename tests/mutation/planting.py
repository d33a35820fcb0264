"""The mutants of one file: what mutmut would change in it, each with the line that it changes.

mutmut knows how Python is broken in ways that tests should see: another operator, another number, an argument
left out, a name of True turned into False. This module asks it for all of them in one file, those outside of
functions included, and notes beside each which line it changes and how.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, WhitespaceInclusivePositionProvider
from mutmut.mutation.file_mutation import Mutation, create_mutations


@dataclass(frozen=True)
class Mutant:
    """One change to one file."""

    file: str
    number: int
    """Its place among the mutants of its file, from 1."""
    function: str
    """The function or the method (`Class.method`) that it changes; "" outside of any."""
    line: int
    was: str
    """The lines that it changes, without their indentation."""
    becomes: str
    source: str
    """The whole file with the change in it."""
    at_import: bool
    """Whether the change takes place when the file is imported, and not when a function is called."""


def mutants_of(file: str, source: str) -> list[Mutant]:
    """Every mutant of a file, in the order of its lines. The working directory's pyproject.toml sets mutmut up."""
    module, mutations, _, _ = create_mutations(file, source)
    functions = dict(_functions(module))
    places = MetadataWrapper(module, unsafe_skip_copy=True).resolve(
        WhitespaceInclusivePositionProvider
    )
    lines = source.splitlines(keepends=True)
    found: list[Mutant] = []
    for mutation in mutations:
        function = functions.get(id(mutation.contained_by_top_level_function), "")
        place = places[mutation.original_node]
        changed = _replaced(lines, place, module.code_for_node(mutation.mutated_node))
        if changed == source or not _compiles(changed):
            continue
        line, was, becomes = _difference(source, changed)
        found.append(
            Mutant(
                file=file,
                number=len(found) + 1,
                function=function,
                line=line,
                was=was,
                becomes=becomes,
                source=changed,
                at_import=not function or _is_default(mutation),
            )
        )
    return found


def _replaced(lines: list[str], place: CodeRange, code: str) -> str:
    first, last = place.start.line - 1, place.end.line - 1
    return "".join(
        [
            *lines[:first],
            lines[first][: place.start.column],
            code,
            lines[last][place.end.column :] if last < len(lines) else "",
            *lines[last + 1 :],
        ]
    )


def _functions(module: cst.Module) -> Iterator[tuple[int, str]]:
    for statement in module.body:
        if isinstance(statement, cst.FunctionDef):
            yield id(statement), statement.name.value
        elif isinstance(statement, cst.ClassDef):
            for part in statement.body.body:
                if isinstance(part, cst.FunctionDef):
                    yield id(part), f"{statement.name.value}.{part.name.value}"


def _is_default(mutation: Mutation) -> bool:
    function = mutation.contained_by_top_level_function
    return function is not None and _holds(function.params, mutation.original_node)


def _holds(tree: cst.CSTNode, node: cst.CSTNode) -> bool:
    return tree is node or any(_holds(child, node) for child in tree.children)


def _compiles(source: str) -> bool:
    try:
        compile(source, "mutant", "exec", dont_inherit=True)
    except SyntaxError:
        return False
    return True


def _difference(before: str, after: str) -> tuple[int, str, str]:
    """The first line that changes, from 1; the lines that go, and the lines that come instead."""
    old, new = ([line.strip() for line in text.splitlines()] for text in (before, after))
    changes = [
        change
        for change in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        if change[0] != "equal"
    ]
    _, first, _, begin, _ = changes[0]
    _, _, last, _, end = changes[-1]
    return first + 1, _joined(old[first:last]), _joined(new[begin:end])


def _joined(lines: list[str]) -> str:
    return " ".join(lines)
