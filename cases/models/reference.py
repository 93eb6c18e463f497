"""References (参考资料): what a sheet tells of somewhere else. They enter no figure."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.kinds import kind

from .proceeding import BASE_STATES, Proceeding


@kind(
    "reference",
    label=_("参考资料"),
    states={**BASE_STATES, "recorded": _("已登录")},
    way=("received", "recorded"),
    ends=set(),
)
class Reference(Proceeding):
    """A record of somewhere else, kept to be read. It enters no figure; its result stays text."""

    result_text = models.CharField(_("结果"), max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("参考资料")
