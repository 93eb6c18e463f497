"""The demonstration's network: staff and rosters, rosters of people, enterprises with their commissioners, activities.

Invented throughout and named by role; the band of the demonstration labels every page. Rows go in by the hundred.
"""

from datetime import date, timedelta
from itertools import cycle, islice

from cases.models import Activity
from stations import changes
from stations.models import (
    Appointment,
    Area,
    Body,
    Duty,
    Enterprise,
    EnterpriseContact,
    Pairing,
    Partner,
    Person,
    Pilot,
    ServiceHours,
    Staff,
    Station,
    User,
)

INVESTIGATORS, COMMISSIONERS, ENTERPRISES, VOLUNTEERS, PILOTS = 52, 104, 112, 24, 11
FIELDS = ("机械工程", "电气工程", "化学化工", "生物医药", "新材料", "软件和信息技术", "通信", "海洋装备")
INDUSTRIES = "CIFMG"
NUMERALS = "甲乙丙丁戊己庚"
CENTRES = ("北京", "天津", "河北", "雄安", "中关村")
HOURS = "工作日 9:00—12:00，13:30—17:30"
# kind, title, place, departments
HELD = (
    ("enforcement", "电商领域联合执法（示例）", "泰达街道", "知识产权局、公安、海关"),
    ("enforcement", "口岸商标联合检查（示例）", "东疆", "知识产权局、海关"),
    ("enforcement", "展会专利联合检查（示例）", "于家堡", "知识产权局、市场监管"),
    ("briefing", "知识产权保护专题汇报（示例）", "区政府", ""),
    ("push_meeting", "重点任务推动会（示例）", "区政府", ""),
    ("press", "知识产权保护新闻发布会（示例）", "区政府", ""),
    ("training", "工作站业务培训（示例）", "保护中心", ""),
    ("publicity", "知识产权宣传周活动（示例）", "商圈", ""),
)  # fmt: skip


def furnish(stations: list[Station], by: User, body: Body, today: date) -> None:
    """Fill the registers once; what stands there already is left alone."""
    if Enterprise.objects.exists():
        return
    since = date(today.year - 1, 1, 1)
    areas = list(Area.objects.order_by("code"))
    _people("技术调查官", Appointment.Kind.TECHNICAL_INVESTIGATOR, INVESTIGATORS, since, body, areas)
    serving = _people("保护专员", Appointment.Kind.COMMISSIONER, COMMISSIONERS, since, body, areas)
    volunteers = _people("志愿者", Appointment.Kind.VOLUNTEER, VOLUNTEERS, since, body, areas)
    ServiceHours.objects.bulk_create(
        ServiceHours(person=one.person, on=since + timedelta(days=30 + n), what="窗口咨询", hours=4, station=place)
        for n, (one, place) in enumerate(zip(volunteers, cycle(stations)))
    )  # fmt: skip
    _staff(stations, today)
    enterprises = _enterprises(areas, serving, since)
    _activities(enterprises, stations, by, body, today)
    for region in CENTRES:
        Partner.objects.create(
            kind="centre", name=f"{region}保护中心（示例）", region=region, agreement="协同保护协议（示例）",
            valid_from=since, known_on=since,
        )  # fmt: skip
    changes.say()


def _people(
    word: str, kind: str, number: int, since: date, body: Body, areas: list[Area]
) -> list[Appointment]:
    people = Person.objects.bulk_create(
        Person(name=f"{word}{n:02d}", unit=f"示例单位{NUMERALS[n % len(NUMERALS)]}", area=areas[n % len(areas)])
        for n in range(1, number + 1)
    )  # fmt: skip
    return Appointment.objects.bulk_create(
        Appointment(
            person=person, kind=kind, field=FIELDS[n % len(FIELDS)], languages="英语" if n % 6 == 0 else "", body=body,
            valid_from=since, valid_to=date(since.year + 2, 12, 31) if n % 13 else date(since.year + 1, 12, 31),
            vetting="passed", vetted_on=since, listed=n % 4 == 0,
        )
        for n, person in enumerate(people)
    )  # fmt: skip


