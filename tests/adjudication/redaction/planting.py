"""Numbers of people who do not exist, written in every way, planted in the prose of rulings that were never made."""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


def _digits(rng: random.Random, count: int) -> str:
    return "".join(rng.choice("0123456789") for _n in range(count))


def id18(rng: random.Random) -> str:
    body = f"{rng.choice((110105, 120116, 330106, 440305, 650102))}{_birthday(rng)}{_digits(rng, 3)}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, weights, strict=True)) % 11]


def id15(rng: random.Random) -> str:
    return f"{rng.choice((110105, 120116, 330106))}{_birthday(rng)[2:]}{_digits(rng, 3)}"


def _birthday(rng: random.Random) -> str:
    return f"{rng.randint(1950, 2005)}{rng.randint(1, 12):02}{rng.randint(1, 28):02}"


def mobile(rng: random.Random) -> str:
    return f"1{rng.choice('3456789')}{_digits(rng, 9)}"


def landline(rng: random.Random) -> str:
    end = f"转{rng.randint(1, 9999)}" if rng.random() < 0.3 else ""
    return f"{rng.choice(('022', '010', '0755', '0315'))}-{rng.randint(2, 8)}{_digits(rng, 7)}{end}"


def card(rng: random.Random) -> str:
    body = rng.choice(("622848", "621700", "955880", "436742")) + _digits(rng, rng.choice((9, 12)))
    doubled = [int(d) * 2 - 9 * (int(d) > 4) if n % 2 == 0 else int(d) for n, d in enumerate(reversed(body))]
    return body + str(-sum(doubled) % 10)


def account(rng: random.Random) -> str:
    return rng.choice("1237") + _digits(rng, rng.choice((11, 14, 16, 18)))


def mail(rng: random.Random) -> str:
    return f"{rng.choice(('zhiheng', 'a.b', 'shop_88', 'x-y'))}{_digits(rng, 3)}@{rng.choice(('example.com', 'mail.example.cn'))}"


def passport(rng: random.Random) -> str:
    return f"{rng.choice(('E', 'G', 'EA', 'EH'))}{_digits(rng, 8)}"[:9]


def permit(rng: random.Random) -> str:
    return f"{rng.choice('HM')}{_digits(rng, 8)}"


def plate(rng: random.Random) -> str:
    size = rng.choice((5, 6))
    tail = rng.choice("DF") if size == 6 else rng.choice("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ")
    return f"{rng.choice(PROVINCES)}{rng.choice('ABCDEFGH')}{rng.choice(('·', ''))}{tail}{_digits(rng, size - 1)}"


def certificate(rng: random.Random) -> str:
    return rng.choice(
        ("津（2021）滨海新区不动产权第{}号", "房权证津字第{}号", "冀(2019)唐山市不动产权第{}号")
    ).format(_digits(rng, 7))


def qq(rng: random.Random) -> str:
    return f"{rng.randint(1, 9)}{_digits(rng, 8)}"


def wechat(rng: random.Random) -> str:
    return f"wx_{_digits(rng, 6)}"


def birthday(rng: random.Random) -> str:
    year, month, day = rng.randint(1950, 2005), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice((f"{year}年{month}月{day}日", f"{year}-{month:02}-{day:02}", f"{year}年{month}月"))


@dataclass(frozen=True)
class Kind:
    """A kind of number: its category, how one is made, the sentences it stands in, how it may be written."""

    category: str
    make: Callable[[random.Random], str]
    frames: tuple[str, ...]
    ways: tuple[str, ...]


