"""Who a text itself names: people announced by a word of office (法定代表人：), by what follows (，男，), as an alias;
who decides and who is a lawyer, whose names stay; organisations, inside whose names a person's name is none.

Places are those of the close view.
"""

import re
from collections.abc import Iterator

from cases.names import COMPOUND

from .names import HAN, STOP, name_at, plain_name, surname_size
from .sight import Sight, View
from .tables import under
from .telling import Announced, beside, told

# parties of a procedure
_PARTY = (
    "被上诉人|上诉人|再审申请人|被申请再审人|被申请人|申请人|被申诉人|申诉人|被请求人|请求人|共同请求人|第三人|反诉原告"
    "|反诉被告|原审原告|原审被告|一审原告|"
    "一审被告|原告人?|被告人?|自诉人|被执行人|申请执行人|案外人|异议人|复议申请人|当事人|无效宣告请求人|被投诉人|投诉人"
    "|被举报人|举报人|被处罚人|被检查人|受送达人|被送达人|甲方|乙方|丙方"
)
_REPRESENTING = (
    "法定代表人|法人代表|诉讼代表人|主要负责人|负责人|代表人|执行事务合伙人|合伙人|经营者|实际经营者|登记经营者|经营人|业主"
    "|投资人|实际控制人|店主|老板娘|老板|店长|厂长|"
    "董事长|执行董事|总经理|副总经理|经理|董事|监事|股东|校长|院长|社长|首席执行官|财务负责人|出资人"
)
_AGENT = (
    "共同委托诉讼代理人|共同委托代理人|委托诉讼代理人|委托代理人|诉讼代理人|特别授权代理人|法定代理人|指定代理人|复代理人"
    "|代理人|辩护人|监护人"
)
_OTHER = (
    "证人|被调查人|被询问人|陈述人|谈话人|联系人|收件人|收货人|寄件人|发货人|签收人|代收人|送货人|取件人|经办人|在场人员?"
    "|见证人|翻译人员?|翻译|鉴定人|专家辅助人|"
    "有专门知识的人|户主|户名|开户人|持卡人|收款人|付款人|汇款人|车主|司机|驾驶员|住户|房东|承租人|出租人|店员|员工|职工|职员"
    "|雇员|工人|业务员|销售员|销售人员|"
    "客服人员|采购员|会计|出纳|技术员|设计师|购货人|购买者|购买人|买受人|出卖人|消费者|委托人|受托人|被许可人|许可人|转让人|受让人"
    "|共有人|发明人|设计人|专利权人|商标权人|"
    "著作权人|权利人|作者|被害人|受害人|犯罪嫌疑人|嫌疑人|罪犯|同案人|村民|居民|市民|患者|死者|借款人|出借人|担保人|保证人"
    "|债权人|债务人|介绍人|证明人|签字人|签约人|姓名|原名|本名|到场人员?|在场人|授权人|被授权人|摊主|档主|雇佣|抓获|起草人|机主"
    "|自称|名叫|群众|网友|中间人|送货人|签单人|检验员|送检人|署名人|保管员|网店店主|实名认证人|法人|行为人|涉案人员?"
)
_RELATIVE = (
    "继承人|配偶|妻子|丈夫|之妻|之夫|其妻子?|其夫|父亲|母亲|其父|其母|儿子|女儿|之子|之女|其子|其女|长子|次子|长女|次女|哥哥"
    "|弟弟|姐姐|妹妹|岳父|岳母|女婿|儿媳|侄子|"
    "外甥女|外甥|侄女|连襟|老公|老婆|爱人|表哥|表弟|表姐|表妹|堂哥|堂弟|堂兄|嫂子|姐夫|妹夫|弟媳|舅舅|姑姑|伯父|祖父|祖母|孙子|孙女|工友|同学|老乡|叔叔|其妹|其弟|其兄|其姐|之父|之母|之兄|之弟|之妹|之姐|亲属|父母|夫妻|前妻|前夫|女友|男友|朋友|同事|邻居"
)
_ALIAS = "曾用名|又名|别名|原名|艺名|笔名|化名|绰号|外号|乳名|小名|英文名|网名|自称|名叫|本名"
GROUPS = (
    ("party", _PARTY),
    ("representative", _REPRESENTING),
    ("agent", _AGENT),
    ("other", _OTHER),
    ("relative", _RELATIVE),
)
_OFFICE = re.compile(
    "|".join(
        f"(?P<{name}>{'|'.join(sorted(words.split('|'), key=len, reverse=True))})" for name, words in GROUPS
    )
)
_MARK = re.compile(
    r"(?:姓名|名字)?(?:[(（][^()（）\n。]{0,24}[)）])?(?:均|分别|[一二三123甲乙丙](?![·一-龥]))?(?P<mark>[:：|]|分别为|分别是"
    r"|均为|[为是系即叫](?=[一-龥]))?[\"“‘]?"
)
# names of who decides, writes and helps in office stay
_BENCH = re.compile(
    r"(?<!被)(?:合议组组长|合议组成员|(?<![家庭会])成员|合议组|合议庭组成人员|合议庭成员|审判长|代理审判员|审判员|人民陪审员|陪审员|法官助理|助理审判员"
    r"|审判辅助人员|法官|书记员|速录员|执行员|主审员|参审员|"
    r"审理员|承办人|记录人|记录(?=[:：])|(?:人民)?调解员|记录员|技术调查官|技术审查官|技术咨询专家|裁决员|主裁决员|首席裁决员|审查员|执法人员|执法员|检查人员"
    r"|调查人员|询问人|检察员|检察长|公证员|公证处公证人员|公证人员|"
    r"工作人员|仲裁员|首席仲裁员|局长|副局长|处长|科长|庭长|副庭长|院长|组长|组员|签发人|批准人)(?:助理)?(?P<mark>[:：]|为|是|系|由)?"
)
_FIRM = re.compile(
    r"(?:均系|均为|分别系|系|为|是|[,，(（]|(?:特别|一般)授权(?:代理)?[,，)）]|男|女|[(（][^()（）]{0,12}[)）])*"
    r"(?:(?P<firm>[\u3400-\u9fff()（）·a-z]{2,30}?(?:律师事务所|法律服务所|法律服务中心|专利代理事务所|知识产权代理事务所"
    r"|专利商标事务所|专利事务所|商标事务所|代理有限公司|代理有限责任公司|"
    r"代理公司|法律援助中心|法律援助工作站|事务所))[\u3400-\u9fff()（）]{0,14}?)?"
    r"(?:律师|专利代理师|专利代理人|商标代理人|法律工作者|法律服务工作者|代理师|执业)"
)
_SEX = re.compile(r"(?:[(（][^()（）]{1,16}[)）])?[,，][男女][,，。;；]")
ORG_END = (
    "股份有限公司|有限责任公司|集团有限公司|有限公司|分公司|总公司|公司|集团|事务所|研究院|研究所|设计院|合作社|大学|学院|学校"
    "|中学|小学|医院|银行|协会|学会|商会|联合会|"
    "基金会|委员会|株式会社|中心|工厂|总厂|分厂|加工厂|经营部|门市部|批发部|服务部|工作室|商行|商店|商城|商场|超市|专卖店"
    "|旗舰店|酒店|宾馆|饭店|药店|书店|店|厂|行|铺|馆|社|坊|部|吧"
)
_ORG = re.compile(rf"[{HAN}a-z0-9()（）·&]{{2,40}}?(?:{ORG_END})(?=[,，。;；:：、()（）\"”\n]|$)")
# what may stand before the name of an organisation in the same breath
_BEFORE_ORG = re.compile(
    rf"{_OFFICE.pattern}|的|与|和|及|诉|由|系|是|为|在|于|向|对|从|到|将|被|因|至|给|经营|设立|担任|委托|起诉|控股|持有|名下|所有"
    rf"|代表|通过|销售|购买|制造|生产".replace("?P<party>", "?:")
    .replace("?P<representative>", "?:")
    .replace("?P<agent>", "?:")
    .replace("?P<other>", "?:")
    .replace("?P<relative>", "?:")
)
_ORG_HERE = re.compile(
    rf"(?:(?![的与和及诉由系是为在于向对从到将被因、])[{HAN}a-z0-9()（）·&]){{1,30}}?(?:{ORG_END}|[局处所院署厅]|办公室|政府)"
)
_SHORT = re.compile(r"[(（](?:以下|下)?(?:简|统)?称[:：]?[\"“]?(?P<short>[^()（）\"”,，。]{2,16})[\"”]?[)）]")
TRADE_END = re.compile(
    r"(?:店|厂|行|铺|馆|社|坊|部|吧|超市|商城|商场|工作室|中心|摊|户)$"
)  # a shop may be one person's


