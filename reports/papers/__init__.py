"""Papers of figures: the quarterly bulletin, the annual report, the pack of the quarterly meeting.

Figures are frozen first (reports/freezing.py), then laid out by sections.py; people write the rest in Word. The states
stand in reports/models/papers.py.
"""
