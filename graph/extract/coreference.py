"""Brings the mentions of one actor together: acronyms, surnames, descriptions, governments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator

from graph.authority import load_authority
from graph.extract.cues import word_set
from graph.extract.draft import Draft
from graph.extract.mention import Mention, text_of
from graph.extract.passages import Prose
from graph.records import Document

_Key = tuple[str, str]

_DEFINED = re.compile(r"[A-Z][\w&.*-]{1,11}")
_HOME = re.compile(r"(?:(?:u\.s\.a?\.?|usa?|u\.k\.|uk|eu)\s+)(?=\S+\s)")
_GOVERNMENT_OPENERS = frozenset(
    ("the", "our", "this", "federal", "national", "central", "its", "coalition", "current", "new")
)


class Actors:
    """The actors of one document, built from mentions in the order of the text."""

    def __init__(self, prose: Prose, shape: str, document: Document) -> None:
        self._prose = prose
        self._shape = shape
        self._document = document
        self._authority = load_authority()
        self._drafts: list[Draft] = []
        self._by_key: dict[_Key, Draft] = {}
        self._tokens: set[int] = set()
        self._definitions = dict(_definitions(prose))

    def add(self, mention: Mention) -> None:
        """Give a mention to the actor it names, or open a new one."""
        if mention.rule == "acronym-context" and self._is_defined_elsewhere(mention):
            return
        asked, told = self._keys(mention)
        draft = next((self._by_key[k] for k in asked if k in self._by_key), None)
        span = (mention.start, mention.end)
        if draft is None:
            draft = Draft(mention.type, [span], mention.rule, authority=mention.authority)
            self._drafts.append(draft)
        else:
            draft.mentions.append(span)
            draft.authority = draft.authority or mention.authority
        for key in told:
            if key[0] == "head" or key not in self._by_key:
                self._by_key[key] = draft
        self._tokens.update(range(mention.first, mention.last))
        self._take_acronym(mention, draft)

    def drafts(self) -> list[Draft]:
        """The actors in the order of their first mention, mentions in the order of the text."""
        self._describe()
        self._surnames()
        self._governments()
        for draft in self._drafts:
            draft.mentions = sorted(set(draft.mentions))
        return sorted(self._drafts, key=lambda d: d.mentions[0])

    def _keys(self, mention: Mention) -> tuple[list[_Key], list[_Key]]:
        """Keys under which to look for the actor, and keys under which it is known from now on."""
        name = _normal(text_of(self._prose, mention))
        own: list[_Key] = [(mention.type, name)]
        if mention.authority:
            own.insert(0, ("authority", mention.authority))
        if mention.type == "Person":
            words = [w for w in re.split(r"[\s.]+", name) if len(w) > 1]
            words = [w for w in words if w not in word_set("people", "suffixes")] or [name]
            first = words[0] in word_set("people", "family_first") and len(words) > 1
            surname = ("surname", words[0] if first else words[-1])
            if len(words) == 1:
                return [*own, surname], [*own, surname]
            full = ("Person", " ".join(words))
            return [*own, full], [*own, full, surname]
        if mention.type == "Post":
            head = name.rstrip("s")
            if " " not in name:
                return [*own, ("head", head)], [*own, ("Post", head)]
            last = next(
                (w for w in name.split() if w in word_set("people", "posts")), name.split()[-1]
            )
            return own, [*own, ("head", last.rstrip("s"))]
        if mention.type == "ActorGroup":
            own = [("ActorGroup", name[:-1] if name.endswith("s") else name)]
        return own, own

    def _is_defined_elsewhere(self, mention: Mention) -> bool:
        """An acronym that the text explains is known by its long form, or is no actor."""
        word = self._prose.words[mention.first]
        return word in self._definitions and ("Organization", word.lower()) not in self._by_key

    def _take_acronym(self, mention: Mention, draft: Draft) -> None:
        """The acronym in brackets behind a name is another mention of it."""
        if mention.type not in ("Organization", "ActorGroup", "Country"):
            return
        found = _bracketed(self._prose, mention.last)
        if found is None:
            return
        token = found
        word = self._prose.words[token]
        draft.mentions.append((self._prose.starts[token], self._prose.ends[token]))
        self._by_key.setdefault((mention.type, _normal(word)), draft)
        self._by_key.setdefault(("Organization", _normal(word)), draft)
        self._tokens.add(token)

    def _describe(self) -> None:
        """ "The Foundation", "the agency": the organisation named last whose name has that head."""
        prose, shape = self._prose, self._shape
        described = word_set("organizations", "described") | word_set("organizations", "solo")
        places: dict[str, list[tuple[int, Draft]]] = defaultdict(list)
        for draft in self._drafts:
            if draft.type != "Organization":
                continue
            for start, end in draft.mentions:
                for word in set(prose.text[start:end].lower().split()) & described:
                    places[word].append((start, draft))
        for entries in places.values():
            entries.sort(key=lambda e: e[0])
        new: dict[str, Draft] = {}
        for token, lower in enumerate(prose.lowers):
            if lower not in described or token in self._tokens:
                continue
            following = shape[token + 1 : token + 2]
            capital = prose.words[token][0].isupper()
            if following and following in "xGOUSMLPofA":
                continue
            if not capital and prose.tags[token + 1 : token + 2] == "N":
                continue
            opener = prose.lowers[token - 1] if token else ""
            if opener not in ("the", "this", "our", "its", "my") and not shape[token] == "S":
                continue
            span = (prose.starts[token], prose.ends[token])
            entries = places.get(lower, [])
            index = bisect_right(entries, span[0], key=lambda e: e[0]) - 1
            if index >= 0 or (entries and capital):
                entries[max(index, 0)][1].mentions.append(span)
            elif capital:
                if lower not in new:
                    new[lower] = Draft("Organization", [], "description")
                    self._drafts.append(new[lower])
                new[lower].mentions.append(span)
            else:
                continue
            self._tokens.add(token)

    def _surnames(self) -> None:
        """A surname alone is a mention of the person named in full elsewhere."""
        owners: dict[str, Draft] = {}
        for (kind, name), draft in self._by_key.items():
            if kind == "surname":
                owners.setdefault(name.casefold(), draft)
        prose = self._prose
        for token, lower in enumerate(prose.lowers):
            if lower in owners and token not in self._tokens and prose.words[token][0].isupper():
                draft = owners[lower]
                draft.mentions.append((prose.starts[token], prose.ends[token]))
                self._tokens.add(token)

    def _governments(self) -> None:
        """ "The government" is the country's that stands before it, or that the text is about."""
        prose = self._prose
        countries = {d.authority: d for d in self._drafts if d.type == "Country" and d.authority}
        home = self._home(countries.values())
        collective: Draft | None = None
        for token, lower in enumerate(prose.lowers):
            if lower not in ("government", "govt") or token in self._tokens:
                continue
            if prose.tags[token + 1 : token + 2] in ("N", "X"):
                continue
            first = token
            before = prose.words[token - 1] if token else ""
            key = self._authority.demonyms.get(before)
            draft = countries.get(key) if key else None
            if key and draft is None:
                draft = countries[key] = Draft("Country", [], "demonym", authority=key)
                self._drafts.append(draft)
            if draft:
                first = token - 1
            elif self._shape[token - 1 : token] == "C":
                key = self._country_ending(prose.ends[token - 1], countries)
                draft = countries.get(key) if key else None
            elif home and (before.lower() in _GOVERNMENT_OPENERS or prose.words[token][0] == "G"):
                draft = home
            if draft is None:
                if collective is None:
                    collective = Draft("ActorGroup", [], "government")
                    self._drafts.append(collective)
                draft = collective
            draft.mentions.append((prose.starts[first], prose.ends[token]))
            self._tokens.add(token)

    def _home(self, countries: Iterable[Draft]) -> Draft | None:
        """The country the document is about: the one it comes from, or names most."""
        ranked = sorted(countries, key=lambda d: -len(d.mentions))
        if self._document.country:
            wanted = f"country/{self._document.country}"
            for draft in ranked:
                if draft.authority == wanted:
                    return draft
        if not ranked:
            return None
        second = len(ranked[1].mentions) if len(ranked) > 1 else 0
        return ranked[0] if len(ranked[0].mentions) * 2 > second * 3 else None

    def _country_ending(self, end: int, countries: dict[str, Draft]) -> str | None:
        return next((k for k, d in countries.items() if any(e == end for _, e in d.mentions)), None)


def _normal(name: str) -> str:
    """Lower case, "&" as "and", one kind of hyphen, without a home country in front."""
    name = name.lower().replace("&", "and").replace("’", "'")
    name = re.sub("[‐‑⁠]+", "-", name).replace("--", "-")
    return _HOME.sub("", name)


def _bracketed(prose: Prose, token: int) -> int | None:
    """The token of an acronym in brackets that opens at `token`, if there is one."""
    words = prose.words
    if token + 2 >= len(words) or words[token] != "(":
        return None
    at = token + 1
    if words[at] in "\"'“‘":
        at += 1
    if at + 1 < len(words) and _DEFINED.fullmatch(words[at]) and words[at + 1] in ")\"'”’,;":
        return at if sum(c.isupper() for c in words[at]) > 1 else None
    return None


def _definitions(prose: Prose) -> Iterator[tuple[str, int]]:
    """Acronyms that stand in brackets behind something, with their token."""
    for token, word in enumerate(prose.words):
        if word == "(" and (at := _bracketed(prose, token)) is not None:
            yield prose.words[at], at
