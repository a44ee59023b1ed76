"""Tells what a text is about, before anything is looked for in it."""

from __future__ import annotations

from graph.extract.cues import word_set
from graph.extract.passages import Prose

# Texts of policy have one word of public affairs in ten to thirty; histories of science, sports and
# physics have one in seventy at most.
_SHARE = 0.02
_KINDS = 2
# A text of a sentence or two has no room for more than one.
_SENTENCES = 30


def is_of_public_affairs(prose: Prose) -> bool:
    """Whether a text speaks of government, funding, institutions and the like at all."""
    words = word_set("subject", "public_affairs")
    met = [w for w in prose.lowers if w in words]
    kinds = 1 if len(prose.lowers) <= _SENTENCES else _KINDS
    return len(met) >= _SHARE * len(prose.lowers) and len(set(met)) >= kinds
