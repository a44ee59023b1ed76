"""Candidates for relations between the things of a text."""

from __future__ import annotations

import numpy as np

from graph.extract import passages
from graph.extract.draft import Draft
from graph.extract.learned import links
from graph.extract.learned.links import OBJECT, SUBJECT, Placed
from graph.extract.learned.pairs import LABELS, STANCES, columns
from graph.records import EntityType

TEXT = "The Science Fund is run by the Science Fund. The Ministry pays for it. The Ministry agrees."


def draft(type_: EntityType, *words: str) -> Draft:
    """A thing with every place where one of these words stands."""
    found = []
    for word in words:
        start = TEXT.find(word)
        while start >= 0:
            found.append((start, start + len(word)))
            start = TEXT.find(word, start + 1)
    return Draft(type_, sorted(found), "name")


def placed(*drafts: Draft) -> Placed:
    """The things, and an encoder that gives later pairs of mentions more."""
    prose = passages.read(TEXT)
    places = links.places_of(prose, drafts)
    table = columns(places)
    contents, _, pairs, _ = links.questions(prose, places, table, ())
    labels = np.tile(np.arange(len(pairs), dtype=np.float32)[:, None], len(LABELS))
    stances = np.zeros((len(contents), len(STANCES)), np.float32)
    return Placed(prose, drafts, places, table, pairs, labels, stances, contents)


def test_nothing_is_linked_to_what_is_called_the_same() -> None:
    step = placed(
        draft("Instrument", "Science Fund"),
        draft("Organization", "Science Fund"),
        draft("Organization", "Ministry"),
    )
    found = links.candidates(step, {}, -5)
    ends = {(row[SUBJECT], row[OBJECT]) for row in found.tolist()}
    assert (0, 2) in ends
    assert not {(0, 1), (1, 0)} & ends


def test_a_link_stands_at_its_best_pair_of_mentions() -> None:
    step = placed(draft("Instrument", "Science Fund"), draft("Organization", "Ministry"))
    found = links.candidates(step, {}, -5)
    for subject, label, object_, pair in found.tolist():
        ends = step.columns[step.pairs[:, :2], 0]
        own = np.flatnonzero((ends == (subject, object_)).all(1))
        assert pair == own.max()
        assert label < len(LABELS) - 2


def test_what_the_rules_told_is_a_candidate_however_doubtful_and_says_so() -> None:
    step = placed(draft("Instrument", "Science Fund"), draft("Organization", "Ministry"))
    told = {(0, LABELS.index("fundedBy"), 1): "payer"}
    found = links.candidates(step, told, 1e9)
    assert [tuple(row[:3]) for row in found.tolist()] == list(told)
    rows = links.features(step, found, told, {("fundedBy", "payer"): 0.75}, [0.5, 0.25])
    assert rows[0, [6, 7, 10, 11]].tolist() == [1, 0.75, 0.5, 0.25]


def test_a_text_of_one_thing_has_no_links() -> None:
    step = placed(draft("Instrument", "Science Fund"))
    found = links.candidates(step, {}, -5)
    assert not len(found)
    assert links.features(step, found, {}, {}, [0.5]).shape[0] == 0
