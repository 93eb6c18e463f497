"""The demonstration's house: bodies, 24 stations, the people of interfaces.md, and simulated staff who never sign in.

Facts of the district (areas) come from stations; nothing here is used by a real installation.
"""

from dataclasses import dataclass
from datetime import date

from mediation import answering
from stations.models import Appointment, Area, Body, Grant, Person, Role, Station, User

BODIES = (
    ("bureau", Body.Kind.BUREAU, "天津市滨海新区知识产权局"),
    ("centre", Body.Kind.CENTRE, "天津市滨海新区知识产权保护中心"),
    ("committee", Body.Kind.COMMITTEE, "天津市滨海新区知识产权纠纷人民调解委员会"),
)
# code, name, area, kind, day of opening, weight: how much of the work it gets
STATIONS = (
    ("s01", "泰达街道工作站", "120116014", "street", date(2021, 6, 1), 150),
    ("s02", "高新区工作站", "120116402", "park", date(2021, 6, 1), 125),
    ("s03", "保护中心维权援助工作站", "120116008", "centre", date(2021, 3, 1), 110),
    ("s04", "保税区工作站", "120116401", "park", date(2021, 9, 1), 80),
    ("s05", "中新天津生态城工作站", "120116406", "park", date(2021, 9, 1), 66),
    ("s06", "经开区西区工作站", "120116400", "park", date(2022, 3, 1), 60),
    ("s07", "塘沽街道工作站", "120116001", "street", date(2022, 3, 1), 52),
    ("s08", "东疆工作站", "120116403", "port", date(2022, 3, 1), 44),
    ("s09", "杭州道街道工作站", "120116005", "street", date(2022, 6, 1), 38),
    ("s10", "新河街道工作站", "120116006", "street", date(2022, 6, 1), 34),
    ("s11", "新港街道工作站", "120116012", "port", date(2022, 6, 1), 30),
    ("s12", "大沽街道工作站", "120116007", "street", date(2022, 9, 1), 26),
    ("s13", "北塘街道工作站", "120116009", "street", date(2022, 9, 1), 24),
    ("s14", "胡家园街道工作站", "120116011", "street", date(2022, 9, 1), 22),
    ("s15", "汉沽街道工作站", "120116031", "street", date(2023, 3, 1), 20),
    ("s16", "寨上街道工作站", "120116032", "street", date(2023, 3, 1), 17),
    ("s17", "茶淀街道工作站", "120116033", "street", date(2023, 3, 1), 14),
    ("s18", "大港街道工作站", "120116051", "street", date(2023, 6, 1), 13),
    ("s19", "古林街道工作站", "120116053", "street", date(2023, 6, 1), 11),
    ("s20", "海滨街道工作站", "120116054", "street", date(2023, 6, 1), 9),
    ("s21", "新城镇工作站", "120116100", "street", date(2023, 9, 1), 8),
    ("s22", "中塘镇工作站", "120116158", "street", date(2023, 9, 1), 6),
    ("s23", "小王庄镇工作站", "120116157", "street", date(2024, 3, 1), 4),
    ("s24", "海外维权工作室", "120116402", "overseas", date(2024, 3, 1), 7),
)  # fmt: skip
# user name, name on paper, title, grants as (role, code of body or station)
PEOPLE: tuple[tuple[str, str, str, tuple[tuple[str, str], ...]], ...] = (
    ("clerk", "演示受理员甲", "受理员", ((Role.CLERK, "s01"),)),
    ("clerk2", "演示受理员乙", "受理员", ((Role.CLERK, "s02"),)),
    ("station_head", "演示站长", "工作站负责人", ((Role.STATION_HEAD, "s01"),)),
    ("mediator", "演示调解员", "调解员", ((Role.MEDIATOR, "committee"),)),
    ("mediator2", "演示调解员乙", "调解员", ((Role.MEDIATOR, "committee"),)),
    ("mediator3", "演示调解员丙", "调解员", ((Role.MEDIATOR, "committee"),)),
    ("mediator4", "演示行政调解员", "调解员", ((Role.MEDIATOR, "bureau"),)),
    ("committee", "演示调委会主任", "调委会负责人", ((Role.COMMITTEE, "committee"),)),
    ("adjudicator", "演示裁决员甲", "裁决员", ((Role.ADJUDICATOR, "bureau"),)),
    ("adjudicator2", "演示裁决员乙", "裁决员", ((Role.ADJUDICATOR, "bureau"),)),
    ("adjudicator3", "演示裁决员丙", "裁决员", ((Role.ADJUDICATOR, "bureau"),)),
    ("recorder", "演示书记员", "书记员", ((Role.RECORDER, "bureau"),)),
    ("head", "演示处长", "部门负责人", ((Role.HEAD, "bureau"), (Role.HEAD, "centre"))),
    ("office", "演示内勤", "内勤", ((Role.OFFICE, "bureau"), (Role.OFFICE, "centre"))),
    ("legal", "演示法制员", "法制审核", ((Role.LEGAL, "bureau"),)),
    ("reviewer", "演示公开审核甲", "公开审核", ((Role.REVIEWER, "bureau"),)),
    ("reviewer2", "演示公开审核乙", "公开审核", ((Role.REVIEWER, "bureau"),)),
    ("leader", "演示领导", "分管领导", ((Role.LEADER, ""),)),
    ("district", "演示区级管理", "区级管理", ((Role.DISTRICT, ""),)),
    ("district2", "演示区级管理二", "区级管理", ((Role.DISTRICT, ""),)),
    ("security", "演示安全管理员", "安全管理员", ((Role.SECURITY, ""),)),
    ("auditor", "演示审计管理员", "审计管理员", ((Role.AUDITOR, ""),)),
    ("sysadmin", "演示系统管理员", "系统管理员", ((Role.SYSADMIN, ""),)),
)
# mediator, body, fields, languages: what the list of whom to appoint goes by
APPOINTED = (
    ("mediator", "committee", "商标、著作权", ""),
    ("mediator2", "committee", "专利、实用新型、外观设计", "英语"),
    ("mediator3", "committee", "商业秘密、商标", ""),
    ("mediator4", "bureau", "专利、实用新型、外观设计", ""),
)
TERM = date(2025, 1, 1), date(2027, 12, 31)  # three years (人民调解法第十条)
SIMULATED_MEDIATORS = 6
SINCE = date(2020, 1, 1)


