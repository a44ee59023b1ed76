"""Names reduced to what identifies them, and IRIs made from content alone.

The same input gives the same IRI in any process and on any machine: nothing here knows a clock, a
counter, or the order in which things came.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from base64 import b32encode
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

BASE: Final = "https://w3id.org/scipol/"
SLUG_LENGTH: Final = 60
# Ten base32 characters clash with a chance of 0.04 % among a million entities; the registry
# checks for the clash when it mints.
HASH_LENGTH: Final = 10

# Letters that have no canonical decomposition, so that removing accents leaves them as they are.
_LETTERS: Final = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ŋ": "n",
        "ĸ": "k",
    }
)
_APOSTROPHES: Final = "'’‘ʼ＇`´"
_POSSESSIVE = re.compile(rf"[{_APOSTROPHES}]s(?=\W|$)")
_JOINED = re.compile(rf"[{_APOSTROPHES}*]")
_ACCENTS = re.compile("[\u0300-\u036f]+")
_INITIALS = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|\b[^\W\d_](?:\.[^\W\d_])+\b")
_SEPARATORS = re.compile(r"[^\w+#]+|_+")
_ARTICLES: Final = frozenset(("the", "a", "an"))


@lru_cache(maxsize=65_536)
def normalise(name: str) -> str:
    """The name without what varies between writers: case, accents, punctuation, leading article.

    Two names that come out equal are the same name; it is for comparing, not for showing. A name
    made of signs alone keeps them, so only an empty or blank name comes out empty.

    >>> normalise("The U.S. Department of Energy’s Office of Science")
    'us department of energy office of science'
    >>> normalise("Science & Technology") == normalise("science and technology")
    True
    """
    plain = name.lower() if name.isascii() else _fold_letters(name)
    if "." in plain:
        plain = _INITIALS.sub(lambda found: found[0].replace(".", ""), plain)
    plain = _POSSESSIVE.sub("", plain)
    plain = _JOINED.sub("", plain).replace("&", " and ")
    words = _SEPARATORS.sub(" ", plain).split()
    while len(words) > 1 and words[0] in _ARTICLES:
        del words[0]
    return " ".join(words) or " ".join(name.casefold().split())


def _fold_letters(name: str) -> str:
    compatible = unicodedata.normalize("NFKC", name).casefold()
    # Only the accents of European scripts go; the signs of Indic scripts are letters of their own.
    stripped = _ACCENTS.sub("", unicodedata.normalize("NFD", compatible))
    return unicodedata.normalize("NFC", stripped).translate(_LETTERS)


_DROPPED: Final = frozenset(
    ("the", "a", "an", "its", "their", "our", "his", "her", "my", "your", "this", "these", "those")
)
_BEFORE_VERB: Final = frozenset(("and", "or", "to", "further", "also", "jointly", "better"))
_IRREGULAR: Final = {
    "built": "build",
    "led": "lead",
    "made": "make",
    "grown": "grow",
    "grew": "grow",
    "won": "win",
    "held": "hold",
    "kept": "keep",
    "met": "meet",
    "sought": "seek",
    "drawn": "draw",
    "driven": "drive",
    "taken": "take",
    "given": "give",
    "agreed": "agree",
    "guaranteed": "guarantee",
}
_SPELLINGS: Final = (
    (re.compile(r"is(?=(?:e|es|ed|er|ers|ing|ation|ations|ational)$)"), "iz"),
    (re.compile(r"ys(?=(?:e|es|ed|er|ers|ing)$)"), "yz"),
    (re.compile(r"(?<=[a-z][a-z])our(?=(?:s|ed|ing|al|able|hood|ite|ites)?$)"), "or"),
    (re.compile(r"tre(?=s?$)"), "ter"),
    (re.compile(r"bre(?=s?$)"), "ber"),
    (re.compile(r"gramme(?=s?$)"), "gram"),
    (re.compile(r"logue(?=s?$)"), "log"),
    (re.compile(r"(?<=[fp]en)ce(?=s?$)"), "se"),
    (re.compile(r"(?<=ag)e(?=ing$)"), ""),
)
# Words in -ise on both sides of the Atlantic: raise, advise, promise, precise, noise, disguise.
_NEVER_Z = re.compile(
    "(?:^(?:a|up|sun)?r|ra|pr|w|v|prom|exerc|prec|expert|prem|franch|merchand|advert|no|po|cru|bru|gu|dem|conc|exc|desp)"
    "is(?:e|es|ed|er|ers|ing)$"
)
_VOWEL = re.compile("[aeiouy]")
# Stems to which the final e is given back; it only makes keys and IRIs readable.
_SILENT_E = re.compile(
    "(?:[vu]|(?<!i)c|[iy]z|(?<!e)at|creat|[dr]g|[^l]ag|^ag|eng|(?<!cc)(?<!sp)ur|eas|los|pos|mot|but"
    "|vid|uid|ud|bin|fin|min|ir|plor|stor|[bdfk]l|dop|cop|ap|ok|ak|[sc]tl|as|[^o]id|ens|is|^us"
    "|com|scal|shar|par|[acmorvuw]is)$"
)


@lru_cache(maxsize=65_536)
def normalise_wording(wording: str) -> str:
    """The wording of a goal or measure without grammar: verb form, articles, number, spelling.

    >>> normalise_wording("Promoting its basic research programmes")
    'promote basic research program'
    >>> normalise_wording("to promote the basic research program")
    'promote basic research program'
    """
    words = normalise(wording).split()
    if len(words) > 1 and words[0] == "to":
        del words[0]
    kept: list[str] = []
    is_verb = True
    for word in words:
        if word in _DROPPED:
            continue
        kept.append(_verb_stem(word) if is_verb else _noun_stem(word))
        is_verb = word in _BEFORE_VERB
    return " ".join(kept) or " ".join(words)


@lru_cache(maxsize=65_536)
def normalise_phrase(phrase: str) -> str:
    """The wording of a group or field without articles, number and regional spelling.

    >>> normalise_phrase("the early-career researchers")
    'early career researcher'
    """
    words = normalise(phrase).split()
    kept = [_noun_stem(word) for word in words if word not in _DROPPED]
    return " ".join(kept) or " ".join(words)


def _spell(word: str) -> str:
    if _NEVER_Z.search(word):
        return word
    for pattern, other in _SPELLINGS:
        word = pattern.sub(other, word)
    return word


@lru_cache(maxsize=16_384)
def _noun_stem(word: str) -> str:
    """One form for singular and plural; a key to compare by, not always a word."""
    if len(word) < 4 or not word.isascii():
        return word
    word = _spell(word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("xes", "ches", "shes", "sses")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is", "ics")):
        return word[:-1]
    return word


@lru_cache(maxsize=16_384)
def _verb_stem(word: str) -> str:
    """One form for infinitive, participles and third person; a key, not always a word."""
    if (regular := _IRREGULAR.get(word)) is not None:
        return regular
    stem = _noun_stem(word)
    if len(stem) < 4 or not stem.isascii():
        return stem
    if stem.endswith("ied"):
        return stem[:-3] + "y"
    for ending in () if stem.endswith("eed") else ("ing", "ed"):
        rest = stem.removesuffix(ending)
        if rest != stem and len(rest) > 1 and _VOWEL.search(rest):
            stem = rest
            break
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "se":
        stem = stem[:-1]
    if not stem.endswith("ee"):
        stem = stem.removesuffix("e")
    return stem + "e" if _SILENT_E.search(stem) else stem


@lru_cache(maxsize=65_536)
def slug(label: str) -> str:
    """The readable part of an IRI: lower-case ASCII words joined by hyphens, at most 60 characters.

    A label without a Latin letter or digit gives `x`; the hash tells such entities apart.
    """
    latin = _ACCENTS.sub("", unicodedata.normalize("NFKD", normalise(label)))
    words = re.findall("[a-z0-9]+", latin)
    text = "-".join(words)
    if len(text) > SLUG_LENGTH:
        cut = text[: SLUG_LENGTH + 1]
        text = (cut.rpartition("-")[0] or cut)[:SLUG_LENGTH]
    return text or "x"


def digest(parts: Iterable[str]) -> str:
    """Ten base32 characters of the SHA-256 over the parts.

    Each part is preceded by its length, so that parts cannot run into each other.
    """
    joined = "".join(f"{len(part)}:{part}" for part in parts)
    # Ten bytes give sixteen characters; encoding all 32 would take longer than hashing.
    return b32encode(hashlib.sha256(joined.encode()).digest()[:10])[:HASH_LENGTH].decode().lower()


def entity_iri(type_: str, label: str, key: str) -> str:
    """IRI of the entity with this identifying key; the label only makes it readable."""
    return f"{BASE}id/{type_.lower()}/{slug(label)}-{digest((key,))}"


def document_iri(name: str) -> str:
    """IRI of a document that was read, by the name that stays when its text changes."""
    return entity_iri("document", name, f"document|{name}")


def concept_iri(scheme: str, code: str) -> str:
    """IRI of a concept of one of the schemes."""
    return f"{BASE}voc/{scheme}/{code}"


def text_iri(sha16: str) -> str:
    """IRI of a frozen text, by the first 16 digits of its hash."""
    return f"{BASE}id/text/{sha16}"


def span_iri(sha16: str, start: int, end: int) -> str:
    """IRI of a range of code points of a text."""
    return f"{BASE}id/text/{sha16}#char={start},{end}"


def graph_iri(run: str, sha16: str) -> str:
    """IRI of the named graph that holds what one run found in one text."""
    return f"{BASE}graph/{run}/{sha16}"


def statement_iri(
    sha16: str, start: int, end: int, speaker: str | None, modality: str, content: Iterable[str]
) -> str:
    """IRI of a statement, from where it stands and what it says; the order of contents is moot."""
    said = (speaker or "", modality, *sorted(content))
    return _grounded_iri("statement", sha16, start, end, said)


def claim_iri(sha16: str, start: int, end: int, subject: str, predicate: str, object_: str) -> str:
    """IRI of the claim that a text states this triple at this place."""
    return _grounded_iri("claim", sha16, start, end, (subject, predicate, object_))


def classification_iri(sha16: str, start: int, end: int, thing: str, concept: str) -> str:
    """IRI of the classification that these words of a text suggest for a thing."""
    return _grounded_iri("classification", sha16, start, end, (thing, concept))


def tenure_iri(sha16: str, start: int, end: int, holder: str, post: str) -> str:
    """IRI of the tenure of a post by a person, as a text states it at this place."""
    return _grounded_iri("tenure", sha16, start, end, (holder, post))


def quantity_iri(sha16: str, start: int, end: int) -> str:
    """IRI of the quantity that a text states at this place."""
    return _grounded_iri("quantity", sha16, start, end, ())


def _grounded_iri(kind: str, sha16: str, start: int, end: int, parts: Iterable[str]) -> str:
    hashed = digest((kind, sha16, str(start), str(end), *parts))
    return f"{BASE}id/{kind}/{sha16}-{hashed}"
