"""Forms of signing in: user name and password, code of the second factor, change of password."""

import unicodedata

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.utils.translation import gettext_lazy as _

from .models import normal_username

WRONG = _("用户名或密码不正确，或因多次输错暂时锁定。请核对后再试，锁定 15 分钟后自动解除。")


class LoginForm(AuthenticationForm):
    """The same sentence for a wrong password, an unknown user and a locked one."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args: object, **kwargs: object):
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.fields["username"].label = _("用户名")
        self.fields["password"].label = _("密码")

    def clean_username(self) -> str:
        return normal_username(self.cleaned_data["username"])


class CodeForm(forms.Form):
    """Six digits, in whatever spelling: blanks and full-width digits are the same code."""

    code = forms.CharField(
        label=_("六位动态验证码"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"class": "otp", "inputmode": "numeric", "autocomplete": "one-time-code", "autofocus": True}
        ),
    )

    def clean_code(self) -> str:
        code = "".join(unicodedata.normalize("NFKC", self.cleaned_data["code"]).split())
        if not (code.isascii() and code.isdigit() and len(code) == 6):
            raise forms.ValidationError(_("验证码应为六位数字。"), code="form")
        return code


class ChangePasswordForm(PasswordChangeForm):
    """Old, new, new again."""

    def __init__(self, *args: object, **kwargs: object):
        kwargs["label_suffix"] = ""
        super().__init__(*args, **kwargs)
        self.fields["old_password"].label = _("当前密码")
        self.fields["new_password1"].label = _("新密码")
        self.fields["new_password1"].help_text = _("至少 12 位，包含大写字母、小写字母、数字、符号中的三类。")
        self.fields["new_password2"].label = _("再次输入新密码")
        self.fields["new_password2"].help_text = ""
