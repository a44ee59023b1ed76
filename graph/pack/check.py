"""Whether a pack is what the data give: byte for byte, and if not, what differs."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections import Counter
from collections.abc import Mapping

from graph.errors import DataError
from graph.pack.archive import digest, opened
from graph.records import Record

_EXAMPLES = 3
# These follow from the others, or only repeat them.
_DERIVED = ("SHA256SUMS", "manifest.json", "README.txt")


class Difference(Record):
    """A file that differs, in words, with some lines that only one of the two has."""

    file: str
    what: str
    only_in_pack: tuple[str, ...] = ()
    only_in_data: tuple[str, ...] = ()


class PackReport(Record):
    """How a pack compares with one made anew; `damaged` files are not those it was made with."""

    same: bool
    sha256: str
    made_sha256: str
    link: str
    data_version: str
    made_data_version: str
    software: str
    made_software: str
    damaged: tuple[str, ...] = ()
    differences: tuple[Difference, ...] = ()


def link_in(pack: bytes) -> str:
    """The question of a pack, as the address that asks it. Raises DataError."""
    try:
        link = json.loads(opened(pack)["question.json"])["link"]
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(
            "This is no evidence pack: question.json does not say what was asked."
        ) from error
    if not isinstance(link, str):
        raise DataError("This is no evidence pack: the link in question.json is no text.")
    return link


def compared(pack: bytes, made: bytes) -> PackReport:
    """Compare a pack with the one that was made anew. Raises DataError for what is no pack."""
    given, anew = opened(pack), opened(made)
    about, about_anew = _manifest(given), _manifest(anew)
    return PackReport(
        same=pack == made,
        sha256=digest(pack),
        made_sha256=digest(made),
        link=link_in(pack),
        data_version=about.get("data_version", ""),
        made_data_version=about_anew.get("data_version", ""),
        software=about.get("software", ""),
        made_software=about_anew.get("software", ""),
        damaged=_damaged(given),
        differences=() if pack == made else _differences(given, anew),
    )


def _manifest(files: Mapping[str, bytes]) -> dict[str, str]:
    try:
        found = json.loads(files.get("manifest.json", b"{}"))
    except ValueError:
        return {}
    return {k: str(v) for k, v in found.items()} if isinstance(found, dict) else {}


def _damaged(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Files whose hash is not that of the list in the pack, and files that it does not have."""
    lines = files.get("SHA256SUMS", b"").decode("utf-8", "replace").splitlines()
    listed = {name: hash_ for hash_, _, name in (line.partition("  ") for line in lines)}
    found = {n: hashlib.sha256(c).hexdigest() for n, c in files.items() if n != "SHA256SUMS"}
    return tuple(sorted(n for n in {*listed, *found} if listed.get(n) != found.get(n)))


def _differences(given: Mapping[str, bytes], anew: Mapping[str, bytes]) -> tuple[Difference, ...]:
    found = []
    for name in sorted({*given, *anew}, key=lambda n: (n in _DERIVED, n)):
        if name not in anew:
            found.append(Difference(file=name, what="is only in the pack"))
        elif name not in given:
            found.append(Difference(file=name, what="is missing in the pack"))
        elif given[name] != anew[name]:
            found.append(_difference(name, given[name], anew[name]))
    return tuple(found) or (
        Difference(file="(the zip itself)", what="holds the same files, packed in another way"),
    )


def _difference(name: str, given: bytes, anew: bytes) -> Difference:
    before, after = _lines(name, given), _lines(name, anew)
    gone, new = before - after, after - before
    if not gone and not new:
        return Difference(file=name, what="has the same lines in another order or spelling")
    unit = "row" if name.endswith(".csv") else "line"
    return Difference(
        file=name,
        what=f"{_count(gone.total(), unit)} only in the pack, "
        f"{_count(new.total(), unit)} only in the data",
        only_in_pack=tuple(sorted(gone))[:_EXAMPLES],
        only_in_data=tuple(sorted(new))[:_EXAMPLES],
    )


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


def _lines(name: str, content: bytes) -> Counter[str]:
    """The lines of a file. Rows without their numbers, which shift when one is added."""
    text = content.decode("utf-8", "replace")
    if not name.endswith(".csv"):
        return Counter(text.splitlines())
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return Counter(
        " | ".join(str(v) for k, v in row.items() if v and k not in ("row", "quote"))
        for row in rows
    )
