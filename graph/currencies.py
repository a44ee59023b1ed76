"""Which currency a code, sign or word of money means."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from graph.resources import data_path

_AUTHORITY = "http://publications.europa.eu/resource/authority/currency/"
_UNNAMED = "https://w3id.org/scipol/voc/unit/unnamed-currency"


@dataclass(frozen=True)
class _Currency:
    """A currency: ISO 4217 code, alpha-3 codes of where it is money, and words for it alone."""

    code: str
    countries: frozenset[str]
    plain: frozenset[str]


def currency_of(unit: str, country: str | None, is_there: bool = False) -> str | None:
    """The IRI of the currency that a code, sign or word ("kroner") means; None where it is none.

    Where several are called so, it is the one of the country (alpha-3), or else the one that is
    meant without a country; `is_there` says that the text names the country, and leaves no other.
    What remains open is money in an unnamed currency.
    """
    known = _by_unit().get(unit) or _by_unit().get(unit.lower())
    if not known:
        return None
    fitting = [currency for currency in known if country in currency.countries]
    if not fitting and not is_there:
        fitting = [currency for currency in known if unit.lower() in currency.plain]
    if len(known) == 1:
        fitting = list(known)
    return f"{_AUTHORITY}{fitting[0].code}" if fitting else _UNNAMED


def is_currency(unit: str) -> bool:
    """Whether an IRI is that of a currency, named or not."""
    return unit.startswith(_AUTHORITY) or unit == _UNNAMED


@cache
def _by_unit() -> Mapping[str, tuple[_Currency, ...]]:
    """Currencies by their code, and by their signs and words in lower case."""
    found: dict[str, list[_Currency]] = defaultdict(list)
    with data_path("authority/currencies.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            countries, units, plain = (
                frozenset(filter(None, row[name].split("|")))
                for name in ("countries", "units", "plain")
            )
            currency = _Currency(row["code"], countries, plain)
            for unit in {row["code"], *map(str.lower, units)}:
                found[unit].append(currency)
    return {unit: tuple(currencies) for unit, currencies in found.items()}
