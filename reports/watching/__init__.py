"""督办提示: rules as data, checked on a schedule and when asked; what they find stays until answered or until it ends.

rules.py reads watch.toml, checks.py asks, keeping.py writes notices, board.py gives the board its lines.
"""
