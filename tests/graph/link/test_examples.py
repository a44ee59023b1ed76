"""The examples in the docstrings of identifiers and linking are true."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from graph import identifiers
from graph.link import acronyms, resolve


@pytest.mark.parametrize("module", [identifiers, acronyms, resolve], ids=lambda m: m.__name__)
def test_the_examples_run(module: ModuleType) -> None:
    result = doctest.testmod(module)
    assert result.attempted > 0
    assert result.failed == 0
