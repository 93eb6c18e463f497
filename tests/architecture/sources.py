"""Which files the architecture tests read."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("stations", "cases", "mediation", "adjudication", "reports")
LEFT_BEHIND = {
    ".git",
    ".venv",
    "var",
    "staticfiles",
    "__pycache__",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    ".hypothesis",
    ".schemathesis",
    ".import_linter_cache",
}
PURE = (
    "cases/deadlines.py",
    "cases/rules.py",
    "cases/working_days.py",
    "cases/identifiers",
)


def python_files(*folders: str) -> list[Path]:
    """Every Python file of ours under `folders` but the migrations."""
    found = [file for folder in folders for file in sorted((ROOT / folder).rglob("*.py"))]
    return [file for file in found if "migrations" not in file.parts]


def kept_files() -> Iterator[Path]:
    """Every file of the tree that is ours to keep; not what a run leaves behind."""
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if name not in LEFT_BEHIND]
        yield from (Path(folder, name) for name in names)


def name_of(file: Path) -> str:
    """The path of a file as people write it."""
    return file.relative_to(ROOT).as_posix()
