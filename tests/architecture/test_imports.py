"""What the source may not contain, read from its syntax tree."""

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import PURE, ROOMS, ROOT, name_of, python_files

CODE = python_files(*ROOMS, "config")
# Law and money: whole numbers and Decimal only.
LAW = [
    *(file for entry in PURE for file in ([ROOT / entry] if entry.endswith(".py") else python_files(entry))),
    *(
        ROOT / name
        for name in ("cases/chain.py", "cases/clock.py", "cases/numbering.py", "cases/calendar.py")
    ),
]
LATE = {"weasyprint": "cases/documents/pdf.py"}  # slow to load: the one import inside a function
WRITERS = {"update", "aupdate", "update_or_create", "create", "get_or_create"}
# Rows with a state that is no proceeding's: file -> the names they go by in it.
OTHER_STATES = {
    "adjudication/models/disclosure.py": {"text", "old"},  # public texts, not proceedings
    "adjudication/models/papers.py": {"document"},
    "adjudication/models/ruling_drafts.py": {"document"},  # the draft of a ruling, as a paper
    "adjudication/models/typical.py": {"text"},  # what the public reads of a batch
    "reports/models/returns.py": {"paper"},  # of a return that was sent back
    "adjudication/models/taking_back.py": {"row"},  # a paper that was not served after all
    "cases/approvals.py": {"approval", "Approval.objects"},
    "cases/blank_printing.py": {
        "Outbox.objects",
        "Outbox.objects.filter(pk=wanted.pk, state=Outbox.State.DONE)",
    },  # asks whether a print is done
    "cases/documents/making.py": {"document", "Document.objects"},
    "cases/imports/uploaded.py": {"row", "self.row"},  # runs of an import
    "cases/models/filing.py": {"document"},  # the life of a paper, not a proceeding
    "cases/models/papers.py": {"document"},
    "cases/outbox.py": {"row", "spent", "Outbox.objects"},
    "cases/writing.py": {"document"},
    "mediation/messages.py": {"message"},  # what became of a short message
    "reports/generating/running.py": {"text"},  # public texts of generated rulings
}


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), filename=name_of(file))


def late_imports(module: ast.AST) -> list[tuple[int, str]]:
    """Imports inside functions: line and module."""
    found = []
    for function in ast.walk(module):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if function.name == "ready":  # the place where Django wants them: models are loaded by then
            continue
        for node in ast.walk(function):
            if isinstance(node, ast.Import):
                found += [(node.lineno, alias.name) for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                found.append((node.lineno, "." * node.level + (node.module or "")))
    return sorted(set(found))


def state_changes(module: ast.AST) -> list[tuple[int, str]]:
    """What sets an attribute or column `state`: line, and whose state it is as written."""
    found = []
    for node in ast.walk(module):
        if (
            isinstance(node, ast.Attribute)
            and node.attr == "state"
            and isinstance(node.ctx, ast.Store | ast.Del)
        ):
            found.append((node.lineno, ast.unparse(node.value)))
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("setattr", "object.__setattr__"):
            if any(isinstance(each, ast.Constant) and each.value == "state" for each in node.args):
                found.append((node.lineno, ast.unparse(node.args[0])))
        elif (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITERS
        ):
            if any(keyword.arg == "state" for keyword in node.keywords):
                found.append((node.lineno, ast.unparse(node.func.value)))
    return found


def floats(module: ast.AST) -> list[int]:
    """Lines with a float literal, the name float, or a true division; asking whether it is one is fine."""
    asked = {id(node.cls) for node in ast.walk(module) if isinstance(node, ast.MatchClass)}
    asked |= {
        id(part)
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "isinstance"
        for part in ast.walk(node.args[1])
    }
    return [
        node.lineno
        for node in ast.walk(module)
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (isinstance(node, ast.Name) and node.id == "float" and id(node) not in asked)
        or (isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div))
    ]


@pytest.mark.parametrize("file", CODE, ids=name_of)
def test_no_import_inside_a_function(file: Path) -> None:
    allowed = {module for module, where in LATE.items() if where == name_of(file)}
    assert [found for found in late_imports(tree(file)) if found[1].split(".")[0] not in allowed] == []


@pytest.mark.parametrize("file", CODE, ids=name_of)
def test_no_module_loads_the_renderer_when_imported(file: Path) -> None:
    outside = [
        node.lineno
        for node in tree(file).body
        if (isinstance(node, ast.Import) and any(alias.name.startswith("weasyprint") for alias in node.names))
        or (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("weasyprint"))
    ]
    assert outside == []


@pytest.mark.parametrize("file", CODE, ids=name_of)
def test_no_state_is_set_past_the_machine(file: Path) -> None:
    known = OTHER_STATES.get(name_of(file), set())
    assert [(line, whose) for line, whose in state_changes(tree(file)) if whose not in known] == []


@pytest.mark.parametrize("file", LAW, ids=name_of)
def test_no_float_where_law_counts(file: Path) -> None:
    assert floats(tree(file)) == []


def test_the_readers_above_find_what_they_look_for() -> None:
    sample = ast.parse(
        "import a\n"
        "def f(row):\n"
        "    from weasyprint import HTML\n"
        "    row.state = 1\n"
        "    row.state, x = 1, 2\n"
        "    setattr(row, 'state', 1)\n"
        "    rows.update(state=1)\n"
        "    return 1.5 + float(x) + x / 2\n"
    )
    assert late_imports(sample) == [(3, "weasyprint")]
    assert sorted(state_changes(sample)) == [(4, "row"), (5, "row"), (6, "row"), (7, "rows")]
    assert sorted(floats(sample)) == [8, 8, 8]
