"""Numbers that people write on forms: are they possible, and when do two of them mean the same thing?

Pure functions, no Django; what is stored, masked or searched is not decided here.
"""

from cases.identifiers.answers import Check, name_key, normalise, tidy
from cases.identifiers.case_numbers import OWN_NUMBER, check_court_number, check_own_number
from cases.identifiers.contacts import check_phone
from cases.identifiers.persons import PERSON_KINDS, check_id_number, id_key, organisation_check
from cases.identifiers.rights import RIGHT_KINDS, check_right_number, patent_check, right_key

__all__ = [
    "OWN_NUMBER",
    "PERSON_KINDS",
    "RIGHT_KINDS",
    "Check",
    "check_court_number",
    "check_id_number",
    "check_own_number",
    "check_phone",
    "check_right_number",
    "id_key",
    "name_key",
    "normalise",
    "organisation_check",
    "patent_check",
    "right_key",
    "tidy",
]
