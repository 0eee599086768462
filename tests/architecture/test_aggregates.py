"""Every aggregate reads alike: life, commands, states, errors, decide, evolve, decider, in this order."""

import ast

import pytest

from domain.decider import DomainError
from tests.architecture.sources import files, name, tree

ORDER = ["command", "state", "error", "decide", "evolve", "decider"]


def functions(module: ast.Module) -> set[str]:
    """Name the functions of a module."""
    return {node.name for node in module.body if isinstance(node, ast.FunctionDef)}


AGGREGATES = [file for file in files("domain") if {"decide", "evolve"} <= functions(tree(file))]


def alias(module: ast.Module, ending: str) -> set[str]:
    """List the names in the union whose own name has an ending, such as `IdeaState`."""
    for node in module.body:
        if isinstance(node, ast.AnnAssign) and node.target.id.endswith(ending):
            return {part.id for part in ast.walk(node.value) if isinstance(part, ast.Name)}
    return set()


def bases(node: ast.ClassDef) -> set[str]:
    """Name the classes a class inherits from."""
    return {base.id for base in node.bases if isinstance(base, ast.Name)}


def kind(node: ast.stmt, commands: set[str], states: set[str], errors: set[str]) -> str | None:
    """Tell which part of an aggregate a statement is; other structs and functions are nobody's."""
    match node:
        case ast.ClassDef(name=called) if called in commands:
            return "command"
        case ast.ClassDef(name=called) if called in states:
            return "state"
        case ast.ClassDef(name=called) if called in errors:
            return "error"
        case ast.FunctionDef(name="decide" | "evolve" as called):
            return called
        case ast.AnnAssign(value=ast.Call(func=ast.Name(id="Decider"))):
            return "decider"
    return None


def parts(module: ast.Module) -> list[str]:
    """List the parts of an aggregate in the order in which they stand."""
    classes = {node.name: bases(node) for node in module.body if isinstance(node, ast.ClassDef)}
    commands = {called for called, above in classes.items() if "Command" in above}
    errors: set[str] = set()
    for called, above in classes.items():
        if above & ({"DomainError"} | errors):
            errors.add(called)
    found = (kind(node, commands, alias(module, "State"), errors) for node in module.body)
    return [part for part in found if part is not None]


def test_the_aggregates_are_found():
    """There are at least the four aggregates of the spine."""
    assert {file.stem for file in AGGREGATES} >= {"person", "community", "idea", "vote"}


@pytest.mark.parametrize("file", AGGREGATES, ids=name)
def test_an_aggregate_is_told_in_order(file):
    """Commands come before states, states before errors, then decide, evolve and last the decider."""
    found = parts(tree(file))
    assert found == sorted(found, key=ORDER.index)
    assert set(ORDER) - {"error"} <= set(found)
    assert isinstance(tree(file).body[-1], ast.AnnAssign), "the decider is the last word"


@pytest.mark.parametrize("file", AGGREGATES, ids=name)
def test_an_aggregate_begins_with_its_life_in_one_sentence(file):
    """The first line says what can happen to it, from beginning to end."""
    assert is_sentence(ast.get_docstring(tree(file)).splitlines()[0])


@pytest.mark.parametrize("file", AGGREGATES, ids=name)
def test_an_aggregate_has_its_unions(file):
    """Commands and states are each a union by name, of exactly the classes there are, so that matching is total."""
    module = tree(file)
    classes = [node for node in module.body if isinstance(node, ast.ClassDef)]
    assert alias(module, "Command") == {node.name for node in classes if "Command" in bases(node)}
    assert alias(module, "State")


def test_the_check_of_the_order_catches_what_is_planted():
    """An aggregate told in another order is noticed."""
    module = tree(next(file for file in AGGREGATES if file.stem == "vote"))
    body = module.body
    swapped = ast.Module(body=[*body[-2:], *body[:-2]], type_ignores=[])
    assert parts(swapped) != sorted(parts(swapped), key=ORDER.index)
    assert set(parts(module)) == set(ORDER)


def is_sentence(text: str | None) -> bool:
    """Tell whether a text is a sentence on one line."""
    return bool(text) and text[0].isupper() and text.endswith(".") and "\n" not in text


def subclasses(error: type) -> set[type]:
    """List all classes below an error."""
    return {error, *(below for child in error.__subclasses__() for below in subclasses(child))}


def test_a_broken_rule_is_told_in_a_sentence():
    """The docstring of a DomainError is what people read: one sentence, ending in a full stop."""
    for file in files("domain"):
        __import__(name(file).removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
    errors = subclasses(DomainError)
    assert len(errors) > 8
    for error in errors:
        assert is_sentence(error.__doc__), f"{error.__name__} says {error.__doc__!r}"
        if error is not DomainError:
            assert str(error()) == error.__doc__
