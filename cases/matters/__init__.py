"""Matters: what has steps and a clock without a dispute (docs/decisions/0017, 0024).

A kind of matter is a model `class Tip(Matter, Proceeding)` marked with `@kind(..., page="matter")`, its step forms and
a form bound with `@opens`. Its list stands at /matters/<kind>/ and its page at /matters/<id>/; what the page shows
beside way, steps, clock, papers and record is registered with `cases.panels`, and so is what stands above the list. The
policy says who views and opens. The models stand with the others in cases/models; each kind has a package here.
"""

from .files import FilesField, Kept, by_tokens
from .opening import OpeningForm, demand_opener, make, may_open, may_view, opening_form, opens

__all__ = [
    "FilesField", "Kept", "OpeningForm", "by_tokens", "demand_opener", "make", "may_open", "may_view", "opening_form",
    "opens",
]  # fmt: skip
