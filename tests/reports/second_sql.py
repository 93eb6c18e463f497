"""A second implementation of the figures in plain SQL, written from indicators.md alone.

It shares nothing with reports.indicators: no ORM, no buckets, no helper. Runs on SQLite and PostgreSQL.
"""

from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from django.db import connection

from cases.working_days import Calendar

LIVE = """
    SELECT e.* FROM cases_event e
    WHERE e.known_on <= %(d)s AND e.fact IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM cases_event c WHERE c.corrects_id = e.id AND c.known_on <= %(d)s)
"""
COUNTED = """
    SELECT k.id FROM cases_case k
    WHERE k.category = 'dispute' AND CASE
      WHEN EXISTS (SELECT 1 FROM cases_event x WHERE x.case_id = k.id AND x.fact = 'excluded' AND x.known_on > %(d)s)
      THEN (SELECT x.value FROM cases_event x WHERE x.case_id = k.id AND x.fact = 'excluded' AND x.known_on > %(d)s
            ORDER BY x.seq LIMIT 1) = 'yes'
      ELSE k.counted END
"""
OUT = """
    SELECT k.id FROM cases_case k WHERE k.category = 'dispute' AND 'yes' = (
      SELECT x.value FROM cases_event x WHERE x.case_id = k.id AND x.fact = 'excluded' AND x.known_on <= %(d)s
      ORDER BY x.seq DESC LIMIT 1)
"""
AMONG = f"WITH live AS ({LIVE}), counted AS ({COUNTED}) "
# what of a case taken out would have stood in a figure of each
TAKEN_OUT = {
    "aid_and_mediation": "f.fact = 'accepted' AND p.kind IN ('assistance', 'mediation')",
    "mediation_success": "f.fact = 'closed' AND p.kind = 'mediation' AND EXISTS (SELECT 1 FROM mediation_mediation m"
    " WHERE m.proceeding_ptr_id = p.id AND m.flavour = 'people')",
    "adjudication_accepted": "f.fact = 'accepted' AND p.kind = 'adjudication'",
    "ruling_upheld": "f.fact = 'judgment'",
    "ruling_disclosure": "f.fact = 'ruled' AND NOT EXISTS (SELECT 1 FROM live b WHERE b.fact = 'ruled'"
    " AND b.subject = f.subject AND b.id < f.id)",
    "performed_on_time": "f.fact = 'obligation_due' AND p.kind = 'mediation'",
}


def one(sql: str, as_of: date, **more: Any) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(AMONG + sql, {"d": as_of, **more})
        return cursor.fetchone()


