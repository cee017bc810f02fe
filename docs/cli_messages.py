"""The messages of the command line, and their Vietnamese: ``python docs/cli_messages.py``.

Without an option it says what is wrong with the catalogue; ``--write`` renews it: messages that are
new come in without a translation, those that left the source go, and the ``.mo`` is compiled.
``--missing`` prints what waits for a translator. Babel does the files; it is needed here and in
the tests, never by civid. ``tests/cli/language/test_catalogue.py`` fails on any fault.

A message is a string or an f-string of the source; what stands in braces there is ``{}`` here, and
``{}`` or ``{0}`` in the translation: the help pages, what the command line prints, what the library
hands to exceptions and warnings, and its sentences about people and cards.
"""

from __future__ import annotations

import argparse
import ast
import csv
import io
import itertools
import re
import sys
from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "civid"
CATALOGUE = SOURCE / "cli" / "locale" / "vi" / "LC_MESSAGES" / "civid.po"
COMPILED = CATALOGUE.with_suffix(".mo")

HEADER = Path(__file__).with_name("cli_messages_terms.txt").read_text(encoding="utf-8")

#: Words of the parser (typer and click), which are not in our source.
PARSER = (
    "Usage:", "Show this message and exit.", "Options", "Arguments", "Commands", "Error",
    "(deprecated) ", "[default: {}]", "[env var: {}]", "[required]", "Aborted.", "Aborted!",
    "default: {default}", "required", "env var: {var}", "(dynamic)", "Missing command.",
    "No such command {name!r}.", "No such command {}.", "Missing argument {}.",
    "Missing option {}.", "Missing parameter {}.", "Missing {} {}. {}", "Missing parameter: {}",
    "No such option: {}", "No such option: {} (Possible options: {})",
    "Got unexpected extra argument ({})", "Got unexpected extra arguments ({})",
    "Got unexpected extra argument(s) ({})", "Option {} does not take a value.",
    "Option {} requires an argument.", "Option {} requires {} arguments.",
    "Argument {} takes {} values.", "Invalid value for {}: {}", "Invalid value: {}",
    "{} is not a valid integer.", "{} is not a valid float.", "{} is not a valid boolean.",
    "{} is not a valid UUID.", "{} is not in the range {}.", "{} is not one of {}.",
    "Could not open file {}: {}", "{} does not exist.", "Choose from:",
)  # fmt: skip
#: What the system says, in the words of `civid.problems`.
SYSTEM = Path(__file__).with_name("cli_messages_system.txt").read_text().splitlines()

#: What the library makes out of names: a template would leave them English.
MADE = Path(__file__).with_name("cli_messages_made.txt").read_text().splitlines()

#: Calls that print or name something for readers: their single words are messages, too.
_SPEAKING = {"say", "table", "counted", "progress", "print", "note", "echo", "confirm", "prompt"}
#: Beside every ``...Error``: what the library calls to say that something is wrong.
_COMPLAINING = {"Problem", "usage", "FieldWarning", "Failure", "Disagreement", "CardWarning",
                "Warned", "Complaint", "Oddity", "Skipped"}  # fmt: skip
#: Tables of the library whose values are shown.
_LISTS = {"REASONS"}
#: Rooms and files all of whose sentences may be shown.
_SPOKEN_ROOMS = ("people", "cards", "cli", "search/backends/explanation", "fingerprint/gate",
                 "pictures/aligned")  # fmt: skip
#: Of these not: names of fields, what a card says in print, people who do not exist.
_SILENT_ROOMS = re.compile(
    r"synthetic|codes/relations|chip/(face|authority)|trust/bundle|cards/specimen|findings/(table|row)"
)
_NO_MESSAGE = re.compile(
    r"^[\W\d_]*$|ABCDEFG|https?://\S+$|^[A-Z_]+=|^(SELECT|INSERT|UPDATE|DELETE|CREATE|PRAGMA|BEGIN)\b"
    r"|^bold |\\[tux][0-9a-f-]|%\(?[a-z]|charset=|-src "
    r"|\(\?[P:=!]|\\[ds]|= \?$|^[-\w]+/[-\w.+]+(;.*)?$|^<[^>]*>"
)
_VIETNAMESE = re.compile(
    "[âêôáéíóúýăđơưàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ]", re.I
)
_ENGLISH = re.compile(r"\b(the|is|not|no|of|or|has|must|should|expected|with)\b")
_FIELD = re.compile(r"\{\d*\}")


