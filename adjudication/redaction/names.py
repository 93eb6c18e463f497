"""Names of people in Chinese text: registered ones with their forms of address, and those a word of office announces.

A name announced once is looked for everywhere; inside a longer word (主张三项) it is none.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from cases.names import COMPOUND

from .sight import Sight

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙"
    "叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温"
    "别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾"
    "毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴肖闫付代仝由苑覃冼佟苟原邸冶晋候涂揭练仵展丛初修战撒呼矫亓郇"
    "鹿尧遆逯邝植伦卿区麦佘银粟税郁阳门戚来信禚续锁揣栗宾虎门底"
)
_HAN = "\u3400-\u9fff"
# who is announced: words after which a private person's name stands
_OFFICE = (
    "法定代表人|法人代表|主要负责人|负责人|执行事务合伙人|经营者|经营人|投资人|业主|实际控制人|实际经营者|委托诉讼代理人|委托代理人|诉讼代理人|共同委托代理人|"
    "特别授权代理人|代理人|法定代理人|指定代理人|证人|被调查人|被询问人|被检查人|被处罚人|联系人|签收人|代收人|收件人|收货人|寄件人|发货人|经办人|"
    "在场人员?|见证人|翻译人员?|翻译|鉴定人|监护人|户主|户名|开户人|持卡人|车主|店主|老板|店长|店员|员工|职工|职员|业务员|销售员|销售人员|"
    "法定继承人|继承人|配偶|妻子|丈夫|之妻|之夫|其妻|其夫|父亲|母亲|其父|其母|儿子|女儿|之子|之女|长子|次子|长女|次女|哥哥|弟弟|姐姐|妹妹|"
    "案外人|自然人|股东|董事长|总经理|执行董事|监事|厂长|购买者|购买人|消费者|投诉人|举报人|委托人|受托人|被许可人|许可人|转让人|受让人|"
    "被上诉人|上诉人|被申请人|申请人|被申诉人|申诉人|被请求人|请求人|第三人|原告|被告人?|当事人|自诉人|被害人|犯罪嫌疑人|被执行人|申请执行人|异议人|专利权人|商标权人|权利人|住户"
)
_ANNOUNCED = re.compile(
    rf"(?P<office>{_OFFICE})(?:[(（][^()（）\n]{{0,14}}[)）])?(?:均|分别|一|二|三|1|2|3)?(?P<mark>[:：]|为|是|系|即|叫|名叫|[\s])*"
)
# who decides, writes and helps in office: their names stay
_BENCH = re.compile(
    r"(?:合议组组长|合议组成员|合议组|审判长|代理审判员|审判员|人民陪审员|陪审员|法官助理|助理审判员|书记员|速录员|执行员|组长|成员|主审员|参审员|审理员|"
    r"承办人|承办法官|记录人|记录员|技术调查官|技术审查官|裁决员|主裁决员|首席裁决员|审查员|执法人员|检察员|公证员|公证处工作人员|仲裁员|首席仲裁员|专家)(?:[:：]|为|是|系|\s)*"
)
_LAWYER = re.compile(
    r"(?:均系|均为|系|为|是|[,，、(（\s]|分别)*(?:[\u3400-\u9fff()（）]{2,30}?(?:律师事务所|法律服务所|专利代理事务所|知识产权代理|专利商标事务所|专利事务所|代理有限公司|"
    r"代理有限责任公司|代理公司|法律援助中心)[\u3400-\u9fff()（）]{0,12}?)?(?:专职|兼职|执业|实习|公职|公司)?(?:律师|专利代理师|专利代理人|商标代理人|法律工作者|基层法律服务工作者)"
)
# a sign with which the words after a name begin
_AFTER = frozenset(
    "到出陈称表认证作签在于与和及系是为经未已提向将以对因等的本也均并则又曾当自从被把由来去说述购收买卖销委申请该其此某之诉辩住男女生因且但而就还再"
    "或即所共同分可应负担任支付停止侵立不无有没拒接通过使利用进行实施承认否返退交付给予让需须仍才始开终起持处受参加主反抗要求愿自己个人"
)
_TITLES = re.compile(r"先生|女士|小姐|经理|总经理|董事长|厂长|主任|老板|师傅|同志|教授|博士|董事|总裁|总|某")
_STOP = re.compile(r"[,，。;；:：、!?\n\r\t \"“”‘’《》<>()（）\[\]【】/|*]|$")
_TRANSLITERATED = re.compile(rf"[{_HAN}]{{1,8}}(?:[·•・][{_HAN}]{{1,10}}){{1,4}}")
_LATIN = re.compile(r"[a-z]{2,20}(?:[.·\-]?[a-z]{1,20}){0,4}")
_NOT_A_NAME = re.compile(
    r"[0-9a-z]|[某×＊*]|公司|集团|企业|法院|政府|机关|单位|部门|经营|方面|双方|一方|对方|当事|侵权|专利|产品|证据|请求|材料|名称|姓名|身份|地址|住所|住址|"
    r"电话|以上|以下|上述|前述|所述|本人|本局|本院|本案|原告|被告|有限|商行|商店|商贸|超市|经营部|工作室|中心|事务|合议|书面|口头|答辩|认为|主张|确认|"
    r"无|未|于是|应当|可以|以及|关于|不服|明确|签字|签名|盖章|代表|授权|委托|依法|依据|包括|其他|有权|提交|提供|参加|出庭|到庭|到场|同意|享有|系列|知识|产权|方法|实用|发明|外观"
)
# the signs with which a surname's sign makes a word of its own: 主张, 双方, 责任
_BEFORE_WORD = {
    "张": "主一二三四五六七八九十两几多每该各纸慌夸紧开铺嚣扩伸声舒", "高": "提较最很更增过崇", "方": "双对一甲乙丙地官警各三多买卖供需处大平立四东西南北前后",
    "成": "形构组完达造促制合集生变分养", "金": "资基现奖偿罚押租本佣定", "明": "说证表写查声阐注标载透发文", "任": "责担信委主", "关": "有相机无攸海开",
    "单": "订清简账名菜保运面", "于": "属由等对关基位至用限处鉴", "应": "相对反适供效响", "向": "方趋导意倾", "时": "及同当届临即小按准随",
    "程": "过工流进课章", "解": "理调和分了见误", "项": "事权款各逐", "施": "实措设", "文": "公本原条正全下上中外", "常": "通正经异日", "全": "安完健",
    "万": "千百十数几", "车": "汽货客机列火", "江": "长", "司": "公", "经": "已曾", "路": "电线道公", "连": "相", "白": "明空",
    "平": "水公", "管": "监主保", "通": "普交流沟", "利": "权专有便", "信": "通微诚相", "计": "设统合审会", "强": "加增", "东": "股",
    "门": "部", "国": "我全中", "广": "推", "安": "公", "有": "所享拥持", "权": "产专版商授侵维有", "由": "理事自", "代": "时",
    "家": "国专厂商", "能": "功可只性", "相": "互", "容": "内", "师": "律", "修": "维", "展": "发", "查": "检调审核", "步": "进逐",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Announced:
    """A name announced in the text, with the word of office before it; places in the close view."""

    start: int
    end: int
    name: str
    office: str


def is_surname(text: str) -> int:
    """How many signs of this text are a surname: 2 for a compound one, 1, or 0."""
    if text[:2] in COMPOUND:
        return 2
    return 1 if text[:1] in SURNAMES else 0


def bench(text: str) -> list[tuple[int, int]]:
    """Names of who decided and wrote (places in the text given: the close view); they stay."""
    found = []
    for hit in _BENCH.finditer(text):
        at = hit.end()
        while (size := _name_at(text, at, lists=True)) and len(found) < 200:
            found.append((at, at + size))
            at += size
            if at < len(text) and text[at] in "、,，和 ":
                at += 1
                continue
            break
    return found


def lawyers(text: str) -> set[str]:
    """Names of lawyers and agents with their firm: they stay. The text is the close view."""
    found = set()
    for one in announced(text):
        if "代理" not in one.office:
            continue
        if _LAWYER.match(text, _end_of_list(text, one.end)):
            found.add(one.name)
    return found


def _end_of_list(text: str, at: int) -> int:
    """Behind the other names of the same list."""
    while at < len(text) and text[at] in "、,，和":
        size = _name_at(text, at + 1, lists=True)
        if not size:
            break
        at += 1 + size
    return at


def announced(text: str) -> Iterator[Announced]:
    """Every name a word of office announces; lists by 、 too. The text is the close view."""
    for hit in _ANNOUNCED.finditer(text):
        at, marked = hit.end(), bool(hit["mark"])
        while size := _name_at(text, at, lists=marked or at > hit.end()):
            yield Announced(at, at + size, text[at : at + size], hit["office"])
            at += size
            if at < len(text) - 2 and text[at] in "、和及与":
                at += 1
                continue
            break


def _name_at(text: str, at: int, *, lists: bool) -> int:
    """Length of the person's name that begins here, 0 if there is none.

    `lists`: after a colon or in a list a name may be rarer; in running prose its end must be clear.
    """
    if foreign := _TRANSLITERATED.match(text, at):
        return len(foreign[0]) if _STOP.match(text, foreign.end()) else _trimmed(foreign[0])
    if latin := _LATIN.match(text, at):
        good = lists and latin[0] not in ("and", "the", "co", "ltd", "inc") and _STOP.match(text, latin.end())
        return len(latin[0]) if good and len(latin[0]) > 3 else 0
    surname = is_surname(text[at : at + 2])
    if not surname:
        return 0
    ends = {}
    for size in (surname + 2, surname + 1):
        name = text[at : at + size]
        if len(name) < size or not re.fullmatch(rf"[{_HAN}]+", name) or _NOT_A_NAME.search(name):
            continue
        rest = text[at + size : at + size + 4]
        if _STOP.match(rest):
            ends[size] = 3
        elif _TITLES.match(rest) or (rest[:1] == "男" or rest[:1] == "女"):
            ends[size] = 2
        elif rest[:1] in _AFTER and name[-1] not in _AFTER:
            ends[size] = 2
        elif rest[:1] in _AFTER and size == surname + 1:
            ends[size] = 1
    if not ends:
        return 0
    best = max(ends.values())
    size = max(s for s, good in ends.items() if good == best)
    return size if lists or best >= 2 else 0


def _trimmed(name: str) -> int:
    """A transliterated name without the words that follow it."""
    head, _dot, tail = name.rpartition(name[re.search(r"[·•・]", name).start()])  # type: ignore[union-attr]
    for place in range(2, len(tail)):
        if tail[place] in _AFTER:
            return len(head) + 1 + place
    return len(name)


def in_a_word(text: str, start: int, end: int) -> bool:
    """Does this occurrence of a name of two signs stand inside a longer word: 主张三项, 双方正在?"""
    return end - start == 2 and start > 0 and text[start - 1] in _BEFORE_WORD.get(text[start], "")


def occurrences(text: str, names: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Every place of these names (as the close view has them), longest first where they overlap."""
    ordered = sorted({name for name in names if len(name) > 1}, key=lambda one: (-len(one), one))
    if not ordered:
        return
    heads: dict[str, list[str]] = {}
    for name in ordered:
        heads.setdefault(name[:2], []).append(name)
    place = 0
    while place < len(text) - 1:
        for name in heads.get(text[place : place + 2], ()):
            if text.startswith(name, place):
                yield place, place + len(name), name
                place += len(name) - 1
                break
        place += 1


_ADDRESSED = (
    "先生",
    "女士",
    "小姐",
    "老板",
    "老师",
    "师傅",
    "经理",
    "总经理",
    "董事长",
    "厂长",
    "同志",
    "阿姨",
    "大爷",
    "总",
)


def addressed(text: str, surnames: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """刘先生, 刘总, 老刘, 小刘 of these surnames: (start, end, surname)."""
    if not surnames:
        return
    any_of = "|".join(sorted(map(re.escape, surnames), key=len, reverse=True))
    title = "|".join(_ADDRESSED)
    for hit in re.finditer(
        rf"(?P<a>{any_of})(?:{title})(?![{_HAN}]*?公司)|(?<![{_HAN}])[老小](?P<b>{any_of})(?![{_HAN}])", text
    ):
        yield hit.start(), hit.end(), hit["a"] or hit["b"]


def close_name(name: str) -> str:
    """A name as the close view has it."""
    return Sight(name).close.text