def every(sql: str, as_of: date, **more: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(AMONG + sql, {"d": as_of, **more})
        return cursor.fetchall()


def percent(numerator: int, denominator: int) -> Fraction | None:
    return Fraction(100 * numerator, denominator) if denominator else None


def aid_and_mediation(a: date, b: date, d: date) -> dict[str, Any]:
    sql = """
        , acc AS (
            SELECT f.id, f.case_id, f.occurred_on, p.kind, m.flavour, k.batch,
              CASE WHEN p.kind = 'assistance'
                AND EXISTS (SELECT 1 FROM live c WHERE c.proceeding_id = p.id AND c.fact = 'closed' AND c.value = 'converted')
                AND EXISTS (SELECT 1 FROM cases_proceeding ch JOIN live x ON x.proceeding_id = ch.id
                            WHERE ch.parent_id = p.id AND ch.kind = 'mediation' AND x.fact = 'accepted')
              THEN 1 ELSE 0 END AS moved
            FROM live f JOIN cases_proceeding p ON p.id = f.proceeding_id JOIN cases_case k ON k.id = f.case_id
            LEFT JOIN mediation_mediation m ON m.proceeding_ptr_id = p.id
            WHERE f.fact = 'accepted' AND p.kind IN ('assistance', 'mediation') AND f.case_id IN (SELECT id FROM counted)
        ), within AS (SELECT * FROM acc WHERE occurred_on BETWEEN %(a)s AND %(b)s)
        SELECT
          (SELECT COUNT(*) FROM within WHERE moved = 0), (SELECT COUNT(*) FROM within WHERE moved = 1),
          (SELECT COUNT(*) FROM acc WHERE occurred_on IS NULL),
          (SELECT COUNT(DISTINCT case_id) FROM within WHERE moved = 0 AND batch = '')
          + (SELECT COUNT(DISTINCT batch) FROM within WHERE moved = 0 AND batch <> ''),
          (SELECT COUNT(*) FROM within WHERE moved = 0 AND kind = 'assistance'),
          (SELECT COUNT(*) FROM within WHERE flavour = 'people')
    """
    n, moved, undated, low, aid, people = one(sql, d, a=a, b=b)
    return {
        "value": n, "low": low, "excluded": {"counted_as_mediation": moved, "undated": undated},
        "assistance": aid, "people": people,
    }  # fmt: skip


def mediation_success(a: date, b: date, d: date) -> dict[str, Any]:
    sql = """
        , ends AS (
            SELECT f.value, f.occurred_on,
              EXISTS (SELECT 1 FROM live x WHERE x.proceeding_id = f.proceeding_id AND x.fact = 'accepted') AS begun
            FROM live f JOIN mediation_mediation m ON m.proceeding_ptr_id = f.proceeding_id
            WHERE f.fact = 'closed' AND m.flavour = 'people' AND f.case_id IN (SELECT id FROM counted)
        ), within AS (SELECT * FROM ends WHERE occurred_on BETWEEN %(a)s AND %(b)s)
        SELECT
          (SELECT COUNT(*) FROM within WHERE value IN ('written_agreement', 'oral_agreement')
             OR (value = 'withdrawn_settled' AND begun)),
          (SELECT COUNT(*) FROM within WHERE value IN ('written_agreement', 'oral_agreement', 'failed', 'terminated')
             OR (value IN ('withdrawn', 'withdrawn_settled', 'deemed_withdrawn') AND begun)),
          (SELECT COUNT(*) FROM within WHERE value <> 'transferred'),
          (SELECT COUNT(*) FROM within WHERE value = 'failed'),
          (SELECT COUNT(*) FROM within WHERE value = 'transferred'),
          (SELECT COUNT(*) FROM ends WHERE occurred_on IS NULL)
    """
    agreed, closed, ended, failed, transferred, undated = one(sql, d, a=a, b=b)
    return {
        "numerator": agreed, "denominator": closed, "value": percent(agreed, closed), "low": percent(agreed, ended),
        "high": percent(agreed, agreed + failed),
        "excluded": {"transferred": transferred, "not_started": ended - closed, "undated": undated},
    }  # fmt: skip


def adjudication_accepted(a: date, b: date, d: date) -> dict[str, Any]:
    sql = """
        SELECT COUNT(CASE WHEN f.occurred_on BETWEEN %(a)s AND %(b)s THEN 1 END),
          COUNT(CASE WHEN f.occurred_on IS NULL THEN 1 END)
        FROM live f JOIN cases_proceeding p ON p.id = f.proceeding_id
        WHERE f.fact = 'accepted' AND p.kind = 'adjudication' AND f.case_id IN (SELECT id FROM counted)
    """
    n, undated = one(sql, d, a=a, b=b)
    return {"value": n, "excluded": {"undated": undated}}


def ruling_upheld(a: date, b: date, d: date) -> dict[str, Any]:
    sql = """
        SELECT f.value, f.occurred_on IS NULL, COUNT(*) FROM live f
        WHERE f.fact = 'judgment' AND f.case_id IN (SELECT id FROM counted)
          AND (f.occurred_on IS NULL OR f.occurred_on BETWEEN %(a)s AND %(b)s) GROUP BY 1, 2
    """
    found = every(sql, d, a=a, b=b)
    dated = {value: n for value, undated, n in found if not undated}
    upheld = dated.get("upheld", 0) + dated.get("dismissed_suit", 0)
    ended = sum(n for value, n in dated.items() if value != "withdrawn")
    return {
        "numerator": upheld, "denominator": ended, "value": percent(upheld, ended),
        "excluded": {"withdrawn": dated.get("withdrawn", 0), "undated": sum(n for _v, undated, n in found if undated)},
    }  # fmt: skip


def ruling_disclosure(a: date, b: date, d: date, calendar: Calendar) -> dict[str, Any]:
    """Row by row on purpose: each ruling, then all that was said of its publication."""
    rulings: dict[str, tuple[date | None, str]] = {}
    sql = """
        SELECT f.subject, f.occurred_on, f.origin FROM live f
        WHERE f.fact = 'ruled' AND f.case_id IN (SELECT id FROM counted) ORDER BY f.id
    """
    for subject, on, origin in every(sql, d):
        rulings.setdefault(subject, (_day(on), origin))
    said: dict[str, list[str]] = {}
    sql = """
        SELECT f.subject, f.fact FROM live f WHERE f.fact IN ('published', 'withheld', 'unpublished')
        ORDER BY f.occurred_on NULLS FIRST, f.id
    """
    for subject, fact in every(sql, d):
        said.setdefault(subject, []).append(fact)
    count = dict.fromkeys(
        ("published", "withheld", "unpublished", "due", "overdue", "imported", "undated"), 0
    )
    for subject, (on, origin) in rulings.items():
        if on is None:
            count["undated"] += 1
        elif a <= on <= b:
            if origin == "imported":
                count["imported"] += 1
            elif subject in said:
                count[said[subject][-1]] += 1
            else:
                count["overdue" if _twentieth_working_day(on, calendar) < d else "due"] += 1
    base = count["published"] + count["overdue"] + count["unpublished"]
    return {
        "numerator": count["published"], "denominator": base, "value": percent(count["published"], base),
        "low": percent(count["published"], base + count["due"] + count["withheld"]),
        "excluded": {name: count[name] for name in ("withheld", "due", "imported", "undated")},
    }  # fmt: skip


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _twentieth_working_day(on: date, calendar: Calendar) -> date:
    passed = 0
    while passed < 20:
        on += timedelta(days=1)
        passed += calendar.is_working(on)
    return on


def respondent_answered(a: date, b: date, d: date) -> dict[str, Any]:
    sql = """
        SELECT COUNT(*), COUNT(CASE WHEN EXISTS (
            SELECT 1 FROM live x WHERE x.fact = 'answered' AND x.subject = f.subject
              AND x.proceeding_id = f.proceeding_id AND x.value IN ('agree', 'refuse')) THEN 1 END)
        FROM live f JOIN cases_proceeding p ON p.id = f.proceeding_id
        WHERE f.fact = 'contacted' AND p.kind = 'mediation' AND f.case_id IN (SELECT id FROM counted)
          AND f.occurred_on BETWEEN %(a)s AND %(b)s
    """
    asked, answered = one(sql, d, a=a, b=b)
    return {"numerator": answered, "denominator": asked, "value": percent(answered, asked)}


def performed_on_time(a: date, b: date, d: date) -> dict[str, Any]:
    """Row by row on purpose: each obligation, then all that was said of it."""
    sql = """
        SELECT f.proceeding_id, f.subject, f.occurred_on FROM live f JOIN cases_proceeding p ON p.id = f.proceeding_id
        WHERE f.fact = 'obligation_due' AND p.kind = 'mediation' AND f.case_id IN (SELECT id FROM counted)
    """
    count = dict.fromkeys(("on_time", "unmet", "released", "not_yet_due", "undated"), 0)
    said: dict[tuple[int, str], list[tuple[str, date | None]]] = {}
    for row, subject, fact, on in every(
        "SELECT f.proceeding_id, f.subject, f.fact, f.occurred_on FROM live f WHERE f.fact IN ('performed', 'released')",
        d,
    ):
        said.setdefault((row, subject), []).append((fact, _day(on)))
    for row, subject, on in every(sql, d):
        due, told = _day(on), said.get((row, subject), [])
        if due is None:
            count["undated"] += 1
        elif not a <= due <= b:
            continue
        elif any(fact == "released" for fact, _on in told):
            count["released"] += 1
        elif due > d:
            count["not_yet_due"] += 1
        else:
            count["on_time" if any(day and day <= due for _fact, day in told) else "unmet"] += 1
    whole = count["on_time"] + count["unmet"]
    (back,) = one(
        """SELECT COUNT(*) FROM live f JOIN cases_proceeding p ON p.id = f.proceeding_id
        WHERE f.fact = 'came_back' AND p.kind = 'mediation' AND f.case_id IN (SELECT id FROM counted)
          AND f.occurred_on BETWEEN %(a)s AND %(b)s""",
        d, a=a, b=b,
    )  # fmt: skip
    return {
        "numerator": count["on_time"], "denominator": whole, "value": percent(count["on_time"], whole), "came_back": back,
        "excluded": {name: count[name] for name in ("released", "not_yet_due", "undated")},
    }  # fmt: skip


def verified_success(a: date, b: date, d: date) -> dict[str, Any]:
    sql = """
        , own AS (
            SELECT f.occurred_on, (SELECT v.value FROM live v WHERE v.fact = 'verified'
                AND v.subject = 'proceeding:' || f.proceeding_id ORDER BY v.id DESC LIMIT 1) AS said
            FROM live f JOIN mediation_mediation m ON m.proceeding_ptr_id = f.proceeding_id
            WHERE f.fact = 'closed' AND m.flavour = 'people' AND f.case_id IN (SELECT id FROM counted)
              AND f.occurred_on BETWEEN %(a)s AND %(b)s
              AND (f.value IN ('written_agreement', 'oral_agreement') OR (f.value = 'withdrawn_settled' AND EXISTS (
                   SELECT 1 FROM live x WHERE x.proceeding_id = f.proceeding_id AND x.fact = 'accepted')))
              AND EXISTS (SELECT 1 FROM live s WHERE s.fact = 'sampled' AND s.subject = 'proceeding:' || f.proceeding_id)
        )
        SELECT COUNT(*), COUNT(CASE WHEN said = 'confirmed' THEN 1 END), COUNT(CASE WHEN said = 'denied' THEN 1 END),
          COUNT(CASE WHEN said = 'unreachable' THEN 1 END), COUNT(CASE WHEN said IS NULL THEN 1 END) FROM own
    """
    drawn, yes, no, lost, waiting = one(sql, d, a=a, b=b)
    success = mediation_success(a, b, d)["value"]
    value = success * Fraction(yes, yes + no) if yes + no else None
    return {
        "numerator": yes if yes + no else None, "denominator": yes + no, "value": value, "sample": drawn,
        "excluded": {"unreachable": lost, "waiting": waiting},
    }  # fmt: skip


def median_days(a: date, b: date, d: date) -> dict[str, Any]:
    sql = """
        SELECT f.occurred_on, (SELECT x.occurred_on FROM live x WHERE x.fact = 'accepted'
          AND x.proceeding_id = f.proceeding_id ORDER BY x.id DESC LIMIT 1)
        FROM live f JOIN cases_proceeding p ON p.id = f.proceeding_id
        WHERE f.fact = 'closed' AND p.kind IN ('assistance', 'mediation', 'adjudication')
          AND f.case_id IN (SELECT id FROM counted) AND f.occurred_on BETWEEN %(a)s AND %(b)s
    """
    spans = [(_day(end), _day(begin)) for end, begin in every(sql, d, a=a, b=b)]
    days = sorted((end - begin).days for end, begin in spans if end and begin)
    if not days:
        return {"denominator": 0, "value": None}
    half = len(days) // 2
    value = Fraction(days[half]) if len(days) % 2 else Fraction(days[half - 1] + days[half], 2)
    return {"denominator": len(days), "value": value}


def taken_out(code: str, a: date, b: date, d: date) -> int:
    sql = f"""
        SELECT COUNT(*) FROM live f JOIN cases_proceeding p ON p.id = f.proceeding_id
        WHERE f.case_id IN ({OUT}) AND {TAKEN_OUT[code]}
          AND (f.occurred_on IS NULL OR f.occurred_on BETWEEN %(a)s AND %(b)s)
    """
    return int(one(sql, d, a=a, b=b)[0])


def figures(a: date, b: date, d: date, calendar: Calendar) -> dict[str, dict[str, Any]]:
    """All of them, by code."""
    found = {
        "aid_and_mediation": aid_and_mediation(a, b, d),
        "mediation_success": mediation_success(a, b, d),
        "adjudication_accepted": adjudication_accepted(a, b, d),
        "ruling_upheld": ruling_upheld(a, b, d),
        "ruling_disclosure": ruling_disclosure(a, b, d, calendar),
        "respondent_answered": respondent_answered(a, b, d),
        "performed_on_time": performed_on_time(a, b, d),
        "verified_success": verified_success(a, b, d),
        "median_days": median_days(a, b, d),
    }
    for code in TAKEN_OUT:
        found[code]["excluded"]["taken_out"] = taken_out(code, a, b, d)
    return found
