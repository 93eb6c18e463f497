"""Steps, forms, policy, labels, rules, papers fit together; only the door writes."""

import ast
import inspect
import tomllib
from functools import cache
from typing import Any

import pytest

from cases import kinds
from cases.documents.template import TEMPLATES
from cases.forms import bound_forms
from cases.models import Case, Proceeding
from cases.outbox import _effects
from cases.stepping import ANY, Meta, steps_of
from stations import policy
from stations.models import Body, Role
from tests.architecture.sources import ROOMS, ROOT, name_of, python_files

KINDS = sorted(kinds.all_kinds())
WORDS = {"view", "view_closed", "view_sealed", "register", "open"}  # rows of the policy that are no method
# The doors, what they are made of, and the two ways in for history.
WRITE_CALLERS = {
    "cases/steps.py", "cases/approvals.py", "cases/registration.py", "cases/matters/opening.py", "cases/backfill.py",
    "cases/imports/entering.py",
}  # fmt: skip


def model_of(kind: str) -> Any:
    return Case if kind == "case" else Proceeding if kind == "proceeding" else kinds.get(kind).model


def all_metas() -> list[tuple[str, str, Meta]]:
    found = [("case", name, meta) for name, meta in steps_of(Case).items()]
    return found + [(k, name, meta) for k in KINDS for name, meta in steps_of(kinds.get(k).model).items()]


IDS = [f"{kind}.{name}" for kind, name, _meta in all_metas()]


def rows() -> list[tuple[str, str, policy.Rule]]:
    return [
        (kind, name, rule) for kind, table in policy.policy().steps.items() for name, rule in table.items()
    ]


@cache
def rules_of_law() -> frozenset[str]:
    raw = tomllib.loads((ROOT / "cases/rules.toml").read_text(encoding="utf-8"))
    found = set()
    for row in raw["rule"]:
        found.add(row["id"])
        found |= {part["id"] for part in row.get("parts", ()) if "id" in part}
    return frozenset(found)


def entry_calls(*methods: str) -> list[tuple[str, int, str, ast.expr]]:
    """`entry.<method>(first, ...)` anywhere in the rooms: file, line, method, first argument."""
    found = []
    for file in python_files(*ROOMS):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in methods
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id == "entry"
                and node.args
            ):
                found.append((name_of(file), node.lineno, node.func.attr, node.args[0]))
    return found


def said(argument: ast.expr) -> list[str]:
    """The strings an argument may be: a constant, or both arms of a condition; [] if it is computed."""
    if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
        return [argument.value]
    if isinstance(argument, ast.IfExp):
        return said(argument.body) + said(argument.orelse)
    return []


# steps and forms ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name", "meta"), all_metas(), ids=IDS)
def test_every_step_and_act_has_its_form(kind, name, meta):
    method = getattr(model_of(kind), name)
    assert method in bound_forms(), f"{kind}.{name} has no form"
    assert bound_forms()[method].step is method


def test_every_form_names_one_living_step():
    methods = {getattr(model_of(kind), name) for kind, name, _meta in all_metas()}
    for method, form in bound_forms().items():
        assert method in methods, f"{form.__module__}.{form.__qualname__} is bound to no step of any kind"
    forms = list(bound_forms().values())
    assert len(forms) == len(set(forms))


def test_no_two_forms_claim_one_step():
    """A second binding would silently replace the first."""
    claims: dict[str, list[str]] = {}
    for file in python_files(*ROOMS):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for line in node.body if isinstance(node, ast.ClassDef) else ():
                if isinstance(line, ast.Assign) and [ast.unparse(t) for t in line.targets] == ["step"]:
                    claims.setdefault(ast.unparse(line.value), []).append(f"{name_of(file)}:{line.lineno}")
    assert len(claims) > 10
    assert {step: where for step, where in claims.items() if len(where) > 1} == {}


# the policy -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "name", "meta"), all_metas(), ids=IDS)
def test_every_step_and_act_stands_in_the_policy(kind, name, meta):
    assert policy.step_rule(kind, name) is not None, f"[steps.{kind}] {name} is missing in policy.toml"


@pytest.mark.parametrize(("kind", "name", "rule"), rows(), ids=[f"{k}.{n}" for k, n, _r in rows()])
def test_every_row_of_the_policy_names_what_exists(kind, name, rule):
    assert kind in {"case", "proceeding", *KINDS}, f"no kind {kind}"
    assert name in WORDS or name in steps_of(model_of(kind)), f"no step {kind}.{name}"
    assert set(rule.roles) <= set(Role.values)
    approvers = {*rule.approval, *(role for listed in rule.approval_in.values() for role in listed)}
    assert approvers <= set(Role.values)
    assert set(rule.approval_in) <= set(Body.Kind.values)
    assert name not in WORDS or not approvers


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_says_who_sees_it(kind):
    rule = policy.step_rule(kind, "view")
    assert rule is not None and rule.roles