def messages() -> dict[str, set[str]]:
    """Every message, and the files that hold it."""
    found: dict[str, set[str]] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        place = path.relative_to(SOURCE).as_posix()
        for text in of_source(path.read_text(encoding="utf-8"), place):
            said = _VIETNAMESE.search(text) and not _ENGLISH.search(text)
            if said:
                continue  # said in Vietnamese already: titles of rules, names of fields
            found.setdefault(text, set()).add(place)
    for where, texts in (
        ("help", of_help()),
        ("made", MADE),
        ("words", of_words()),
        ("parser", PARSER),
        ("system", SYSTEM),
    ):
        for text in texts:
            found.setdefault(text, set()).add(where)
    return found


def of_help() -> Iterator[str]:
    """Every text of the help pages."""
    import typer

    from civid.cli.app import command_line
    from civid.cli.language.helps import texts

    for one, name in texts(typer.main.get_command(command_line())):
        yield getattr(one, name)


def of_words() -> Iterator[str]:
    """The sentences of a campaign, which errors about its files are made of."""
    path = SOURCE / "campaign" / "data" / "words.csv"
    for row in csv.DictReader(path.read_text(encoding="utf-8").splitlines()):
        if " " in row["english"]:
            yield re.sub(r"\{\w+\}", "{}", row["english"])


def of_source(source: str, place: str) -> Iterator[str]:
    """The messages of one file."""
    tree = ast.parse(source)
    yield from _listed(tree, place)
    documented = {id(text) for text in _docstrings(tree)}
    everything = place.startswith(_SPOKEN_ROOMS) and not _SILENT_ROOMS.search(place)
    constants = _constants(tree)
    inside = {id(part) for text in _elsewhere(tree) for part in ast.walk(text)}
    for node in ast.walk(tree):
        if id(node) in documented or id(node) in inside:
            continue
        if everything and isinstance(node, ast.Constant | ast.JoinedStr | ast.BinOp):
            texts = list(_texts(node))
            if any(" " in text.strip() for text in texts):
                inside.update(map(id, _pieces(node)))
                yield from _kept(texts)
        elif isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            yield from _kept(_given(node.exc))
        elif isinstance(node, ast.Assign) and _name(node.targets[0]) == "message":
            yield from _kept(text for text in _texts(node.value) if " " in text.strip())
        elif isinstance(node, ast.Call):
            name = _name(node.func)
            if name.endswith("Error") or name in _COMPLAINING:
                yield from _kept(_given(node))
            if name == "need" and len(node.args) > 1:
                yield from _kept(_purposes(node.args[1], constants))
            if name == "counted" and place.startswith("cli"):
                for noun in _texts(node.args[1]):
                    yield from (f"{{}} {noun}", f"{{}} {noun}s")
            elif name == "say" and (len(node.args) > 1 or node.keywords):
                continue  # a key of another table: civid.campaign.words and its like
            elif name in _SPEAKING and place.startswith("cli"):
                yield from _kept(_words(node, constants, inside), single=True)


def _elsewhere(tree: ast.AST) -> Iterator[ast.AST]:
    """What is no message, or one that the help page gives."""
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg in ("help", "metavar", "style"):
            yield node.value
        elif isinstance(node, ast.Call) and _name(node.func) in ("Option", "Argument", "_option"):
            yield node


def _listed(tree: ast.Module, place: str) -> Iterator[str]:
    """Constants that hold words alone: what the library calls things that a command shows."""
    for name, value in _constants(tree).items():
        if (place.startswith("cli") and name.endswith(("_WORDS", "_LABELS"))) or name in _LISTS:
            yield from _kept(_values(value), single=True)