DIGITS = ("plain", "wide", "spaces", "hyphens", "line", "indented", "invisible", "cell")
KINDS = {
    "id18": Kind("id_number", id18, ("公民身份号码{}", "身份证号：{}", "（{}）", "其身份证号码为{}"), DIGITS),
    "id15": Kind("id_number", id15, ("身份证号：{}", "一代身份证号码{}"), DIGITS),
    "mobile": Kind("phone", mobile, ("联系电话{}", "手机{}", "拨打{}后", "（{}）"), (*DIGITS, "chinese", "circled")),
    "landline": Kind("phone", landline, ("电话：{}", "传真{}", "座机号码{}"), ("plain", "wide", "line", "invisible", "cell")),
    "card": Kind("account", card, ("银行卡{}", "向{}转账", "卡号为{}"), DIGITS),
    "account": Kind("account", account, ("账号：{}", "账户{}", "开户行示例银行，账号{}"), DIGITS),
    "mail": Kind("phone", mail, ("邮箱{}", "电子邮件：{}", "发送至{}"), ("plain", "wide", "invisible", "cell")),
    "passport": Kind("id_number", passport, ("护照号码{}", "持护照（{}）"), ("plain", "wide", "line", "invisible", "cell")),
    "permit": Kind("id_number", permit, ("港澳居民来往内地通行证{}", "通行证号{}"), ("plain", "wide", "line", "invisible", "cell")),
    "plate": Kind("plate", plate, ("车牌号{}", "驾驶{}小型客车"), ("plain", "wide", "invisible", "cell")),
    "certificate": Kind("property", certificate, ("提交{}", "不动产权证书：{}"), ("plain", "wide", "invisible", "cell")),
    "qq": Kind("phone", qq, ("QQ号{}", "QQ：{}"), ("plain", "wide", "invisible", "cell")),
    "wechat": Kind("phone", wechat, ("微信号{}", "微信：{}"), ("plain", "wide", "invisible", "cell")),
    "birthday": Kind("birth", birthday, ("{}出生", "出生日期{}", "生于{}"), ("plain", "wide", "invisible", "cell")),
}  # fmt: skip

LABELS = {"birthday": "出生日期", "mobile": "电话", "id18": "身份证号", "certificate": "权证"}
CHINESE = str.maketrans("0123456789", "〇一二三四五六七八九")
CIRCLED = str.maketrans("0123456789", "⓪①②③④⑤⑥⑦⑧⑨")
UNSEEN = "\u200b\u200c\u00ad\u2060\ufeff\u202e\ufe0f"


def written(value: str, way: str, rng: random.Random) -> str:
    """The value as somebody, or some software, wrote it."""
    inner = rng.randint(1, len(value) - 1)
    if way == "wide":
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)
    if way in ("spaces", "hyphens"):
        sign, step = (" " if way == "spaces" else rng.choice("-－—")), rng.choice((1, 3, 4))
        return sign.join(value[n : n + step] for n in range(0, len(value), step))
    if way == "line":
        return f"{value[:inner]}\n{value[inner:]}"
    if way == "indented":
        return f"{value[:inner]} \n　　{value[inner:]}"
    if way == "invisible":
        return value[:inner] + rng.choice(UNSEEN) + value[inner:]
    if way in ("chinese", "circled"):
        return value.translate(CHINESE if way == "chinese" else CIRCLED)
    return value


@dataclass(frozen=True)
class Planted:
    """One number in a text: its kind, how it is written, where it stands."""

    kind: str
    way: str
    start: int
    end: int


# what stands around: nothing in it may be taken out
PROSE = (
    "请求人于2025年3月10日向本局提出处理请求，称其系专利号为ZL202020123456.7、名称为“一种阀门”的实用新型专利的专利权人。",
    "本局于2025年3月17日立案，案号为津滨知裁字〔2025〕12号，依法组成合议组，于2025年5月6日公开进行了口头审理。",
    "被请求人某某（天津）机械有限公司（统一社会信用代码91110000802100433B）辩称，被控侵权产品系从案外公司购进，单价1,280.50元，共计人民币45678元。",
    "国家知识产权局第563421号无效宣告请求审查决定维持涉案专利权有效；第12345678号注册商标与本案无关。",
    "（2023）津03民初12号民事判决认定，某某五金商行应赔偿经济损失50000元，合理开支13800元。",
    "请求人提交的公证书载明，2025年1月8日公证员到达现场，取得发票号码12345678的发票一张，订单编号为1234567890123456。",
    "对比可知，被控侵权产品具备权利要求1的全部技术特征，落入涉案专利权的保护范围，主张三项抗辩均不成立。",
)


def document(rng: random.Random, wanted: Sequence[tuple[str, str]]) -> tuple[str, list[Planted]]:
    """A text with these (kind, way) in it, and where they are."""
    text, planted = "", []
    for kind, way in wanted:
        text += rng.choice(PROSE)
        before, _hole, behind = rng.choice(KINDS[kind].frames).partition("{}")
        value = written(KINDS[kind].make(rng), way, rng)
        if way == "cell":
            before, behind = f"\n| 序号 | {before or LABELS[kind]} | ", " |\n"
        text += f"另查明，{before}"
        planted.append(Planted(kind, way, len(text), len(text) + len(value)))
        text += f"{value}{behind}。"
    return text + rng.choice(PROSE), planted


def every_way() -> Iterator[tuple[str, str]]:
    """(kind, way of writing) of everything that is planted."""
    for name, kind in KINDS.items():
        for way in kind.ways:
            yield name, way
