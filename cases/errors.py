"""The one family of refusals. Each has a stable code, a Chinese sentence that says what to do, and facts.

How a refusal is shown (form error, problem document) is not decided here.
"""

from collections.abc import Mapping


class DomainError(Exception):
    """A refusal by rule: nothing was written. `status` is the HTTP status it maps to."""

    status = 409

    def __init__(
        self, code: str, message: object, *, fields: Mapping[str, list[str]] | None = None, **facts: object
    ):
        super().__init__(str(message))
        self.code = code
        self.message = message
        self.fields = dict(fields or {})
        self.facts = facts


class Refused(DomainError):
    """This person may not do this here and now; the message gives the reason."""

    status = 403


class NotFound(DomainError):
    """There is no such thing, or not for this person: both read the same."""

    status = 404


class Conflict(DomainError):
    """The row has moved on: stale version, wrong state, an open approval."""

    status = 409


class Invalid(DomainError):
    """The input does not fit; `fields` gives the messages by field."""

    status = 400


class KeyReused(DomainError):
    """The same idempotency key came with another body."""

    status = 422


class VersionMissing(DomainError):
    """The caller did not say which version it has seen."""

    status = 428
