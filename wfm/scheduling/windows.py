"""Windows of breaks under a least and a most time of work before, between and after them."""

from __future__ import annotations

from collections.abc import Sequence

Window = tuple[int, int, int]
"""Length of a break, its earliest and its latest begin, in intervals from the shift's start."""


def fitting(
    windows: Sequence[Window], length: int, least: int, most: int | None
) -> tuple[Window, ...]:
    """Narrow windows to the begins that some legal placing of all breaks has.

    Parameters
    ----------
    windows
        In order.
    length
        Of the shift [intervals].
    least, most
        Work before, between and after the breaks [intervals]; `most` None is no limit.

    Returns
    -------
    tuple of Window
        A window whose latest lies before its earliest has no legal begin. All breaks at their
        earliest keep the rule, as all at their latest do.

    Examples
    --------
    A shift of 16 with work of 3 to 6 around each break:

    >>> fitting([(1, 2, 8), (2, 6, 14)], 16, 3, 6)
    ((1, 3, 6), (2, 8, 11))
    """
    if not least and most is None:
        return tuple(windows)
    far = length if most is None else most
    first, last = [a for _, a, _ in windows], [b for _, _, b in windows]
    sizes = [n for n, _, _ in windows]
    for i, size in enumerate(sizes):
        before = (first[i - 1] + sizes[i - 1], last[i - 1] + sizes[i - 1]) if i else (0, 0)
        first[i] = max(first[i], before[0] + least)
        last[i] = min(last[i], before[1] + far, length - size)
    after = (length, length)
    for i in range(len(sizes) - 1, -1, -1):
        first[i] = max(first[i], after[0] - far - sizes[i])
        last[i] = min(last[i], after[1] - least - sizes[i])
        after = first[i], last[i]
    return tuple(zip(sizes, first, last, strict=True))


def apart(windows: Sequence[Window], least: int, most: int | None) -> list[Window]:
    """Narrow windows from `fitting` until any choice of one begin in each keeps the rule.

    Parameters
    ----------
    windows
        With a legal begin each.
    least, most
        Work between two breaks [intervals].

    Returns
    -------
    list of Window
        Grown step by step around begins that fit together.

    Examples
    --------
    >>> apart([(1, 3, 6), (2, 8, 11)], 3, 6)
    [(1, 3, 5), (2, 9, 10)]
    """
    far = 10**9 if most is None else most
    begins: list[int] = []
    for _, first, last in windows:
        if begins:
            taken = begins[-1] + windows[len(begins) - 1][0]
            first, last = max(first, taken + least), min(last, taken + far)
        begins.append((first + last) // 2)
    low, high = list(begins), list(begins)

    def keeps() -> bool:
        inside = all(a <= low[i] and high[i] <= b for i, (_, a, b) in enumerate(windows))
        return inside and all(
            high[i] + windows[i][0] + least <= low[i + 1]
            and high[i + 1] <= low[i] + windows[i][0] + far
            for i in range(len(windows) - 1)
        )

    grew = True
    while grew:
        grew = False
        for ends, step in ((high, 1), (low, -1)):
            for i in range(len(windows)):
                ends[i] += step
                if keeps():
                    grew = True
                else:
                    ends[i] -= step
    return [(size, a, b) for (size, _, _), a, b in zip(windows, low, high, strict=True)]
