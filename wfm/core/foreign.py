"""What the operating system and other programs refuse, in the words of this one."""

from __future__ import annotations

import errno

REASONS = {
    errno.EACCES: "it may not be used: another program holds it, or its owner allows it to nobody",
    errno.EPERM: "it may not be used: another program holds it, or its owner allows it to nobody",
    errno.EBUSY: "another program holds it",
    errno.ENOENT: "it or its folder is not there",
    errno.ENOTDIR: "its folder is a file",
    errno.EISDIR: "it is a folder",
    errno.EEXIST: "a file of that name is in the way",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "your share of the disk is full",
    errno.EROFS: "the disk is read-only",
    errno.ENAMETOOLONG: "its name is too long",
    errno.ELOOP: "its links lead in a circle",
    errno.EMFILE: "too many files are open",
    errno.ENOMEM: "the memory is full",
    errno.EAGAIN: "the machine has no room for another program",
    errno.EIO: "the disk cannot be read",
}
SIGNS = {
    "full": "the disk is full",
    "readonly": "it may not be written to",
    "unable to open": "it or its folder is not there, or may not be used",
    "locked": "another program holds it",
    "malformed": "it is damaged",
    "not a database": "it is no database",
}
"""What a database says somewhere in its error."""


def reason(error: BaseException) -> str:
    """Why something was refused, to stand inside a sentence; unknown errors are quoted.

    Examples
    --------
    >>> reason(OSError(errno.EISDIR, "Is a directory"))
    'it is a folder'
    >>> reason(OSError(errno.EXDEV, "Invalid cross-device link"))
    'the system says: Invalid cross-device link'
    """
    if isinstance(error, OSError) and error.errno in REASONS:
        return REASONS[error.errno]
    text = getattr(error, "strerror", None) or str(error)
    for sign, words in SIGNS.items():
        if sign in text.lower():
            return words
    return f"the system says: {text.strip().rstrip('.')}"
