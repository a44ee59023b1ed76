"""Accept headers against offers, as a table."""

import pytest

from api.negotiation import accepts_gzip, negotiate, prefers

JSON, XML, CSV = "application/sparql-results+json", "application/sparql-results+xml", "text/csv"
OFFERS = (JSON, XML, CSV)

CASES: dict[str | None, str | None] = {
    None: JSON,
    "": JSON,
    "*/*": JSON,
    "application/*": JSON,
    "text/*": CSV,
    "image/*": None,
    CSV: CSV,
    "TEXT/CSV": CSV,
    f"{XML}, {CSV}": XML,
    f"{CSV}, {XML}": XML,
    f"{XML};q=0.5, {CSV};q=0.9": CSV,
    f"{XML};q=0.5,{CSV};q=0.5": XML,
    f"{XML} ; q = 0.5 , {CSV}": CSV,
    "*/*;q=0.1, text/csv": CSV,
    f"*/*, {JSON};q=0": XML,
    f"*/*;q=0.5, {JSON};q=0, {XML};q=0": CSV,
    "application/*;q=0, */*": CSV,
    f"{JSON};q=0": None,
    "*/*;q=0": None,
    "text/csv;q=0.000": None,
    "text/csv;q=0.001": CSV,
    "text/csv; charset=utf-8": CSV,
    'text/csv; charset="UTF-8"': CSV,
    "text/csv; charset=iso-8859-1": None,
    f'{JSON}; profile="a,b;q=0"': JSON,
    f"{JSON};version=1.1;q=0.2, text/csv;q=0.1": JSON,
    "text/html,application/xhtml+xml,*/*;q=0.8": JSON,
    "text/csv;q=2": None,
    "text/csv;q=x": None,
    "csv": None,
    "*/csv": None,
    ",,,": None,
    "text/csv,,": CSV,
    "\x00/\x01": None,
}


@pytest.mark.parametrize("accept", CASES, ids=repr)
def test_the_best_of_the_offers_is_taken(accept: str | None) -> None:
    assert negotiate(accept, OFFERS) == CASES[accept]


def test_nothing_can_be_chosen_where_nothing_is_offered() -> None:
    assert negotiate("*/*", ()) is None
    assert negotiate(None, ()) is None


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", True),
        ("text/html", True),
        ("*/*", False),
        (None, False),
        (f"text/html, {JSON}", False),
        (f"text/html;q=0.5, {JSON}", False),
        ("text/html;q=0", False),
    ],
)
def test_a_browser_is_told_from_a_program(accept: str | None, expected: bool) -> None:
    assert prefers(accept, "text/html", OFFERS) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("gzip", True),
        ("deflate, GZIP;q=0.5", True),
        ("*", True),
        ("gzip;q=0", False),
        ("gzip; q=0.00, *", False),
        ("*;q=0", False),
        ("br", False),
        ("identity", False),
    ],
)
def test_gzip_is_sent_to_those_that_want_it(given: str, expected: bool) -> None:
    assert accepts_gzip(given) is expected
