"""What people read is given to translators: no English stands in the code of pages and letters outside of gettext's calls."""

import ast
import re

import pytest

from tests.architecture.sources import ROOT, tree

READ_BY_PEOPLE = [*(ROOT / "app/web").rglob("*.py"), *(ROOT / "projections").glob("*/words.py")]
IN_ENGLISH = {
    "app/web/built_files.py": "Operators are told that nothing was built.",
    "app/web/design_examples.py": "What people would have typed.",
    "app/web/embedding/share_images.py": "Programs are told that they ask for too much.",
    "app/web/event_types.py": "The documentation of types of events is part of published schemas.",
    "app/web/markdown.py": "It says to browsers what a link is.",
}
NAMES = {
    *(
        "Open Impact",
        "Impact",
        "Pabulib",
        "Polis",
        "Android",
        "Chrome",
        "Chrom",
        "Edge",
        "Edg",
        "Firefox",
        "Linux",
    ),
    *("Mac OS", "Opera", "Safari", "Windows"),
}
"""What is called the same everywhere."""
SENTENCE = re.compile(r"[^<>{}/=_]*[A-Za-z]{2,} [A-Za-z]{2,}|[A-Z][a-z]{2,}(?: |\.|$)")
SAID = {"_", "gettext", "ngettext", "pgettext", "N_"}
TOLD_TO_OPERATORS = {"debug", "info", "warning", "error", "exception"}


def literals(node, *, said=False):
    """Give the texts below a node that are neither looked up, nor logged, nor raised as our own fault."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return
    if isinstance(node, ast.AnnAssign):
        # A type that is not there yet is written as a text.
        yield from literals(node.value, said=said) if node.value else ()
        return
    if isinstance(node, ast.Call):
        called = node.func
        name = called.id if isinstance(called, ast.Name) else getattr(called, "attr", "")
        said = said or name in SAID | TOLD_TO_OPERATORS or name.endswith("Error")
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and not said:
        yield node
    for below in ast.iter_child_nodes(node):
        yield from literals(below, said=said or isinstance(node, ast.Raise))


@pytest.mark.parametrize("file", sorted(READ_BY_PEOPLE), ids=lambda file: str(file.relative_to(ROOT)))
def test_no_english_stands_in_the_code_that_translators_were_not_given(file):
    """Whatever reads like a sentence or a word for people is said by gettext, or stands here with its reason."""
    if str(file.relative_to(ROOT)) in IN_ENGLISH:
        return
    left = [node for node in literals(tree(file)) if SENTENCE.match(node.value) and node.value not in NAMES]
    assert [f"line {node.lineno}: {node.value}" for node in left] == []
