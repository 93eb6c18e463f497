"""The dispute itself: case, parties, rights. Whatever has steps and a clock is a proceeding."""

from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.identifiers import id_key, name_key, right_key
from cases.protection import Sealed, keyed_digest
from stations.models import Area, Station

from .caseacts import CaseActs
from .visibility import CaseQuerySet


class Case(CaseActs, models.Model):
    """A dispute between parties about rights, or a matter without parties."""

    class Category(models.TextChoices):
        DISPUTE = "dispute", _("纠纷")
        MATTER = "matter", _("事项")

    class Source(models.TextChoices):
        APPLICATION = "application", _("当事人申请")
        HOTLINE_12330 = "12330", _("12330")
        HOTLINE_12345 = "12345", _("12345转办")
        PLATFORM = "platform", _("网络平台")
        INITIATIVE = "initiative", _("主动介入")
        COURT_ASSIGNED = "court_assigned", _("法院委派")
        COURT_ENTRUSTED = "court_entrusted", _("法院委托")
        PROCURATORATE = "procuratorate", _("检察机关移送")
        POLICE = "police", _("公安机关移送")
        MARKET = "market", _("市场监管移送")
        CUSTOMS = "customs", _("海关移送")
        SUPERIOR = "superior", _("上级交办")
        OTHER_REGION = "other_region", _("外地移送")
        EXHIBITION = "exhibition", _("展会")
        TIP = "tip", _("举报转办")
        OTHER = "other", _("其他")

    class Foreign(models.TextChoices):
        NONE = "none", _("否")
        FOREIGN = "foreign", _("涉外")
        HONG_KONG = "hong_kong", _("涉港")
        MACAO = "macao", _("涉澳")
        TAIWAN = "taiwan", _("涉台")

    category = models.CharField(_("类别"), max_length=10, choices=Category.choices, default=Category.DISPUTE)
    registration_no = models.CharField(_("登记号"), max_length=20, unique=True, null=True, blank=True)
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="cases", verbose_name=_("工作站")
    )
    source = models.CharField(
        _("案源"), max_length=20, choices=Source.choices, default=Source.APPLICATION, blank=True
    )
    cause = models.CharField(_("案由"), max_length=120, blank=True)
    summary = models.TextField(_("简要情况"), blank=True)
    claim_amount = models.DecimalField(
        _("标的额（元）"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    foreign = models.CharField(
        _("涉外"), max_length=10, choices=Foreign.choices, default=Foreign.NONE, blank=True
    )
    received_on = models.DateField(_("收件日期"), null=True, blank=True)
    act_place = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("侵权行为地"))
    act_place_text = models.CharField(_("侵权行为地（区外）"), max_length=120, blank=True)
    act_platform = models.CharField(_("电商平台"), max_length=80, blank=True)
    court_case_no = models.CharField(_("法院案号"), max_length=60, blank=True)
    external_no = models.CharField(_("外部编号"), max_length=60, blank=True)
    handled_elsewhere = models.BooleanField(_("已起诉、仲裁或由其他机关处理"), null=True, blank=True)
    batch = models.CharField(_("批量"), max_length=40, blank=True, db_index=True)
    # history brought in: the keeper's name for the collection, and their number there
    source_name = models.CharField(_("来源"), max_length=80, blank=True)
    source_no = models.CharField(_("原编号"), max_length=80, blank=True)
    row_digest = models.CharField(max_length=64, blank=True)
    extra = models.TextField(_("其他栏目"), blank=True)
    counted = models.BooleanField(_("统计"), default=True)
    not_counted_reason = models.CharField(_("不计原因"), max_length=200, blank=True)
    simulated = models.BooleanField(_("模拟数据"), default=False)
    revision = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("案件")
        constraints = [
            models.UniqueConstraint(
                fields=["source_name", "source_no"],
                condition=~models.Q(source_no=""),
                name="one_case_per_source_number",
            ),
            models.CheckConstraint(
                condition=models.Q(claim_amount__isnull=True) | models.Q(claim_amount__gte=0),
                name="claim_amount_not_negative",
            ),
        ]
        indexes = [models.Index(fields=["station", "-id"]), models.Index(fields=["category", "counted"])]

    def __str__(self) -> str:
        return self.registration_no or self.source_no or f"#{self.pk}"

    @property
    def from_court(self) -> bool:
        """Did a court send it: 委派 before filing or 委托 after it (特邀调解规定第十一条)?"""
        return self.source in (self.Source.COURT_ASSIGNED, self.Source.COURT_ENTRUSTED)

    def refresh_keys(self) -> None:
        """Nothing of the case itself is searched by key."""


class Party(models.Model):
    """One side's person or entity. Numbers, telephones and addresses are kept as ciphertext."""

    class Role(models.TextChoices):
        APPLICANT = "applicant", _("申请人")
        RESPONDENT = "respondent", _("被申请人")
        THIRD = "third_party", _("第三人")

    class Kind(models.TextChoices):
        PERSON = "person", _("自然人")
        LEGAL = "legal_person", _("法人")
        UNINCORPORATED = "unincorporated", _("非法人组织")
        SOLE_TRADER = "sole_trader", _("个体工商户")

    class Authority(models.TextChoices):
        GENERAL = "general", _("一般授权")
        SPECIAL = "special", _("特别授权")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, models.PROTECT, related_name="parties")
    role = models.CharField(_("地位"), max_length=12, choices=Role.choices)
    kind = models.CharField(_("类型"), max_length=15, choices=Kind.choices, default=Kind.LEGAL, blank=True)
    name = models.CharField(_("名称"), max_length=120)
    name_key = models.CharField(max_length=120, db_index=True)
    legal_representative = models.CharField(_("法定代表人"), max_length=40, blank=True)
    post = models.CharField(_("职务"), max_length=40, blank=True)
    agent_name = models.CharField(_("代理人"), max_length=40, blank=True)
    agent_firm = models.CharField(_("代理机构"), max_length=80, blank=True)
    agent_authority = models.CharField(_("代理权限"), max_length=10, choices=Authority.choices, blank=True)
    id_number_sealed = models.TextField(blank=True, default="", editable=False)
    id_number_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    phone_sealed = models.TextField(blank=True, default="", editable=False)
    phone_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    address_sealed = models.TextField(blank=True, default="", editable=False)
    service_address_sealed = models.TextField(blank=True, default="", editable=False)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    id_number = Sealed("id_number", form=id_key)
    phone = Sealed("phone")
    address = Sealed("address")
    service_address = Sealed("service_address")

    class Meta:
        ordering = ["position", "id"]
        verbose_name = verbose_name_plural = _("当事人")

    def __str__(self) -> str:
        return self.name

    @property
    def role_before_judge(self) -> Any:
        """What the side is called where the bureau decides (law.md 6.2): 请求人, 被请求人."""
        return {"applicant": _("请求人"), "respondent": _("被请求人")}.get(self.role, self.get_role_display())

    @property
    def agents(self) -> str:
        """Who acts for it, as registered and as papers print it."""
        return "，".join(filter(None, [self.agent_name, self.agent_firm]))

    def role_in(self, row: Any) -> str:
        """What the side is called in this proceeding."""
        return str(self.role_before_judge if row.facts.judging else self.get_role_display())

    def refresh_keys(self) -> None:
        """The name in its one form, for search and duplicates."""
        self.name_key = name_key(self.name)

    def digest_of(self, column: str) -> str:
        """A keyed digest of a protected value: enough for the record to show that it changed."""
        value = getattr(self, column)
        return keyed_digest(value) if value else ""


