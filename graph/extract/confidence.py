"""How sure a fact is: the measured precision of its kind and of the rule that found it.

`cues/confidence.toml` holds the counts and is made from annotated documents by

    python -m graph.extract.confidence GOLD TEXTS

A rule that was seen rarely is drawn towards the precision of its kind: (right + m k) / (found + m)
with the kind's precision k. The weight m of the prior is the one under which documents that were
left out are most probable.
"""

from __future__ import annotations

import math
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from graph.extract.cues import load
from graph.extract.draft import Draft, RelationDraft, StatementDraft
from graph.resources import data_path

Outcome = tuple[str, str, bool]  # kind, rule, right
Counts = Mapping[tuple[str, str], tuple[int, int]]  # (kind, rule) -> right, found

_WEIGHTS = (1, 2, 4, 8, 16, 32, 64)


def of_entity(draft: Draft) -> float:
    """Probability that a careful reader marks the entity, with this type."""
    return table().of(f"entity/{draft.type}", draft.rule)


def of_statement(draft: StatementDraft) -> float:
    """Probability that speaker, stance and content are right."""
    return table().of(f"statement/{draft.modality}", draft.rule)


def of_relation(draft: RelationDraft) -> float:
    """Probability that the relation and both of its ends are right."""
    return table().of(f"relation/{draft.predicate}", draft.rule)


@dataclass(frozen=True, slots=True)
class Table:
    """Precision by kind and rule.

    An unknown rule has that of its kind, an unknown kind that of everything.
    """

    overall: float
    kinds: Mapping[str, float]
    rules: Mapping[str, Mapping[str, float]]

    def of(self, kind: str, rule: str) -> float:
        """Precision to be expected."""
        return self.rules.get(kind, {}).get(rule, self.kinds.get(kind, self.overall))


@lru_cache(maxsize=1)
def table() -> Table:
    """The shipped figures. Raises DataError when the file is missing or broken."""
    data = load("confidence")
    kinds: Mapping[str, Mapping[str, float]] = data["kinds"]
    rules: Mapping[str, Mapping[str, Sequence[float]]] = data["rules"]
    return Table(
        data["overall"]["precision"],
        {kind: entry["precision"] for kind, entry in kinds.items()},
        {kind: {name: row[2] for name, row in entry.items()} for kind, entry in rules.items()},
    )


# --- fitting --------------------------------------------------------------------------------------


def outcomes(gold: Path, texts: Path | None) -> list[list[Outcome]]:
    """Run the rules over annotated documents: per document, which facts came out right.

    An entity is right when it matches one of the same type; a statement when speaker, stance and
    content match; a relation when it and both ends do. Raises DataError as `load_gold`.
    """
    from graph.evaluate import RELAXED, match_entities, match_relations, match_statements
    from graph.extract.rules import RuleExtractor
    from graph.gold import load_gold

    extractor = RuleExtractor()
    found: list[list[Outcome]] = []
    for annotated in load_gold(gold, texts):
        reading = extractor.read(annotated.text)
        extraction = reading.records(annotated.text)
        pairs = match_entities(annotated.gold.entities, extraction.entities, RELAXED)
        types = {e.id: e.type for e in annotated.gold.entities}
        stances = match_statements(
            annotated.gold.statements, extraction.statements, pairs, modality_counts=True
        )
        links = match_relations(annotated.gold, extraction, pairs)
        document: list[Outcome] = []
        for draft, entity in zip(reading.entities, extraction.entities, strict=True):
            right = entity.id in pairs and types[pairs[entity.id]] == entity.type
            document.append((f"entity/{draft.type}", draft.rule, right))
        for i, statement in enumerate(reading.statements):
            document.append((f"statement/{statement.modality}", statement.rule, i in stances))
        for i, relation in enumerate(reading.relations):
            document.append((f"relation/{relation.predicate}", relation.rule, i in links))
        found.append(document)
    return found


def fit(documents: Sequence[Sequence[Outcome]]) -> tuple[Table, Counts, int]:
    """Smoothed precisions, the counts behind them, and the weight of the prior."""
    total = _count(o for document in documents for o in document)
    parts = [_count(document) for document in documents]
    weight = max(_WEIGHTS, key=lambda m: (_left_out(total, parts, m), -m))
    return _table(total, weight), total, weight


