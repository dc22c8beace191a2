"""No message is shown at the command line or on a page with an argument of a function in it."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import wfm
from wfm.core.asked import asked

READERS = sorted((Path(wfm.__file__).parent / "io" / "read").rglob("*.py"))
PYTHON = re.compile(r"\b(?!channel)[a-z_]+=(?:['\"{]|\s|\.(?:\s|$))")


def sentences() -> list[str]:
    """Every text of the readers that is shown, its values filled with an example."""
    found: list[str] = []

    class Texts(ast.NodeVisitor):
        def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
            found.append("".join(map(filled, node.values)))

        def visit_Constant(self, node: ast.Constant) -> None:
            found.append(str(node.value))

    for path in READERS:
        Texts().visit(ast.parse(path.read_text(encoding="utf-8")))
    return [text for text in found if re.search(r"\b(?:[Ss]ay|[Nn]ame|[Uu]se|with)\b", text)]


def filled(part: ast.expr) -> str:
    if isinstance(part, ast.FormattedValue):
        return "'x'" if part.conversion == ord("r") else "x"
    return str(part.value) if isinstance(part, ast.Constant) else ""


def test_every_argument_that_a_reader_asks_for_is_put_into_other_words() -> None:
    texts = [text for text in sentences() if PYTHON.search(text) and "\n" not in text]
    assert len(texts) >= 8
    for text in texts:
        assert not PYTHON.search(asked(text, lambda name, value: f"{name} {value}")), text


@pytest.mark.parametrize("heading", ["Calls", "it's", "a = b"])
def test_a_heading_is_shown_as_it_is(heading: str) -> None:
    message = f"for example columns={{'offered': {heading!r}}}."
    assert asked(message, lambda name, value: f"{name}={value}") == (
        f"for example columns.offered={heading}."
    )
