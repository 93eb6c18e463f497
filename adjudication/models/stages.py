"""When acts of an adjudication are open, and what stands in the way in most of them."""

from django.utils.translation import gettext_lazy as _

from cases.readiness import paused_not

EXAMINED = ("filed", "deliberating")
SERVED = (*EXAMINED, "received", "ruled", "settled", "dismissed", "refused", "transferred")
DEFENCE = ("T-06", "T-07")

NOTHING_TO_EXTEND = _("没有正在计算的该项期限，无法延长。")
STAYED = _("本案已中止处理，恢复处理后再办理。")
NOT_STAYED = paused_not("stay", code="stayed", words=STAYED)
