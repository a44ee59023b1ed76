"""What every registered extractor has to do, whatever it finds.

The language model is a real server on loopback, the spaCy pipeline a small one made here.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.errors import ExtractorError
from graph.evaluate import ungrounded
from graph.extract import DEFAULT, EXTRACTORS, FALLBACK, load_extractor
from graph.extract.base import Extractor
from graph.records import SIGNATURES, Document, Extraction, Text
from tests.graph.extract.peer import MODEL, peer
from tests.graph.extract.pipelines import small_pipeline

POLICY = (
    "FACT SHEET: Ministry of Science and Technology Launches Quantum Programme\n\n"
    "Today, the Ministry of Science and Technology announced a new Quantum Technology Programme of "
    "€40 million to strengthen basic research. “We will build three national laboratories,” said "
    "Minister Ana Duarte. The programme will:\n\n"
    "- support early-career researchers;\n"
    "- establish a national quantum network with the University of Porto by 2030.\n\n"
    "The Academy of Sciences welcomed the plan. It warned against cuts to research funding.\n"
)

TEXTS = {
    "empty": "",
    "blank": " \n\t\n ",
    "no letters": "… 12 % — (3) ¶ § ?!",
    "policy": POLICY,
    "capitals": POLICY.upper(),
    "no punctuation": " ".join(POLICY.replace(".", "").replace("\n", " ").split() * 150),
    "combining": "L’Académie de Zürich a\u0301nnounced a Na\u0308tional plan for re\u0301search.",
    "astral": "𝔘niversity of 😀 Research and the 𠮷野 Institute will fund 🚀 research in China.",
    "windows lines": POLICY.replace("\n", "\r\n"),
    "right to left": "وزارة العلوم announced a plan to support research. משרד המדע agreed.",
    "long list": "The agency will:\n" + "- expand support for basic research in physics\n" * 2000,
    "empty lines": "\n" * 200_000 + "Acme will fund research." + " \n" * 100_000,
    "bullets": "- \n" * 20_000,
    "one long word": "research" * 20_000,
    "quotes": "“" * 500 + POLICY + "”" * 500 + '"' * 501,
    "brackets": "(" * 3000 + "the National Science Foundation will support research" + ")" * 3000,
}


OWN = (DEFAULT, FALLBACK)
# Texts of our own with names and figures that stand in them.
FOREIGN = {
    "French": (
        "Le ministère de la Recherche a annoncé un plan de 500 millions d'euros pour renforcer la "
        "recherche fondamentale. Emmanuel Macron a demandé que la France et l'Allemagne attirent "
        "les talents ; la Commission européenne soutient l'objectif de 3 % du PIB.",
        {"France", "Allemagne", "Emmanuel Macron", "Commission européenne", "3 %"},
    ),
    "German": (
        "Das Ministerium hat ein Programm über 2,5 Milliarden Euro angekündigt, um die Forschung "
        "in Deutschland zu stärken. Die DFG fordert, dass Frankreich und die Schweiz beitreten.",
        {"Deutschland", "Frankreich", "Schweiz", "DFG", "2,5 Milliarden Euro"},
    ),
    "Chinese": (
        "习近平在中共中央政治局集体学习时强调，加强基础研究。中国将设立500亿元的基金，支持青年科学家，"
        "法国表示欢迎，目标是到2035年达到3%。",
        {"习近平", "中国", "法国", "500亿元", "3%"},
    ),
    "Russian": (
        "Министерство науки объявило о программе в 500 миллионов рублей для поддержки науки.",
        {"500 миллионов рублей"},
    ),
}
NAMES = (*sorted(EXTRACTORS), "llm", "spacy")


@pytest.fixture(scope="module", autouse=True)
def _language_model() -> Iterator[None]:
    with peer() as running, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCIPOL_LLM_URL", running.url)
        patch.setenv("SCIPOL_LLM_MODEL", MODEL)
        yield


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_pipeline(tmp_path_factory.mktemp("pipeline"))


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    """What an extractor is loaded by."""
    if request.param == "spacy":
        return f"spacy:{request.getfixturevalue('pipeline')}"
    return str(request.param)


@pytest.fixture(scope="module")
def loaded(_language_model: None) -> Callable[[str], Extractor]:
    """Loads each extractor once; to read is to remember nothing, as a test below shows."""
    return cache(load_extractor)


@pytest.fixture
def extractor(name: str, loaded: Callable[[str], Extractor]) -> Extractor:
    return loaded(name)


def text_of(content: str) -> Text:
    return Text(document=Document(name="sample"), content=content)


def check(found: Extraction, content: str) -> None:
    """What holds of any extraction of this content."""
    assert ungrounded(found, content) == []
    ids = [entity.id for entity in found.entities]
    assert len(ids) == len(set(ids))
    types = {entity.id: entity.type for entity in found.entities}
    for entity in found.entities:
        assert entity.name
        assert entity.mentions == tuple(sorted(entity.mentions, key=lambda m: (m.start, m.end)))
    for statement in found.statements:
        assert {types[c] for c in statement.content} <= {"Goal", "Instrument"}
        assert statement.speaker is None or statement.speaker in types
        assert all(a in types for a in statement.addressee)
    for relation in found.relations:
        subjects, objects = SIGNATURES[relation.predicate]
        assert types[relation.subject] in subjects
        assert types[relation.object] in objects
        assert relation.subject != relation.object
    triples = [(r.subject, r.predicate, r.object) for r in found.relations]
    assert len(triples) == len(set(triples))


@pytest.mark.parametrize("kind", sorted(TEXTS))
def test_quotes_ids_and_predicates_are_right_for(kind: str, extractor: Extractor) -> None:
    check(extractor.extract(text_of(TEXTS[kind])), TEXTS[kind])


def test_a_very_long_text_is_read(extractor: Extractor) -> None:
    # The encoder and the model read piece by piece: many pieces tell as much as very many.
    size = 500_000 if extractor.name in ("rules", "dummy") else 100_000
    content = POLICY * (size // len(POLICY))
    check(extractor.extract(text_of(content)), content)


def test_a_text_without_full_stops_takes_a_time_that_grows_with_its_length() -> None:
    words = POLICY.replace(".", "").replace("\n", " ").split()
    learned = load_extractor("learned")

    def took(times: int) -> float:
        text = text_of(" ".join(words * times))
        start = time.process_time()
        learned.extract(text)
        return time.process_time() - start

    took(1)
    # Where all mentions of a sentence are compared with each other it is forty times as long.
    assert took(80) < 20 * took(10)


def test_the_same_text_gives_the_same_answer(name: str, extractor: Extractor) -> None:
    first = extractor.extract(text_of(POLICY))
    assert load_extractor(name).extract(text_of(POLICY)) == first


def test_nothing_is_remembered_from_one_document_to_the_next(extractor: Extractor) -> None:
    alone = extractor.extract(text_of(POLICY))
    extractor.extract(text_of("President Lena Sund said that the Arctic Fund should be cut."))
    assert extractor.extract(text_of(POLICY)) == alone


def test_processes_agree_whatever_their_hash_seed(name: str) -> None:
    program = (
        "import sys\n"
        "from graph.extract import load_extractor\n"
        "from graph.records import Document, Text\n"
        "text = Text(document=Document(name='sample'), content=sys.stdin.read())\n"
        f"print(load_extractor({name!r}).extract(text).model_dump_json())\n"
    )

    def run(seed: str) -> str:
        told = {key: value for key, value in os.environ.items() if key.startswith("SCIPOL_LLM")}
        done = subprocess.run(
            [sys.executable, "-c", program],
            input=POLICY,
            capture_output=True,
            text=True,
            check=True,
            env={"PYTHONHASHSEED": seed, "PYTHONUTF8": "1", **told},
        )
        return done.stdout

    assert run("1") == run("2")


def test_it_says_what_it_is_and_which_text_it_read(extractor: Extractor) -> None:
    text = text_of(POLICY)
    found = extractor.extract(text)
    assert (found.document, found.extractor, found.sha256) == (
        "sample",
        extractor.name,
        text.sha256,
    )
    assert extractor.version


WORDS = st.sampled_from(
    [
        *POLICY.split(),
        "shall",
        "must",
        "“",
        "”",
        "\n",
        "\n\n- ",
        "said",
        "She",
        "(",
        ")",
        ";",
        "by",
        "China’s",
        "é",
        "😀",
        "U.S.",
        "e\u0301",
        "THE",
        "to",
        ":",
        "according to",
        "2030",
        "$5 billion",
    ]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=300), st.lists(WORDS, max_size=80).map(" ".join)))
def test_any_text_can_be_read(loaded: Callable[[str], Extractor], content: str) -> None:
    for name in (*sorted(EXTRACTORS), "llm"):
        check(loaded(name).extract(text_of(content)), content)


def test_an_unknown_name_says_which_there_are() -> None:
    with pytest.raises(ExtractorError, match=r"'rulse'.*dummy, learned, llm, rules, spacy:MODEL"):
        load_extractor("rulse")


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize(
    ("content", "expected"),
    [("", 0), ("The weather was fine. We walked along the river and had lunch.", 0)],
)
def test_texts_without_policy_have_no_statements(name: str, content: str, expected: int) -> None:
    found = load_extractor(name).extract(text_of(content))
    assert len(found.statements) == expected


@pytest.mark.parametrize("name", OWN)
@pytest.mark.parametrize("language", sorted(FOREIGN))
def test_of_another_language_names_and_figures_are_found(name: str, language: str) -> None:
    content, expected = FOREIGN[language]
    found = load_extractor(name).extract(text_of(content))
    check(found, content)
    assert expected <= {entity.name for entity in found.entities}
    assert {e.type for e in found.entities} <= {"Country", "Organization", "Person", "Quantity"}
    assert not found.statements
    assert not found.relations
    assert found.extractor == name


@pytest.mark.parametrize("name", OWN)
def test_a_few_foreign_words_do_not_make_a_text_foreign(name: str) -> None:
    content = POLICY + "\nLe ministère de la Recherche a salué le plan pour la recherche.\n"
    assert load_extractor(name).extract(text_of(content)).statements


@pytest.mark.parametrize("name", OWN)
def test_what_is_known_of_a_document_counts_less_than_what_is_written(name: str) -> None:
    text = Text(document=Document(name="sample", language="fr"), content=POLICY)
    assert load_extractor(name).extract(text).statements


@pytest.mark.parametrize("name", OWN)
def test_the_default_extractor_finds_policy(name: str) -> None:
    """Keeps the suite from passing on an extractor that finds nothing."""
    found = load_extractor(name).extract(text_of(POLICY))
    has: Callable[[str], bool] = lambda t: any(e.type == t for e in found.entities)  # noqa: E731
    assert has("Organization")
    assert has("Goal")
    assert has("Instrument")
    assert found.statements
    assert found.relations
