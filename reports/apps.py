from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "统计督办"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases import navigation

        from . import freezing  # noqa: F401  what `verify` checks of it registers itself

        navigation.add("统计督办", "board", _("指标看板"), order=10)
        navigation.add("统计督办", "board_comparison", _("工作站对照"), order=12)
        navigation.add("统计督办", "frozen", _("冻结数据"), order=15)
        navigation.add("统计督办", "deliveries", _("外部数据"), order=20)
