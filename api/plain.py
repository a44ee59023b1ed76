"""What is wrong with a value, in plain words: the checks of pydantic have words of their own."""

from __future__ import annotations

import re

_WORDS = tuple(
    (re.compile(pattern), plain)
    for pattern, plain in (
        (r"Input should be greater than or equal to (\S+)", r"must be at least \1"),
        (r"Input should be less than or equal to (\S+)", r"must be at most \1"),
        (r"Input should be greater than (\S+)", r"must be more than \1"),
        (r"Input should be a valid integer\b.*", "must be a whole number"),
        (r"Input should be a valid number\b.*", "must be a number"),
        (r"Input should be a valid boolean\b.*", "must be true or false"),
        (r"Input should be a valid date\b.*", "must be a day like 2024-05-31"),
        (r"Input should be a valid (\w+)\b.*", r"must be a \1"),
        (r"(?:Input|String|List) should ", "must "),
        (r"Field required", "is missing"),
        (r"Extra inputs are not permitted", "is not known"),
        (r"Value error, ", ""),
    )
)


def plainly(message: str) -> str:
    """The message of a check in plain words; any other message as it is.

    >>> plainly("Input should be less than or equal to 1000")
    'must be at most 1000'
    """
    for pattern, plain in _WORDS:
        message = pattern.sub(plain, message)
    return message
