"""The figures of a year by hand: one statement each, as somebody would write it who trusts the tables.

Value, numerator, denominator, exclusions and the other accepted readings, as of a day on which nothing is taken back
out of the count later. Texts, targets and status are not computed here.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import connection

Told = Mapping[str, Any]

# A fact as known on the day: not corrected by then.
LIVE = """{e}.known_on <= %(as_of)s AND NOT EXISTS (
    SELECT 1 FROM cases_event x WHERE x.corrects_id = {e}.id AND x.known_on <= %(as_of)s)"""
DATED = "(e.occurred_on BETWEEN %(start)s AND %(end)s OR e.occurred_on IS NULL)"
COUNTED = f"""FROM cases_event e JOIN cases_case k ON k.id = e.case_id AND k.category = 'dispute' AND k.counted
    JOIN cases_proceeding p ON p.id = e.proceeding_id
    WHERE {DATED} AND {LIVE.format(e="e")}"""


def _has(fact: str, more: str = "") -> str:
    return f"""EXISTS (SELECT 1 FROM cases_event h WHERE h.proceeding_id = e.proceeding_id
        AND h.fact = '{fact}'{more} AND {LIVE.format(e="h")})"""


AID_AND_MEDIATION = f"""
WITH rows AS (
    SELECT e.occurred_on, k.batch, e.case_id,
        p.kind = 'assistance' AND {_has("closed", " AND h.value = 'converted'")} AND EXISTS (
            SELECT 1 FROM cases_event m JOIN cases_proceeding q ON q.id = m.proceeding_id
            WHERE q.parent_id = e.proceeding_id AND q.kind = 'mediation' AND m.fact = 'accepted'
            AND {LIVE.format(e="m")}) AS converted
    {COUNTED} AND e.fact = 'accepted' AND p.kind IN ('assistance', 'mediation'))
SELECT count(*) FILTER (WHERE occurred_on IS NOT NULL AND NOT converted) AS numerator,
    count(*) FILTER (WHERE occurred_on IS NOT NULL AND converted) AS counted_as_mediation,
    count(*) FILTER (WHERE occurred_on IS NULL) AS undated,
    count(DISTINCT CASE WHEN batch = '' THEN 'c' || CAST(case_id AS VARCHAR(20)) ELSE 'b' || batch END)
        FILTER (WHERE occurred_on IS NOT NULL AND NOT converted) AS low
FROM rows"""

BY_STATION = f"""
SELECT COALESCE(p.station_id, k.station_id) AS station, count(*)
{COUNTED} AND e.occurred_on IS NOT NULL AND e.fact = 'accepted' AND p.kind IN ('assistance', 'mediation') AND NOT (
    p.kind = 'assistance' AND {_has("closed", " AND h.value = 'converted'")} AND EXISTS (
        SELECT 1 FROM cases_event m JOIN cases_proceeding q ON q.id = m.proceeding_id
        WHERE q.parent_id = e.proceeding_id AND q.kind = 'mediation' AND m.fact = 'accepted'
        AND {LIVE.format(e="m")}))
GROUP BY 1"""

MEDIATION_SUCCESS = f"""
WITH rows AS (
    SELECT e.occurred_on, e.value, {_has("accepted")} AS started
    {COUNTED} AND e.fact = 'closed' AND EXISTS (
        SELECT 1 FROM mediation_mediation m WHERE m.proceeding_ptr_id = p.id AND m.flavour = 'people'))
SELECT count(*) FILTER (WHERE value IN ('written_agreement', 'oral_agreement')
        OR (value = 'withdrawn_settled' AND started)) AS numerator,
    count(*) FILTER (WHERE value IN ('written_agreement', 'oral_agreement', 'failed', 'terminated')
        OR (value IN ('withdrawn_settled', 'withdrawn', 'deemed_withdrawn') AND started)) AS denominator,
    count(*) FILTER (WHERE value = 'failed') AS failed,
    count(*) FILTER (WHERE value = 'transferred') AS transferred,
    count(*) FILTER (WHERE value NOT IN ('written_agreement', 'oral_agreement', 'failed', 'terminated', 'transferred')
        AND NOT (value IN ('withdrawn_settled', 'withdrawn', 'deemed_withdrawn') AND started)) AS not_started,
    (SELECT count(*) FROM rows WHERE occurred_on IS NULL) AS undated
FROM rows WHERE occurred_on IS NOT NULL"""

ADJUDICATION_ACCEPTED = f"""
SELECT count(e.occurred_on) AS numerator, count(*) - count(e.occurred_on) AS undated
{COUNTED} AND e.fact = 'accepted' AND p.kind = 'adjudication'"""

RULING_UPHELD = f"""
WITH rows AS (SELECT e.occurred_on, e.value {COUNTED} AND e.fact = 'judgment')
SELECT count(*) FILTER (WHERE value IN ('upheld', 'dismissed_suit')) AS numerator,
    count(*) FILTER (WHERE value <> 'withdrawn') AS denominator,
    count(*) FILTER (WHERE value = 'withdrawn') AS withdrawn,
    (SELECT count(*) FROM rows WHERE occurred_on IS NULL) AS undated
FROM rows WHERE occurred_on IS NOT NULL"""

RULING_DISCLOSURE = f"""
WITH rows AS (
    SELECT e.occurred_on, e.origin, (
        SELECT s.fact FROM cases_event s WHERE s.subject = e.subject
        AND s.fact IN ('published', 'withheld', 'unpublished') AND {LIVE.format(e="s")}
        ORDER BY s.occurred_on DESC, s.id DESC LIMIT 1) AS told
    {COUNTED} AND e.fact = 'ruled' AND NOT EXISTS (
        SELECT 1 FROM cases_event b WHERE b.subject = e.subject AND b.fact = 'ruled' AND b.id < e.id
        AND {LIVE.format(e="b")})),