def _kept(texts: Iterable[str], *, single: bool = False) -> Iterator[str]:
    for text in texts:
        bare = text.strip().strip(",;").strip()
        if bare.startswith("(") and bare.endswith(")"):
            bare = bare[1:-1]
        letters = sum(map(str.isalpha, bare))
        least = 4 if "{}" in bare else 2 if single else 3
        if (
            letters < least
            or _NO_MESSAGE.search(bare)
            or (bare.startswith("--") and " " not in bare)
        ):
            continue
        if (single and bare.replace("{}", "").strip()) or " " in bare:
            yield bare


def _given(call: ast.Call) -> Iterator[str]:
    """The sentences that are handed to a call."""
    for given in (*call.args, *(word.value for word in call.keywords)):
        yield from (text for text in _texts(given) if " " in text.strip())


def _words(call: ast.Call, constants: dict[str, ast.expr], inside: set[int]) -> Iterator[str]:
    """Strings in what a call prints, and in the constants of the file that it names."""
    named = {word.value for word in call.keywords if word.arg in ("right", "style")}
    for given in (*call.args, *(word.value for word in call.keywords)):
        if given in named:
            continue
        for node in ast.walk(given):
            if isinstance(node, ast.Call) and node is not given and _name(node.func) == "join":
                continue
            if isinstance(node, ast.Name) and node.id in constants and _name(call.func) == "say":
                yield from _values(constants[node.id])
        yield from _texts(given)


def _purposes(given: ast.expr, constants: dict[str, ast.expr]) -> list[str]:
    """What an optional package is needed for: said there, or in a constant of the file."""
    return _texts(constants.get(given.id, given) if isinstance(given, ast.Name) else given)


def _values(node: ast.expr) -> Iterator[str]:
    parts = node.values if isinstance(node, ast.Dict) else [node]
    for part in parts:
        for one in ast.walk(part):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                yield one.value


