"""Who sits at which desk, and the pages of staff; used by every test of this folder."""

from django.test import Client

from tests.factories import body, clerk, user

ID, PHONE, ADDRESS = "91110000802100433B", "13800138000", "滨海新区秘密街道九号"
PAGES = ["home", "cases", "case_new", "batch_new", "batches", "consultations", "approvals", "search",
    "hand_over_all", "stations", "stand_ins",
         "stand_ins_others", "grants", "alerts", "audit", "password_change"]  # fmt: skip


def signed(who):
    client = Client()
    client.force_login(who)
    return client


def people():
    """One person per role."""
    centre, committee, bureau = body("centre"), body("committee"), body("bureau")
    at = {
        "clerk": None,
        "station_head": None,
        "mediator": committee,
        "committee": committee,
        "head": centre,
        "office": centre,
    }
    made = {}
    for role in ("mediator", "committee", "adjudicator", "recorder", "head", "office", "legal", "reviewer"):
        made[role] = user(role, (role, at.get(role, bureau)))
    for role in ("leader", "district", "security", "auditor", "sysadmin"):
        made[role] = user(role, (role, None))
    made["clerk"] = clerk()
    made["station_head"] = user("station_head", ("station_head", clerk("x").grants.get().station))
    return made
