"""Small PDF files, written byte by byte so that the tests decide about every line on a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """A line of Helvetica at a place on the page, which is 595 by 842 points."""

    text: str
    x: float = 72
    y: float = 770
    size: float = 11


def lines(*texts: str, x: float = 72, top: float = 770, step: float = 14) -> list[Line]:
    """Lines one below the other."""
    return [Line(text, x, top - step * row) for row, text in enumerate(texts)]


def pdf(
    pages: Sequence[Sequence[Line]],
    info: Mapping[str, str] | None = None,
    *,
    drawing: str = "",
    locked: bool = False,
) -> bytes:
    """A document with these lines on its pages, and a drawing below them."""
    kids = range(5, 5 + 2 * len(pages), 2)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{' '.join(f'{n} 0 R' for n in kids)}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        f"<< {' '.join(f'/{key} ({_escaped(value)})' for key, value in (info or {}).items())} >>",
    ]
    for number, page in zip(kids, pages, strict=True):
        shown = "\n".join(
            f"BT /F1 {line.size} Tf {line.x} {line.y} Td ({_escaped(line.text)}) Tj ET"
            for line in page
        )
        stream = f"{drawing}\n{shown}"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    return _file(objects, locked=locked)


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")


def _file(objects: Sequence[str], *, locked: bool) -> bytes:
    data = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode("cp1252")
    start = len(data)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    data += b"".join(f"{offset:010} 00000 n \n".encode() for offset in offsets)
    # A key that no password of ours opens is enough to lock the file.
    mark = "00" * 16
    lock = (
        f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >>"
        if locked
        else ""
    )
    trailer = (
        f"<< /Size {len(objects) + 1} /Root 1 0 R /Info 4 0 R /ID [<{mark}><{mark}>] {lock} >>"
    )
    return bytes(data + f"trailer\n{trailer}\nstartxref\n{start}\n%%EOF\n".encode())
