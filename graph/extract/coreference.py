"""Brings the mentions of one actor together: acronyms, surnames, descriptions, governments."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from graph.authority import load_authority
from graph.extract import issuers
from graph.extract.cues import word_set
from graph.extract.draft import DESCRIBED, Draft
from graph.extract.mention import Mention, text_of
from graph.extract.passages import Prose
from graph.records import Document, EntityType

_Key = tuple[str, str]

_ACRONYM = re.compile(r"[A-Z][\w&.*-]{1,11}")
_HOME = re.compile(r"(?:u\.s\.a?\.?|usa?|u\.k\.|uk|eu)\s+(?=\S+\s)")
_QUOTES = "\"'“”‘’«»"
_ALIAS_WORDS = frozenset(
    (
        "the",
        "hereinafter",
        "hereafter",
        "referred",
        "to",
        "as",
        "known",
        "also",
        "or",
        "formerly",
        "collectively",
        *_QUOTES,
    )
)
_GOVERNMENT_OPENERS = frozenset(
    (
        "the",
        "our",
        "this",
        "federal",
        "national",
        "central",
        "its",
        "coalition",
        "current",
        "new",
        "of",
        "by",
    )
)
_MINOR = frozenset(("of", "for", "the", "and", "in", "on", "to", "at", "&"))


def resolve(
    prose: Prose, shape: str, document: Document, mentions: Iterable[Mention]
) -> list[Draft]:
    """One draft for each actor, in the order of first mention."""
    actors = _Actors(prose, shape)
    ordered = sorted(mentions, key=lambda m: (m.start, -m.end))
    # Posts come last: they are told apart by the bodies they are in.
    for mention in ordered:
        if mention.type != "Post":
            actors.add(mention)
    for mention in ordered:
        if mention.type == "Post":
            actors.add(mention)
    actors.give_acronyms()
    actors.describe(document.issuer or "")
    actors.join_groups()
    actors.give_surnames()
    actors.give_governments(document)
    return actors.drafts()


class _Actors:
    """The actors of one document."""

    def __init__(self, prose: Prose, shape: str) -> None:
        self._prose = prose
        self._shape = shape
        self._drafts: list[Draft] = []
        self._by_key: dict[_Key, Draft] = {}
        self._owner: dict[int, Draft] = {}
        self._defined = {
            prose.words[at]
            for token, word in enumerate(prose.words)
            if word == "(" and (at := _bracketed(prose, token)) is not None
        }

    def add(self, mention: Mention) -> None:
        """Give a mention to the actor it names, or open a new one."""
        if mention.rule == "acronym-context" and self._is_explained(mention):
            return
        asked, told = self._keys(mention)
        draft = next((self._by_key[k] for k in asked if k in self._by_key), None)
        draft = draft or self._explained_by(mention)
        if draft is None and mention.rule == "acronym-alias":
            return
        if draft is None:
            draft = self._open(mention.type, mention.rule)
        draft.mentions.append((mention.start, mention.end))
        draft.authority = draft.authority or mention.authority
        for key in told:
            if key[0] == "head":
                self._by_key[key] = draft
            else:
                self._by_key.setdefault(key, draft)
        for token in range(mention.first, mention.last):
            if mention.type != "Post" or token not in self._owner:
                self._owner[token] = draft
        self._take_acronym(mention, draft)

    def drafts(self) -> list[Draft]:
        """The actors in the order of their first mention, mentions in the order of the text."""
        for draft in self._drafts:
            draft.mentions = sorted(set(draft.mentions))
            if draft.type == "Country":
                draft.name = self._country_name(draft)
        return sorted(self._drafts, key=lambda d: d.mentions[0])

    def _open(self, type_: EntityType, rule: str, authority: str | None = None) -> Draft:
        draft = Draft(type_, [], rule, authority=authority)
        self._drafts.append(draft)
        return draft

    def _mark(self, draft: Draft, first: int, last: int) -> None:
        """Add the tokens [first, last) as a mention found after the names."""
        draft.mentions.append((self._prose.starts[first], self._prose.ends[last - 1]))
        self._owner.update(dict.fromkeys(range(first, last), draft))

    def _keys(self, mention: Mention) -> tuple[list[_Key], list[_Key]]:
        """Keys under which to look for the actor, and keys under which it is known from now on."""
        name = _normal(text_of(self._prose, mention))
        own: list[_Key] = [(mention.type, name)]
        if mention.authority:
            own.insert(0, ("authority", mention.authority))
        if mention.type == "Person":
            return _person_keys(name, own)
        if mention.type == "Post":
            return self._post_keys(mention, name, own)
        if mention.type == "ActorGroup":
            return self._group_keys(mention, name.removesuffix("s"))
        if mention.type == "Organization":
            short = self._without_country(mention, name)
            keys = _organization_keys(name, text_of(self._prose, mention))
            return [*own, *short], [*own, *short, *keys]
        return own, own

    def _group_keys(self, mention: Mention, name: str) -> tuple[list[_Key], list[_Key]]:
        """ "Families" are the "American families" of the text, but no other people's."""
        first = mention.first
        while first < mention.last - 1 and self._shape[first] in "NC":
            first += 1
        full = ("ActorGroup", name)
        if first == mention.first:
            return [full], [full, ("bare", name)]
        core = " ".join(self._prose.lowers[first : mention.last]).removesuffix("s")
        return [full, ("bare", core)], [full, ("ActorGroup", core)]

    def _post_keys(
        self, mention: Mention, name: str, own: list[_Key]
    ) -> tuple[list[_Key], list[_Key]]:
        """ "NASA Administrator" is the "Administrator of NASA"; "the Director" the one before."""
        words = name.split()
        posts = word_set("people", "posts")
        head = next((w for w in reversed(words) if w in posts), words[-1])
        if " of " in name or " for " in name:
            head = next((w for w in words if w in posts), head)
        head = head.removesuffix("s")
        if len(words) == 1:
            before = self._prose.words[mention.first - 1] if mention.first else ""
            if before[:1].isupper() and before.lower() not in _MINOR and self._is_inside(mention):
                # "The Latvian minister" is not the minister of Estonia named before.
                own = [("Post", f"{before.lower()} {head}")]
                return own, own
            return [*own, ("head", head)], [*own, ("Post", head)]
        if self._shape[mention.last - 1] == "C" and " of " in name:
            own = [*own, ("Post", name[: name.rindex(" of ")])]
        told = [*own, ("head", head)]
        bodies = [self._owner[t] for t in range(mention.first, mention.last) if t in self._owner]
        bodies += [
            self._by_key[key]
            for w in words
            if (key := ("Organization", w)) in self._by_key and w not in posts
        ]
        body = next((b for b in bodies if b.type in ("Organization", "Country")), None)
        if body is None or len(words) > 12:
            return own, told
        opening = words[: words.index("of")] if "of" in words else words
        inner = set(_normal(" ".join(self._prose.text[a:b] for a, b in body.mentions[:9])).split())
        core = " ".join(w for w in opening if w not in inner and w not in _MINOR)
        office: _Key = ("office", f"{core}|{id(body)}")
        return [*own, office], [*told, office]

    def _is_inside(self, mention: Mention) -> bool:
        """Whether the word before the mention is not the first of its passage."""
        passage = self._prose.passages[self._prose.passage_at(mention.start)]
        return mention.first - 1 > passage.first

    def _without_country(self, mention: Mention, name: str) -> list[_Key]:
        """The "National Assembly" is the "National Assembly of Kenya"."""
        if self._shape[mention.last - 1] != "C" or " of " not in name:
            return []
        short = name[: name.rindex(" of ")]
        return [("Organization", short)] if " " in short else []

    def _is_explained(self, mention: Mention) -> bool:
        """An acronym that the text explains is known by its long form, or is no actor."""
        word = self._prose.words[mention.first]
        return word in self._defined and ("Organization", word.lower()) not in self._by_key

    def _explained_by(self, mention: Mention) -> Draft | None:
        """The actor in front of a bracket in which this name of the same type opens."""
        words = self._prose.words
        at = mention.first - 1
        while at > 0 and mention.first - at < 8 and words[at].lower() in _ALIAS_WORDS:
            at -= 1
        if mention.type not in ("Organization", "Post") or words[at] not in "(,":
            return None
        if words[at] == ",":
            opening = next((t for t in range(at, max(at - 12, 0), -1) if words[t] == "("), 0)
            before = self._owner.get(at - 1)
            same = before is not None and before is self._owner.get(opening - 1)
            return before if same and before and before.type == mention.type else None
        owner = self._owner.get(at - 1)
        if mention.type == "Post" and owner is None:
            owner = self._post_ending(self._prose.ends[at - 1])
        return owner if owner and owner.type == mention.type else None

    def _post_ending(self, end: int) -> Draft | None:
        return next(
            (d for d in self._drafts if d.type == "Post" and d.mentions[-1][1] == end), None
        )

    def _take_acronym(self, mention: Mention, draft: Draft) -> None:
        """The acronym in brackets behind a name is another mention of it."""
        if mention.type in ("Person", "Post"):
            return
        token = _bracketed(self._prose, mention.last)
        if token is not None:
            word = _normal(self._prose.words[token])
            self._mark(draft, token, token + 1)
            self._by_key[mention.type, word] = draft
            self._by_key["Organization", word] = draft

    def give_acronyms(self) -> None:
        """An acronym means the body it belongs to wherever it stands."""
        for match in re.finditer("A", self._shape):
            token = match.start()
            owner = self._by_key.get(("Organization", self._prose.lowers[token]))
            if owner is not None and token not in self._owner:
                self._mark(owner, token, token + 1)

    def describe(self, issuer: str) -> None:
        """ "The Foundation", "the agency": the body whose name has that head."""
        described = word_set("organizations", "described") | word_set("organizations", "solo")
        places = self._places_by_head(described)
        new: dict[str, Draft] = {}
        for token, lower in enumerate(self._prose.lowers):
            if lower not in described or not self._is_description(token):
                continue
            capital = self._prose.words[token][0].isupper()
            own = issuer if lower in issuers.heads(issuer) else ""
            meant = self._described(token, places.get(lower, []), own, capital)
            if meant is None and capital:
                meant = new.setdefault(lower, Draft("Organization", [], DESCRIBED))
                meant.name = own or None
            if meant is not None:
                self._mark(meant, token, token + 1)
        self._drafts += new.values()

    def _described(
        self, token: int, entries: list[tuple[int, Draft]], issuer: str, capital: bool
    ) -> Draft | None:
        """The body of these that a description means; None where it is the issuer, or unclear.

        The one named last in the same paragraph or the sentence before comes first, then the
        issuer, then any named before, and for a description with a capital any at all.
        """
        prose = self._prose
        before = bisect_right(entries, prose.starts[token], key=lambda e: e[0])
        here = prose.passage_at(prose.starts[token])
        ours = token > 0 and prose.lowers[token - 1] in ("our", "my")
        if before and not (ours and issuer):
            there = prose.passage_at(entries[before - 1][0])
            same = prose.passages[there].paragraph == prose.passages[here].paragraph
            if same or here - there <= 1:
                return entries[before - 1][1]
        if issuer:
            return max(
                (d for _, d in entries if self._nearness(issuer, d)),
                key=lambda d: self._nearness(issuer, d),
                default=None,
            )
        if before or (entries and capital):
            return entries[max(before - 1, 0)][1]
        return None

    def _nearness(self, issuer: str, draft: Draft) -> int:
        return max(issuers.nearness(issuer, self._prose.text[a:b]) for a, b in draft.mentions)

    def _places_by_head(self, described: frozenset[str]) -> dict[str, list[tuple[int, Draft]]]:
        """Where organisations are named by the head of their name, or by the only one with it."""
        by_head: dict[str, list[Draft]] = defaultdict(list)
        by_word: dict[str, list[Draft]] = defaultdict(list)
        for draft in self._drafts:
            if draft.type == "Organization":
                texts = {self._prose.text[a:b] for a, b in draft.mentions}
                for word in {w for text in texts for w in issuers.heads(text)} & described:
                    by_head[word].append(draft)
                for word in {w for a, b in draft.mentions for w in self._words(a, b)} & described:
                    by_word[word].append(draft)
        alone = {word: drafts for word, drafts in by_word.items() if len(drafts) == 1}
        return {
            word: sorted(
                ((start, d) for d in drafts for start, _ in d.mentions), key=lambda e: e[0]
            )
            for word, drafts in (alone | by_head).items()
        }

    def _words(self, start: int, end: int) -> list[str]:
        return self._prose.text[start:end].lower().split()

    def _is_description(self, token: int) -> bool:
        """Whether the word stands alone as a phrase with "the", "this", "our"."""
        prose, shape = self._prose, self._shape
        following = shape[token + 1 : token + 2]
        if token in self._owner or (following and following in "xGOUSMLPofA"):
            return False
        if not prose.words[token][0].isupper() and prose.tags[token + 1 : token + 2] == "N":
            return False
        opener = prose.lowers[token - 1] if token else ""
        return opener in ("the", "this", "our", "its", "my") or shape[token] == "S"

    def join_groups(self) -> None:
        """ "The agencies" are the "federal agencies" named before, if there is one such group."""
        long: dict[str, list[tuple[Draft, set[str]]]] = defaultdict(list)
        joined: set[int] = set()
        for draft in self._drafts:
            if draft.rule != "group":
                continue
            words = self._words(*draft.mentions[0])
            candidates = long[words[-1]]
            wider = [d for d, full in candidates[-20:] if full.issuperset(words)]
            if len(wider) == 1 and (len(words) > 1 or self._refers_back(draft)):
                wider[0].mentions += draft.mentions
                joined.add(id(draft))
            elif len(words) > 1:
                candidates.append((draft, set(words)))
        self._drafts = [d for d in self._drafts if id(d) not in joined]

    def _refers_back(self, draft: Draft) -> bool:
        token = self._prose.token_at(draft.mentions[0][0])
        return token > 0 and self._prose.lowers[token - 1] in ("the", "these", "those", "such")

    def give_surnames(self) -> None:
        """A surname alone is a mention of the person named in full elsewhere."""
        owners = {name: d for (kind, name), d in self._by_key.items() if kind == "surname"}
        prose = self._prose
        for token, lower in enumerate(prose.lowers):
            if lower in owners and token not in self._owner and prose.words[token][0].isupper():
                self._mark(owners[lower], token, token + 1)

    def give_governments(self, document: Document) -> None:
        """ "The government" is the country's that stands before it, or that the text is about."""
        prose = self._prose
        demonyms = load_authority().demonyms
        countries = {d.authority: d for d in self._drafts if d.type == "Country" and d.authority}
        home = self._home(document, list(countries.values()))
        home = home or next((d for d in self._drafts if d.rule == "government of"), None)
        collective: Draft | None = None
        for token, lower in enumerate(prose.lowers):
            if lower not in ("government", "govt") or token in self._owner:
                continue
            if prose.tags[token + 1 : token + 2] in ("N", "X"):
                continue
            before = prose.words[token - 1] if token else ""
            owner = self._owner.get(token - 1)
            if key := demonyms.get(before):
                if key not in countries:
                    countries[key] = self._open("Country", "demonym", key)
                self._mark(countries[key], token - 1, token + 1)
            elif owner is not None and owner.type == "Country":
                self._mark(owner, token - 1, token + 1)
            elif home and (before.lower() in _GOVERNMENT_OPENERS or prose.words[token][0] == "G"):
                self._mark(home, token, token + 1)
            else:
                collective = collective or self._open("ActorGroup", "government")
                self._mark(collective, token, token + 1)

    def _home(self, document: Document, countries: Sequence[Draft]) -> Draft | None:
        """The country the document is about: the one it comes from, or names most."""
        demonyms = load_authority().demonyms
        weight = Counter(
            demonyms.get(self._prose.words[m.start()]) for m in re.finditer("N", self._shape)
        )
        for draft in countries:
            weight[draft.authority] += len(draft.mentions)
        ranked = sorted(countries, key=lambda d: -weight[d.authority])
        if document.country:
            wanted = f"country/{document.country}"
            found = next((d for d in ranked if d.authority == wanted), None)
            if found:
                return found
            if wanted not in load_authority().records:
                return self._called(document.country)
        if not ranked:
            return None
        second = weight[ranked[1].authority] if len(ranked) > 1 else 0
        return ranked[0] if weight[ranked[0].authority] * 2 > second * 3 else None

    def _called(self, name: str) -> Draft | None:
        """The country of this name, which no list has: no other one of the text is meant for it."""
        texts = ((d, self._prose.text[a:b]) for d in self._drafts for a, b in d.mentions)
        return next((d for d, text in texts if d.type == "Country" and text == name), None)

    def _country_name(self, draft: Draft) -> str | None:
        """The longest name of the country itself, rather than "the Kenyan government"."""
        texts = [self._prose.text[a:b] for a, b in draft.mentions]
        names = [t for t in texts if "overnment" not in t]
        return max(names, key=len) if names else None


