"""Typed reading of environment variables, each refusal naming its variable.

What the variables mean belongs in settings.py and keys.py.
"""

from collections.abc import Mapping
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"", "0", "false", "no", "off"}


class Env:
    """One reading of an environment; raises ImproperlyConfigured for what it cannot read."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ

    def text(self, name: str, default: str = "") -> str:
        """The value without surrounding blanks; a blank value counts as absent."""
        return self.environ.get(name, "").strip() or default

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self.text(name).lower()
        if value not in TRUE | FALSE:
            raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")
        return value in TRUE

    def integer(self, name: str, default: int) -> int:
        """A whole number not below zero."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit():
            raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
        return int(value)

    def choice(self, name: str, *, among: tuple[str, ...]) -> str:
        """One of `among`; absent is the first of them."""
        value = self.text(name, among[0])
        if value not in among:
            raise ImproperlyConfigured(f"{name} must be one of {', '.join(among)}, not {value!r}.")
        return value

    def items(self, name: str) -> list[str]:
        """A list separated by commas; absent is empty."""
        return [part.strip() for part in self.text(name).split(",") if part.strip()]

    def secret(self, name: str) -> str:
        """A secret from NAME, or from the file that NAME_FILE names; absent is "".

        Naming both is refused: nobody could tell which one is in force.
        """
        value, file = self.text(name), self.text(f"{name}_FILE")
        if value and file:
            raise ImproperlyConfigured(f"Set either {name} or {name}_FILE, not both.")
        if not file:
            return value
        try:
            return Path(file).read_text(encoding="ascii").strip()
        except (OSError, ValueError) as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read: {type(error).__name__}.") from None
