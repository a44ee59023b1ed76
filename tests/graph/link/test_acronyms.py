"""Short forms of names."""

import pytest

from graph.link.acronyms import is_acronym_of


@pytest.mark.parametrize(
    ("short", "full", "expected"),
    [
        ("NIST", "National Institute of Standards and Technology", True),
        ("NIoSaT", "National Institute of Standards and Technology", True),
        ("NQM", "National Quantum Mission", True),
        ("A*STAR", "Agency for Science, Technology and Research", False),
        ("NQM", "National Quantum Machine Mission", False),
        ("nqm", "National Quantum Mission", False),
        ("N", "National", False),
        ("NQM", "NQM", False),
    ],
)
def test_an_acronym_is_made_of_initials(short: str, full: str, expected: bool) -> None:
    assert is_acronym_of(short, full) is expected
