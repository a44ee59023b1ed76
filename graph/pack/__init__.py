"""Evidence packs: an answer with its rows, sentences and sources, as a file that can be rebuilt.

    question -> facts -> tables -> archive, and back: archive -> question -> ... -> the same bytes

The link of a page is the question. Nothing in a pack comes from a clock or a machine, so the same
link over the same data gives the same bytes.
"""

from graph.pack.archive import digest, written
from graph.pack.check import Difference, PackReport, compared, link_in
from graph.pack.contents import PackTooLarge, made
from graph.pack.questions import (
    Comparison,
    Document,
    Edge,
    Entity,
    NetworkPart,
    Paths,
    Picture,
    Question,
    Statements,
    on_network,
)

__all__ = [
    "Comparison",
    "Difference",
    "Document",
    "Edge",
    "Entity",
    "NetworkPart",
    "PackReport",
    "PackTooLarge",
    "Paths",
    "Picture",
    "Question",
    "Statements",
    "compared",
    "digest",
    "link_in",
    "made",
    "on_network",
    "written",
]
