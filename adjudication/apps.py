from django.apps import AppConfig


class AdjudicationConfig(AppConfig):
    name = "adjudication"
    verbose_name = "行政裁决"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from .forms import ending, examination, filing, litigation  # noqa: F401  they bind themselves
