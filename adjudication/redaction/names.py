"""The shape of a person's name in Chinese text: where it ends, where it is none, what it is called beside its form.

Places are those of the close view (no blanks); `gaps` of the view tell where a blank was.
"""

import re
from collections.abc import Iterable, Iterator, Sequence

from cases.names import COMPOUND, ORGANISATION

from .sight import Sight, View
from .words import is_word

SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳酆鲍史唐"
    "费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁"
    "杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚"
    "程嵇邢滑裴陆荣翁荀羊於惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘钭厉戎祖武符刘景詹束龙"
    "叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿通边扈燕冀郏浦尚农温"
    "别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾敖融冷訾辛阚那简饶空曾"
    "毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公仉督岳帅缑亢况郈有琴肖闫付代仝由苑覃冼佟苟原邸冶晋候涂揭练仵展丛初修战撒呼矫亓郇"
    "牟迟言母兰芦贠么豆佀丑仪隋蹇庹鄢汝雒郄隽苌呙妥尉奉墨朴渠甯眭禚綦肇萨菅谌谯赫镡闪颉淡敬卿智普撖亶都乔"
    "鹿尧遆逯邝植伦卿区麦佘银粟税郁阳门戚铁律侍爨檀占盘字玄浮来信禚续锁揣栗宾虎门底"
)
HAN = "\u3400-\u9fff\U00020000-\U0003ffff"
_HAN_ONLY = re.compile(f"[{HAN}]+")
# a sign that ends whatever stands before it
STOP = re.compile(r"[,，。.;；:：、!?\"“”‘’《》<>()（）\[\]【】〔〕{}/\\|*=+#&~…-]|$")
# what the words behind a name begin with, where they are no common word of two signs
_AFTER = frozenset(
    "到出陈称表认证作签在于与和及系是为经未已提向将以对因等的也均并则又曾当自从被把由来去说述购收买卖销委申请该其此某之诉辩"
    "因且但而就还再或即所同分可应负任支付停侵立不无有没拒接通过使利用进行实施承否返退交给予让需须仍才始开终起持处受参主反抗"
    "据按依根要求愿自己个起上下先后至间各说才早进找住"
)
_COUNTED = re.compile("[一二两三四五六七八九十](?:人|名|个|方|份|次|项|审|年|月|日|者|家)")
_TITLES = re.compile(
    r"先生|女士|小姐|经理|总经理|董事长|厂长|主任|老板|师傅|同志|教授|博士|董事|总裁|[男女](?![一-龥])|[男女](?:性|[一-龥]族|\d)"
    r"|性别|身份|民族|出生|职务|职业|电话|住址|住所"
    r"|法定代表|诉讼代|委托诉讼|委托代理|代理人|代表人|原告|被告|上诉人|被上诉人|第三人|请求人|被请求人|负责人|经营者|证人|辩称"
    r"|诉称|述称|述|到庭|出庭|到场|签名|签字|签收|参加|夫妇|夫妻|父子|父女|母子|母女|兄弟|姐妹|二人|两人|三人|等人|本人|名下"
    r"|个人|一案|系"
)
# words of office and of the trade that no name holds
_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州"
    "|云南|陕西|甘肃|青海|内蒙古|广西|西藏|宁夏|新疆|国浩"
)
# 黄波北京市某某律师事务所: a firm begins without a comma
_FIRM = re.compile(rf"(?:{_PROVINCES})[{HAN}()（）]{{0,24}}?(?:事务所|服务所|公司|中心)")
NOT_A_NAME = re.compile(
    r"[某×＊*×xX某□]|公民|车牌|护照|微信|号码|邮箱|账号|备注|性别|民族|序号|公司|集团|企业|法院|政府|机关|单位|部门|方面|双方"
    r"|当事|侵权|专利|产品|证据|请求|材料|名称|姓名|身份|地址|住所|住址|电话|以上|以下|"
    r"上述|前述|所述|本人|本局|本院|本案|原告|被告|有限|商行|商店|超市|中心|事务|合议|书面|口头|答辩|认为|主张|确认|应当|可以"
    r"|以及|关于|"
    r"签字|签名|盖章|代表|授权|委托|依法|依据|包括|其他|有权|提交|提供|参加|出庭|到庭|到场|同意|享有|系列|知识|产权|方法|实用"
    r"|发明|外观|许诺|"
    r"法定|代理|证人|经营|负责|职务|住户|[称辩述]$|同上|不详|不明|原审|一审|二审|再审|经公|向国|向本|未知|暂无|一人|二人|两人"
    r"|三人|多人|信息|之[姐妹兄弟父母子女妻夫]|[科处局所院庭]长|主任|审查|先生|女士|小姐|[甲乙丙]方|申请|请求|诉讼|本市|商标|著作|权利|律师|实际|辩称|诉称|述称"
)
TRANSLITERATED = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}]{{1,10}}){{1,4}}|[{HAN}]{{2,8}}\.[{HAN}]{{2,10}}")
# surnames that are more often a word of grammar
GRAMMAR = frozenset(
    "经向从由于以和与及对应时有能可全同成任查连都却常过又并则即既仅还均各另再已曾未因但且其此该本何方公申计单万要需令让使请求"
)
FOREIGN = re.compile(rf"[{HAN}]{{1,8}}(?:·[{HAN}]{{1,6}}){{1,4}}$")
_JOINS = tuple("的与和及向从由在对因其被将")  # begin no transliterated name
# of these, surnames that many people bear: three signs are a name where no word begins with them
_BORNE = frozenset("何方单申成万应时全连")
LATIN = re.compile(r"[a-z]{2,20}(?:[.'·-]?[a-z]{1,20}){0,5}")
_COMMON_LATIN = re.compile(r"^(?:and|the|co|ltd|inc|llc|usb|led|http|www|app|pct|zl|cn)")


