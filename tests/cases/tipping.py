"""A tip on its way, for the tests of 举报: who acts, what was told, its code."""

import json
from datetime import date

from cases import steps
from cases.models import (
    Document,
    Evidence,
    StoredFile,
    Tip,
)
from stations.models import Setting
from tests.factories import TODAY, approve_all, body, clerk, user

WHO, PHONE, ID, ACCUSED, STORY = (
    "举报人子丑",
    "13912345678",
    "110101199003078515",
    "被举报的某店铺",
    "夜间在后门装卸假冒商品",
)
SECRETS = (WHO, PHONE, ID, ACCUSED, STORY)
TOLD = {"nature": "report", "channel": "12345", "violation": "trademark", "accused": ACCUSED, "story": STORY}
NAMED = {"tipster": WHO, "contact": PHONE}
PAID = {"outcome": "true", "filed": "yes", "finding": "现场查获假冒商品", "penalty": "20000"}


def officer(name="officer"):
    return user(name, ("adjudicator", body("bureau")))


def head():
    return user("head", ("head", body("bureau")))


def tip(**said) -> Tip:
    body("bureau")
    made = steps.open_matter("tip", by=clerk(), data={**TOLD, "station": "s1", **said}, today=TODAY)
    return Tip.objects.get(pk=made.proceeding)


def again(row):
    return type(row).objects.get(pk=row.pk)


def do(row, name, by=None, today=TODAY, **data):
    return steps.perform(row.pk, name, by=by or officer(), data=data, version=again(row).version, today=today)


def act(row, name, by=None, today=TODAY, **data):
    return steps.act(row.pk, name, by=by or officer(), data=data, today=today)


def granted(answer):
    found = approve_all(answer, head())
    assert found.state == "granted", found.reason
    return found


def checking(**said) -> Tip:
    row = tip(**said)
    act(row, "take")
    do(row, "begin_check")
    return row


def verified(**said) -> Tip:
    row = checking(**said)
    do(row, "verify", **{**PAID, **said.pop("found", {})} if "found" in said else PAID)
    return row


def code_of(row) -> str:
    blocks = Document.objects.get(proceeding=row.pk, kind="tip_receipt").blocks
    found = [
        word for word in json.dumps(json.loads(blocks), ensure_ascii=False).split('"') if word.count("-") == 3
    ]
    return found[0]


def office(**values):
    for key, value in values.items():
        Setting.objects.create(key=key, value=value, valid_from=date(TODAY.year, 1, 1), document="模拟文号")


def due(row, rule):
    found = row.deadlines.filter(rule=rule, cancelled=False).order_by("pk").last()
    return found and (found.due_on, found.met_on)


def evidence(row):
    stored, _new = StoredFile.objects.get_or_create(
        sm3="a" * 64, defaults={"sha256": "b" * 64, "size": 1, "type": "image/png"}
    )
    return Evidence.objects.create(
        case=row.case, proceeding=row, file=stored, name="1.png", audience="sealed", uploaded_by=officer()
    )
