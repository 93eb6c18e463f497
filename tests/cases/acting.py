"""Matters opened and taken on their way, for the tests of their kinds."""

from cases import steps
from tests.factories import TODAY, approve_all, body, user


def officer():
    return user("officer", ("adjudicator", body("bureau")))


def head(kind="bureau"):
    return user(f"head-{kind}", ("head", body(kind)))


def office(kind="centre"):
    return user(f"office-{kind}", ("office", body(kind)))


def again(row):
    return type(row).objects.get(pk=row.pk)


def opened(slug, model, by, **data):
    made = steps.open_matter(slug, by=by, data=data, today=data.pop("today", TODAY))
    return model.objects.get(pk=made.proceeding)


def do(row, name, by, today=TODAY, **data):
    return steps.perform(row.pk, name, by=by, data=data, version=again(row).version, today=today)


def granted(answer, boss):
    found = approve_all(answer, boss)
    assert found.state == "granted", found.reason


def running(row):
    return dict(row.deadlines.filter(met_on__isnull=True, cancelled=False).values_list("rule", "due_on"))