# what is said only of a person, right behind the name
_PERSONAL = re.compile(
    r"[(（,，](?:男|女|住|系|身份|公民|个体|微信|车牌|电话|手机|曾用名|又名|护照|生于|户籍|汉族|\d{4}年)"
)


def surname_size(text: str) -> int:
    """How many signs of this text are a surname: 2 for a compound one, 1, or 0."""
    if text[:4] in COMPOUND:
        return 4
    if text[:2] in COMPOUND:
        return 2
    return 1 if text[:1] in SURNAMES else 0


def name_at(view: View, at: int, *, strong: bool, party: bool = False) -> int:
    """Length of the person's name that begins here, 0 if there is none.

    `strong`: a colon, a blank or a list says that a name comes, so it may be rare and its end less clear; `party`:
    after 原告, 被告 names without a surname we know (永梅, 巴图那顺) are taken if they end clearly.
    """
    text = view.text
    foreign = None if text[at : at + 1] in _JOINS else TRANSLITERATED.match(text, at)
    if (
        foreign
        and ("·" in foreign[0] or ((strong or party) and len(foreign[0]) > 5))
        and not _ends_before(view, at, foreign.end())
    ):
        return _trimmed(view, at, foreign.end())
    if latin := LATIN.match(text, at):
        return _latin(view, at, latin.end()) if strong or party else 0
    surname = surname_size(text[at : at + 4])
    ends: dict[int, int] = {}
    for given in (2, 1, 3):
        size = surname + given
        if not surname or (given == 3 and not (strong or party)):
            continue
        if clear := _end_is_clear(view, at, size):
            # three given signs only where nothing is in doubt
            ends[size] = clear - 1 if given == 3 and ends else clear
    if not ends:
        return (_rare(view, at, surname, stated=strong and party) if strong or party else 0) or _phonetic(
            view, at
        )
    best = _best(view, at, ends)
    if strong:
        return best
    # running prose: 应当承担, 陈述意见, 经公证从 are no names
    head, given = text[at : at + 2], text[at + surname : at + best]
    if party and ends[best] == 3 and _PERSONAL.match(text, at + best):
        return best
    if ends[best] < 2 or (best == 2 and is_word(head)):
        return 0
    if best - surname == 3 and any(is_word(text[n : n + 2]) for n in range(at, at + best - 1)):
        return 0
    thing = is_word(head) and text[at + best - 1] in "书率表页单数额费权证号款图案"  # 通知书, 应答率
    if thing or (text[at] in GRAMMAR and surname == 1 and is_word(given)):
        return 0
    doubtful = is_word(head) or (surname == 1 and text[at] in GRAMMAR and (is_word(given) or ends[best] < 3))
    often = view.count(text[at : at + best]) > 1 and not is_word(head)
    return 0 if doubtful and ends[best] < 3 and not often else best


