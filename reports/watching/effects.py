"""Mail about a new notice, where the office wants it: its words alone, which name no case and nobody. May repeat."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.utils.translation import gettext as _

from cases.outbox import effect
from reports.models import Notice

from .rules import rules


@effect("mail_notice")
def mail_notice(notice: int) -> None:
    """One message for all addresses of the setting; the same Message-ID if it is sent twice."""
    row = Notice.objects.get(pk=notice)
    rule = rules().get(row.rule)
    if rule is None or row.status == Notice.Status.ENDED or not settings.WATCH_MAIL:
        return
    text = _("%(text)s\n\n请登录办理：%(url)s") % {
        "text": row.text,
        "url": f"{settings.BASE_URL}/watch/{row.pk}/",
    }
    EmailMessage(
        subject=_("督办提示：%s") % rule.label, body=text, to=settings.WATCH_MAIL,
        headers={"Message-ID": f"<notice-{row.pk}@zhiheng>"},
    ).send()  # fmt: skip