def announced(sight: Sight) -> list[Announced]:
    """Every name the text announces, as it appears: by a word of office (lists by 、 too, with aliases), by 男 or 女
    behind it, by the heading of its column, by a greeting, by what is told of it.
    """
    view = sight.close
    found = [*_by_office(view), *_by_sex(view), *_by_column(sight), *_by_greeting(sight)]
    found += told(view)
    found += beside(view, found)
    return sorted(dict.fromkeys(found), key=lambda one: one.start)


def _by_office(view: View) -> Iterator[Announced]:
    text = view.text
    for hit in _OFFICE.finditer(text):
        group = hit.lastgroup or ""
        if _part_of_word(text, hit.start(), hit[0]):
            continue
        mark = _MARK.match(text, hit.end())
        at = mark.end() if mark else hit.end()
        strong = bool(mark and mark["mark"]) or at in view.gaps
        yield from _listed(view, at, group, hit[0], strong=strong)


_GREETING = re.compile(r"(?:先生|女士|小姐|同志)[:：]|[:：]")


def _by_greeting(sight: Sight) -> Iterator[Announced]:
    """某某先生： or 某某： alone in its line."""
    view, whole = sight.close, sight.original
    for hit in _GREETING.finditer(view.text):
        ends = hit.end() == len(view.at) or "\n" in whole[view.at[hit.end() - 1] : view.at[hit.end()]]
        for size in (3, 2, 4) if ends else ():
            at = hit.start() - size
            begins = at == 0 or (at > 0 and "\n" in whole[view.at[at - 1] : view.at[at]])
            if (
                begins
                and surname_size(view.text[at : at + 4])
                and name_at(view, at, strong=True) == size < 4 + (view.text[at : at + 2] in COMPOUND)
            ):
                yield Announced(at, hit.start(), view.text[at : hit.start()], "party", "称呼")
                break


