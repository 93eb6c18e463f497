"""Returns: what is reported to whom, filled from the record; only differences are typed.

What each return asks stands in definitions.toml, read by definitions.py; sources.py answers from facts, filling.py
lays what was typed over it, printing.py makes sheet and paper, opening.py opens them when they fall due. Their states
stand in reports/models/returns.py.
"""