@dataclass(frozen=True)
class House:
    """Who acts in generated histories, and where."""

    bodies: dict[str, Body]
    stations: list[Station]
    weights: list[int]
    users: dict[str, User]
    clerks: dict[int, User]  # station id -> who registers there
    mediators: list[User]  # of the committee
    bureau_mediator: User


def build() -> House:
    """Bodies, stations and people, made if they are missing; changes nothing that is there."""
    bodies = {
        code: Body.objects.get_or_create(
            code=code, defaults={"kind": kind, "name": name, "valid_from": SINCE}
        )[0]
        for code, kind, name in BODIES
    }
    areas = {area.code: area for area in Area.objects.all()}
    stations = [
        Station.objects.get_or_create(
            code=code, defaults={"name": name, "area": areas[area], "kind": kind, "opened_on": opened}
        )[0]
        for code, name, area, kind, opened, _weight in STATIONS
    ]
    places: dict[str, Body | Station] = {**bodies, **{s.code: s for s in stations}}
    users = {name: _person(name, shown, title) for name, shown, title, _grants in PEOPLE}
    for name, _shown, _title, grants in PEOPLE:
        for role, where in grants:
            _grant(users[name], role, places.get(where))
    for name, of, field, languages in APPOINTED:
        _appoint(users[name], bodies[of], field, languages)
    clerks = {}
    for station in stations:
        known = {"s01": "clerk", "s02": "clerk2"}.get(station.code)
        if known is None:
            number = station.code[1:]
            users[f"sim_clerk_{number}"] = _simulated(f"sim_clerk_{number}", f"模拟受理员{number}", "受理员")
            _grant(users[f"sim_clerk_{number}"], Role.CLERK, station)
        clerks[station.pk] = users[known or f"sim_clerk_{station.code[1:]}"]
    mediators = [users["mediator"]]
    for n in range(1, SIMULATED_MEDIATORS + 1):
        mediators.append(_simulated(f"sim_mediator_{n}", f"模拟调解员{n}", "调解员"))
        _grant(mediators[-1], Role.MEDIATOR, bodies["committee"])
    users[answering.PAGE_USER] = answering.page_user()
    bureau_mediator = _simulated("sim_mediator_b", "模拟行政调解员", "调解员")
    _grant(bureau_mediator, Role.MEDIATOR, bodies["bureau"])
    weights = [row[5] for row in STATIONS]
    return House(bodies, stations, weights, users, clerks, mediators, bureau_mediator)


def _person(name: str, shown: str, title: str) -> User:
    found = User.objects.filter(username=name).first()
    return found or User.objects.create_user(name, None, display_name=shown, title=title, is_demo=True)


def _simulated(name: str, shown: str, title: str) -> User:
    """Somebody who only acts in generated histories and cannot sign in."""
    found = User.objects.filter(username=name).first()
    return found or User.objects.create_user(
        name, None, display_name=shown, title=title, is_demo=True, is_active=False
    )


def _appoint(user: User, body: Body, field: str, languages: str) -> None:
    """A mediator in the body's list, for its term."""
    person, _made = Person.objects.get_or_create(
        user=user, defaults={"name": user.display_name, "unit": body.name}
    )
    since, until = TERM
    Appointment.objects.get_or_create(
        person=person, kind=Appointment.Kind.MEDIATOR, valid_from=since,
        defaults={"field": field, "languages": languages, "valid_to": until},
    )  # fmt: skip


def _grant(user: User, role: str, where: Body | Station | None) -> None:
    place = {
        "body": where if isinstance(where, Body) else None,
        "station": where if isinstance(where, Station) else None,
    }
    Grant.objects.get_or_create(user=user, role=role, **place, defaults={"valid_from": SINCE})
