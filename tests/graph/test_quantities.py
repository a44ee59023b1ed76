import csv
import re
from datetime import date
from decimal import Decimal

import pytest

from graph.quantities import read_change, read_quantity
from graph.resources import data_path


@pytest.mark.parametrize(
    ("wording", "value", "unit"),
    [
        ("$5", "5", "USD"),
        ("$52.7 billion", "52700000000", "USD"),
        ("US$ 52.7 bn", "52700000000", "USD"),
        ("£28m", "28000000", "GBP"),
        ("€1,500,000", "1500000", "EUR"),
        ("¥300 billion", "300000000000", "JPY"),
        ("S$25 billion", "25000000000", "SGD"),
        ("R2 billion", "2000000000", "ZAR"),
        ("Rs. 3 crore", "30000000", "INR"),
        ("INR 5 lakh", "500000", "INR"),
        ("20 million euros", "20000000", "EUR"),
        ("6,000 crore Indian rupees", "60000000000", "INR"),
        ("40 million Canadian dollars", "40000000", "CAD"),
        ("2 million New Zealand dollars", "2000000", "NZD"),
        ("80 bn EUR", "80000000000", "EUR"),
        ("2.5 per cent of GDP", "2.5", "percent"),
        ("0,76% of GDP", "0.76", "percent"),
        ("half of all projects", "50", "percent"),
        ("one-third", "33.3", "percent"),
        ("two thirds", "66.6", "percent"),
        ("5 percentage points", "5", "percentage-point"),
        ("doubling", "2", "factor"),
        ("1,200 researchers", "1200", "persons"),
        ("65 million velmar over four years", "65000000", "count"),
        ("24 million zill a year", "24000000", "count"),
        ("1 200 researchers", "1200", "persons"),
        ("30 universities", "30", "organizations"),
        ("12 countries", "12", "countries"),
        ("two-year", "2", "years"),
        ("next five years", "5", "years"),
        ("90 days", "90", "days"),
        ("10 petaflops", "10000000000000000", "flops"),
        ("500 MW", "500000000", "watts"),
        ("70 sites", "70", "count"),
        ("seven hundred workshops", "700", "count"),
    ],
)
def test_a_figure_has_value_and_unit(wording: str, value: str, unit: str) -> None:
    figures = read_quantity(wording)
    assert figures.value == Decimal(value)
    assert figures.unit is not None
    assert figures.unit.rpartition("/")[2] == unit
    assert figures.deadline is None


@pytest.mark.parametrize(
    ("wording", "least", "most"),
    [
        ("50-52%", "50", "52"),
        ("$2 to $3 billion", "2000000000", "3000000000"),
        ("between 10,000 and 20,000 students", "10000", "20000"),
        ("five, 10 or 15 years", "5", "15"),
        ("hundreds of millions of dollars", "100000000", None),
        ("several billion euros", "1000000000", None),
    ],
)
def test_a_range_has_its_ends(wording: str, least: str, most: str | None) -> None:
    figures = read_quantity(wording)
    assert figures.value is None
    assert figures.minimum == Decimal(least)
    assert figures.maximum == (Decimal(most) if most else None)


@pytest.mark.parametrize(
    ("wording", "deadline", "words"),
    [
        ("2030", date(2030, 12, 31), "2030"),
        ("by 2030", date(2030, 12, 31), "by 2030"),
        ("3 per cent of GDP by 2030", date(2030, 12, 31), "by 2030"),
        ("end of 2028", date(2028, 12, 31), "end of 2028"),
        ("by the end of February 2028", date(2028, 2, 29), "by the end of February 2028"),
        ("before 31 July 2026", date(2026, 7, 31), "before 31 July 2026"),
        ("by July 31, 2026", date(2026, 7, 31), "by July 31, 2026"),
        ("2014-15", date(2015, 12, 31), "2014-15"),
        ("2021–2027", date(2027, 12, 31), "2021–2027"),
        ("$1.5 billion for fiscal year 2022", date(2022, 12, 31), "for fiscal year 2022"),
        ("the 2030s", date(2039, 12, 31), "the 2030s"),
    ],
)
def test_a_deadline_is_the_last_day_of_the_period(wording: str, deadline: date, words: str) -> None:
    figures = read_quantity(wording)
    assert figures.deadline == deadline
    assert figures.deadline_text == words


@pytest.mark.parametrize(
    ("before", "wording", "bound"),
    [
        ("shall start no later than ", "1 July 2026", "due"),
        ("shall be set up by the ", "end of 2028", "due"),
        ("", "3 per cent by 2030", "due"),
        ("are extended until ", "2032", "ends"),
        ("and ends in ", "2031", "ends"),
        ("enters into force on ", "1 July 2026", "begins"),
        ("for small enterprises from ", "1 January 2027", "begins"),
        ("decided on the plan on ", "26 March 2021", None),
        ("the rule of ", "2013", None),
    ],
)
def test_the_words_before_a_date_say_what_it_bounds(
    before: str, wording: str, bound: str | None
) -> None:
    assert read_quantity(wording, before).bound == bound


