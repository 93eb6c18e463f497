"""Sheets of past cases come in here: read, mapped, checked row by row, entered through the door.

Court cases and the plan are not imported here but in `reports`.
"""