def _staff(stations: list[Station], today: date) -> None:
    """Two people at every station, this week's and the next roster, hours and a telephone that rings nowhere."""
    monday = today - timedelta(days=today.weekday())
    for n, station in enumerate(stations):
        station.hours, station.contact, station.phone = HOURS, "服务窗口", f"022-0000{n + 1:04d}"
        station.address = f"{station.area.name}（示例地址）"
        if station.kind == Station.Kind.OVERSEAS:
            station.timezone = "Europe/Berlin"
        people = Person.objects.bulk_create(
            Person(name=f"站员{n + 1:02d}{word}", unit=station.name) for word in NUMERALS[:2]
        )
        Staff.objects.bulk_create(
            Staff(
                station=station, person=person, duty="窗口", valid_from=station.opened_on, known_on=station.opened_on,
                end_known_on=station.opened_on,
            )
            for person in people
        )  # fmt: skip
        days = [monday + timedelta(days=d) for d in range(12) if d % 7 < 5]
        Duty.objects.bulk_create(
            Duty(station=station, person=who, on=day) for day, who in zip(days, cycle(people), strict=False)
        )
    Station.objects.bulk_update(stations, ["hours", "contact", "phone", "address", "timezone"])
    unserved = Area.objects.exclude(station__in=stations).order_by("code")
    for area, station in zip(unserved[:3], stations, strict=False):  # three squares served from elsewhere
        station.serves.add(area)


def _enterprises(areas: list[Area], serving: list[Appointment], since: date) -> list[Enterprise]:
    made = Enterprise.objects.bulk_create(
        Enterprise(
            name=f"企业{NUMERALS[n % len(NUMERALS)]}{n:03d}", credit_code=f"91120116DEMO{n:06d}"[:18],
            area=areas[n % len(areas)], industry=INDUSTRIES[n % len(INDUSTRIES)], is_private=n % 3 > 0, is_key=n % 9 == 0,
            exports_to="德国、日本" if n % 7 == 0 else "",
        )
        for n in range(1, ENTERPRISES + 1)
    )  # fmt: skip
    EnterpriseContact.objects.bulk_create(
        EnterpriseContact(enterprise=one, name="联系人甲", post="法务", office_phone="022-00000000")
        for one in made
    )
    Pairing.objects.bulk_create(
        Pairing(enterprise=one, commissioner=term, valid_from=since, known_on=since, end_known_on=since)
        for one, term in zip(made, serving, strict=False)
    )
    Pilot.objects.bulk_create(
        Pilot(
            enterprise=one, countries="德国、美国", document="试点名单（示例）", valid_from=since, known_on=since,
            end_known_on=since,
        )
        for one in islice(made, PILOTS)
    )  # fmt: skip
    return made


def _activities(
    enterprises: list[Enterprise], stations: list[Station], by: User, body: Body, today: date
) -> None:
    rows = []
    for month in range(1, today.month + 1):
        on = date(today.year, month, 1)
        kind, title, place, departments = HELD[month % len(HELD)]
        if month % 3 == 0:  # one meeting a quarter beside what the month has
            rows.append(("push_meeting", "重点任务推动会（示例）", "区政府", "", on, None))
        rows.append((kind, title, place, departments, on, None))
    for n, enterprise in enumerate(enterprises[:60]):
        on = date(today.year, n % today.month + 1, 1)
        rows.append(("visit", "走访企业（示例）", "企业", "", on, enterprise))
    places = cycle(stations)
    Activity.objects.bulk_create(
        Activity(
            kind=kind, title=title, place=place, departments=departments, begins_on=on, known_on=on, entered_by=by,
            body=None if enterprise else body, station=next(places) if enterprise else None, enterprise=enterprise,
            need="海外布局咨询" if enterprise else "", answer="已答复" if enterprise and enterprise.pk % 3 else "",
            attendance=2 if enterprise else 30,
        )
        for kind, title, place, departments, on, enterprise in rows
    )  # fmt: skip
