"""The yearly evaluation of stations: criteria as data, scored by the station, reviewed, appealed, published.

criteria.toml holds the editions, criteria.py reads them, evidence.py asks the live records; the states stand in
reports/models/evaluations.py.
"""
