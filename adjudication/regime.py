"""Which measures govern an adjudication, by its filing date, and the articles the house cites.

Periods are data of cases/rules.toml; here stand the names of the two texts and where each says what.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from stations.models import Setting

from .redaction import DEFAULT, profiles

CHANGED_ON = date(2025, 2, 1)
PATENT_LAW = "《中华人民共和国专利法》"
PATENT_LAW_REVISED = date(2021, 6, 1)  # the article on disputes about infringement moved
PATENT_RULES = "《中华人民共和国专利法实施细则》"
PATENT_RULES_REVISED = date(2024, 1, 20)  # so did the one on staying them
NEW = "《专利纠纷行政裁决和调解办法》"
OLD = "《专利行政执法办法》"

# subject -> article of the new text, article of the old one where the house has read it
ARTICLES = {
    "conditions": ("第十二条", "第十条"),
    "correction": ("第十六条", ""),
    "agents": ("第十七条", ""),
    "competence": ("第六条", ""),
    "evaluation": ("第十四条", ""),
    "repeat": ("第三十四条", ""),
    "deliberation": ("第二十五条", ""),
    "measures": ("第三十二条", ""),
    "change": ("第三十三条", ""),
    "refusal": ("第十六条、第二十条", "第十三条"),
    "filing": ("第二十条", "第十三条"),
    "panel": ("第二十条、第二十五条", "第十三条"),
    "joinder": ("第二十一条", ""),
    "claims": ("第三十六条", ""),
    "recusal": ("第五条", "第七条"),
    "jurisdiction": ("第九条", ""),
    "defence": ("第二十二条", "第十四条"),
    "evidence": ("第五十四条", ""),
    "addition": ("第二十四条", ""),
    "inspection": ("第四章", ""),
    "preservation": ("第四十九条", ""),
    "hearing": ("第二十六条", "第十六条"),
    "stay": ("第二十八条", ""),
    "stay_refusal": ("第二十九条", ""),
    "resumption": ("第二十八条第二款", ""),
    "service": ("第十条", ""),
    "mediation": ("第三十五条", ""),
    "ruling_correction": ("第三十三条", ""),
    "publication": ("第八十三条", "第四十六条"),
    "contents": ("第三十一条", ""),
    "limitation": ("第十九条", ""),
    "dismissal": ("第三十条、第三十六条", ""),
    "closing": ("第三十七条", "第二十一条"),
}
ANNOUNCED_DAYS = (
    (date(2022, 1, 1), 30),
    (date.min, 60),
)  # 民事诉讼法第九十五条 by analogy; the measures are silent


def is_new(filed: date) -> bool:
    """Is this adjudication governed by the measures of 2025?"""
    return filed >= CHANGED_ON


def cite(subject: str, filed: date) -> str:
    """The text in force for an adjudication filed that day, with its article where we know it."""
    new, old = ARTICLES[subject]
    return f"{NEW}{new}" if is_new(filed) else f"{OLD}{old}"


def measures(filed: date) -> str:
    """The text in force for an adjudication filed that day, by its name alone."""
    return NEW if is_new(filed) else OLD


def patent_law(filed: date) -> str:
    """The Patent Law on who decides disputes about infringement (专利法第六十五条, before 2021-06-01 第六十条)."""
    return f"{PATENT_LAW}{'第六十五条' if filed >= PATENT_LAW_REVISED else '第六十条'}"


def patent_rules(on: date) -> str:
    """The rules under the Patent Law on staying a dispute for invalidity (细则第九十八条, before 2024-01-20 第八十二条)."""
    return f"{PATENT_RULES}{'第九十八条' if on >= PATENT_RULES_REVISED else '第八十二条'}"


def first_accepting(on: date) -> str:
    """The rules under the Patent Law on who keeps a dispute two departments may handle (细则第九十七条 since 2024)."""
    return f"{PATENT_RULES}{'第九十七条' if on >= PATENT_RULES_REVISED else ''}"


def announced_days(on: date) -> int:
    """Days after which a public notice of that day counts as served (公告送达): as the office chose, else as the law has it."""
    chosen = Setting.on(Setting.Key.ANNOUNCED_DAYS, on)
    if chosen is not None:
        if not chosen.isdecimal() or int(chosen) < 1:
            raise DomainError(
                "bad_setting",
                _(
                    "“公告送达的天数”现为“%(value)s”，应为整数，请区级管理员在“单位选择事项”中登记正确的天数后再办理。"
                )
                % {"value": chosen},
            )
        return int(chosen)
    return next(days for since, days in ANNOUNCED_DAYS if on >= since)


def redaction_profile(on: date) -> tuple[str, str]:
    """The profile by which public texts are made on a day and the paper that adopted it; "" while none is entered."""
    chosen = Setting.chosen(Setting.Key.REDACTION_PROFILE, on)
    if chosen is None:
        return DEFAULT, ""
    if chosen.value not in profiles():
        raise DomainError(
            "bad_setting",
            _(
                "“公开文本的处理规则”现为“%(value)s”，应为%(known)s之一，请区级管理员在“单位选择事项”中登记后再办理。"
            )
            % {"value": chosen.value, "known": "、".join(profiles())},
        )
    return chosen.value, chosen.document


def profile_in_words(profile: str, document: str) -> str:
    """The profile as papers and pages name it, with the paper that adopted it."""
    name = profiles()[profile].title if profile in profiles() else profile
    said = _("采用文号：%(document)s") % {"document": document} if document else _("尚未录入采用文号")
    return f"{name}（{profile}；{said}）"
