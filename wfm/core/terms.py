"""The parts of a schedule's cost in words, as the page and the workbook name them."""

from __future__ import annotations

TERMS = {
    "under": "Missing agents",
    "over": "More agents than required",
    "labour": "Labour",
    "outbound_short": "Outbound work not placed",
    "outbound_over": "More outbound work than wanted",
    "preference": "Wishes not granted",
    "limits": "Fewest and most at work",
    "change": "Changes to the published schedule",
    "switching": "Changes of task within a shift",
}


def term_name(term: str) -> str:
    """What a part of the cost is called.

    >>> term_name("under"), term_name("rest")
    ('Missing agents', 'rest')
    """
    return TERMS.get(term, term)