class Right(models.Model):
    """One intellectual-property right the dispute is about."""

    class Kind(models.TextChoices):
        INVENTION = "invention", _("发明专利")
        UTILITY_MODEL = "utility_model", _("实用新型")
        DESIGN = "design", _("外观设计")
        TRADEMARK = "trademark", _("商标")
        COPYRIGHT = "copyright", _("著作权")
        SOFTWARE = "software", _("软件著作权")
        TRADE_SECRET = "trade_secret", _("商业秘密")
        GEOGRAPHICAL_INDICATION = "geographical_indication", _("地理标志")
        LAYOUT_DESIGN = "layout_design", _("集成电路布图设计")
        PLANT_VARIETY = "plant_variety", _("植物新品种")
        DATA = "data", _("数据")
        UNFAIR_COMPETITION = "unfair_competition", _("不正当竞争")
        OTHER = "other", _("其他")

    PATENTS = (Kind.INVENTION, Kind.UTILITY_MODEL, Kind.DESIGN)

    case = models.ForeignKey(Case, models.PROTECT, related_name="rights")
    kind = models.CharField(_("类型"), max_length=25, choices=Kind.choices)
    number = models.CharField(_("权利号"), max_length=80, blank=True)
    number_key = models.CharField(max_length=80, blank=True, db_index=True)
    title = models.CharField(_("名称"), max_length=200, blank=True)
    holder = models.CharField(_("权利人"), max_length=120, blank=True)
    position = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = verbose_name_plural = _("权利")

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}".strip()

    def refresh_keys(self) -> None:
        """The number in its one form, for search and duplicates."""
        self.number_key = right_key(self.kind, self.number) if self.number else ""