def _person_keys(name: str, own: list[_Key]) -> tuple[list[_Key], list[_Key]]:
    words = [w for w in re.split(r"[\s.,]+", name) if len(w) > 1]
    words = [w for w in words if w not in word_set("people", "suffixes")] or [name]
    first = words[0] in word_set("people", "family_first") and len(words) > 1
    surname = ("surname", words[0] if first else words[-1])
    if len(words) == 1:
        return [*own, surname], [*own, surname]
    full = ("Person", " ".join(words))
    return [*own, full], [*own, full, surname]


def _organization_keys(name: str, text: str) -> list[_Key]:
    """The initials of a name; each surname of an administration ("Adams-Jefferson ...")."""
    words = [w for w in re.split(r"[\s-]+", text) if w and w.lower() not in _MINOR]
    keys: list[_Key] = []
    if len(words) > 2 and all(w[0].isupper() for w in words):
        keys.append(("Organization", "".join(w[0] for w in words).lower()))
    if name.endswith(" administration"):
        surnames = name.removesuffix(" administration").split("-")
        keys += [("Organization", f"{surname} administration") for surname in surnames]
    return keys


def _normal(name: str) -> str:
    """Lower case, "&" as "and", one kind of hyphen, without a home country in front."""
    name = name.lower().replace("&", "and").replace("’", "'").replace("\u2060", "")
    return _HOME.sub("", re.sub("[‐‑]", "-", name))


def _bracketed(prose: Prose, token: int) -> int | None:
    """The token of an acronym in brackets that opens at `token`, if there is one."""
    words = prose.words
    if token < len(words) and words[token] in ("'s", "’s"):
        token += 1
    if token + 2 >= len(words) or words[token] != "(":
        return None
    at = token + 1
    if words[at] in _QUOTES:
        at += 1
    if at + 1 < len(words) and _ACRONYM.fullmatch(words[at]) and words[at + 1] in ")\"'”’,;":
        return at if sum(c.isupper() for c in words[at]) > 1 else None
    return None