@pytest.mark.parametrize(
    ("before", "wording", "first", "then"),
    [
        ("from 1.9 per cent to ", "2.8 per cent of GDP by 2032", "1.9", "2.8"),
        ("from 1.9 to ", "2.8 per cent of GDP by 2032", "1.9", "2.8"),
        ("from ", "24 to 40 per cent by 2035", "24", "40"),
        ("from ", "20,000 tonnes to 5,000 tonnes", "20000", "5000"),
        ("from about $2 to at least ", "$5 billion", "2000000000", "5000000000"),
        ("", "from 20 to 10 per cent", "20", "10"),
    ],
)
def test_a_change_has_a_figure_to_begin_from(
    before: str, wording: str, first: str, then: str
) -> None:
    text = f"raise the share {before}{wording}."
    change = read_change(text, text.index(wording), len(text) - 1, None)
    assert change is not None
    begun, aimed = change
    assert (begun.figures.value, aimed.figures.value) == (Decimal(first), Decimal(then))
    assert begun.figures.unit == aimed.figures.unit


@pytest.mark.parametrize(
    ("before", "wording"),
    [
        ("runs from 2024 to ", "2029"),
        ("give ", "3 per cent"),
        ("from the state to companies ", "3 per cent"),
        ("from 40 institutes to ", "3 per cent"),
    ],
)
def test_not_every_from_and_to_is_a_change(before: str, wording: str) -> None:
    text = before + wording
    assert read_change(text, len(before), len(text), None) is None


@pytest.mark.parametrize("wording", ["2,000 researchers", "$2030", "2000 million", "2024.5 hours"])
def test_not_every_number_of_four_digits_is_a_year(wording: str) -> None:
    assert read_quantity(wording).deadline is None


@pytest.mark.parametrize(
    ("before", "wording", "comparator"),
    [
        ("is to reach at least ", "3 per cent", "at-least"),
        ("more than ", "$5 million", "at-least"),
        ("", "up to $4 billion", "at-most"),
        ("raise the budget of the council by ", "10%", "increase-by"),
        ("will cut emissions by ", "40%", "reduce-by"),
        ("", "doubling", "multiply-by"),
        ("nearly ", "3 %", "about"),
    ],
)
def test_words_around_a_figure_say_how_it_bounds(
    before: str, wording: str, comparator: str
) -> None:
    found = read_quantity(wording, before).comparator
    assert found == f"https://w3id.org/scipol/voc/comparator/{comparator}"


def test_the_country_decides_whose_dollars_they_are() -> None:
    for country, code in (("AUS", "AUD"), ("CAN", "CAD"), ("USA", "USD"), (None, "USD")):
        assert str(read_quantity("$5 million", country=country).unit).endswith(code)
    assert str(read_quantity("US$5 million", country="AUS").unit).endswith("USD")
    assert str(read_quantity("¥5 million", country="CHN").unit).endswith("CNY")


@pytest.mark.parametrize(
    ("wording", "country", "unit"),
    [
        ("40 million Danish kroner", None, "DKK"),
        ("40 million kroner", "NOR", "NOK"),
        ("3 bn kronor", None, "SEK"),
        ("85,000 Czech crowns each", None, "CZK"),
        ("85,000 crowns each", "SWE", "SEK"),
        ("85,000 crowns each", "Velmora", "unnamed-currency"),
        ("85,000 crowns each", None, "unnamed-currency"),
        ("6 million Velmoran pounds", None, "unnamed-currency"),
        ("6 million pounds", None, "GBP"),
        ("5 billion Kenyan shillings", None, "KES"),
        ("100 million pesos", "ARG", "ARS"),
        ("5 zlotys", None, "PLN"),
        ("20 million leva", None, "BGN"),
        ("500 million Naira", None, "NGN"),
    ],
)
def test_the_words_of_money_mean_a_currency_where_they_tell_which(
    wording: str, country: str | None, unit: str
) -> None:
    figures = read_quantity(wording, country=country)
    assert str(figures.unit).rpartition("/")[2] == unit
    assert figures.is_money


def test_every_currency_has_a_code_and_countries_that_there_are() -> None:
    rows = _rows("currencies.csv")
    countries = [country for row in rows for country in row["countries"].split("|")]
    assert len({row["code"] for row in rows}) == len(rows)
    assert all(re.fullmatch("[A-Z]{3}", row["code"]) for row in rows)
    assert len(set(countries)) == len(countries)
    assert set(countries) <= {row["alpha3"] for row in _rows("countries.csv")}
    assert all(set(row["plain"].split("|")) <= {"", *row["units"].split("|")} for row in rows)


def _rows(table: str) -> list[dict[str, str]]:
    with (data_path("authority") / table).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("wording", ["considerable sums", "", "next year", "billions"])
def test_what_says_nothing_is_not_guessed(wording: str) -> None:
    figures = read_quantity(wording)
    assert (figures.value, figures.minimum, figures.unit, figures.deadline) == (None,) * 4


def test_a_day_that_does_not_exist_is_no_deadline() -> None:
    assert read_quantity("by 31 June 2024").deadline is None
