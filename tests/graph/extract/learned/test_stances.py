"""How the modality of a statement is settled between the rules and the judge."""

from __future__ import annotations

import numpy as np

from graph.extract.draft import Draft, StatementDraft
from graph.extract.learned import stances
from graph.extract.learned.pairs import MODALITIES
from graph.extract.learned.stances import Heard, Voice
from graph.records import Modality

MINISTER = Draft("Person", [(0, 5)], "person")


def heard(*modalities: Modality) -> Heard:
    told = [StatementDraft(MINISTER, modality, [], 3, "verb") for modality in modalities]
    return Heard({3: [(0, statement) for statement in told]}, {}, {}, {})


def test_what_the_rules_heard_first_of_a_voice_counts() -> None:
    own, other, elsewhere = Voice(3, 0, (0,)), Voice(3, 1, (0,)), Voice(4, 0, (0,))
    told = stances.heard_ways(heard("opposes", "endorses"), [own, other, elsewhere])
    assert told.shape == (3, len(MODALITIES))
    assert np.flatnonzero(told[0]).tolist() == [MODALITIES.index("opposes")]
    assert not told[1:].any()