own AS (SELECT told, occurred_on <= %(run_out)s AS over FROM rows WHERE occurred_on IS NOT NULL AND origin <> 'imported')
SELECT count(*) FILTER (WHERE told = 'published') AS numerator,
    count(*) FILTER (WHERE told IN ('published', 'unpublished') OR (told IS NULL AND over)) AS denominator,
    count(*) FILTER (WHERE told = 'withheld') AS withheld,
    count(*) FILTER (WHERE told IS NULL AND NOT over) AS due,
    (SELECT count(*) FROM rows WHERE occurred_on IS NOT NULL AND origin = 'imported') AS imported,
    (SELECT count(*) FROM rows WHERE occurred_on IS NULL) AS undated
FROM own"""

RESPONDENT_ANSWERED = f"""
WITH rows AS (
    SELECT e.occurred_on, EXISTS (
        SELECT 1 FROM cases_event a WHERE a.proceeding_id = e.proceeding_id AND a.subject = e.subject
        AND a.fact = 'answered' AND a.value IN ('agree', 'refuse') AND {LIVE.format(e="a")}) AS answered
    {COUNTED} AND e.fact = 'contacted' AND p.kind = 'mediation')
SELECT count(*) FILTER (WHERE answered) AS numerator, count(*) AS denominator,
    (SELECT count(*) FROM rows WHERE occurred_on IS NULL) AS undated
FROM rows WHERE occurred_on IS NOT NULL"""

MEDIAN_DAYS = f"""
WITH rows AS (
    SELECT e.occurred_on, (
        SELECT a.occurred_on FROM cases_event a WHERE a.proceeding_id = e.proceeding_id AND a.fact = 'accepted'
        AND {LIVE.format(e="a")} ORDER BY a.id DESC LIMIT 1) AS began_on
    {COUNTED} AND e.fact = 'closed' AND p.kind IN ('assistance', 'mediation', 'adjudication')),
days AS (
    SELECT {{days}} AS n, row_number() OVER (ORDER BY {{days}}) AS place, count(*) OVER () AS total
    FROM rows WHERE occurred_on IS NOT NULL AND began_on IS NOT NULL)
SELECT avg(n) AS value, max(total) AS denominator,
    (SELECT count(*) FROM rows WHERE occurred_on IS NOT NULL AND began_on IS NULL) AS acceptance_unknown,
    (SELECT count(*) FROM rows WHERE occurred_on IS NULL) AS undated
FROM days WHERE place IN ((total + 1) / 2, (total + 2) / 2)"""
DAYS = {
    "sqlite": "julianday(occurred_on) - julianday(began_on)",
    "postgresql": "occurred_on - began_on",
}

IN_FORCE = "valid_from <= %(cut)s AND (valid_to IS NULL OR valid_to >= %(cut)s)"
STATIONS = """SELECT count(*) AS numerator FROM stations_station
WHERE opened_on <= %(cut)s AND (closed_on IS NULL OR closed_on > %(cut)s)"""
APPOINTED = f"""SELECT count(DISTINCT person_id) AS numerator FROM stations_appointment
WHERE kind = '{{kind}}' AND {IN_FORCE}"""
PAIRED_ENTERPRISES = """SELECT count(DISTINCT n.enterprise_id) AS numerator FROM stations_pairing n
JOIN stations_appointment a ON a.id = n.commissioner_id AND a.kind = 'commissioner'
WHERE n.known_on <= %(as_of)s AND n.valid_from <= %(cut)s
AND (n.valid_to IS NULL OR n.valid_to >= %(cut)s OR n.end_known_on > %(as_of)s)
AND a.valid_from <= %(cut)s AND (a.valid_to IS NULL OR a.valid_to >= %(cut)s)"""


def statements(vendor: str) -> dict[str, str]:
    """Code of the indicator -> its statement."""
    return {
        "aid_and_mediation": AID_AND_MEDIATION,
        "mediation_success": MEDIATION_SUCCESS,
        "adjudication_accepted": ADJUDICATION_ACCEPTED,
        "ruling_upheld": RULING_UPHELD,
        "ruling_disclosure": RULING_DISCLOSURE,
        "stations": STATIONS,
        "technical_investigators": APPOINTED.format(kind="technical_investigator"),
        "paired_enterprises": PAIRED_ENTERPRISES,
        "protection_commissioners": APPOINTED.format(kind="commissioner"),
        "respondent_answered": RESPONDENT_ANSWERED,
        "median_days": MEDIAN_DAYS.format(days=DAYS[vendor]),
    }


def told(start: date, end: date, as_of: date, run_out: date) -> dict[str, Told]:
    """Every figure of the period; `run_out` is the last day of signing whose limit of disclosure has passed."""
    given = {"start": start, "end": end, "as_of": as_of, "cut": min(end, as_of), "run_out": run_out}
    found: dict[str, Told] = {}
    with connection.cursor() as cursor:
        for code, sql in statements(connection.vendor).items():
            cursor.execute(sql, given)
            names = [column[0] for column in cursor.description]
            found[code] = dict(zip(names, cursor.fetchone(), strict=True))
    return found


def by_station(start: date, end: date, as_of: date) -> dict[str, int]:
    """The first figure by station: id as text ("" = none) -> number."""
    with connection.cursor() as cursor:
        cursor.execute(BY_STATION, {"start": start, "end": end, "as_of": as_of})
        return {"" if station is None else str(station): number for station, number in cursor.fetchall()}
