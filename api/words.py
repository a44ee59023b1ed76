"""Numbers in words, the same on pages and on the command line."""


def counted(number: int, noun: str) -> str:
    """A number with what it counts.

    >>> counted(1, "document"), counted(2_000, "document")
    ('1 document', '2,000 documents')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
