"""Months by their names, as spreadsheets show dates: 16-Mar-26, 2. März 2026, 2 Şubat 2026."""

from __future__ import annotations

import re
import unicodedata

_NAMES = (
    "jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec",
    "jan,feb,mar,apr,mai,jun,jul,aug,sep,okt,nov,dez",
    "oca,sub,mar,nis,may,haz,tem,agu,eyl,eki,kas,ara",
    "yan,fev,mar,apr,may,iyun,iyul,avq,sen,okt,noy,dek",
    "იან,თებ,მარ,აპრ,მაი,ივნ,ივლ,აგვ,სექ,ოქტ,ნოე,დეკ",
)
_MONTHS = {name: at for names in _NAMES for at, name in enumerate(names.split(","), start=1)}
_NAMED = re.compile(r"(\d{1,2})\.?[-/ ]\s*([^\W\d_]{3,10})\.?[-/ ,]\s*(\d{4}|\d{2})(?!\d)")


def with_number(text: str) -> str:
    """A date with its month as a number, day first; any other text as it is.

    >>> with_number("16-Mar-26 08:00"), with_number("2. März 2026"), with_number("2 Iron 2026")
    ('16.03.2026 08:00', '2.03.2026', '2 Iron 2026')
    """
    found = _NAMED.match(text)
    name = _plain(found[2]) if found else ""
    month = _MONTHS.get(name[:3]) or _MONTHS.get(name[:4])
    if found is None or month is None:
        return text
    year = found[3] if len(found[3]) == 4 else f"20{found[3]}"
    return f"{found[1]}.{month:02d}.{year}{text[found.end() :]}"


def _plain(name: str) -> str:
    """A name in small letters without marks above or below."""
    letters = unicodedata.normalize("NFKD", name.lower().replace("ı", "i"))
    return "".join(c for c in letters if not unicodedata.combining(c))
