"""What a name is like: proper or common, distinctive or generic, of which country, with a title."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from types import MappingProxyType
from typing import Final

from graph.authority import Authority, AuthorityRecord
from graph.errors import DataError
from graph.identifiers import normalise, normalise_phrase
from graph.resources import data_path


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SMALL_WORDS: Final = _words(
    "of and for the in on to at by with from as an a de la le du des et und der die das y e"
    " en el los las del do da dos"
)
# "Government of X" tells which one is meant although it leaves one word.
_ONE_OF_A_KIND: Final = _words(
    "government parliament cabinet congress senate treasury administration"
    " president premier chancellor king queen ambassador"
)
# Parts of bodies: what they are parts of is not in their names.
_SUB_UNITS: Final = _words(
    "board faculty school division unit section team group panel secretariat college force"
)
# "University of New Mexico": the last word is not a country here.
_CHANGES_PLACE: Final = _words("new north south east west latin central")
_TITLES: Final = _words(
    "mr mrs ms miss dr prof professor sir dame lord lady hon honourable honorable rev shri smt"
    " president vice chairman chairwoman chair premier prime minister chancellor secretary"
    " general director commissioner senator congressman congresswoman representative governor"
    " ambassador academician comrade king queen prince princess mayor deputy former the mp"
    " chief executive administrator under assistant"
)
_SUFFIXES: Final = _words("jr sr ii iii iv phd md obe cbe frs")
_DEICTIC_FIRST: Final = _words(
    "both my our we these those this that such their its they other others participating"
    " aforementioned same each either two three"
)
# Said of one text's own, in any number, or only in the singular: "governments" are any.
_DEICTIC_NOUNS: Final = _words("participant party partner member signatory side delegation leader")
_DEICTIC_SINGULARS: Final = _words(
    "government minister country nation agency department we they other"
)
_STATE_POSTS: Final = re.compile(
    r"(?:vice |deputy |first )?(?:president|prime minister|premier|chancellor|head of state"
    r"|head of government|king|queen|(?:minister|secretary) .+|chief scien\w+.*|\w+ minister)"
)
_ACRONYM: Final = re.compile(r"[A-Z0-9][A-Za-z0-9*&./\-]*[A-Z0-9*][A-Za-z0-9]?")
_CONTENT: Final = re.compile(r"[^\W_][\w'’\-./&*]*")
_BEFORE: Final = re.compile(r"((?:[\w.’'\-]+ ){1,4})$")
_AFTER: Final = re.compile(r"(?: of (?:the )?|, | \()((?:[\w.’'\-]+ ?){1,5})")
_ORDINAL: Final = re.compile(r"\d+(?:st|nd|rd|th)|[ivx]+")
_CAPITALS: Final = re.compile(r"\b[A-Z]{4,}\b")
_INLINE_ACRONYM: Final = re.compile(r" \([A-Z][\w&*./\-]{1,11}\)")
_YEAR_AT_END: Final = re.compile(r"(?<=act) of (?:1[5-9]|20)\d\d$")


@dataclass(frozen=True)
class Naming:
    """Judgements on names that need the words and countries of an authority list.

    Neither `generic_words` nor `field_words` tell bodies or programmes apart.
    """

    authority: Authority
    generic_words: frozenset[str]
    field_words: frozenset[str]

    @cached_property
    def _countries(self) -> Mapping[str, str]:
        """Normalised unambiguous names and acronyms of countries to alpha-3 codes."""
        found: dict[str, str] = {}
        for record in self.authority.records.values():
            if record.type == "Country" and record.country is not None:
                for name in record.names:
                    if not self.authority.needs_cue(name, record):
                        found[normalise(name)] = record.country
        return MappingProxyType(found)

    @cached_property
    def _demonyms(self) -> Mapping[str, str]:
        """Normalised demonyms to alpha-3 codes."""
        return MappingProxyType(
            {
                normalise(demonym): key.removeprefix("country/")
                for demonym, key in self.authority.demonyms.items()
            }
        )

    def country(self, name: str) -> str | None:
        """The alpha-3 code of the country that bears this name, code or demonym."""
        if f"country/{name}" in self.authority.records:
            return name
        folded = normalise(name)
        if (code := self._countries.get(folded) or self._demonyms.get(folded)) is not None:
            return code
        records = self.authority.lookup(name, "Country")
        return records[0].country if len(records) == 1 else None

    def place(self, name: str) -> AuthorityRecord | None:
        """The country that metadata name, or the body that stands in for one ("European Union")."""
        if (code := self.country(name)) is not None:
            return self.authority.records[f"country/{code}"]
        records = self.authority.lookup(name, "Organization")
        return records[0] if len(records) == 1 else None

    def is_distinctive(self, normalised: str, written: str) -> bool:
        """Whether a name says by itself which one is meant, wherever it stands.

        It does if a word of it is neither generic nor a number. `written` is the name as it
        stands in the text: a word of capitals in it ("CHIPS and Science Act") is an acronym of
        its own and not the common word.
        """
        acronyms = _capital_words(written)
        return any(
            word in acronyms
            or (
                word not in _SMALL_WORDS
                and not word[0].isdigit()
                and not _ORDINAL.fullmatch(word)
                and normalise_phrase(word) not in self.generic_words
                and normalise_phrase(word) not in self.field_words
            )
            for word in normalised.split()
        )

    def is_one_in_a_country(self, normalised: str) -> bool:
        """Whether a country can be taken to have one body of this generic name.

        It has one "ministry of health", but many a "council", "board of directors" or "department
        of physics".
        """
        words = normalised.split()
        if len(words) == 1:
            return words[0] in _ONE_OF_A_KIND
        if words[0] in _SUB_UNITS or words[-1] in _SUB_UNITS:
            return False
        return "department" not in words or all(
            word in _SMALL_WORDS or normalise_phrase(word) in self.generic_words for word in words
        )

    def split_country(self, name: str) -> tuple[str, str | None]:
        """The normalised name without the country it names at an end, and that country.

        Only where something that can stand alone is left: "Chinese Ministry of Education" and
        "Ministry of Education of China" give ("ministry of education", "CHN").
        """
        words = normalise(name).split()
        for size in range(min(5, len(words) - 1), 0, -1):
            first = " ".join(words[:size])
            country = self._countries.get(first) or self._demonyms.get(first)
            if country is not None and _stands_alone(words[size:]):
                return " ".join(words[size:]), country
            country = self._countries.get(" ".join(words[-size:]))
            rest = _without_of(words[:-size])
            if country is not None and _stands_alone(rest) and rest[-1] not in _CHANGES_PLACE:
                return " ".join(rest), country
        return " ".join(words), None

    def adjacent_country(self, content: str, start: int, end: int) -> str | None:
        """The country named right before ("India's …") or after ("… of India") a mention."""
        before = _BEFORE.search(content[max(0, start - 60) : start])
        words = before[1].split() if before is not None else []
        for size in range(len(words), 0, -1):
            name = normalise(" ".join(words[-size:]))
            if (country := self._countries.get(name) or self._demonyms.get(name)) is not None:
                return country
        after = _AFTER.match(content[end : end + 60])
        words = after[1].split() if after is not None else []
        for size in range(len(words), 0, -1):
            if (country := self._countries.get(normalise(" ".join(words[:size])))) is not None:
                return country
        return None


def load_naming(authority: Authority) -> Naming:
    """Naming with the shipped list of generic words and the words of the list's fields.

    A field does not tell bodies or programmes apart: many countries have a national quantum
    strategy. Raises DataError where the list is not text.
    """
    path = data_path("authority/generic_words.txt")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise DataError(f"{path.name}: not UTF-8 text ({error}); save it as UTF-8") from None
    listed = (line.strip() for line in lines if line.strip() and not line.startswith("#"))
    fields = (
        word
        for record in authority.records.values()
        if record.type == "Field"
        for name in record.names
        for word in normalise(name).split()
    )
    return Naming(
        authority,
        frozenset(map(normalise_phrase, listed)),
        frozenset(map(normalise_phrase, fields)),
    )


def _capital_words(written: str) -> frozenset[str]:
    """The words of four and more capitals, normalised, unless the whole name is in capitals."""
    if written.isupper():
        return frozenset()
    return frozenset(map(normalise, _CAPITALS.findall(written)))


def _stands_alone(words: list[str]) -> bool:
    return len(words) > 1 or (bool(words) and words[0] in _ONE_OF_A_KIND)


def _without_of(words: list[str]) -> list[str]:
    while words and words[-1] in ("of", "the", "in"):
        words = words[:-1]
    return words


def is_proper(name: str, mentions: Iterable[str]) -> bool:
    """Whether a name is written as a proper one wherever it stands in full.

    A single acronym is one; of several content words more than half must begin with a capital or
    digit, and two of them with a capital. Headings in capitals and shorter forms tell nothing.
    """
    words = _content_words(name.casefold())
    full = {name, *(m for m in mentions if _content_words(m.casefold()) == words)}
    telling = [written for written in full if not _is_capital_heading(written)]
    return bool(telling) and all(map(_is_written_as_name, telling))


def _content_words(name: str) -> list[str]:
    return [word for word in _CONTENT.findall(name) if word.lower() not in _SMALL_WORDS]


def _is_capital_heading(mention: str) -> bool:
    return " " in mention and mention.isupper()


def _is_written_as_name(mention: str) -> bool:
    if is_acronym(mention):
        return True
    words = _content_words(mention)
    capitalised = sum(word[0].isupper() for word in words)
    marked = sum(not word[0].islower() for word in words)
    if len(words) == 1:
        # One capitalised word may merely begin a sentence; inner capitals or digits decide.
        return any(char.isupper() or char.isdigit() for char in words[0][1:])
    return capitalised >= 2 and 2 * marked > len(words)


def is_full_title(normalised: str) -> bool:
    """Whether a generic title says enough to be one in its country: three words, or a number."""
    words = [word for word in normalised.split() if word not in _SMALL_WORDS]
    return len(words) > 2 or any(word[0].isdigit() for word in words)


def is_acronym(name: str) -> bool:
    """Whether a name is one short token of capitals, such as NSF, A*STAR, DoD or ARPA-E."""
    return len(name) <= 12 and _ACRONYM.fullmatch(name) is not None


def without_inline_acronym(name: str) -> str:
    """A name without an acronym in brackets within it: "Lunar Services (LS) project"."""
    return _INLINE_ACRONYM.sub("", name)


def is_deictic(phrase: str) -> bool:
    """Whether a phrase points at something of its own document ("both countries", "we")."""
    words = normalise(phrase).split()
    whole = " ".join(words[1:]) if words and words[0] in ("the", "two") else " ".join(words)
    return bool(words) and (
        words[0] in _DEICTIC_FIRST
        or whole in _DEICTIC_SINGULARS
        or normalise_phrase(whole) in _DEICTIC_NOUNS
    )


def is_state_post(normalised: str) -> bool:
    """Whether a post is of the kind of which a state has one ("prime minister")."""
    return _STATE_POSTS.fullmatch(normalised) is not None


@lru_cache(maxsize=16_384)
def strip_titles(name: str) -> str:
    """A person's normalised name without titles, suffixes and middle initials."""
    words = normalise(name).split()
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    while len(words) > 1 and words[-1] in _SUFFIXES:
        del words[-1]
    if len(words) > 2:
        words = [words[0], *(w for w in words[1:-1] if len(w) > 1), words[-1]]
    return " ".join(words)


def strip_year(normalised: str) -> str:
    """A normalised title of an act without the year that some writers add at its end.

    Elsewhere the year tells one from the next: "Forum 2023", "Horizon 2020".
    """
    return _YEAR_AT_END.sub("", normalised)
