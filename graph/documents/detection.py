"""Which older encoding bytes are written in, judged by whether the result can be read.

charset_normalizer tells which encodings are possible, but on a page of prose with few accents its
first choice is often a neighbour: `Genčve` for `Genève`. So each possible result is asked for its
language, and the signs it has beyond ASCII have to be those of that language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from graph.documents.language import likeliest_language
from graph.errors import DocumentError

UNKNOWN_ENCODING = "is written in an unknown encoding; save it as UTF-8"

# What documents are really written in. Detection over every codec Python has finds EBCDIC and old
# Macintosh code pages in perfectly ordinary prose.
_CANDIDATES = [
    *("cp1252", "iso8859_15", "cp1250", "iso8859_2", "cp1251", "koi8_r", "koi8_u", "cp1253"),
    *("cp1254", "cp1255", "cp1256", "cp1257", "gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
]
# charset_normalizer's share of implausible sequences of characters.
_MOST_CHAOS = 0.1
_LEAST_SHARE = 0.9
_LEAST_READABLE = 0.25
# What is looked at: the text from a little before its first sign beyond ASCII.
_LEAD, _SAMPLE = 500, 5_000

# Signs of all languages: quotation marks, dashes, currencies, and the wide ones of East Asia.
_COMMON = r"\u00a0§©«®°±·»¿¡–—‘’‚“”„†•…‰‹›€£№\u3000-\u303f\uff00-\uff65"
_WESTERN = "àáâãäåæçèéêëìíîïðñòóôõöøùúûüýþÿßœ" + "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÐÑÒÓÔÕÖØÙÚÛÜÝÞŒ"
_CYRILLIC = "\u0400-\u04ff"
_ARABIC = "\u0600-\u06ff\u200c-\u200f"
_IDEOGRAPHS = "\u4e00-\u9fff"
_SIGNS: Mapping[str, str] = {
    "cs": "áčďéěíňóřšťúůýžÁČĎÉĚÍŇÓŘŠŤÚŮÝŽ",
    "sk": "áäčďéíĺľňóôŕšťúýžÁÄČĎÉÍĹĽŇÓÔŔŠŤÚÝŽ",
    "pl": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    "hu": "áéíóöőúüűÁÉÍÓÖŐÚÜŰ",
    "ro": "ăâîșşțţĂÂÎȘŞȚŢ",
    "sl": "čšžČŠŽ",
    "hr": "čćđšžČĆĐŠŽ",
    "bs": "čćđšžČĆĐŠŽ",
    "sr": "čćđšžČĆĐŠŽ" + _CYRILLIC,
    "sq": "çëÇË",
    "tr": "çğıöşüâîûÇĞİÖŞÜÂÎÛ",
    "az": "çğıöşüəÇĞİÖŞÜƏ",
    "et": "äõöüšžÄÕÖÜŠŽ",
    "fi": "äöåšžÄÖÅŠŽ",
    "lv": "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ",
    "ltg": "āčēģīķļņōšūžĀČĒĢĪĶĻŅŌŠŪŽ",
    "lt": "ąčęėįšųūžĄČĘĖĮŠŲŪŽ",
    "el": "\u0370-\u03ff",
    "he": "\u0590-\u05ff",
    "zh": _IDEOGRAPHS,
    "wuu": _IDEOGRAPHS,
    "yue": _IDEOGRAPHS,
    "ja": _IDEOGRAPHS + "\u3040-\u30ff",
    "ko": _IDEOGRAPHS + "\uac00-\ud7a3",
    **dict.fromkeys(("ru", "uk", "be", "bg", "mk", "mn", "kk", "ky", "tg", "tt"), _CYRILLIC),
    **dict.fromkeys(("ar", "arz", "ary", "fa", "ur", "ps", "ug", "sdh"), _ARABIC),
}
_MULTIBYTE = re.compile(r"[^\x00-\x7f]")
_BEYOND_ASCII = re.compile(rf"[^\x00-\x7f{_COMMON}]")


def detect(data: bytes, where: str) -> str:
    """The name of the encoding of bytes that are not valid UTF-8.

    Raises DocumentError for UTF-8 with a few bytes damaged, which another encoding would turn into
    nonsense, and where no encoding gives text of a known language.
    """
    from charset_normalizer import from_bytes

    if _is_damaged_utf_8(data):
        raise DocumentError(where, "is UTF-8 with damaged characters; save it anew")
    matches = from_bytes(
        data, cp_isolation=_CANDIDATES, preemptive_behaviour=False, enable_fallback=False
    )
    likely = [match for match in matches if match.chaos <= _MOST_CHAOS]
    scores = {match.encoding: _readability(str(match)) for match in likely}
    best = max(scores, key=lambda encoding: scores[encoding], default=None)
    if best is None or scores[best] < _LEAST_READABLE:
        raise DocumentError(where, UNKNOWN_ENCODING)
    return best


def _is_damaged_utf_8(data: bytes) -> bool:
    """Whether most characters beyond ASCII are whole in bytes that are not valid UTF-8."""
    text = data.decode(errors="replace")
    return len(_MULTIBYTE.findall(text)) > 2 * text.count("\ufffd")


def _readability(text: str) -> float:
    """How likely its language is, times the share of signs beyond ASCII that this language has."""
    first = _BEYOND_ASCII.search(text)
    start = first.start() if first else 0
    sample = text[max(0, start - _LEAD) : start + _SAMPLE]
    signs = "".join(_BEYOND_ASCII.findall(sample))
    language, probability = likeliest_language(sample)
    own = re.findall(f"[{_SIGNS.get(language, _WESTERN)}]", signs)
    share = len(own) / len(signs) if signs else 1.0
    return probability * share if share >= _LEAST_SHARE else 0.0
