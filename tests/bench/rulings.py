"""A shelf of invented public rulings, written in bulk: texts of plausible words, none of them anybody's.

Words are as common as in real rulings: some in every text, some in one of thousands.
"""

import json
import random
from datetime import date, timedelta

from django.db import transaction

from adjudication import searching
from adjudication.models import Disclosure, Outcome, PublishedRuling, Ruling
from adjudication.models.public import LegalStatus
from cases.models import Right
from tests.adjudication.story import received

FRAME = (
    "{number}\n请求人{one}。\n被请求人{two}。\n案由：{cause}\n请求人{one}就与被请求人{two}侵害专利权纠纷一案，于{year}年{month}月{day}日"
    "向本局提出处理请求。本局立案后依法组成合议组，公开进行了口头审理，双方当事人及其委托代理人到庭参加。本案现已审理终结。\n"
    "请求人称：其系涉案专利的专利权人，被请求人未经许可制造、销售的{thing}落入涉案专利权利要求{claim}的保护范围，"
    "请求责令被请求人立即停止侵权行为。\n被请求人辩称：被诉产品采用现有技术，不构成侵权。\n经审理查明的事实：\n{facts}\n本局认为：\n"
    "{reasons}\n依据《中华人民共和国专利法》第十一条、第六十四条、第六十五条的规定，裁决如下：\n{order}\n"
    "不服本裁决的，可以自收到本裁决书之日起十五日内，依照《中华人民共和国行政诉讼法》向人民法院提起行政诉讼。\n"
    "审理长　{panel}\n涉案专利：{patent}；裁决结果：{outcome}"
)
SENTENCES = (
    "{a}与{b}之间设有{c}，{c}通过{d}连接于{a}的一端。",
    "被诉{thing}的{a}具有{b}，与权利要求{claim}记载的{b}在手段、功能、效果上基本相同。",
    "请求人于{year}年{month}月{day}日在被请求人处公证购买{thing}{n}件，单价{price}元，取得发票和实物。",
    "经当庭比对，被诉产品缺少{c}这一技术特征，{d}亦不等同。",
    "被请求人提交的第{n}号对比文件公开了{a}，但未公开{b}与{c}的配合关系。",
    "涉案专利至今有效，年费缴至{year}年{month}月{day}日。",
    "双方对{thing}由被请求人制造、销售的事实没有异议，对{a}是否属于{b}有争议。",
    "{d}的作用在于使{a}保持{b}状态，本领域技术人员无需创造性劳动即可联想到{c}。",
)
COMMON = [(Outcome.ESTABLISHED, 55), (Outcome.NOT_ESTABLISHED, 35), (Outcome.PARTLY, 10)]
STANDS = [(LegalStatus.EFFECTIVE, 80), (LegalStatus.SUABLE, 8), (LegalStatus.SUED, 7), (LegalStatus.ANNULLED, 3),
          (LegalStatus.CHANGED, 2)]  # fmt: skip
PORTION = 1_000