def _ends_before(view: View, at: int, end: int) -> bool:
    """屠小勋, and on the next line 甲方约翰·沃克: does a name end at a blank before the dot?"""
    dot = view.text.find("·", at, end)
    blank = next((n for n in range(at + 2, max(dot, at + 2)) if n in view.gaps), None)
    return blank is not None and plain_name(view.text[at:blank])


def _end_is_clear(view: View, at: int, size: int) -> int:
    """How sure we are that a name of this size ends here: 3 a mark or a blank, 2 other words begin, 1 perhaps, 0 no."""
    text, end = view.text, at + size
    name = text[at:end]
    if len(name) < size or not _HAN_ONLY.fullmatch(name) or NOT_A_NAME.search(name):
        return 0
    if name[-1] in "市省县镇" and size > 2:
        return 0
    inner = [n for n in range(at + 1, end) if n in view.gaps]
    if (
        inner
        and size > 2
        and inner != list(range(at + 1, end))
        and inner[0] != at + 1
        and end not in view.gaps
    ):
        return 1  # a line was broken inside
    if STOP.match(text, end) or end in view.gaps:
        return 3
    if text[end].isascii():
        return 3
    across, behind = is_word(text[end - 1 : end + 1]), text[end : end + 2]
    if _TITLES.match(text, end) or _FIRM.match(text, end):
        return 2
    follows = text[end] in _AFTER or is_word(behind) or bool(_COUNTED.match(text, end))
    if not follows:
        return 0
    return 1 if across else 2


def _best(view: View, at: int, ends: dict[int, int]) -> int:
    """The size that fits: the clearest end; among equals what stands elsewhere in the text, then the longer."""
    text = view.text
    if len(ends) == 1:
        return next(iter(ends))

    def weight(size: int) -> tuple[int, int]:
        name, clear = text[at : at + size], ends[size]
        longer = max((s for s in ends if s > size), default=0)
        # 张三 stands elsewhere without the sign that follows it here
        alone = longer and view.count(name) > view.count(text[at : at + longer])
        shorter = max((s for s in ends if s < size), default=0)
        always = shorter and view.count(name) > 1 and view.count(name) == view.count(text[at : at + shorter])
        # 吴勇在 is 吴勇 who is somewhere
        behind = shorter and ends[shorter] > 1 and name[-1] in _AFTER and clear < 3 and not always
        return (clear + (1 if alone else 0) + (2 if always else 0) - (1 if behind else 0), size)

    return max(ends, key=weight)


_NOBODY = re.compile(r"[书表页单栏项]$|[不无未待暂缺略见空另如同]|以下|基本|情况|身份|签")


def _rare(view: View, at: int, surname: int, *, stated: bool) -> int:
    """A name without a surname we know, or longer than usual: two to five signs with a clear end and no word inside;
    `stated`: it stands alone behind 被请求人：, so it may be a word.
    """
    text = view.text
    for size in (2, 3, 4, 5):
        end = at + size
        name = text[at:end]
        if len(name) < size or not _HAN_ONLY.fullmatch(name):
            return 0
        if end in view.gaps or STOP.match(text, end) or text.startswith("系其", end):
            words = any(is_word(name[n : n + 2]) for n in range(size - 1))
            bad = (
                NOT_A_NAME.search(name)
                or re.search(r"[诉称辩述请的与和及在被]", name)
                or ORGANISATION.search(name)
                or name[-1] in "厂店铺社院所部馆局行处站队会校园村镇县市省"
            )
            words = words and not (stated and surname and size < 4 and not _NOBODY.search(name))
            return 0 if words or bad or len(set(name)) == 1 else size
    return 0