@pytest.mark.parametrize("kind", KINDS)
def test_who_may_act_or_approve_may_see(kind):
    """A person who is asked to act on a proceeding must be able to open it."""
    seers = set(policy.step_rule(kind, "view").roles)
    blind = {}
    for name, table_rule in policy.policy().steps.get(kind, {}).items():
        approvers = {*table_rule.approval, *(r for listed in table_rule.approval_in.values() for r in listed)}
        unseen = ({*table_rule.roles, *approvers}) - seers
        if unseen and name != "record_history":
            blind[name] = sorted(unseen)
    assert blind == {}


def test_an_accepting_step_exists_and_is_a_step():
    for kind, known in kinds.all_kinds().items():
        if known.accepting:
            assert steps_of(known.model)[known.accepting].kind == "step", kind


# states and labels ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_has_a_label(kind):
    known = kinds.get(kind)
    named = {*known.way, *known.ends, *(state for state, _outcome in known.history.values())}
    for name, meta in steps_of(known.model).items():
        if meta.kind == "act" and meta.source[0] != ANY:  # one mixin's act may name the ends of several kinds
            assert set(meta.source) & set(known.states), name
            continue
        named |= set(meta.source) - {ANY}
        if meta.target not in (None, ANY):
            named.add(meta.target)
        named |= set(getattr(getattr(known.model, name), "_targets", ()))
    assert named <= set(known.states), f"no label: {sorted(named - set(known.states))}"
    assert known.way[0] == "received"


@pytest.mark.parametrize("kind", KINDS)
def test_history_ends_in_an_end_with_a_known_outcome(kind):
    known = kinds.get(kind)
    for words, (state, outcome) in known.history.items():
        assert state in known.ends, words
        assert outcome in known.outcomes, words


@pytest.mark.parametrize("kind", KINDS)
def test_every_state_but_the_first_is_reached_and_every_open_one_is_left(kind):
    known = kinds.get(kind)
    reached, left = {"received", "recorded"}, set()
    for name, meta in steps_of(known.model).items():
        if meta.kind != "step" or name in ("undo_last", "correct_record"):
            continue
        reached |= {meta.target} - {None, ANY} | set(getattr(getattr(known.model, name), "_targets", ()))
        if name not in ("void", "record_history"):
            left |= set(meta.source)
    assert set(known.states) - {"recorded"} <= reached
    if kind != "reference":
        assert set(known.states) - known.ends <= left | ({"received"} if ANY in left else set())


# what entries say ---------------------------------------------------------------------------------------------------


def test_every_rule_a_step_starts_or_ends_is_a_rule_of_law():
    seen = 0
    for file, line, method, argument in entry_calls("start", "finish", "extend"):
        for rule in said(argument):
            seen += 1
            assert rule in rules_of_law(), f"{file}:{line}: entry.{method}({rule!r})"
    assert seen >= 6


def test_every_paper_has_its_template():
    seen = 0
    for file, line, _method, argument in entry_calls("paper"):
        for kind in said(argument):
            seen += 1
            assert (TEMPLATES / f"{kind}.toml").is_file(), f"{file}:{line}: entry.paper({kind!r})"
    assert seen >= 3


def test_every_child_is_a_kind():
    for file, line, _method, argument in entry_calls("open"):
        for kind in said(argument):
            assert kind in KINDS, f"{file}:{line}: entry.open({kind!r})"


def test_every_series_has_its_pattern():
    series = tomllib.loads((ROOT / "cases/series.toml").read_text(encoding="utf-8"))
    for file, line, _method, argument in entry_calls("number"):
        for name in said(argument):
            assert name in series, f"{file}:{line}: entry.number({name!r})"


def test_every_effect_is_registered():
    for file, line, _method, argument in entry_calls("effect"):
        for name in said(argument):
            assert name in _effects, f"{file}:{line}: entry.effect({name!r})"


# only the door writes -----------------------------------------------------------------------------------------------


def test_only_the_door_calls_writing():
    callers = set()
    for file in python_files(*ROOMS):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in (
                "writing.write", "writing.events_of", "writing.open_proceeding", "steps.enter", "chain.grow",
            ):  # fmt: skip
                callers.add((name_of(file), ast.unparse(node.func)))
    writers = {file for file, call in callers if call.startswith("writing.")}
    assert writers <= WRITE_CALLERS
    assert "cases/steps.py" in writers
    growers = {file for file, call in callers if call == "chain.grow"}
    assert growers <= {
        "cases/writing.py", "cases/backfill.py", "adjudication/register.py", "mediation/sampling.py",
        "reports/freezing.py",
    }  # fmt: skip


def test_nothing_calls_a_step_but_the_door():
    """`row.accept(entry)` outside the door would move a proceeding without a record."""
    names = {name for kind, name, _m in all_metas() if kind != "case"}
    found = []
    for file in python_files(*ROOMS):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in names
                and node.args
                and isinstance(node.args[0], ast.Name)
                and node.args[0].id == "entry"
                and ast.unparse(node.func.value) not in ("super()", "clock", "self.clock")
            ):
                found.append(f"{name_of(file)}:{node.lineno}: {ast.unparse(node)}")
    assert found == []


def test_steps_are_found_by_inspection_not_by_name():
    assert all(inspect.isfunction(getattr(model_of(kind), name)) for kind, name, _meta in all_metas())
