"""Words by which an English text is told: they stand in every one, and hardly in another."""

from __future__ import annotations

import re

SMALL_WORDS = (
    *("the", "and", "of", "that", "with", "from", "this", "these", "which", "its", "their"),
    *("has", "are", "were", "been", "whose", "through"),
)
# A word in any script: letters alone.
WORD = re.compile(r"[^\W\d_]+")
