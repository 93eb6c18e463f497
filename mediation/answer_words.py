"""The words of the answer page in its two languages. Chinese goes through gettext; the English ones stand as they are."""

from typing import Any

from django.utils.translation import gettext_lazy as _

CHINESE: dict[str, Any] = {
    "lang": "zh-Hans",
    "skip": _("跳到正文"),
    "title": _("答复调解邀请"),
    "other": "English",
    "intro": _("请输入调解邀请函上印的邀请码。不需要注册，不需要登录。"),
    "code": _("邀请码"),
    "code_hint": _("16 位字母和数字，不分大小写，横线和空格可以不填。"),
    "go_on": _("下一步"),
    "wrong": _(
        "邀请码不正确，或者已经使用、失效、过期。请核对函上的邀请码；仍不能答复的，请填写函上的回执，或者拨打函上的联系电话。"
    ),
    "busy": _("尝试次数过多，请十分钟后再试；也可以填写函上的回执，或者拨打函上的联系电话。"),
    "matter": _("登记号"),
    "kind": _("办理方式"),
    "phone": _("联系电话"),
    "until": _("答复截止日期"),
    "ask": _("您是否同意调解"),
    "required": _("必填"),
    "choices": (
        ("agree", _("同意调解"), _("受理后由调解员与您联系。")),
        ("refuse", _("不同意调解"), _("不影响您依法行使其他权利。请写明理由。")),
        ("propose", _("提出方案，愿意进一步协商"), _("请写明您的方案或者条件。")),
    ),
    "remark": _("理由或者方案"),
    "remark_hint": _("不同意或者提出方案的必填，2000 字以内。内容密存，只有办理本案的调解人员可以查阅。"),
    "once": _(
        "提交后邀请码即失效，不能修改；要改变意见，请拨打邀请函上的电话。以本邀请码提交，视为您本人的书面答复。"
    ),
    "send": _("提交答复"),
    "done": _("已收到您的答复"),
    "done_text": _(
        "邀请码已经失效，可以关闭本页。工作人员会按登记的方式与您联系；如有疑问，请拨打函上的联系电话。"
    ),
    "your_answer": _("您的答复"),
    "no_answer": _("请选择一项。"),
    "no_remark": _("请填写理由或者方案。"),
    "too_long": _("最多 2000 字，请删减。"),
    "mend": _("请按提示修改后再提交。"),
}
ENGLISH: dict[str, Any] = {
    "lang": "en",
    "skip": "Skip to content",
    "title": "Answer an invitation to mediate",
    "other": "中文",
    "intro": "Please enter the code printed on your letter of invitation. No account is needed.",
    "code": "Invitation code",
    "code_hint": "16 letters and digits; capitals, dashes and spaces make no difference.",
    "go_on": "Continue",
    "wrong": "This code is not valid, or it has been used, withdrawn or has expired. Please compare it with your letter. "
    "You can also return the reply slip or call the number on the letter.",
    "busy": "Too many attempts. Please try again in ten minutes, return the reply slip, or call the number on the letter.",
    "matter": "Registration no.",
    "kind": "Procedure",
    "phone": "Telephone",
    "until": "Answer by",
    "ask": "Do you agree to mediation?",
    "required": "required",
    "choices": (
        ("agree", "I agree to mediation", "Once the matter is accepted the mediator will contact you."),
        ("refuse", "I do not agree", "Your other legal rights are not affected. Please give your reason."),
        ("propose", "I make a proposal and am willing to talk", "Please state your proposal or conditions."),
    ),
    "remark": "Reason or proposal",
    "remark_hint": "Needed if you refuse or propose; up to 2,000 characters. Kept under seal: only the mediators of this "
    "matter can read it.",
    "once": "The code ends with your answer, which cannot be changed here; to change your mind please call the number on the letter. "
    "An answer given with this code counts as your own written answer.",
    "send": "Send answer",
    "done": "Your answer has been received",
    "done_text": "The code has now ended and you may close this page. We will contact you as registered; for questions "
    "please call the number on the letter.",
    "your_answer": "Your answer",
    "no_answer": "Please choose one.",
    "no_remark": "Please give your reason or proposal.",
    "too_long": "At most 2,000 characters, please shorten.",
    "mend": "Please correct what is marked and send again.",
    "flavours": {
        "people": "People's mediation", "administrative": "Administrative mediation", "commercial": "Commercial mediation",
    },
}  # fmt: skip


def words_of(language: str) -> dict[str, Any]:
    """The words for `en`; everything else is Chinese."""
    return ENGLISH if language == "en" else CHINESE
