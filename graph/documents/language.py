"""Which language a text is written in, from its beginning."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from graph.english import SMALL_WORDS, WORD

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# Longer samples cost time and no longer change the answer.
_SAMPLE = 600
# A word or two could be anything; an ideograph says about as much as four letters.
_FEWEST_LETTERS = 20
_IDEOGRAPH_WEIGHT = 4
_LEAST_PROBABILITY = 0.9
# The model splits what it knows between forms of one language, so that none of them is likely
# enough alone; together they are. `zxx` is its code for text in no language.
_KIN = (
    {"zh", "wuu", "yue"},
    {"no", "nn"},
    {"hr", "bs", "sr"},
    {"id", "ms"},
    {"ar", "arz", "ary"},
    {"lv", "ltg"},
)
_NO_LANGUAGE = "zxx"
# Where the small words are so many of so many, the model says English too, but it takes half a
# second to load.
_ENGLISH = re.compile(rf"\b(?:{'|'.join(SMALL_WORDS)})\b")
_ENGLISH_SHARE = 0.12
_ENGLISH_LEAST_WORDS = 30


def detect_language(content: str) -> str | None:
    """The ISO 639 code of the language, or None for a text too short or mixed to tell."""
    sample = content[:_SAMPLE]
    if _is_plain_english(sample):
        return "en"
    if count_letters(sample) < _FEWEST_LETTERS:
        return None
    code, probability = likeliest_language(sample)
    return code if probability >= _LEAST_PROBABILITY and code != _NO_LANGUAGE else None


def _is_plain_english(sample: str) -> bool:
    words = len(WORD.findall(sample))
    if words < _ENGLISH_LEAST_WORDS:
        return False
    return len(_ENGLISH.findall(sample.lower())) >= _ENGLISH_SHARE * words


def likeliest_language(content: str) -> tuple[str, float]:
    """The code of the likeliest language, however unlikely, and its probability."""
    ranking: dict[str, float] = dict(_identifier().rank(content[:_SAMPLE]))
    best = next(iter(ranking))
    kin = next((group for group in _KIN if best in group), {best})
    return best, float(sum(ranking.get(code, 0.0) for code in sorted(kin)))


def count_letters(text: str) -> int:
    """How much is written, in letters of an alphabet."""
    return sum(map(_weight, text))


def _weight(character: str) -> int:
    if not character.isalpha():
        return 0
    return _IDEOGRAPH_WEIGHT if character >= "\u2e80" else 1


@cache
def _identifier() -> LanguageIdentifier:
    """The model: half a second to load, then a quarter of a millisecond per text."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