def _by_sex(view: View) -> Iterator[Announced]:
    text = view.text
    for hit in _SEX.finditer(text):
        for size in (4, 3, 2, 5):
            at = hit.start() - size
            opens = (
                at == 0
                or at in view.gaps
                or (at > 0 and (STOP.match(text, at - 1) or text[at - 1] in "人告者"))
            )
            if at >= 0 and opens and name_at(view, at, strong=True, party=True) == size:
                yield Announced(at, hit.start(), text[at : hit.start()], "other", "性别")
                break


_HEADINGS = {
    "姓名": "other", "当事人": "party", "请求人": "party", "被请求人": "party", "原告": "party", "被告": "party", "证人": "other",
    "联系人": "other", "经营者": "representative", "法定代表人": "representative", "负责人": "representative", "代理人": "agent",
    "委托代理人": "agent", "签收人": "other",
}  # fmt: skip


def _by_column(sight: Sight) -> Iterator[Announced]:
    """In a table, what stands under 姓名, 当事人, 证人."""
    for heading, place in under(sight, _HEADINGS):
        yield from _listed(sight.close, place, _HEADINGS[heading], heading, strong=True)


def _part_of_word(text: str, start: int, office: str) -> bool:
    """其他经理 is an office; 被 of 被告人 belongs to it, the 人 of 经营者 does not: only what would mislead is left out."""
    before = text[start - 1 : start] if start else ""
    behind = text[start + len(office) : start + len(office) + 3]
    if behind[:1] == "数":  # 请求人数
        return True
    return bool(before) and (
        (
            office in ("会计", "翻译", "作者", "董事", "朋友", "经理")
            and before in "的各等"
            and not plain_name(behind)
        )
        or (office == "姓名" and before in "的其")
    )


_HIDDEN = re.compile(rf"[{HAN}]{{1,2}}[某×*]{{1,2}}[甲乙丙丁0-9]?、")


def _listed(view: View, at: int, group: str, office: str, *, strong: bool) -> Iterator[Announced]:
    text, first = view.text, True
    while True:
        while hidden := _HIDDEN.match(text, at):  # 楚某、谭皓
            at, first = hidden.end(), False
        party = group in ("party", "representative", "agent")
        size = name_at(view, at, strong=strong or not first, party=party)
        if not size or _begins_organisation(view, at, size):
            return
        end = at + size
        name = text[at:end]
        sure = strong or not first or bool(STOP.match(text, end)) or party
        yield Announced(at, end, name, group, office, sure)
        yield from _aliases(view, end, name, group)
        if "·" in name and (latin := _LATIN_BEHIND.match(text, end)):
            yield Announced(*latin.span("name"), latin["name"], group, "外文名", True, name)
        behind = _behind_bracket(text, end)
        if behind < len(text) - 1 and text[behind] in "、和及与":
            if text[behind] == "、" or not first or name_at(view, behind + 1, strong=False):
                at, first = behind + 1, False
                continue
        return