# signs that write the sounds of Uyghur, Tibetan and Mongolian names
_SOUNDS = frozenset(
    "阿艾安敖巴白班贝毕边宾波伯布才策措达丹旦德登迪顿多朵尔噶嘎格根古哈罕汗赫吉加江金卡康克库拉朗勒里丽力利林琳玲罗洛玛麦买曼茂孟米姆"
    "木慕娜南尼努诺帕潘佩平普其齐奇钦琴青丘热仁日茹萨赛桑沙什丝斯苏索塔台特提图吐托娃瓦旺维乌吾西希夏仙雅亚央依伊尤于玉扎泽扎占哲珍"
    "合孜卓顺肯坚珠那增次央姆古逊合都牙肉阔如孜麦力"
)


def sounds(name: str) -> bool:
    """Is the whole of it written with signs that only write sounds: 米日古丽, 洛桑平措?"""
    return (
        3 <= len(name) <= 8
        and set(name) <= _SOUNDS
        and not any(is_word(name[n : n + 2]) for n in range(len(name) - 1))
    )


def _phonetic(view: View, at: int) -> int:
    """A name of sounds, to where other words begin."""
    text, end = view.text, at
    while text[end : end + 1] in _SOUNDS and text[end : end + 1] and (end == at or end not in view.gaps):
        end += 1
    for stop in range(end, at + 2, -1):
        other = (
            stop in view.gaps
            or STOP.match(text, stop)
            or text[stop] in _AFTER
            or is_word(text[stop : stop + 2])
        )
        if other and sounds(text[at:stop]):
            return stop - at
    return 0


def _latin(view: View, at: int, end: int) -> int:
    """John Smith, as the close view has it (johnsmith): some signs, a clear end, no word of trade."""
    name = view.text[at:end]
    if (
        len(name) < 4
        or _COMMON_LATIN.match(name)
        or ORGANISATION.search(name)
        or re.search(r"(?:ltd|inc|llc|gmbh|corp)$", name)
    ):
        return 0
    return (
        end - at
        if STOP.match(view.text, end)
        or end in view.gaps
        or not view.text[end].isalnum()
        or view.text[end] > "\u3000"
        else 0
    )


def plain_name(name: str) -> bool:
    """Does the whole of it read like a name: a surname and one to three signs, no common word in it, or one with ·?"""
    if "·" in name:
        return bool(TRANSLITERATED.fullmatch(name))
    size = surname_size(name)
    good = size and 1 <= len(name) - size <= 3 and _HAN_ONLY.fullmatch(name) and not NOT_A_NAME.search(name)
    return (
        bool(good)
        and not any(is_word(name[n : n + 2]) for n in range(len(name) - 1))
        and not (size == 1 and name[0] in GRAMMAR and not (len(name) == 3 and name[0] in _BORNE))
    )


_AT = re.compile("处[购得取拿买进借租收订]|所有")


def _trimmed(view: View, at: int, end: int) -> int:
    """A transliterated name without the words that follow it: 买买提|起草, 沃克|的."""
    text = view.text
    tail = max(text.rfind("·", at, end), text.rfind(".", at, end)) + 1
    broken = next((n for n in range(tail + 2, end) if n in view.gaps), None)
    if broken is not None:
        return broken - at
    places = range(tail + 2, min(end, tail + 7))
    words = [n for n in places if _TITLES.match(text, n) or _AT.match(text, n) or is_word(text[n : n + 2])]
    clear = [n for n in words if not is_word(text[n - 1 : n + 1])] or words[-1:]
    if clear:  # 买买提|出具|收据, not 买买|提出|具收
        chained = [n for n in words if is_word(text[n + 2 : n + 4])]
        settled = not chained or clear[0] in chained or not is_word(text[clear[0] : clear[0] + 2])
        return (clear[0] if settled else chained[0]) - at
    if STOP.match(text, end) or end in view.gaps:
        return end - at
    other = [n for n in places if text[n] in _AFTER]
    return (other[-1] if other else end) - at