def fill(number: int, last: int, years: int, seed: int = 1) -> None:
    """So many live rulings over the years up to `last`, with their parts and their index."""
    chance = random.Random(seed)
    terms = _terms(chance)
    case = received()
    ruling = Ruling.objects.create(
        number="模拟", made_on=date(last, 1, 1), outcome="established", sections="{}"
    )
    review = Disclosure(case=case.case, kind="disclosure", parent=case, station=case.station, ruling=ruling)
    review.save()
    for start in range(0, number, PORTION):
        with transaction.atomic():
            texts = [
                _ruling(
                    chance,
                    terms,
                    review,
                    last - years + 1 + n * years // number,
                    n % (number // years or 1) + 1,
                )
                for n in range(start, min(start + PORTION, number))
            ]
            Ruling.objects.bulk_create([text.ruling for text in texts])
            for text in texts:
                text.ruling_id = text.ruling.pk
            PublishedRuling.objects.bulk_create(texts)
            searching.keep(texts, of=[])


def _terms(chance: random.Random) -> list[str]:
    """Names of parts of things, the first ones in many rulings, the last in few."""
    heads = "缓释流化离心密封调节弹性支撑导向锁紧折叠循环加热冷却过滤磁性液压气动伸缩旋转升降"
    tails = "阀门装置机构组件壳体轴套弹簧滑块齿轮管路腔室薄膜支架盖板电极涂层"
    pairs = [
        heads[n : n + 2] + tails[m : m + 2] for n in range(0, len(heads), 2) for m in range(0, len(tails), 2)
    ]
    rare = ["".join(chr(chance.randint(0x4E00, 0x9FA5)) for _n in range(3)) for _m in range(4_000)]
    chance.shuffle(pairs)
    return pairs + rare


def _ruling(
    chance: random.Random, terms: list[str], review: Disclosure, year: int, serial: int
) -> PublishedRuling:
    def term() -> str:
        return terms[min(int(chance.paretovariate(0.7)) - 1, len(terms) - 1)]

    own = [term() for _n in range(8)]

    def said(pattern: str) -> str:
        a, b, c, d = chance.sample(own, 4)
        return pattern.format(
            a=a, b=b, c=c, d=d, thing=own[0], claim=chance.randint(1, 9), year=year - 1, month=chance.randint(1, 12),
            day=chance.randint(1, 28), n=chance.randint(1, 400), price=chance.randint(3, 9_999),
        )  # fmt: skip

    number, made_on = (
        f"津滨知裁字〔{year}〕{serial}号",
        date(year, 1, 1) + timedelta(days=chance.randint(0, 360)),
    )
    kind = chance.choice(Right.PATENTS)
    outcome = chance.choices(*zip(*COMMON, strict=True))[0]
    names = [
        f"{chance.choice('天海滨津北南新华')}{chr(chance.randint(0x4E00, 0x9FA5))}{own[n]}有限公司"
        for n in (0, 1)
    ]
    panel = "".join(chr(chance.randint(0x4E00, 0x4E90)) for _n in range(3))
    order = f"责令被请求人{names[1]}立即停止制造、销售{own[0]}。"
    cause = f"侵害{Right.Kind(kind).label}权纠纷"
    patent = f"ZL{year - 6}{chance.randint(1, 3)}0{chance.randint(100_000, 999_999)}.{chance.randint(0, 9)}"
    text = FRAME.format(
        number=number, one=names[0], two=names[1], cause=cause, year=year, month=made_on.month, day=made_on.day, thing=own[0],
        claim=1, facts="\n".join(said(chance.choice(SENTENCES)) for _n in range(chance.randint(5, 25))),
        reasons="\n".join(said(chance.choice(SENTENCES)) for _n in range(chance.randint(3, 12))), order=order, panel=panel,
        patent=patent, outcome=Outcome(outcome).label,
    )  # fmt: skip
    if serial % 200 == 0:  # now and then one in several parts
        text += "".join("\n" + said(chance.choice(SENTENCES)) for _n in range(300))
    sections = {
        "parties": [{"role": "", "name": name} for name in names],
        "panel": [{"role": "审理长", "name": panel}],
        "orders": [order],
    }
    return PublishedRuling(
        ruling=Ruling(number=number, made_on=made_on, outcome=outcome, sections="{}"), disclosure=review, revision=1,
        state=PublishedRuling.State.LIVE, basis="", passed=True, number=number, year=year, serial=serial,
        title="专利侵权纠纷行政裁决书", cause=cause, right_kind=kind, outcome=outcome,
        status=chance.choices(*zip(*STANDS, strict=True))[0], made_on=made_on, published_on=made_on, summary=order,
        sections=json.dumps(sections, ensure_ascii=False), text=text, unindexed=False, digest="0" * 64,
    )  # fmt: skip
