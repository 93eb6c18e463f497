"""Figures for other systems: who reads them, what is kept back from readers outside, how they are written.

The figures themselves are those of reports/indicators; pages and addresses are in feed_api and feed_views.
"""
