"""What a message asks to be said, in the words of the place where it is read.

Messages name the arguments of functions, as a script would give them. The command line and the
pages put their own words there before they show a message.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_TEXT = r"""(?P<{0}>'[^']*'|"[^"]*")"""
_NAMES = (
    "time_zone|source_zone|source_interval|interval|decimal|dates|encoding|handle_unit|bad_rows"
    "|layout|unit"
)
_ASKED = re.compile(
    rf"\bcolumns=\{{'(?P<meaning>\w+)': {_TEXT.format('heading')}\}}"
    rf"|\b(?P<name>{_NAMES})={_TEXT.format('value')}|\b(?P<bare>time_zone|source_zone)=(?=[.\s])"
)


def asked(message: str, say: Callable[[str, str], str]) -> str:
    """The message with every argument it asks for put into other words.

    Parameters
    ----------
    message
        A sentence of a reader.
    say
        Words for an argument's name and value (empty where the message leaves it open); a column
        is named as `columns.offered` with its heading, the unit of call records as `handle_unit`.

    Examples
    --------
    >>> asked("Say decimal='.' or decimal=','.", lambda name, value: f"--{name} {value}")
    'Say --decimal . or --decimal ,.'
    >>> asked("Say columns={'offered': 'Calls'}.", lambda name, value: f"{name} is {value}")
    'Say columns.offered is Calls.'
    """

    def put(found: re.Match[str]) -> str:
        if found["meaning"]:
            return say(f"columns.{found['meaning']}", found["heading"][1:-1])
        name = "handle_unit" if found["name"] == "unit" else found["name"] or found["bare"]
        return say(name, (found["value"] or "''")[1:-1])

    return _ASKED.sub(put, message)
