"""`manage.py machines [FILE]`: draws every kind of proceeding as a state diagram, from the code."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from cases import kinds
from cases.kinds import Kind
from cases.permissions import role_names
from cases.stepping import ANY, Meta, steps_of
from stations import policy

HEAD = """# The machines

Drawn from the code by `manage.py machines docs/machines.md`; a test compares. Acts (which change no state) and the
repairs every proceeding has (更正, 撤回误操作, 作废/并案, 移交) are not drawn. A step in brackets waits for approval.
"""


def edges(known: Kind) -> list[tuple[str, str, Meta]]:
    """(from, to, step) of a kind's own steps."""
    found = []
    for meta in steps_of(known.model).values():
        if meta.kind == "step" and meta.daily and meta.target not in (None, ANY):
            found += [(source, str(meta.target), meta) for source in meta.source if source != ANY]
    return found


def drawing(known: Kind) -> str:
    """One kind as a Mermaid state diagram."""
    lines = [f"## {known.label} (`{known.slug}`)", "", "```mermaid", "stateDiagram-v2"]
    drawn = edges(known)
    states = dict.fromkeys(["received", *(s for edge in drawn for s in edge[:2])])
    lines += [f'    state "{known.states[state]}" as {state}' for state in states]
    lines.append("    [*] --> received")
    for source, target, meta in drawn:
        rule = policy.step_rule(known.slug, meta.name)
        waits = f" [{role_names(rule.approval)}]" if rule and rule.approval else ""
        lines.append(f"    {source} --> {target}: {meta.label}{waits}")
    lines += [f"    {state} --> [*]" for state in states if state in known.ends]
    return "\n".join([*lines, "```", ""])


def document() -> str:
    """All kinds, those that can be opened from a case first."""
    listed = sorted(kinds.all_kinds().values(), key=lambda k: (not k.opens_from_case, k.slug))
    return HEAD + "\n" + "\n".join(drawing(known) for known in listed if edges(known))


class Command(BaseCommand):
    help = "Draw the state machines of all kinds of proceeding as Markdown with Mermaid."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", nargs="?", help="where to write; standard output if absent")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["file"]:
            Path(options["file"]).write_text(document(), encoding="utf-8")
        else:
            self.stdout.write(document())
