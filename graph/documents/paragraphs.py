"""From the lines of pages to paragraphs in which every sentence is whole.

A page knows lines and places, no paragraphs. Two lines belong together unless something speaks
against it: a bullet, another size of type, a wider gap, or room on the first line for the word that
begins the second. Headers, footers and page numbers are left out, since they would stand in the
middle of the sentences that run over the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median


@dataclass(frozen=True, slots=True)
class Line:
    """A line of type and its box in points, y upwards.

    `hyphen`: it ended with a hyphen, which `text` leaves out; `item`: it is part of a list's item;
    `margin`: where the lines around it end.
    """

    text: str
    left: float
    right: float
    bottom: float
    top: float
    hyphen: bool = False
    item: bool = False
    margin: float = 0

    @property
    def height(self) -> float:
        """The height of the type."""
        return max(self.top - self.bottom, 0.1)


_BULLET = re.compile(r"\A[•▪◦‣●○■□\uf0b7\uf0a7]\s*(?=\S)")
# What may begin an item, and may also just begin a line.
_ITEM = re.compile(r"[-–—*·] |\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})[.)]\s")
_PAGE_NUMBER = re.compile(
    r"(?i)[-–—|\s]*(?:page\s+)?(?:\d{1,4}|[ivxl]{1,6})(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*"
)
_SENTENCE_END = re.compile(r"[.!?:;…。！？：；][\"'”’»)\]]*$")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"\w+(?:-\w+)*")
_LAST_WORD = re.compile(r"(\w+)$")
_FIRST_WORD = re.compile(r"(\w+)")

# Type whose size differs by more is another text (a heading, a note).
_SAME_SIZE = 0.12
# How many lines before and after one show where its column ends, and how many of its heights their
# left edges may differ.
_AROUND = 8
_SAME_COLUMN = 3
# How many of its own heights the number of a page stands away from the text.
_APART = 1.5
# Lines further apart than this many usual distances have a gap between them.
_GAP = 1.3
# How many lines at either end of a page can be a header or footer, on how many pages they must
# recur, and on what share of all (left and right pages often differ).
_MARGIN_LINES = 2
_FEWEST_PAGES = 3
_SHARE_OF_PAGES = 0.4
# First parts of compounds that keep their hyphen: broken, they cannot be told from broken words.
_KEEP_HYPHEN = frozenset(
    ("self", "non", "well", "cross", "long", "short", "large", "small", "high", "low")
)


def assemble(pages: Sequence[Sequence[Line]]) -> tuple[str, tuple[int, ...]]:
    """The text of the pages, paragraphs parted by a blank line, and where each page begins."""
    pages = [_prepared(page) for page in _without_margins(pages)]
    words = Counter(word for page in pages for line in page for word in _WORD.findall(line.text))
    parts: list[str] = []
    starts: list[int] = []
    length = 0
    previous: Line | None = None
    for page in pages:
        starts.append(length)
        leading = _leading(page)
        for number, line in enumerate(page):
            joint = ""
            if previous is not None:
                joint = (
                    _joint(previous, line, leading, words)
                    if number
                    else _turn(previous, line, words)
                )
                joint = "-" + joint if previous.hyphen and joint.isspace() else joint
                line = _within(line, previous, joint)
            if not number:
                starts[-1] = length + len(joint)
            parts += (joint, line.text)
            length += len(joint) + len(line.text)
            previous = line
    if previous is not None and previous.hyphen:
        parts.append("-")
    return "".join(parts), tuple(starts)


def _within(line: Line, previous: Line, joint: str) -> Line:
    """The line, marked as part of an item where it continues one or begins one."""
    begins = "\n" in joint
    return replace(line, item=bool(_ITEM.match(line.text)) if begins else previous.item)


def _joint(previous: Line, line: Line, leading: float, words: Counter[str]) -> str:
    """What stands between two lines of a page."""
    height = max(previous.height, line.height)
    fall = previous.bottom - line.bottom
    if abs(fall) < height / 2:
        return " "
    if fall < 0:
        return _turn(previous, line, words)
    if fall > max(leading, height) * _GAP:
        return "\n\n"
    return _flow(previous, line, words)


def _turn(previous: Line, line: Line, words: Counter[str]) -> str:
    """What stands between the last line of a page or column and the first of the next."""
    if _ends_sentence(previous, line):
        return "\n\n"
    return _flow(previous, line, words)


def _flow(previous: Line, line: Line, words: Counter[str]) -> str:
    """What stands between two lines that follow each other, judged by type and words alone."""
    ends = _ends_sentence(previous, line)
    room = _has_room(previous, line)
    if line.item or (_ITEM.match(line.text) and (ends or room or previous.item)):
        return "\n" if previous.item else "\n\n"
    if not _same_size(previous, line):
        return "\n\n"
    if previous.hyphen:
        return _hyphen(previous.text, line.text, words)
    if ends:
        return "\n\n" if room or line.left - previous.left > line.height else " "
    return "\n\n" if room and not line.text[0].islower() else " "


def _ends_sentence(previous: Line, line: Line) -> bool:
    """Whether a sentence ends between the lines; after `i.e.` it goes on in lower case."""
    ends = not previous.hyphen and _SENTENCE_END.search(previous.text) is not None
    return ends and not line.text[0].islower()


def _has_room(previous: Line, line: Line) -> bool:
    """Whether the first word of the line would have fitted on the one before."""
    word = len(line.text.split(maxsplit=1)[0]) + 1
    width = (line.right - line.left) * word / max(len(line.text), 1)
    return previous.margin - previous.right > width + line.height / 2


def _hyphen(before: str, after: str, words: Counter[str]) -> str:
    """What becomes of a hyphen at the end of a line: nothing within a word, itself in a compound.

    The document decides where it has the word elsewhere.
    """
    first, second = _LAST_WORD.search(before), _FIRST_WORD.match(after)
    if first is None or second is None:
        return " "
    closed, compound = first[1] + second[1], f"{first[1]}-{second[1]}"
    if words[closed] != words[compound]:
        return "" if words[closed] > words[compound] else "-"
    return "" if second[1].islower() and first[1].lower() not in _KEEP_HYPHEN else "-"


def _prepared(page: Sequence[Line]) -> list[Line]:
    """The lines with their margins, and with hyphens for bullets as in plain text."""
    prepared = []
    for number, line in enumerate(page):
        text, found = _BULLET.subn("- ", line.text)
        margin = max(
            near.right
            for near in page[max(0, number - _AROUND) : number + _AROUND + 1]
            if abs(near.left - line.left) < _SAME_COLUMN * line.height and _same_size(near, line)
        )
        prepared.append(replace(line, text=text, item=bool(found), margin=margin))
    return prepared


def _same_size(a: Line, b: Line) -> bool:
    return abs(a.height - b.height) <= _SAME_SIZE * max(a.height, b.height)


def _leading(page: Sequence[Line]) -> float:
    """How far apart the lines of the page usually are."""
    falls = ((a.bottom - b.bottom, a.height) for a, b in pairwise(page))
    return median([fall for fall, height in falls if height / 2 < fall < 3 * height] or [0.0])


def _without_margins(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages without headers and footers that recur, and without page numbers."""
    seen = Counter(key for page in pages for key in {_key(line) for line in _margins(page)})
    enough = max(_FEWEST_PAGES, _SHARE_OF_PAGES * len(pages))
    return [
        _without_number([line for line in page if line not in margins or seen[_key(line)] < enough])
        for page, margins in ((page, _margins(page)) for page in pages)
    ]


def _without_number(page: list[Line]) -> list[Line]:
    """The page without its number, which stands apart from the text above or below it."""
    by_height = sorted(page, key=lambda line: -line.bottom)
    for number, neighbour in (by_height[:2], by_height[:-3:-1]) if len(page) > 1 else ():
        apart = abs(number.bottom - neighbour.bottom) > _APART * number.height
        if apart and _PAGE_NUMBER.fullmatch(number.text):
            return [line for line in page if line is not number]
    return [] if len(page) == 1 and _PAGE_NUMBER.fullmatch(page[0].text) else page


def _margins(page: Sequence[Line]) -> Sequence[Line]:
    """The uppermost and lowermost lines, wherever the file puts them in its order."""
    by_height = sorted(page, key=lambda line: -line.bottom)
    return (*by_height[:_MARGIN_LINES], *by_height[-_MARGIN_LINES:])


def _key(line: Line) -> tuple[str, int]:
    """What recurs: the words, whatever the number in them, at about the same height."""
    return _DIGITS.sub("#", line.text), round(line.bottom / 10)
