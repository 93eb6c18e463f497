"""People no word of office announces: told by what they say and do (某某证实), by what stands on both sides of them (由
某某保管), by a bracket behind them (某某（甲方）), by a list they stand in beside somebody known.

What says a person for certain makes a find; what only suggests one makes a find that somebody must decide about.
Places are those of the close view.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from cases.names import COMPOUND, ORGANISATION

from .names import FOREIGN, HAN, NOT_A_NAME, STOP, SURNAMES, name_at, occurrences, plain_name, sounds
from .sight import View

CONTEXT = "上下文"


@dataclass(frozen=True, slots=True)
class Announced:
    """A name the text announces: where, as whom (group of offices), by which word; `alias_of`: another name of that one.

    `sure`: a colon, a blank, a list, 男/女 say so; else the words around only suggest it.
    """

    start: int
    end: int
    name: str
    group: str
    office: str
    sure: bool = True
    alias_of: str = ""


_KIN = (
    "妻子?|丈夫|老公|爱人|父亲?|母亲?|儿子|女儿|女婿|儿媳|外甥女?|侄[子女]?|[兄弟姐妹]|哥哥|弟弟|姐姐|妹妹|姐夫|妹夫|弟媳|岳[父母]"
    "|亲属|亲戚|邻居|同事|同学|朋友|工友|老乡|合伙人|雇员|员工|职工|业务员|司机|徒弟|师傅"
)
# what only a person says, does or has
_STRONG = (
    r"(?:(?:也|又|再次|还|则|均|当庭|当场|书面|口头|事后|庭后|向本[院局]|亦|曾)?"
    r"(?:称(?![为之重号谓呼职霸量])|述称|诉称|辩称|声称|证实|作证|供述|陈述|证明|自认|承认|否认|指认|反映|出庭|未[到出答应]|到庭|到场|在场|拒绝|拒不|签名"
    r"|签字|签收|代收|代签|补充|答[:：辩]|表示|不服|同意|质证|去世|死亡|病故|回忆|转述|手写|亲笔|起草|绘制|翻译|介绍|拿来|送来|运来|打理"
    r"|独立完成|系其|与其|指使|召集|检验|驾驶|驾车|运输|经(?:本[局院]|合法|依法|公告|传票)|早在|住(?=[在于址]|[一-龥]{2,8}[省市区县镇乡村])|家住|现住|暂住))"
    r"|所(?:[做写画作制绘拍](?![用式])|有(?=[,，。;；的]))|处(?=[购得取拿买进借租收订学打扣])|手[中里上]|那[里儿]|本人|个人|吗[?？]|是[什谁][么人]?|的(?:"
    + _KIN
    + r"|朋友圈|微信|身份证|户口|签名|签字|证言|陈述|笔录|询问|作坊|院子|仓库|车间|住处|家[里中]|手机|账户|名字|名义|电话|笔迹|说法|录音)"
    rf"|系[^,，。;；]{{0,10}}?(?:{_KIN})|名下|(?:专利|商标|著作权|侵害|侵犯|不正当)[^,，。;；]{{0,20}}?(?:纠纷|一案)|作为(?:证|见证)人|诉(?=[侵专确著商不假]|[一-龥]{{2,30}}?(?:公司|厂|店|行|部|社|中心|一案|纠纷))|的(?:法定|委托)代理人"
    r"|[(（](?:[甲乙丙]方|[买卖]方|签[字名]|音[)）]|许可方|被许可方|转让方|受让方|出租方|承租方|另案|已判|在逃|曾用名|又名|系)"
    r"|[”\"](?:签名|字样|的签)|(?:经理|老板|师傅|厂长|店长)(?!人)|有利害关系|均无异议"
)
# what a company does as well
_WEAK = (
    r"未[提能作收经]|参加|指派|担任|提[交供出]|审核|经营|保管|负责|要求|许可|制造|生产|加工|设计|购[买得]|支付|持有|合[开伙作]|使用|收[取到下]|出[具售资]|开具|主持|认[识为可]"
    r"|自愿|给付|转[手交给让]|交[给付]|将|把|在|给|的|说|没|又|曾|应|经|系|于|已|并|帮|替|可以|多次|从未|不|只|仍|独自|进的"
)
_DOES = re.compile(f"(?=(?P<strong>{_STRONG})|(?P<weak>{_WEAK}))")
_SUED = re.compile(
    rf"(?:以|追加|变更|列)(?P<n>[{HAN}]{{2,4}}|[{HAN}]{{1,6}}·[{HAN}]{{1,6}})为(?:共同)?(?:被?请求人|被告|原告|第三人|被申请人)"
)
_CALLED = re.compile(rf"叫做?(?P<n>[{HAN}]{{2,4}}?|[{HAN}]{{1,6}}·[{HAN}]{{1,6}})(?=[,，。;；])")
_FROM = re.compile(rf"[从向](?P<n>[{HAN}]{{2,3}}?)处[购得取拿买进借租收订]")
# what leads to a person
_LEADS = re.compile(
    r"(?:由其?|从其?|向|经|与|和|及|找|替|受|叫做?|名叫|一个叫|自称|认识|通知|传唤|委托|申请|约定|指使|指派|请|[卖交送转借租寄付还]给|得知|载明|显示"
    r"|听|当时|通过|认为|称系?|系|是|说|问|询问|证言|约见|以|因|收到|接到?|帮|跟|同|雇请?|提交|出示|案外人|举报人|群众|时任|(?:公司|[店厂方部局])的|受理的?|审理的?|办理的?|我"
    r"|[“\"'‘])$"
)
_FIRMLY = re.compile(
    r"(?:由|从|经|找|替|叫做?|名叫|自称|认识|[卖交送转借租寄付还]给|通过|受|案外人|雇请?|帮|跟|载明|显示|得知|证言|[受审办]理的?"
    r"|请求人|原告|被告|第三人|申请人|投诉人|举报人|异议人|上诉人|当事人|证人|代表人|负责人|经营者|店主|老板|邻居|同事|朋友|妻子?|丈夫|父亲|母亲|儿子|女儿|其[夫父母子女兄弟姐妹]|司机|[员店]工|店员|业务员)$"
)
_NO_PERSON = re.compile(
    r"[诉辩述声自未不没也均又厂店局院所部馆社行处站队会校村镇县市省厅委署科室区街路号组型式性化法器机件品物料案权证书图表值率度量类款项单费额时日年]$"
)


def told(view: View) -> Iterator[Announced]:
    """Names by what is said of them: sure where only a person does it, else a suggestion."""
    text, seen = view.text, dict[str, int]()
    for hit in _SUED.finditer(text):
        if not ORGANISATION.search(hit["n"]):
            yield Announced(*hit.span("n"), hit["n"], "party", CONTEXT)
    for hit in _CALLED.finditer(text):
        if _person(hit["n"]):
            yield Announced(*hit.span("n"), hit["n"], "other", CONTEXT)
    for hit in _FROM.finditer(text):
        if (
            not ORGANISATION.search(hit["n"])
            and not NOT_A_NAME.search(hit["n"])
            and not _NO_PERSON.search(hit["n"])
        ):
            yield Announced(*hit.span("n"), hit["n"], "other", CONTEXT, False)
    weak: list[Announced] = []
    for hit in _DOES.finditer(text):
        end = hit.start()
        for size in _sizes(view, end):
            at = end - size
            firmly = bool(_FIRMLY.search(text, max(at - 4, 0), at))
            lead = firmly or _LEADS.search(text, max(at - 4, 0), at)
            opens = _opens(view, at)
            name = text[at:end]
            likely = hit["strong"] and (firmly or view.count(name) > 1) and _likely(name)
            if not (lead or opens) or not (_person(name) or likely):
                continue
            seen[name] = seen.get(name, 0) + 1
            if hit["strong"]:
                sure = _person(name) and (size > 2 or bool(lead) or view.count(name) > 1)
                yield Announced(at, end, name, "other", CONTEXT, sure)
            else:
                weak.append(Announced(at, end, name, "other", CONTEXT, False))
            break
    for one in weak:
        led = _FIRMLY.search(text, max(one.start - 4, 0), one.start)
        if led or seen[one.name] > 1 or (len(one.name) > 2 and view.count(one.name) > 1):
            yield one
    yield from _siblings(view)


_TWO = re.compile(rf"(?=(?P<one>[{HAN}]{{3}})、(?P<two>[{HAN}]{{3}}))")


def _siblings(view: View) -> Iterator[Announced]:
    """江某月、江某清: two of one surname in a list."""
    for hit in _TWO.finditer(view.text):
        one, two = hit["one"], hit["two"]
        if one[0] == two[0] and one[0] in SURNAMES and _person(one) and _person(two) and not sounds(one):
            if not any(
                n in view.gaps
                for n in (
                    *range(hit.start() + 1, hit.start() + 3),
                    *range(hit.end("two") - 2, hit.end("two")),
                )
            ):
                yield Announced(*hit.span("one"), one, "other", CONTEXT, False)
                yield Announced(*hit.span("two"), two, "other", CONTEXT, False)


def _opens(view: View, at: int) -> bool:
    """Does something begin here: behind a mark, a blank, or nothing?"""
    return at == 0 or at in view.gaps or bool(STOP.match(view.text, at - 1))


def _sizes(view: View, end: int) -> Iterator[int]:
    """Lengths of what may be a name that ends here: up to a blank, three signs before two, longer ones only if compound."""
    text = view.text
    if foreign := FOREIGN.search(text, max(end - 16, 0), end):
        for at in range(text.index("·", foreign.start(), end) - 1, foreign.start() - 1, -1):
            if (
                text[at] not in "其由从向经与和妻夫父母子女兄弟姐妹人者"
                and name_at(view, at, strong=True) == end - at
            ):
                yield end - at
    for size in (3, 2, 4):
        at = end - size
        if at < 0 or any(n in view.gaps for n in range(at + 1, end)):
            return
        if text[at : at + 2] in COMPOUND or (size < 4 and text[at] in SURNAMES):
            yield size
    for size in (5, 4, 3):
        if sounds(text[end - size : end]):
            yield size


def _person(name: str) -> bool:
    return (plain_name(name) or sounds(name)) and not _NO_PERSON.search(name)


def _likely(name: str) -> bool:
    """A name in which a common word stands (尚可喜), where both sides say that it is one."""
    return len(name) == 3 and not NOT_A_NAME.search(name) and not _NO_PERSON.search(name)


def beside(view: View, known: Sequence[Announced]) -> Iterator[Announced]:
    """Who stands in a list beside somebody known: 、 says it for certain, 和 and 与 suggest it."""
    text = view.text
    groups = {one.name: one.group for one in known}
    for start, end, name in occurrences(text, groups):
        group = groups[name]
        while text[end : end + 1] in ("、", "和", "与", "及"):
            mark, at = text[end], end + 1
            size = name_at(view, at, strong=mark == "、")
            if not size or not (mark == "、" or _person(text[at : at + size])):
                break
            if not plain_name(text[at : at + size]) and not (STOP.match(text, at + size) or size > 3):
                break
            end = at + size
            if _NO_PERSON.search(text[at:end]):
                break
            yield Announced(at, end, text[at:end], group, CONTEXT, mark == "、")
        if start and text[start - 1] in "、和与":
            stop = start - 1
            for size in _sizes(view, stop):
                at = stop - size
                if (_opens(view, at) or _LEADS.search(text, max(at - 4, 0), at)) and _person(text[at:stop]):
                    yield Announced(at, stop, text[at:stop], group, CONTEXT, text[stop] == "、")
                    break
