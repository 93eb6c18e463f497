"""What docs/ says of the code, compared with the code."""

from pathlib import Path

from cases.management.commands.machines import document

ROOT = Path(__file__).resolve().parents[2]


def test_drawn_machines_are_those_of_the_code():
    assert (ROOT / "docs/machines.md").read_text(encoding="utf-8") == document(), (
        "run manage.py machines docs/machines.md"
    )
