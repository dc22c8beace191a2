"""Collect the texts of the code for translation, and bring the catalogues up to date.

Run it as ``python docs/make_catalogues.py``: every text a user may read becomes a message of
`wfm/locale/<language>/LC_MESSAGES/wfm.po`, f-strings with named places; translations are kept, and
what is no longer said is dropped. The tests fail while a message has no translation.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1] / "wfm"
LANGUAGES = ("tr", "az", "ka")
CODE = re.compile(  # texts for the program: keys, files, formats, expressions, styles
    "|".join(
        (
            r"[a-z0-9_.\-/|]*",
            r"[A-Za-z]+/[A-Za-z]+|application/.*|text/.*|~?[a-z]+/.*",
            r":material/.*|#[0-9a-fA-F]{6}|\n?(?:\.st\w+|\[data-).*",
            r".*\[data-testid=.*|.*\{\{ (?:display: none|font-size: ).*|server\.\w+",
            r"[\w.]+:[QNTO]|yearmonth.*|.*\bdatum\..*",
            r"%[a-zA-Z].*|D+[ .]M+.*|ddd .*|YYYY.*|\(\\d.*|\\s.*",
            r"[A-Z_]{2,}|[a-z]+[A-Z]\w+|[A-Z][a-z]+\d+|Etc|Spoken|min",
            r"[a-z]+\.\{.*|step_\{.*|\{name\}_\w+",
            r"\{\w+\}(?:min|-?[a-z-]*\.\w+)",
            r".*\b(?:SELECT|PRAGMA|SHOW|CASE|CAST|INSERT|CREATE|COPY)\b.*|pg_.*|datetime64.*",
            r".*\b(?:IS (?:NOT )?NULL|SET NULL|REPEATABLE READ|AND \{start_micros\}.*)|[A-Z ]+",
            r".*\b(?:SET \w+ =|DROP TABLE|BETWEEN 0|WHERE |NOT \(|AS calls\(|nullstr=|escape=).*",
            r"[(']*\w+\((?:\{|trim|try_|right|' ').*|read_csv.*",
            r"disk i.*|no space left|is locked|not a database|connection \w+|unable to open",
            r"python -m .*|id of a queued job|table of job kinds|job \{.*\(.*|progress not .*",
            r"(?:full|part) time|(?:long|short) days|after-visit.*|appoint\w+ rem.*|Team \{.*",
            r"welcome calls|handle_some_\w+: .*|.*_optim.*_(?:criteria|\{).*",
            r"(?:[^\W\d_]+ ){20,}.*|Application Support|wfm schedule 1|\w+ Example|Value error, ",
            r"(?:hours|like) \d[\d:-]+|borrow=\{.*",
            r"num_\w+: .*|data-\w+.*|.*\bcoalesce\(.*",
            r"\s*</?[a-z!].*|\n@page .*|wfm_\{.*",
        )
    ),
    re.DOTALL,
)
# Kinds of saved values, which the change log names as the code does.
KINDS = ("project", "history", "forecast", "requirement", "schedule", "backtest", "saved")
WORK = (  # activities, states of a version, units, and a heading made from a column
    *("inbound", "outbound", "other", "draft", "published", "withdrawn", "s", "h", "Work"),
    *("negative", "none", "daily", "first", "second", "blending", "h a day", "h a week"),
    *("Sheet", "Column", "yes", "no", "undo", "redo", "running", "queued", "later", "earlier"),
    *("edit", "save"),
    *("comma", "semicolon", "tab", "pipe", "1 queue", "{queues:,} queues"),
    *("everybody", "heads", "days", "nights", "weekends", "min"),
    *("seconds", "minutes", "milliseconds"),
)
SILENT_FILES = (  # what they say is for programs: headings of exports, SQL, other people's names
    "cli/",
    "store/migrations",
    "io/read/record_words",
    "scheduling/counts/improve.",
    "ui/feeds",
    "ui/pages/reports_snippets",
)
SILENT = {"key", "icon", "format", "labelExpr", "mime", "file_name", "scheme", "language", "mode"}
SILENT |= {"_OTHER_NAMES", "SYNONYMS", "DAMAGE"}  # what others say
SILENT_CALLS = {"getLogger", "compile", "html", "code", "read_csv", "to_json", "import_module"}
BRANCHES = (  # where single words are told too
    "ui",
    "core/assumptions.py",
    "core/target.py",
    "core/terms.py",
    "forecast/covariance.py",
    "io/write/charts_sheet.py",
    "io/write/day_sheet.py",
    "io/write/summary_sheet.py",
    "io/write/workbook.py",
    "planning/compare.py",
    "planning/fairness.py",
    "planning/money.py",
    "planning/rules_told.py",
    "planning/sheets.py",
    "planning/why.py",
    "store/changes.py",
    "store/differences.py",
    "store/undo.py",
)


def template(node: ast.AST) -> str | None:
    """The text of a literal or f-string, its places named."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if not isinstance(node, ast.JoinedStr):
        return None
    names: dict[str, str] = {}
    text = ""
    for part in node.values:
        if isinstance(part, ast.Constant):
            text += str(part.value).replace("{", "{{").replace("}", "}}")
        elif isinstance(part, ast.FormattedValue):
            source = ast.unparse(part.value)
            name = names.get(source) or _name(part.value, set(names.values()))
            if source in names:
                name = f"{name}_again"
            names[source] = name
            spec = part.format_spec
            written = "" if spec is None else _spec(spec)
            text += "{" + name + (f":{written}" if written else "") + "}"
    return text