_UNIT = "区县市省镇乡村路街道牌"  # 和平区, 江山牌


def in_a_word(view: View, start: int, end: int) -> bool:
    """Does a name of two signs stand inside longer words here: 主张三项, 对方明确, 和平区, 方正形, 林森林深处?"""
    text = view.text
    if end - start != 2 or not _HAN_ONLY.fullmatch(text[start:end]):
        return False
    across = is_word(text[end - 1 : end + 1])
    if (
        start
        and is_word(text[start - 1 : start + 1])
        and (across or text[end - 1] in "一二三四五六七八九十百千万")
    ):
        return True
    behind = text[end : end + 2]
    if end in view.gaps or STOP.match(text, end) or _TITLES.match(text, end) or is_word(behind):
        return False
    if behind[:1] == "牌":
        return True
    if OFFICE_BEFORE.search(text, max(start - 8, 0), start) or not is_word(text[start:end]):
        return False
    return behind[:1] in _UNIT or behind[:1] not in _AFTER


def a_word(view: View, start: int, end: int) -> bool:
    """Is what reads like a name a common word here (产品安全标准), nothing before it saying that somebody is meant?"""
    text = view.text
    if not is_word(text[start:end]) or start == 0 or start in view.gaps or STOP.match(text, start - 1):
        return False
    return not (
        OFFICE_BEFORE.search(text, max(start - 8, 0), start)
        or text[start - 1] in "由从向与和对将被给经称系是令为责使等以"
    )


OFFICE_BEFORE = re.compile(r"(?:人|者|告|方|主|长|员|妻|夫|父|母|子|女|理|东|事)$")


def occurrences(text: str, names: Iterable[str]) -> Iterator[tuple[int, int, str]]:
    """Every place of these names (as the close view has them), longest first where they overlap."""
    heads: dict[str, list[str]] = {}
    for name in sorted({name for name in names if len(name) > 1}, key=lambda one: (-len(one), one)):
        heads.setdefault(name[:2], []).append(name)
    if not heads:
        return
    firsts = re.compile("[" + "".join(sorted({re.escape(head[0]) for head in heads})) + "]")
    place = 0
    while hit := firsts.search(text, place):
        place = hit.start()
        for name in heads.get(text[place : place + 2], ()):
            if text.startswith(name, place):
                if not (name.isascii() and _joined(text, place, place + len(name))):
                    yield place, place + len(name), name
                    place += len(name) - 1
                break
        place += 1


def _joined(text: str, start: int, end: int) -> bool:
    """Is a Latin name a piece of a longer word here?"""
    before, after = text[start - 1 : start] if start else "", text[end : end + 1]
    return any(one.isascii() and one.isalnum() for one in (before, after) if one)


_ADDRESSED = "先生|女士|小姐|老板娘?|老师|师傅|总经理|经理|董事长|厂长|同志|阿姨|大爷|大哥|大姐|总(?![共计额体数量之部经监结])"


def addressed(view: View, surnames: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """刘先生, 刘总, 老刘, 小刘 of these surnames: (start, end, surname)."""
    if not surnames:
        return
    text, any_of = view.text, "|".join(sorted(map(re.escape, surnames), key=len, reverse=True))
    for hit in re.finditer(
        rf"(?P<a>{any_of})(?:{_ADDRESSED})|(?:(?<![{HAN}])|(?<=[称叫找与和向由给是的对让]))[老小](?P<b>{any_of})(?![{HAN}"
        rf"]*(?:公司|店|厂))",
        text,
    ):
        before = text[hit.start() - 1 : hit.start() + 1] if hit.start() else ""
        if not is_word(before):
            yield hit.start(), hit.end(), hit["a"] or hit["b"]


def close_name(name: str) -> str:
    """A name as the close view has it."""
    return Sight(name).close.text
