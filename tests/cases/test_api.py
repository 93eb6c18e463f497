"""The API of cases: registration, steps with versions and approvals, files, problem documents, schema."""

import io

import pytest
from rest_framework.test import APIClient

from cases.models import Case, Document
from cases.outbox import drain
from tests.factories import TODAY, body, clerk, first, register, registration, user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_today(time_machine):
    time_machine.move_to(f"{TODAY}T10:00:00+08:00", tick=False)


@pytest.fixture
def api():
    body("centre")
    client = APIClient()
    client.force_authenticate(clerk())
    return client


@pytest.fixture
def head_api():
    client = APIClient()
    client.force_authenticate(user("head", ("head", body("centre"))))
    return client


def test_register_read_and_list(api, django_assert_max_num_queries):
    made = api.post("/api/v1/cases/", registration(), format="json")
    assert made.status_code == 201
    assert made.json()["registration_no"] == "2026-000001"
    assert made.json()["proceedings"][0] | {"id": 0} == {
        "id": 0, "kind": "assistance", "state": "received", "version": 0, "number": None,
    }  # fmt: skip
    one = api.get(f"/api/v1/cases/{made.json()['id']}/").json()
    assert one["parties"][0]["phone"] == "138****8000" and "3800138000" not in str(one)
    for _n in range(9):
        register()
    with django_assert_max_num_queries(12):
        listed = api.get("/api/v1/cases/?page_size=5").json()
    assert len(listed["results"]) == 5 and listed["next"]


def test_nested_agent_and_bad_input(api):
    rows = registration()
    rows["parties"][0]["agent"] = {"name": "代理人丁", "firm": "某所", "authority": "special"}
    assert api.post("/api/v1/cases/", rows, format="json").status_code == 201
    assert Case.objects.get().parties.first().agent_authority == "special"
    bad = api.post("/api/v1/cases/", {**registration(), "proceeding": "adjudication"}, format="json")
    assert bad.status_code == 400 and bad["Content-Type"] == "application/problem+json"
    assert bad.json()["errors"][0]["field"] == "proceeding"
    for junk in ([], "x", {"parties": "x"}, {"parties": [1]}, {}):
        assert api.post("/api/v1/cases/", junk, format="json").status_code == 400


def test_step_needs_version_waits_for_approval_and_is_approved(api, head_api):
    row = first(register())
    url = f"/api/v1/proceedings/{row.pk}/steps/"
    shown = {s["name"]: s for s in api.get(url).json()}
    assert shown["accept"]["allowed"] and shown["accept"]["needs_approval"] == ["head"]
    assert not shown["complete"]["allowed"] and shown["complete"]["reason"]
    assert {f["name"]: f["type"] for f in shown["accept"]["fields"]}["handler"] == "user"
    data = {"help_kind": "advice"}
    assert api.post(f"{url}accept/", data, format="json").status_code == 428
    assert api.post(f"{url}accept/", {**data, "version": 7}, format="json").json()["code"] == "stale_version"
    asked = api.post(
        f"{url}accept/", data, format="json", headers={"If-Match": '"0"', "Idempotency-Key": "a"}
    )
    assert asked.status_code == 202 and asked.json()["approval"]["waiting_for"] == "head"
    again = api.post(f"{url}refuse/", {"reason": "x", "version": 0}, format="json")
    assert again.status_code == 409 and again.json()["code"] == "approval_pending"
    waiting = head_api.get("/api/v1/approvals/").json()["results"]
    assert [w["id"] for w in waiting] == [asked.json()["approval"]["id"]]
    decided = head_api.post(f"/api/v1/approvals/{waiting[0]['id']}/approve/", {}, format="json")
    assert decided.json()["state"] == "granted"
    twin = api.post(f"{url}accept/", data, format="json", headers={"If-Match": '"0"', "Idempotency-Key": "a"})
    assert twin.status_code == 202
    now = api.get(f"/api/v1/proceedings/{row.pk}/").json()
    assert (now["state"], now["version"], now["number"]) == ("accepted", 1, "津滨知援字〔2026〕1号")


def test_document_is_202_until_the_worker_made_it(api, head_api):
    test_step_needs_version_waits_for_approval_and_is_approved(api, head_api)
    document = Document.objects.get()
    assert api.get(f"/api/v1/documents/{document.pk}.pdf").status_code == 202
    drain()
    made = api.get(f"/api/v1/documents/{document.pk}.pdf")
    assert made.status_code == 200 and b"".join(made.streaming_content).startswith(b"%PDF")
    assert api.get(f"/api/v1/documents/{document.pk}.exe").status_code == 404


def test_files_and_foreign_station(api):
    case = register()
    upload = io.BytesIO("证据".encode())
    upload.name = "证据.txt"
    made = api.post(f"/api/v1/cases/{case.pk}/files/", {"file": upload}, format="multipart")
    assert made.status_code == 201, made.content
    assert case.events.filter(name="add_evidence").exists()
    stranger = APIClient()
    stranger.force_authenticate(clerk("clerk2", at="s2"))
    missing = stranger.get("/api/v1/cases/999999/")
    foreign = stranger.get(f"/api/v1/cases/{case.pk}/")
    assert (missing.status_code, missing.content) == (foreign.status_code, foreign.content)
    assert stranger.get("/api/v1/cases/").json()["results"] == []


def test_mediator_adds_a_file_and_corrects_a_party_of_his_case(api):
    body("committee")
    case = register(proceeding="mediation")
    mediator = user("mediator", ("mediator", body("committee")))
    client = APIClient()
    client.force_authenticate(mediator)
    upload = io.BytesIO("协议底稿".encode())
    upload.name = "底稿.txt"
    made = client.post(f"/api/v1/cases/{case.pk}/files/", {"file": upload}, format="multipart")
    assert made.status_code == 201, made.content
    evidence = case.files.get()
    assert (evidence.proceeding_id, evidence.audience) == (first(case).pk, "proceeding")
    party = case.parties.get(role="respondent")
    url = f"/api/v1/cases/{case.pk}/acts/correct_party/"
    said = {"party": party.pk, "phone": "13900139000", "reason": "补充"}
    assert client.post(url, said, format="json").status_code == 428
    assert client.post(url, {**said, "revision": 0}, format="json").status_code == 200
    assert client.post(url, {**said, "phone": "13900139001", "revision": 0}, format="json").status_code == 409
    assert "3900139000" not in str(list(case.events.values_list("body", flat=True)))
    other = APIClient()
    other.force_authenticate(user("elsewhere", ("mediator", body("bureau"))))
    assert other.post(url, {**said, "revision": 1}, format="json").status_code == 404


def test_roles_outside_get_403_and_nobody_401(api):
    case = register()
    leader = APIClient()
    leader.force_authenticate(user("leader", ("leader", None)))
    assert leader.get("/api/v1/cases/").status_code == 403
    assert APIClient().get(f"/api/v1/cases/{case.pk}/").status_code == 401


def test_schema_names_every_route(api):
    schema = api.get("/api/v1/schema/?format=json").json()
    assert "/api/v1/proceedings/{id}/steps/{name}/" in schema["paths"]
