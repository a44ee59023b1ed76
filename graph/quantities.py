"""What the wording of a quantity says: figures, unit, and the period it is due in.

"$52.7 billion by 2027" is the value 52700000000 in US dollars, due on 2027-12-31. Wordings that
give no figure and no date ("additional funding") say nothing here; they are kept as wordings.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from graph.authority import load_authority
from graph.concepts import cues
from graph.currencies import currency_of, is_currency

_UNIT = "https://w3id.org/scipol/voc/unit/"
_COMPARATOR = "https://w3id.org/scipol/voc/comparator/"

_MONTHS = {
    name: number
    for number in range(1, 13)
    for name in (calendar.month_name[number].lower(), calendar.month_abbr[number].lower())
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
# Parts of a period: "by the end of", "in early".
_PART = (
    r"(?:the\s+)?(?:(?:end|close|middle|beginning|start|course)\s+of\s+(?:the\s+)?)?"
    r"(?:(?:early|late|mid|spring|summer|autumn|fall|winter|fiscal|financial|FY|calendar"
    r"|academic|year|q[1-4])[\s-]*)*"
)
_LEAD = rf"(?:\b(?:by|in|before|until|till|through|within|from|for|over|since|during)\s+)?{_PART}"
_YEAR = r"(?:19|20)\d\d"
_NOT_A_YEAR = r"(?![\d,.]*\d|\s*(?:%|per\s?cent|percent|million|billion|trillion|crore|lakh))"
_PERIOD = re.compile(
    rf"""{_LEAD}(?<![\d.,$€£¥₹])(?:
        (?P<from>{_YEAR})\s*(?:[-–—/]|to|until)\s*(?P<to>{_YEAR}|\d\d)(?!\d)
      | (?P<decade>{_YEAR})s\b
      | (?P<iso>{_YEAR}-\d\d-\d\d)
      | (?:(?P<day1>\d\d?)(?:st|nd|rd|th)?\s+)?(?P<month>{_MONTH})\.?
        (?:\s+(?P<day2>\d\d?)(?:st|nd|rd|th)?,?)?\s+(?P<monthyear>{_YEAR})
      | (?P<year>{_YEAR}){_NOT_A_YEAR}
    )(?:\s+(?:academic|fiscal|financial|calendar)\s+year)?""",
    re.IGNORECASE | re.VERBOSE,
)

_WORD_NUMBERS = {
    word: Decimal(value)
    for value, word in enumerate(
        [
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ],
        start=1,
    )
} | {"twenty": Decimal(20), "thirty": Decimal(30), "fifty": Decimal(50), "dozen": Decimal(12)}
_MAGNITUDES = {
    "hundred": 100,
    "thousand": 10**3,
    "k": 10**3,
    "lakh": 10**5,
    "million": 10**6,
    "mn": 10**6,
    "m": 10**6,
    "crore": 10**7,
    "billion": 10**9,
    "bn": 10**9,
    "b": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
    "万": 10**4,
    "亿": 10**8,
}
_DIGITS = r"\d{1,3}(?:(?:,|[\s\u00a0\u202f](?=\d{3}\b))\d{3})+(?:\.\d+)?|\d+(?:[.,]\d+)?"
_NUMBER = rf"(?:{_DIGITS}|\b(?:{'|'.join(_WORD_NUMBERS)})\b)"
_MAGNITUDE = r"(?:hundred|thousand|lakh|million|crore|billion|trillion)s?|mn|bn|tn|[kmb]|万|亿"
_FIGURE = re.compile(
    rf"""(?P<low>{_NUMBER})
    (?:[\s-]*(?P<lowmagnitude>{_MAGNITUDE})(?![^\W\d_]))?
    (?:(?:\s*(?:[-–—]|to|or)\s*|(?:,\s*(?:{_NUMBER})\s*,?)*\s+or\s+)[$€£¥₹]?\s*
       (?P<high>{_NUMBER}))?
    (?:[\s-]*(?P<magnitude>{_MAGNITUDE})(?![^\W\d_]))?""",
    re.IGNORECASE | re.VERBOSE,
)
_BETWEEN = re.compile(r"\b(between\s+\S+(?:\s+[a-z]+)?)\s+and\s+", re.IGNORECASE)
# "billions of dollars": at least one of them, whatever the number.
_VAGUE = re.compile(
    rf"(?:(?P<many>hundreds|tens)\s+of\s+)?(?P<magnitude>{_MAGNITUDE})\b", re.IGNORECASE
)
_SHARE = re.compile(r"\b(?:one[\s-])?(half|third|quarter|fifth|tenth)\b", re.IGNORECASE)
_SHARES = {"half": "50", "third": "33.3", "quarter": "25", "fifth": "20", "tenth": "10"}
_MULTIPLE = re.compile(r"\b(doubl|tripl|quadrupl|halv)(?:e[sd]?|ing)\b", re.IGNORECASE)
_MULTIPLES = {"doubl": "2", "tripl": "3", "quadrupl": "4", "halv": "0.5"}

# Signs that stand before a figure and name one currency.
_SIGNS = {
    "US$": "USD", "S$": "SGD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "NZ$": "NZD", "HK$": "HKD", "R$": "BRL", "NT$": "TWD", "R": "ZAR",
}  # fmt: skip
_SIGN_BEFORE = re.compile(
    r"(?P<sign>(?:US|AU|CA|NZ|HK|NT|[SACR])?\$|[€£¥₹₩₽₺]|\bRs\.?|\bRMB|\bR|\b[A-Z]{3})\s*$"
)
# What may follow a figure and be money, after the name of its country: "New Zealand dollars".
_MONEY_AFTER = re.compile(
    r"[\s-]*(?:of\s+)?((?:[A-Z][\w.]*\s+){0,3}(?:美元|欧元|日元|元|[$€£¥₹₩₽₺]|[^\W\d_][\w'’ʻ]*))"
)
_SI = {"k": 3, "m": 6, "g": 9, "t": 12, "p": 15, "kilo": 3, "mega": 6, "giga": 9, "tera": 12}
_SI |= {"peta": 15, "exa": 18, "zetta": 21}
_SI_UNIT = re.compile(r"(kilo|mega|giga|tera|peta|exa|[kMGTP](?=\w{1,2}\b))(\w+)")

_COMPARISONS = tuple(
    (re.compile(pattern, re.IGNORECASE), code)
    for pattern, code in (
        (r"\b(?:at least|no(?:t)? less than|minimum|more than|over|above|exceed\w*)", "at-least"),
        (r"\b(?:at most|no(?:t)? more than|up to|less than|below|under|within)", "at-most"),
        (r"\b(?:increas|rais|grow|expand|boost|up)\w*(?:\s+\w+){0,6}\s+by", "increase-by"),
        (r"\b(?:reduc|cut|lower|decreas|down)\w*(?:\s+\w+){0,6}\s+by", "reduce-by"),
        (r"\b(?:about|around|approximately|nearly|almost|some|roughly)", "about"),
    )
)  # fmt: skip


def _before_date(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\s+{_PART}$", re.IGNORECASE)


# Words before a date that say what it bounds.
Bound = Literal["begins", "ends", "due"]
_BOUNDS: Mapping[Bound, re.Pattern[str]] = {
    "due": _before_date("by|before|prior to|no later than|not later than|within"),
    "ends": _before_date(
        r"until|till|through(?: to)?|(?:end|expir|laps|conclud)\w*\s+(?:in|on|at)"
    ),
    "begins": _before_date(
        "from|since|as of|as from|starting|beginning|(?:start|beg[iau]n|commenc|launch|open"
        r"|effect|forc|establish|found|creat|introduc|set up)\w*\s+(?:in|on|at)"
    ),
}
# So many characters before a figure tell of it.
NEAR = 80
# "from 1.9 to 2.8 per cent": where a change begins.
_ROUGHLY = (
    r"(?:(?:about|around|almost|nearly|some|roughly|approximately|at least|currently|over)\s+)?"
)
_FROM = re.compile(rf"\bfrom\s+{_ROUGHLY}$", re.IGNORECASE)
_CHANGE = re.compile(
    rf"\bfrom\s+{_ROUGHLY}(?P<figure>(?:[A-Z]{{0,3}}[$€£¥₹]\s?)?{_NUMBER}[^.;:()]{{0,30}}?)"
    rf"\s+to\s+{_ROUGHLY}",
    re.IGNORECASE,
)
_REDUCTION = re.compile(r"\b(?:decrease|reduction|cut)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Figures:
    """What was understood of a wording; all fields are None where it says nothing of the kind.

    `unit` and `comparator` are IRIs. `begins` and `deadline` are the first and the last day of the
    period that is stated, `deadline_text` is its wording, and `bound` says what the words before it
    make it: the beginning, the end, or the day by which something is due.
    """

    value: Decimal | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    unit: str | None = None
    comparator: str | None = None
    begins: date | None = None
    deadline: date | None = None
    deadline_text: str | None = None
    bound: Bound | None = None

    @property
    def is_range(self) -> bool:
        """Whether a first and a last year are stated, rather than one date."""
        return bool(self.begins and self.deadline and self.begins.year < self.deadline.year)

    @property
    def is_money(self) -> bool:
        """Whether the unit is a currency, named or not."""
        return self.unit is not None and is_currency(self.unit)


def read_quantity(wording: str, before: str = "", country: str | None = None) -> Figures:
    """Understand the wording of a quantity.

    `before` is the text in front of it (for "at least", "by"), `country` the alpha-3 code of the
    document's country, which decides whose dollars are meant.
    """
    period = _PERIOD.search(wording)
    days = _bounds(period) if period else None
    rest = wording
    if period and days:
        rest = f"{wording[: period.start()]} ; {wording[period.end() :]}"
    value, minimum, maximum, unit = _figure(rest, country)
    comparator = _comparator(wording, before) if unit else None
    figures = Figures(value, minimum, maximum, unit, comparator)
    if not period or not days:
        return figures
    return replace(
        figures,
        begins=days[0],
        deadline=days[1],
        deadline_text=period[0].strip(" ,;"),
        bound=_bound(before + wording[: _date_start(period)]),
    )


class Part(NamedTuple):
    """Where a figure stands in a text, and what its wording says."""

    start: int
    end: int
    figures: Figures


def read_change(text: str, start: int, end: int, country: str | None) -> tuple[Part, Part] | None:
    """The figures between which a change lies: "from 1.9 to 2.8 per cent".

    `start` and `end` are where the figure that is aimed at stands in the text, or the whole change
    does. None where it begins from no figure that is told.
    """
    near = max(0, start - NEAR)
    for found in _CHANGE.finditer(text, near, end):
        inside = start <= found.start("figure") < found.end() < end
        if found.end() != start and not inside:
            continue
        aim = text[found.end() : end]
        first = text[slice(*found.span("figure"))]
        if re.fullmatch(rf"\W*(?:{_NUMBER})", first):
            # Its unit is that of the figure aimed at.
            number = re.search(_NUMBER, first, re.IGNORECASE)
            first = re.sub(_NUMBER, number[0] if number else "", aim, count=1, flags=re.IGNORECASE)
        begun = read_quantity(first, country=country)
        aimed = read_quantity(aim, text[near : found.end()], country)
        is_date = read_quantity(found["figure"]).deadline is not None
        if begun.unit and begun.unit == aimed.unit and not is_date:
            return Part(*found.span("figure"), begun), Part(found.end(), end, aimed)
    return None


def is_beginning(before: str) -> bool:
    """Whether the words before a figure say that a change begins from it: "up from"."""
    return _FROM.search(before) is not None


def _date_start(period: re.Match[str]) -> int:
    """Where the date itself begins, behind the words that lead to it."""
    return min(period.start(name) for name, part in period.groupdict().items() if part)


def _bound(before: str) -> Bound | None:
    return next((bound for bound, pattern in _BOUNDS.items() if pattern.search(before)), None)


def _bounds(found: re.Match[str]) -> tuple[date, date] | None:
    """Days between which the period of a match lies; None for a day that does not exist."""
    try:
        if found["iso"]:
            day = date.fromisoformat(found["iso"])
            return day, day
        if found["from"]:
            start, end = int(found["from"]), found["to"]
            last = int(end) if len(end) == 4 else start // 100 * 100 + int(end)
            return (date(start, 1, 1), date(last, 12, 31)) if last >= start else None
        if found["monthyear"]:
            year, month = int(found["monthyear"]), _MONTHS[found["month"].lower()]
            named = found["day1"] or found["day2"]
            last = int(named) if named else calendar.monthrange(year, month)[1]
            return date(year, month, int(named or 1)), date(year, month, last)
        year = int(found["decade"] or found["year"])
        return date(year, 1, 1), date(year + 9 if found["decade"] else year, 12, 31)
    except ValueError:
        return None


_Figure = tuple[Decimal | None, Decimal | None, Decimal | None, str | None]
_NOTHING: _Figure = (None, None, None, None)


def _figure(wording: str, country: str | None) -> _Figure:
    """Value, least, most and unit of a wording without its period."""
    wording = _BETWEEN.sub(r"\1 to ", wording)
    if multiple := _MULTIPLE.search(wording):
        return Decimal(_MULTIPLES[multiple[1].lower()]), None, None, f"{_UNIT}factor"
    if found := _FIGURE.search(wording):
        return _counted(wording, found, country)
    if share := _SHARE.search(wording):
        return Decimal(_SHARES[share[1].lower()]), None, None, f"{_UNIT}percent"
    vague = _VAGUE.search(wording)
    currency = vague and _currency(wording, vague.start(), vague.end(), country)
    if not vague or not currency:
        return _NOTHING
    many = {"hundreds": 100, "tens": 10}.get((vague["many"] or "").lower(), 1)
    return None, Decimal(many * _magnitude(vague["magnitude"])), None, currency


def _counted(wording: str, found: re.Match[str], country: str | None) -> _Figure:
    unit, scale = _unit(wording, found.start(), found.end(), country)
    if share := _SHARE.match(wording[found.end() :].lstrip(" -").rstrip("s")):
        part = _number(found["low"]) * Decimal(_SHARES[share[1].lower()])
        return part, None, None, f"{_UNIT}percent"
    factor = _magnitude(found["magnitude"]) * scale
    low = _number(found["low"])
    if not found["high"]:
        return low * _magnitude(found["lowmagnitude"]) * factor, None, None, unit
    high = _number(found["high"]) * factor
    low *= _magnitude(found["lowmagnitude"]) if found["lowmagnitude"] else factor
    if low > high:
        return _NOTHING
    return None, low, high, unit


def _number(digits: str) -> Decimal:
    word = _WORD_NUMBERS.get(digits.lower())
    if word is not None:
        return word
    plain = re.sub(r"[\s\u00a0\u202f]", "", digits)
    # A comma before three digits groups thousands, any other is a decimal comma.
    plain = re.sub(r",(?=\d{3}(?:\D|$))", "", plain).replace(",", ".")
    return Decimal(plain)


def _magnitude(word: str | None) -> int:
    return _MAGNITUDES[word.lower().removesuffix("s")] if word else 1


def _unit(wording: str, start: int, end: int, country: str | None) -> tuple[str, int]:
    """Unit of the figure that stands at these offsets, and what its value is to be multiplied by.

    Whatever is no money, share, time or measure counts things.
    """
    if currency := _currency(wording, start, end, country):
        return currency, 1
    after = wording[end:].lstrip(" -–")
    if re.match(r"%|per\s?cent|pct\b|％", after, re.IGNORECASE):
        points = re.match(r"(?:%|per\s?cent(?:age)?)[\s-]+points?", after, re.IGNORECASE)
        return f"{_UNIT}{'percentage-point' if points else 'percent'}", 1
    # What it is spread over is not what is counted: "24 places a year", "65 over four years".
    phrase = re.split(r"[;,()]|\b(?:over|per|an?|each|every|within)\s", after, maxsplit=1)[0]
    if measured := _SI_UNIT.match(phrase):
        names = cues("unit")
        if known := names.named(measured[2]) or names.named(measured[0]):
            return known[0], int(10 ** _SI[measured[1].lower()])
    first = re.match(r"\w+", phrase)
    if first and (known := cues("unit").named(first[0])):
        return known[0], 1
    known = cues("unit").heads(phrase)
    return (known[0] if known else f"{_UNIT}count"), 1


def _currency(wording: str, start: int, end: int, country: str | None) -> str | None:
    """Currency of the figure that stands at these offsets, by sign, code or word."""
    if before := _SIGN_BEFORE.search(wording[:start]):
        sign = _SIGNS.get(before["sign"], before["sign"])
        if found := currency_of(sign, country):
            return found
    after = _MONEY_AFTER.match(wording, end)
    words = after[1].split() if after else []
    for place, word in enumerate(words):
        if place == 0:
            found = currency_of(word, country)
        else:
            found = currency_of(word, _country_of(" ".join(words[:place])), is_there=True)
        if found:
            return found
    return None


def _country_of(name: str) -> str | None:
    """The alpha-3 code of a country by a name or demonym: "New Zealand", "Danish"."""
    authority = load_authority()
    key = authority.demonyms.get(name, "")
    record = authority.records.get(key) or authority.country(name)
    return record.country if record else None


def _comparator(wording: str, before: str) -> str | None:
    """How the figure bounds what is measured, where words say so."""
    if _MULTIPLE.search(wording):
        return f"{_COMPARATOR}multiply-by"
    near = before[-60:]
    for pattern, code in _COMPARISONS:
        if re.search(rf"(?:{pattern.pattern})\s*(?:the\s+|a\s+)?$", near, re.IGNORECASE):
            return f"{_COMPARATOR}{code}"
        if pattern.match(wording):
            return f"{_COMPARATOR}{code}"
    if _REDUCTION.search(wording):
        return f"{_COMPARATOR}reduce-by"
    return None
