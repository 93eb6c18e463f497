"""A ruling about natural persons, taken to its public page; words that must never be public."""

from datetime import date
from typing import Any

from adjudication import publication, searching
from adjudication.models import Adjudication, Disclosure, Ruling
from cases import steps
from tests.adjudication.story import RULING, TODAY, deliberating, serve, take, vote
from tests.factories import approve_all, body, user
from tests.laid import laid_once

PEOPLE = [
    {"role": "applicant", "kind": "person", "name": "刘海燕", "id_number": "120105199003078811",
     "phone": "13820012345", "address": "天津市滨海新区示例一路18号3门201", "agent_name": "钱明", "agent_firm": "示例律师事务所"},
    {"role": "respondent", "kind": "sole_trader", "name": "滨海刘海峰五金店", "legal_representative": "刘海峰",
     "phone": "022-65305678", "address": "天津市滨海新区示例二路9号"},
]  # fmt: skip
SECTIONS = {
    **RULING,
    "claims": "刘海燕系涉案专利权人，请求责令停止侵权。联系电话138 2001 2345。",
    "facts": [
        {"text": "刘海峰在天津市滨海新区示例二路9号销售阀门，证人王建国到场，身份证号120116198501011235。"}
    ],
}
SECRET = ("刘海燕", "刘海峰", "120105199003078811", "120116198501011235", "13820012345", "示例一路18号", "示例二路9号",
          "65305678", "王建国")  # fmt: skip
WITNESS = {"original": "王建国", "replacement": "王某", "category": "person", "reason": "证人"}


def reviewers() -> dict[str, Any]:
    bureau = body("bureau")
    people = {n: user(n, ("reviewer", bureau)) for n in ("reviewer", "reviewer2", "reviewer3")}
    return {**people, "head": user("head", ("head", bureau))}


@laid_once
def ruled(today: date = TODAY, **changes: Any) -> tuple[Adjudication, Ruling, Disclosure]:
    """A signed ruling and its disclosure."""
    changes.setdefault("parties", PEOPLE)
    row = take(deliberating(today, **changes), "record_deliberation", vote(), today=today)
    row = take(row, "sign_ruling", SECTIONS, today=today)
    ruling = row.rulings.get(void=False)
    return row, ruling, ruling.disclosures.get()


def rows(ruling: Ruling, *more: dict[str, str]) -> list[dict[str, str]]:
    """The suggestions as a reviewer posts them, with what he adds or puts otherwise."""
    mine = {row["original"] for row in more}
    marks = [m for m in publication.suggestions(ruling) if m.original not in mine]
    return [
        {n: getattr(m, n) for n in ("original", "replacement", "category", "reason")} for m in marks
    ] + list(more)


def save(
    row: Disclosure, marks: list[dict[str, str]], today: date = TODAY, by: str = "reviewer"
) -> Disclosure:
    """Save the marks and let the worker render them."""
    now = Disclosure.objects.get(pk=row.pk)
    data = {"revision": now.revision, "replacements": marks}
    steps.act(row.pk, "redact", by=reviewers()[by], data=data, today=today)
    now = Disclosure.objects.get(pk=row.pk)
    publication.render_ruling(now.pk, now.revision)
    return now


@laid_once
def marked(today: date = TODAY, **changes: Any) -> tuple[Adjudication, Ruling, Disclosure]:
    """A disclosure whose text has passed the machine check."""
    adjudication, ruling, row = ruled(today, **changes)
    row = save(row, rows(ruling, WITNESS), today)
    text = row.candidate()
    assert text is not None and text.passed, publication.findings_in_words(text)
    return adjudication, ruling, row


def ask(
    row: Disclosure,
    name: str,
    data: dict[str, Any] | None = None,
    *,
    by: str = "reviewer",
    today: date = TODAY,
) -> Any:
    """Propose a step; the answer waits for its approvers."""
    now = Disclosure.objects.get(pk=row.pk)
    if data is None:
        data = (
            {"revision": now.revision}
            if name in ("publish", "republish")
            else {"ground": "privacy", "reason": "涉及隐私"}
        )
    return steps.perform(row.pk, name, by=reviewers()[by], data=data, version=now.version, today=today)


def decide(row: Disclosure, name: str, *, today: date = TODAY, **more: Any) -> Disclosure:
    """Propose and have everybody approve."""
    answer = ask(row, name, today=today, **more)
    people = reviewers()
    chain = [people["reviewer2" if role == "reviewer" else role] for role in answer.approval.roles.split(",")]
    done = approve_all(answer, *chain, today=today)
    assert done.state == "granted", done.reason
    return Disclosure.objects.get(pk=row.pk)


@laid_once
def published(today: date = TODAY, **changes: Any) -> tuple[Adjudication, Ruling, Disclosure]:
    adjudication, ruling, row = marked(today, **changes)
    row = decide(row, "publish", today=today)
    searching.index_ruling(ruling.pk)
    return adjudication, ruling, row


def serve_ruling(ruling: Ruling, role: str, today: date = TODAY) -> None:
    """The ruling reaches one side: its suing period runs."""
    serve(ruling.adjudications.get(), "ruling", role, today)
