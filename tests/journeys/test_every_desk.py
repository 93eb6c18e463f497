"""Everybody's desk: where signing in leads, every link of the rail, every main page at both widths."""

import re

import pytest
from django.urls import reverse

from tests.adjudication import public_story, story
from tests.mediation import stage

pytestmark = pytest.mark.browser
# what each role looks at beside its rail: names of `pages` below, or of routes
DESKS = {
    "clerk": ("case_new", "consultation", "mediation", "mediation?tab=parties", "mediation?tab=rights", "mediation?tab=files",
              "contact", "withdraw", "password_change"),
    "station_head": (),
    "mediator": ("sign_agreement", "session", "mediation_sealed", "mediation?tab=meetings", "mediation?tab=documents"),
    "committee": ("approval",),
    "adjudicator": ("request", "file", "extend_filing"),
    "recorder": ("serve",),
    "head": ("ruling", "ruling?tab=meetings", "ruling?tab=documents"),
    "office": (),
    "legal": (),
    "reviewer": ("disclosure", "take_down"),
    "leader": ("board_cases",),
    "district": (),
    "security": (),
    "auditor": ("audit?part=record", "audit?part=seals"),
    "sysadmin": (),
}  # fmt: skip
PUBLIC = ("/rulings/", "/rulings/register/", "/login/")


@pytest.fixture
def pages(base, today):
    """Addresses by name, about a mediation under way, a proposal, a request and a public ruling."""
    mediation = stage.accepted(today=today)
    proposed = stage.take(stage.consent(stage.received(today=today), today), "accept", today=today)
    _adjudication, ruling, disclosure = public_story.published(today)
    request = story.received(today)

    def case(row):
        return f"{reverse('case', args=[row.case_id])}?p={row.pk}"

    return {
        "mediation": case(mediation), "request": case(request), "ruling": case(ruling.adjudications.get()),
        "contact": reverse("act", args=[mediation.pk, "contact"]),
        "session": reverse("act", args=[mediation.pk, "session"]),
        "withdraw": reverse("step", args=[mediation.pk, "withdraw"]),
        "sign_agreement": reverse("step", args=[mediation.pk, "sign_agreement"]),
        "mediation_sealed": reverse("mediation_sealed", args=[mediation.pk]),
        "approval": reverse("approval", args=[proposed.approval.pk]),
        "file": reverse("step", args=[request.pk, "file"]),
        "extend_filing": reverse("act", args=[request.pk, "extend_filing"]),
        "serve": reverse("act", args=[request.pk, "serve"]),
        "disclosure": reverse("disclosure", args=[disclosure.pk]),
        "take_down": reverse("step", args=[disclosure.pk, "withdraw"]),
        "board_cases": reverse("board_cases", args=["aid_and_mediation"]),
        "public": f"/rulings/{today.year}/1/",
    }  # fmt: skip


def address(pages, name):
    place, mark, query = name.partition("?")
    found = pages.get(place) or reverse(place)
    return f"{found}{'&' if '?' in found else mark}{query}" if mark else found


def test_every_role_finds_its_way_and_every_page_fits(open_for, pages):
    person, measured = open_for(), set()

    def kind_of(place):
        return re.sub(r"^https?://[^/]+|\?p=\d+$", "", place)

    def look():
        """Each kind of page is measured once, at whoever's desk it is seen first."""
        place = kind_of(person.page.url)
        if place not in measured:
            measured.add(place)
            person.fits()

    for role, wanted in DESKS.items():
        person.context.clear_cookies()  # the next one at the same machine
        person.sign_in(role)
        look()
        assert person.page.locator("main h1").count() == 1, role
        rail = [link.get_attribute("href") for link in person.page.locator("nav.rail-list a").all()]
        assert len(rail) > 2, role
        for href in rail:
            if href in measured:  # drawn and measured at another desk; this one may open it, too
                assert person.context.request.get(href).status == 200, (role, href)
                continue
            if person.page.locator(f'nav.rail-list a[href="{href}"]').count() == 0:
                person.go("/")  # the public pages have no rail
            person.click(f'nav.rail-list a[href="{href}"]')
            look()
        for name in wanted:
            person.go(address(pages, name))
            look()
    person.context.clear_cookies()
    for path in (*PUBLIC, pages["public"]):
        person.go(path)
        look()
    for missing in ("/nowhere/", "/verify/nothing/"):
        person.go(missing, 404)
        look()
    assert len(measured) > 40


def test_a_fault_would_be_noticed(open_for):
    person = open_for("clerk")
    faults = {
        "document.body.setAttribute('style', 'color: red')": "Content Security Policy",
        "document.body.appendChild(new Image()).src = '/static/none.png'": "404",
        "setTimeout(() => { throw new Error('broken script') })": "broken script",
    }
    for script, said in faults.items():
        person.complaints.clear()
        person.page.evaluate(script)
        person.page.wait_for_timeout(300)
        assert any(said in one for one in person.complaints), script
    person.complaints.clear()
    person.page.evaluate(
        "document.querySelector('main').insertAdjacentHTML('beforeend', '<pre>' + 'x'.repeat(500) + '</pre>')"
    )
    person.page.locator("main pre").evaluate("one => { one.style.whiteSpace = 'pre' }")
    with pytest.raises(AssertionError, match="pixels wide"):
        person.fits()