def _begins_organisation(view: View, at: int, size: int) -> bool:
    """江西省交通工程集团有限公司, 巴妮兰公司: what looks like a name is the beginning of a company's."""
    hit = _ORG_HERE.match(view.text, at)
    if hit and hit.end() == at + size + 1 and _NO_OFFICE.match(view.text, at + size):
        return False
    if not hit or hit.end() <= at + size or any(n in view.gaps for n in range(at + 1, hit.end())):
        return False
    return not STOP.match(view.text, at + size)


_NO_OFFICE = re.compile(
    "处(?=[购得取拿买进借租收订学打扣])|所(?=[有在述称持签写作])|行(?=使|至|为)|部(?=分)"
)  # 某某处得知


def _behind_bracket(text: str, at: int) -> int:
    if text[at : at + 1] in ("(", "（"):
        close = re.compile(r"[)）]").search(text, at, at + 30)
        return close.end() if close else at
    return at


_LATIN_BEHIND = re.compile(r"[(（](?P<name>[a-z][a-z.·' -]{3,40})[)）]")
_ALIASES = re.compile(rf"[(（,，]?(?:{_ALIAS})(?:为|是|叫)?[:：]?[\"“‘]?")


def _aliases(view: View, at: int, name: str, group: str) -> Iterator[Announced]:
    """(曾用名李四), ，又名“大刘”: other names of the one just named."""
    text = view.text
    while hit := _ALIASES.match(text, at):
        start = hit.end()
        stop = STOP.search(text, start)
        end = stop.start() if stop else start
        quoted = hit[0][-1] in '"“‘'
        size = end - start if quoted or 2 <= end - start <= 4 else name_at(view, start, strong=True)
        if not 2 <= size <= 12 or view.text[start : start + size] == name:
            return
        yield Announced(start, start + size, text[start : start + size], group, "别名", True, name)
        at = start + size
        if text[at : at + 1] in ("”", '"', "’"):
            at += 1


# 负责人：某某，局长: who heads an authority
_HEAD = re.compile(
    rf"负责人[:：为是]?(?P<n>[{HAN}]{{2,4}})[,，](?:该局)?(?:党组书记[、兼])?副?[局处科厅区市县镇庭]长"
)


def bench(view: View) -> list[tuple[int, int]]:
    """Names of who decided, wrote or heads the authority; they stay."""
    text = view.text
    found = [hit.span("n") for hit in _HEAD.finditer(text)]
    for hit in _BENCH.finditer(text):
        at = hit.end()
        strong = bool(hit["mark"]) or at in view.gaps
        while size := name_at(view, at, strong=strong):
            found.append((at, at + size))
            at += size
            if text[at : at + 1] == "、":
                at, strong = at + 1, True
                continue
            break
    return found


def lawyers(view: View, people: list[Announced]) -> list[Announced]:
    """Agents named with their firm, or as lawyers: their names stay."""
    found = []
    for place, one in enumerate(people):
        if one.group != "agent":
            continue
        end = one.end
        for other in people[place + 1 :]:  # 刘甲、钱乙，某律师事务所律师
            if other.group != "agent" or other.start > _behind_bracket(view.text, end) + 1:
                break
            end = other.end
        if _FIRM.match(view.text, end):
            found.append(one)
    return found


def organisations(view: View) -> set[str]:
    """Names of organisations that stand between marks, and what they are called in short."""
    found = set()
    for hit in _ORG.finditer(view.text):
        before = view.text[hit.start() - 1 : hit.start()] if hit.start() else ""
        if not before or STOP.match(before):
            breaks = [n for n in range(hit.start() + 1, hit.end()) if n in view.gaps]
            found.add(_BEFORE_ORG.split(view.text[max([hit.start(), *breaks]) : hit.end()])[-1])
    for hit in _SHORT.finditer(view.text):
        if re.search(rf"(?:{ORG_END})$", hit["short"]):
            found.add(hit["short"])
    return {one for one in found if len(one) >= 4}