def _spec(node: ast.expr) -> str:
    parts = node.values if isinstance(node, ast.JoinedStr) else []
    return "".join(str(p.value) if isinstance(p, ast.Constant) else "" for p in parts)


def _name(node: ast.expr, taken: set[str]) -> str:
    """A short name for what stands in a place."""
    words = [w for w in re.findall(r"[A-Za-z_]\w*", ast.unparse(node)) if len(w) > 1]
    words = [w for w in words if w not in ("self", "len", "join", "sorted", "for", "in", "str")]
    base = "_".join(dict.fromkeys(words[-2:])).lower() or "value"
    name, number = base, 2
    while name in taken:
        name, number = f"{base}_{number}", number + 1
    return name


def literals(path: Path) -> Iterator[str]:
    """Every text of a module that may be read by a user."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(node.value)  # docstrings, of attributes too
        quiet: list[ast.AST] = []
        if isinstance(node, ast.JoinedStr):
            quiet += [
                inner
                for value in node.values
                for inner in ast.walk(value)
                if not (isinstance(value, ast.FormattedValue) and _speaks(inner))
            ]
        elif isinstance(node, _NAMED) and _named(node) in SILENT:
            quiet += list(ast.walk(node.value)) if node.value else []
        elif isinstance(node, ast.Call) and _called(node) in SILENT_CALLS:
            quiet += [inner for argument in node.args for inner in ast.walk(argument)]
        elif isinstance(node, ast.Call) and _called(node) == "Layout":  # headings of others
            quiet += [inner for keyword in node.keywords for inner in ast.walk(keyword.value)]
        elif isinstance(node, ast.Subscript):
            quiet += list(ast.walk(node.slice))
        silent.update(quiet)
    for node in ast.walk(tree):
        if node not in silent and (text := template(node)) is not None and is_speech(text):
            yield text


def _speaks(node: ast.AST) -> bool:
    """Whether a literal inside a place of an f-string is a text of its own."""
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value


_NAMED = ast.keyword | ast.Assign | ast.AnnAssign | ast.AugAssign


def _named(node: ast.keyword | ast.Assign | ast.AnnAssign | ast.AugAssign) -> str | None:
    if isinstance(node, ast.keyword):
        return node.arg
    return ast.unparse(node.targets[0] if isinstance(node, ast.Assign) else node.target)


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def is_speech(text: str) -> bool:
    """Whether a text is meant for readers rather than for the program."""
    bare = re.sub(r"\{[^}]*\}", "", text)
    return (
        bool(re.search(r"[A-Za-z]{2}", bare)) and text.strip() != "and" and not CODE.fullmatch(text)
    )


def sentences(path: Path) -> Iterator[str]:
    """The texts of an engine that reach a user: errors, findings, causes, cures."""
    for text in literals(path):
        bare = re.sub(r"\{[^}]*\}", "XX", text)
        if len(re.findall(r"[A-Za-z]{2,}", bare)) >= 2 and " " in bare.strip():
            yield text


def messages() -> dict[str, str]:
    """Every message of the code and the first file that says it, in the order of the files."""
    found = dict.fromkeys((*KINDS, *WORK), "ui")
    for path in sorted(ROOT.rglob("*.py")):
        relative = path.relative_to(ROOT).as_posix()
        if relative.startswith(SILENT_FILES):
            continue
        whole = relative.startswith(BRANCHES)
        for text in literals(path) if whole else sentences(path):
            found.setdefault(text, relative)
    return found


def path_of(language: str) -> Path:
    """The catalogue of a language."""
    return ROOT / "locale" / language / "LC_MESSAGES" / "wfm.po"


def update(language: str) -> int:
    """Bring a catalogue up to date; the number of messages without a translation."""
    path = path_of(language)
    old: dict[str, str] = {}
    if path.exists():
        with path.open("rb") as file:
            old = {str(m.id): str(m.string) for m in read_po(file, locale=language) if m.id}
    made = Catalog(locale=language, project="wfm", fuzzy=False)
    for text in messages():
        made.add(text, old.get(text, ""))
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, made, width=100, omit_header=False, no_location=True)
    return sum(not m.string for m in made if m.id)


if __name__ == "__main__":
    for code in LANGUAGES:
        print(f"{code}: {update(code)} messages without a translation")