def _count(found: Iterable[Outcome]) -> dict[tuple[str, str], tuple[int, int]]:
    counts: dict[tuple[str, str], list[int]] = defaultdict(lambda: [0, 0])
    for kind, rule, right in found:
        counts[kind, rule][0] += right
        counts[kind, rule][1] += 1
    return {key: (right, n) for key, (right, n) in sorted(counts.items())}


def _table(counts: Counts, weight: int) -> Table:
    rights: Counter[str] = Counter()
    founds: Counter[str] = Counter()
    for (kind, _), (right, n) in counts.items():
        rights[kind] += right
        founds[kind] += n
    all_found = sum(founds.values())
    overall = (sum(rights.values()) + 1) / (all_found + 2)
    kinds = {k: (rights[k] + weight * overall) / (founds[k] + weight) for k in sorted(founds)}
    rules: dict[str, dict[str, float]] = defaultdict(dict)
    for (kind, rule), (right, n) in counts.items():
        rules[kind][rule] = (right + weight * kinds[kind]) / (n + weight)
    return Table(overall, kinds, rules)


def _left_out(total: Counts, parts: Sequence[Counts], weight: int) -> float:
    """Log-probability of every document under the figures of all others."""
    sum_ = 0.0
    for part in parts:
        rest = {
            key: (right - part.get(key, (0, 0))[0], n - part.get(key, (0, 0))[1])
            for key, (right, n) in total.items()
        }
        figures = _table({key: value for key, value in rest.items() if value[1]}, weight)
        for (kind, rule), (right, n) in part.items():
            p = min(max(figures.of(kind, rule), 0.001), 0.999)
            sum_ += right * math.log(p) + (n - right) * math.log(1 - p)
    return sum_


def as_toml(table_: Table, counts: Counts, weight: int, documents: int) -> str:
    """The text of `confidence.toml`."""
    rights: Counter[str] = Counter()
    founds: Counter[str] = Counter()
    for (kind, _), (right, n) in counts.items():
        rights[kind] += right
        founds[kind] += n
    lines = [
        "# Measured precision of what the rules find. Made by a program; do not edit:",
        "#     python -m graph.extract.confidence GOLD TEXTS",
        f"# Counted on {documents} annotated documents. A rule: [right, found, precision].",
        f"# The precision is (right + {weight} k) / (found + {weight}) with the precision k of the",
        "# kind; that of a kind is drawn towards the overall one in the same way. The weight",
        f"# {weight} is the one of {', '.join(map(str, _WEIGHTS))}",
        "# under which documents left out one at a time are most probable.",
        "",
        "[overall]",
        f"right = {sum(rights.values())}",
        f"found = {sum(founds.values())}",
        f"precision = {table_.overall:.3f}",
        "",
        "[kinds]",
    ]
    for kind, precision in table_.kinds.items():
        lines.append(
            f'"{kind}" = {{ right = {rights[kind]}, found = {founds[kind]}, '
            f"precision = {precision:.3f} }}"
        )
    for kind, rules in table_.rules.items():
        lines += ["", f'[rules."{kind}"]']
        for rule, precision in rules.items():
            right, n = counts[kind, rule]
            lines.append(f'"{rule}" = [{right}, {n}, {precision:.3f}]')
    return "\n".join(lines) + "\n"


def main(arguments: Sequence[str]) -> Literal[0, 2]:
    """Fit on the annotations and write the shipped file. Returns the exit code."""
    if len(arguments) not in (1, 2):
        print("usage: python -m graph.extract.confidence GOLD [TEXTS]", file=sys.stderr)
        return 2
    folders = [Path(a) for a in arguments]
    documents = outcomes(folders[0], folders[1] if len(folders) > 1 else None)
    figures, counts, weight = fit(documents)
    path = data_path("cues") / "confidence.toml"
    path.write_text(as_toml(figures, counts, weight, len(documents)), encoding="utf-8")
    print(f"{path.name}: {len(counts)} rules, {len(documents)} documents, prior weight {weight}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
