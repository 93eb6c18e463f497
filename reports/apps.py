from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

# forms, pages and effects that register themselves
REGISTERING = (
    "evaluation.forms", "evaluation.showing", "papers.effects", "papers.forms", "papers.showing", "returns.effects",
    "returns.forms", "returns.showing",
)  # fmt: skip


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "统计督办"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases import navigation
        from cases.documents import charts as paper

        from . import (
            charts,
            freezing,  # noqa: F401  what `verify` checks of it registers itself
        )
        from .ledger import forms, handing, in_pack, showing, watched  # noqa: F401  effects, panels, the check register themselves
        from .watching import checks, effects  # noqa: F401  they register themselves

        for module in iter_modules(forms.__path__):  # they bind themselves to their steps
            import_module(f"{forms.__name__}.{module.name}")
        for name in REGISTERING:
            import_module(f"{__package__}.{name}")
        for shape, draw in (("columns", charts.columns), ("lines", charts.lines), ("bars", charts.bars)):
            paper.draws_with(shape, draw)
        navigation.add("统计督办", "board", _("指标看板"), order=10)
        navigation.add("统计督办", "board_comparison", _("工作站对照"), order=12)
        navigation.add("统计督办", "frozen", _("冻结数据"), order=15)
        navigation.add("统计督办", "deliveries", _("外部数据"), order=20)
        navigation.add("统计督办", "customs", _("海关查获趋势"), order=21)
        navigation.add("统计督办", "watch", _("督办提示"), order=30)
        navigation.add("管理", "feed_tokens", _("数据接口令牌"), order=25)
        navigation.add("统计督办", "ledger", _("任务台账"), order=40)
        navigation.add_matters("统计督办", "support_policy", order=41)
        navigation.add_matters("统计督办", "ledger_notice", order=42)
        navigation.add("统计督办", "units", _("责任单位"), order=43)
        navigation.add("统计督办", "dossiers", _("验收卷与抽样"), order=44)
        navigation.add("统计督办", "returns_due", _("报送日历"), order=50)
        navigation.add_matters("统计督办", "return", order=51)
        navigation.add_matters("统计督办", "case_return", order=52)
        navigation.add_matters("统计督办", "bulletin", order=53)
        navigation.add("工作体系", "evaluations", _("年度评价"), order=20)
