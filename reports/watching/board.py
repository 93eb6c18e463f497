"""需要关注 on the board: what the rules find at this moment, one line per group, each opening its list."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from .rules import Finding, findings, rules

MOST_LINES = 8  # of one rule


def attention(today: date) -> list[dict[str, Any]]:
    """Lines of {tone, tag, text, url}; the most frequent of a rule first."""
    lines = []
    for rule in rules().values():
        if not rule.board:
            continue
        groups: dict[str, list[Finding]] = {}
        for found in findings(rule, today):
            groups.setdefault(found.group or found.subject, []).append(found)
        counted = sorted(
            ((sum(f.number for f in one), one[0]) for one in groups.values()),
            key=lambda c: (-c[0], c[1].group),
        )
        for number, first in counted[:MOST_LINES]:
            text = first.group_text % {"n": number} if first.group_text else first.text
            url = f"{reverse('watch')}?{urlencode({'rule': rule.code})}"
            lines.append({"tone": rule.tone, "tag": rule.tag, "text": text, "url": url})
    return lines
