"""What the app changes in Streamlit's own looks and words, for every page."""

from __future__ import annotations

import json

import streamlit

from wfm.ui.said import language, say, st

STYLE = """
.stMainBlockContainer { padding-left: 3rem; padding-right: 3rem; }
body [data-testid="stCaptionContainer"] { color: inherit; opacity: 0.8; }
body [data-testid="stCaptionContainer"] * { color: inherit; }
.stApp [data-testid="stHeaderActionElements"] { display: none; }
.stApp [data-variant="segmented_control"] { min-height: 2.5rem; }
.stApp a:focus-visible { outline: 2px solid currentColor; outline-offset: -2px; }
.stApp a[aria-busy] { cursor: progress; opacity: 0.6; }
"""
ON_BRIGHT = '[data-testid^="stBaseButton-primary"] { color: #0b1518; }'  # dark theme
DROPZONE = '[data-testid="stFileUploaderDropzone"]'
BUTTON = f'{DROPZONE} button [data-testid="stMarkdownContainer"]'
LIMIT = f'{DROPZONE} [data-testid="stFileUploaderDropzoneInstructions"] div'


def show() -> None:
    """Write the styles into the page."""
    dark = st.context.theme.type == "dark"
    words = uploader() if language() != "en" else ""
    st.html(f"<style>{STYLE}{ON_BRIGHT if dark else ''}{words}</style>")


def uploader() -> str:
    """The words of the file uploader in the session's language; Streamlit has English only."""
    size = int(streamlit.get_option("server.maxUploadSize"))
    words = {BUTTON: say("Choose a file"), LIMIT: say(f"At most {size} MB")}
    return "".join(
        f"{place} > *, {place} > * * {{ font-size: 0 !important; }} "  # screen readers keep it
        f"{place}::after {{ font-size: 0.875rem; content: {_quoted(word)}; }}"
        for place, word in words.items()
    )


def _quoted(word: str) -> str:
    """A text as CSS takes it, with no way out of the style.

    >>> _quoted("a </style> b")
    '"a  /style  b"'
    """
    plain = word.translate(dict.fromkeys(map(ord, "<>\\"), " "))
    return json.dumps(plain, ensure_ascii=False)
