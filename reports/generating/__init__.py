"""Plausible histories for demonstration and measuring: drawn here, written by cases/backfill.py, marked 模拟数据.

Never used in production. What each kind's steps state must equal what the door states; a test replays a sample.
"""
