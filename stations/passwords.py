"""What a password must be, beside Django's own validators. Where it is kept does not belong here."""

import re
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LENGTH = 12
CLASSES = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")


class StrengthValidator:
    """At least 12 characters, of three of the four classes, and not the password in use."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with what is missing."""
        if len(password) < LENGTH:
            raise ValidationError(_("密码至少 12 位，请加长。"), code="too_short")
        if sum(bool(re.search(pattern, password)) for pattern in CLASSES) < 3:
            raise ValidationError(_("密码应包含大写字母、小写字母、数字、符号中的三类。"), code="too_plain")
        if getattr(user, "pk", None) and user.has_usable_password() and user.check_password(password):
            raise ValidationError(_("新密码不能与当前密码相同。"), code="same_again")

    def get_help_text(self) -> str:
        return str(_("至少 12 位，包含大写字母、小写字母、数字、符号中的三类，且不同于当前密码。"))
