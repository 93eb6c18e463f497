from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "统计督办"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases import navigation

        from . import freezing  # noqa: F401  what `verify` checks of it registers itself
        from .watching import checks, effects  # noqa: F401  they register themselves

        navigation.add("统计督办", "board", _("指标看板"), order=10)
        navigation.add("统计督办", "board_comparison", _("工作站对照"), order=12)
        navigation.add("统计督办", "frozen", _("冻结数据"), order=15)
        navigation.add("统计督办", "deliveries", _("外部数据"), order=20)
        navigation.add("统计督办", "customs", _("海关查获趋势"), order=21)
        navigation.add("统计督办", "watch", _("督办提示"), order=30)
        navigation.add("管理", "feed_tokens", _("数据接口令牌"), order=25)