def _texts(node: ast.expr | ast.AST) -> list[str]:
    """What an expression can be, as templates; conditions give both, values give ``{}``."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.JoinedStr):
        parts = [
            [part.value] if isinstance(part, ast.Constant) else _field(part.value)
            for part in node.values
            if isinstance(part, ast.Constant | ast.FormattedValue)
        ]
        return ["".join(map(str, one)) for one in itertools.islice(itertools.product(*parts), 32)]
    if isinstance(node, ast.IfExp):
        return [*_texts(node.body), *_texts(node.orelse)]
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return _sum(node)
    if isinstance(node, ast.BoolOp):
        return [text for part in node.values for text in _texts(part)]
    if isinstance(node, ast.Tuple | ast.List):
        return [text for part in node.elts for text in _texts(part)]
    if isinstance(node, ast.Starred):
        return _texts(node.value)
    return []


def _sum(node: ast.BinOp) -> list[str]:
    """The parts of a sum; what may be absent stands alone, as `sentences` meets it at a joint."""
    parts: list[ast.expr] = [node]
    while isinstance(parts[0], ast.BinOp) and isinstance(parts[0].op, ast.Add):
        parts[:1] = [parts[0].left, parts[0].right]
    whole, alone = [""], list[str]()
    for part in parts:
        texts = _texts(part)
        if isinstance(part, ast.IfExp) and "" in texts:
            alone += [*filter(None, texts), *whole]
            whole = [""]
        else:
            whole = [before + text for before in whole for text in texts or ["{}"]]
    return [*alone, *whole] if any(_texts(part) for part in parts) else []


def _pieces(node: ast.AST) -> Iterator[ast.AST]:
    """The strings that a message is made of; what stands in its braces may be a message itself."""
    yield node
    if isinstance(node, ast.JoinedStr):
        yield from (part for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.BinOp):
        yield from _pieces(node.left)
        yield from _pieces(node.right)


def _field(value: ast.expr) -> list[str]:
    """A value of an f-string: its words where they are chosen between, else ``{}``."""
    if isinstance(value, ast.IfExp):
        both = [_texts(value.body), _texts(value.orelse)]
        if all(both):
            return [*both[0], *both[1]]
    return ["{}"]


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            found[node.targets[0].id] = node.value
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.value:
            found[node.target.id] = node.value
    return found


def _docstrings(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield node.value


def faults(found: Collection[str] | None = None) -> list[str]:
    """What is wrong with the catalogue, a line each; ``found`` as `messages` gives it."""
    found, catalogue = messages() if found is None else found, read()
    wrong = [f"not in the catalogue: {text!r}" for text in found if not catalogue.get(text)]
    for entry in catalogue:
        text, said = str(entry.id), str(entry.string)
        if not text:
            continue
        if text not in found:
            wrong.append(f"no longer in the source: {text!r}")
        elif not said:
            wrong.append(f"not translated: {text!r}")
        else:
            wrong += [f"{reason}: {text!r}" for reason in unlike(text, said)]
    if said_by(COMPILED) != {str(one.id): str(one.string) for one in catalogue if one.string}:
        wrong.append("civid.mo is not that of civid.po: run python docs/cli_messages.py --write")
    return wrong


def missing(found: Collection[str]) -> list[str]:
    """Which of these messages nobody has translated yet."""
    catalogue = read()
    return [text for text in found if (entry := catalogue.get(text)) is None or not entry.string]


def said_by(path: Path) -> dict[str, str]:
    """What a compiled catalogue says."""
    from babel.messages import mofile

    with path.open("rb") as file:
        return {str(one.id): str(one.string) for one in mofile.read_mo(file) if one.string}


def unlike(text: str, said: str) -> Iterator[str]:
    """In what a translation does not keep what it has to."""
    fields = text.count("{}")
    here = _FIELD.findall(said)
    numbers = list(range(len(here))) if "{}" in here else [int(one[1:-1]) for one in here]
    if sorted(numbers) != list(range(fields)) or ("{}" in here and set(here) != {"{}"}):
        yield "other values"
    for what, mark in (("options", r"(?<![\w-])--[a-z][a-z-]+"), ("fields", r"\{[a-z_!]+\}"),
                       ("brackets", r"\\\["), ("code", r"`[^`]*`")):  # fmt: skip
        if sorted(re.findall(mark, text)) != sorted(re.findall(mark, said)):
            yield f"other {what}"
    if text != text.strip() and said == said.strip():
        yield "blanks around it are lost"


def read() -> Any:
    """The catalogue as it stands in its file."""
    from babel.messages import pofile

    with CATALOGUE.open("rb") as file:
        return pofile.read_po(file, locale="vi", domain="civid")


def written(texts: dict[str, set[str]], said: dict[str, str]) -> Any:
    """A catalogue of these messages with what is said for each."""
    from babel.messages.catalog import Catalog

    moment = datetime(2026, 1, 1, tzinfo=UTC)  # the day of writing would change the files each time
    header = "\n".join(f"# {line}".rstrip() for line in HEADER.splitlines())
    made = Catalog(locale="vi", domain="civid", project="civid", version="", fuzzy=False,
                   header_comment=header, msgid_bugs_address="the issues of civid",
                   last_translator="the civid maintainers", language_team="vi",
                   creation_date=moment, revision_date=moment)  # fmt: skip
    for text in sorted(texts, key=lambda one: (sorted(texts[one])[0], one)):
        made.add(text, said.get(text, ""), locations=[(place, 0) for place in sorted(texts[text])])
    return made


def compiled(catalogue: Any) -> bytes:
    """The bytes of its ``.mo``."""
    from babel.messages import mofile

    file = io.BytesIO()
    mofile.write_mo(file, catalogue)
    return file.getvalue()


def write(found: dict[str, set[str]], said: dict[str, str]) -> None:
    """Renew both files."""
    from babel.messages import pofile

    made = written(found, said)
    file = io.BytesIO()
    pofile.write_po(file, made, include_lineno=False, width=100)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    CATALOGUE.write_bytes(file.getvalue())
    COMPILED.write_bytes(compiled(read()))


def main() -> None:
    """Say what is wrong, or mend what can be mended."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--write", action="store_true", help="renew the .po and the .mo")
    asked.add_argument("--missing", action="store_true", help="print what has no translation")
    given = asked.parse_args()
    found = messages()  # seconds: every file of the source is read
    if given.write:
        write(found, {str(one.id): str(one.string) for one in read() if one.id})
    if given.missing:
        print("\n".join(missing(found)))
    else:
        wrong = faults(found)
        print("\n".join([*wrong, f"{len(wrong)} faults, {len(found)} messages"]))
        sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
