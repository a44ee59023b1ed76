"""Confidence is the measured precision of a rule, drawn towards its kind."""

from __future__ import annotations

import tomllib

import pytest

from graph.extract.confidence import Outcome, as_toml, fit, main, of_entity, table
from graph.extract.draft import Draft


def outcomes(kind: str, rule: str, right: int, wrong: int) -> list[Outcome]:
    return [(kind, rule, True)] * right + [(kind, rule, False)] * wrong


DOCUMENTS = [
    [
        *outcomes("entity/Goal", "good", 9, 1),
        *outcomes("entity/Goal", "bad", 1, 9),
        *outcomes("entity/Goal", "rare", 1, 0),
        *outcomes("relation/field", "inside", 30, 0),
    ]
] * 4


def test_a_rule_seen_often_has_its_own_precision_and_a_rare_one_that_of_its_kind() -> None:
    figures, _, _ = fit(DOCUMENTS)
    kind = figures.kinds["entity/Goal"]
    assert figures.of("entity/Goal", "good") > 0.8
    assert figures.of("entity/Goal", "bad") < 0.2
    assert kind < figures.of("entity/Goal", "rare") < 0.95
    assert 0 < figures.of("relation/field", "inside") < 1


def test_an_unknown_rule_has_the_precision_of_its_kind_and_an_unknown_kind_that_of_all() -> None:
    figures, _, _ = fit(DOCUMENTS)
    assert figures.of("entity/Goal", "new") == figures.kinds["entity/Goal"]
    assert figures.of("entity/Field", "new") == figures.overall


def test_rules_that_differ_by_chance_are_drawn_together() -> None:
    """Each document praises another rule: left out, it is best told by the kind."""
    alike = [
        [*outcomes("k", f"r{i}", 3, 0), *outcomes("k", f"r{(i + 1) % 6}", 0, 3)] for i in range(6)
    ]
    _, _, weight = fit(alike)
    _, _, steady = fit(DOCUMENTS)
    assert weight > steady


def test_the_file_says_how_it_was_made_and_holds_the_counts() -> None:
    figures, counts, weight = fit(DOCUMENTS)
    text = as_toml(figures, counts, weight, len(DOCUMENTS))
    assert "python -m graph.extract.confidence" in text
    assert "4 annotated documents" in text
    data = tomllib.loads(text)
    right, found, precision = data["rules"]["entity/Goal"]["good"]
    assert (right, found) == (36, 40)
    assert precision == pytest.approx(figures.of("entity/Goal", "good"), abs=0.001)


def test_the_shipped_figures_are_probabilities() -> None:
    shipped = table()
    values = [shipped.overall, *shipped.kinds.values()]
    values += [p for rules in shipped.rules.values() for p in rules.values()]
    assert all(0 < value < 1 for value in values)
    assert len(shipped.kinds) > 20


def test_an_entity_gets_the_figure_of_its_rule() -> None:
    shipped = table()
    rule, expected = next(iter(shipped.rules["entity/Organization"].items()))
    draft = Draft("Organization", [(0, 1)], rule)
    assert of_entity(draft) == expected


def test_the_command_says_how_it_is_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "GOLD" in capsys.readouterr().err
