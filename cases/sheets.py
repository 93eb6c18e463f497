"""Lists of cases as xlsx. How a sheet is made stands in stations.sheets; the log of exports in cases.access."""

from stations.sheets import MOST_ROWS, TYPE, safe, workbook

__all__ = ["MOST_ROWS", "TYPE", "safe", "workbook"]
