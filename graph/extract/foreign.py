"""Texts in other languages than English: who is named and which figures stand there, no more.

The cues of policy prose are English. What they would find in another language is chance, so no
goals, means, statements or relations are looked for there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence, Set

from graph.english import SMALL_WORDS, WORD
from graph.extract import known, names
from graph.extract.draft import Draft
from graph.extract.passages import Prose
from graph.records import Document, EntityType, Text

# The language that the cues are in.
LANGUAGE = "en"
_BEGINNING = 8_000
_ENGLISH = frozenset(SMALL_WORDS)
# Small words of much-written languages that are none in English.
_OTHER = frozenset(
    (
        *("le", "les", "des", "du", "et", "une", "est", "dans", "pour", "que", "qui", "sur"),
        *("avec", "par", "der", "und", "ist", "nicht", "ein", "eine", "für", "mit", "von"),
        *("dem", "den", "auf", "el", "los", "las", "del", "una", "para", "con", "por"),
        *("como", "il", "di", "che", "della", "gli", "nel", "uma", "não", "dos", "pelo"),
        *("het", "een", "van", "zijn", "voor", "och", "att", "som", "på", "af", "til"),
        *("ikke", "das", "die", "dass", "zu", "zum", "zur", "wird", "werden", "sich", "im"),
        *("aus", "bei", "nach", "über", "au", "aux", "ce", "cette", "sont", "se", "su", "lo"),
        *("más", "são", "na", "dei", "alla", "nella", "det"),
    )
)
_FEWEST = 8
_ENGLISH_LEAST, _OTHER_LEAST = 0.04, 0.1
_NOT_LATIN = re.compile("[\u0250-\U0010ffff]")
_TYPES: tuple[EntityType, ...] = ("Country", "Organization", "Person")

_DIGITS = r"\d+(?:[.,   ]\d{3})*(?:[.,]\d+)?"
_SCALE = (
    r"(?:(?:mil )?mill(?:i(?:ard(?:e[ns]?|s|i)?|on(?:en|s|i)?)|ones|ón)|mld|mrd|mio|mln"
    r"|[bm]ilh(?:ões|ão)|mil|mille|tausend|тыс|млн|млрд|миллион\w*|миллиард\w*|[万萬亿億兆千]+)"
)
_CURRENCY = (
    r"(?:euros?|dollars?|dólares|dollari|pesos|reais|yuans?|yens?|francs?|franken|kronor|kroner"
    r"|рубл\w*|евро|доллар\w*|人民币|人民幣|美元|欧元|歐元|日元|英镑|元|円|ドル|ユーロ|[€$£¥₽])"
)
_FIGURES = (
    ("money", rf"[€$£¥₽] ?{_DIGITS}(?: ?{_SCALE}\b)?"),
    ("money", rf"{_DIGITS} ?(?:{_SCALE}\.? ?)?(?:d['’]|de |di )?{_CURRENCY}(?!\w*[a-z])"),
    ("share", rf"{_DIGITS} ?(?:[%％]|pour cent|prozent|por ciento|por cento|per cento|процент\w*)"),
)
_PATTERNS = tuple((rule, re.compile(source, re.IGNORECASE)) for rule, source in _FIGURES)


def is_foreign(text: Text) -> bool:
    """Whether a text is in another language than English; one that is half English is not.

    What is written counts; what is known of the document only where the text is too short to tell.
    """
    beginning = text.content[:_BEGINNING]
    # Nearly every text has none, and then its letters need not be counted.
    others = sum(map(str.isalpha, _NOT_LATIN.findall(beginning)))
    if others and others > sum(map(str.isalpha, beginning)) / 2:
        return True
    words = WORD.findall(beginning.lower())
    if _share(words, _ENGLISH) >= _ENGLISH_LEAST:
        return False
    if len(words) >= _FEWEST and _share(words, _OTHER) >= _OTHER_LEAST:
        return True
    tag = (text.document.language or LANGUAGE).partition("-")[0].lower()
    return tag != LANGUAGE and bool(words)


def find(prose: Prose, document: Document) -> list[Draft]:
    """Countries, organisations and people by their names, and figures, in order."""
    drafts = [d for d in names.find(prose, document) if d.type in _TYPES]
    taken = {at for d in drafts for start, end in d.mentions for at in range(start, end)}
    drafts += _by_labels(prose, taken)
    drafts += _figures(prose.text)
    return sorted(drafts, key=lambda d: (d.mentions[0], d.type))


def _share(words: Sequence[str], wanted: Set[str]) -> float:
    return sum(w in wanted for w in words) / max(len(words), 1)


def _by_labels(prose: Prose, taken: Set[int]) -> list[Draft]:
    """What the authority list knows by a name in the language of the text."""
    found: dict[tuple[EntityType, str], list[tuple[int, int]]] = defaultdict(list)
    for hit in known.find_labels(prose, *_TYPES):
        if hit.sure and len(set(hit.keys)) == 1 and hit.start not in taken:
            type_ = next(t for t in _TYPES if t == hit.type)
            found[type_, hit.keys[0]].append((hit.start, hit.end))
    return [Draft(type_, spans, "authority", None, key) for (type_, key), spans in found.items()]


def _figures(text: str) -> list[Draft]:
    drafts: list[Draft] = []
    taken = -1
    found = sorted(
        (match.start(), -match.end(), rule)
        for rule, pattern in _PATTERNS
        for match in pattern.finditer(text)
    )
    for start, end, rule in found:
        if start >= taken:
            taken = -end
            drafts.append(Draft("Quantity", [(start, -end)], rule))
    return drafts
