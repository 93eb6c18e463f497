"""Addresses below the district: found by the words before them or by their own shape, cut where the district ends.

law.md 5.3 (法释〔2016〕19号): of a dwelling only the province, city and district stay.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .sight import Sight, View
from .tables import cells, under

_HAN = "\u4e00-\u9fff"
_BODY = (
    "[^省市区县旗盟路街道镇乡村号弄巷栋楼,，。;；:：、()（）0-9a-z\\s]"  # what the name of a unit is made of
)
_NO_STREET = "(?![街路道里巷场口前府政镇乡村])"
# the first complete chain from the left, each level at most once: 省, 市 or 州, 区 or 县
_PROVINCE = re.compile(rf"{_BODY}{{2,8}}?(?:特别行政区|自治区|省)|(?:北京|天津|上海|重庆)市?")
_CITY = re.compile(rf"{_BODY}{{1,8}}?(?:自治州|地区|市|盟){_NO_STREET}")
_COUNTY = re.compile(
    rf"{_BODY}{{1,12}}?(?:自治县|自治旗|新区|林区|特区|县|旗|市|(?<![小社厂校园街片景发业保聚牧一二三四五六七八九十])区){_NO_STREET}"
)
# of an address abroad only the country stays
_ABROAD = re.compile(
    "(?:日本|美|英|法|德|俄罗斯|大韩民|韩|泰|意大利|印度|越南|马来西亚|菲律宾|新加坡|美利坚合众|[一-龥]{2,8}共和)国|日本|新加坡|加拿大|澳大利亚|新西兰|马来西亚|越南"
)
# behind a province a short name may hold any sign: 镇江市, 路桥区
_CITY_BEHIND = re.compile(rf"[{_HAN}]{{1,4}}?市")
_MUNICIPALITY = re.compile("北京|天津|上海|重庆")
_COUNTY_BEHIND = re.compile(
    rf"[{_HAN}]{{1,3}}?(?:(?<![小社厂校园街片景发业保聚牧一二三四五六七八九十])区|县|市){_NO_STREET}"
)
# words that end in 市 or 区 and are no place
_NO_PLACE = re.compile(
    r"(?:超市|门市|菜市|股市|都市|夜市|上市|集市|专区|辖区|郊区|库区|展区|本市|该市|本区|该区)$"
)
_NUMBERED = re.compile(
    r"(?:第)?(?:[0-9a-z]{1,6}(?:[-\u2010-\u2015~/、,，][0-9a-z]{1,6}){0,4}|[一二三四五六七八九十百零〇]{1,6}|[甲乙丙丁东西南北前后a-z])"
    r"(?:号楼|号院|号门|号|弄|栋|幢|座|楼|层|单元|门|室|户|组|队|铺|排|房间|房)(?!线|公路|文|令)"
)
_BARE = re.compile(
    r"[0-9]{1,5}(?:-[0-9]{1,5}){1,3}|#?[0-9]{2,5}(?![0-9年月日元万,.%])"
)  # 3-2-501 after a street
_STREET = re.compile(
    r"[\u4e00-\u9fff0-9a-z]{1,12}?(?:大街|大道|街道|公路|路|街|道|巷|胡同|里弄|弄堂|弄|镇|乡|苏木|嘎查|村民委员会|村委会|村|屯|庄子|庄|寨|堡|"
    r"居委会|社区|小区|新区|新村|新苑|家园|花园|公寓|别墅|苑|府|庭|轩|阁|里|园|城|湾|广场|大厦|大楼|写字楼|商厦|商城|工业园|产业园|科技园|园区|开发区|"
    r"工业区|保税区|农场|林场|牧场|宿舍|家属院|家属楼|大院|市场|中心)"
)
_LINK = re.compile(r"与|和|交叉口|交口|交汇处|路口|以?[东西南北]侧?|附近|对面|旁|底商|临街|院内|内|地下")
_DWELLING = re.compile(
    r"(?:村|屯|庄|寨|小区|社区|花园|公寓|家园|苑|里|新村|宿舍|家属院|大街|大道|路|街|道|巷|胡同|弄)$"
)
_END = re.compile(
    r"[,，。;；\n(（)）\"“”:：、!?|]|邮编|邮政编码|电话|联系|公民|身份|法定代表人|经营者|负责人|委托|统一社会|系|的|专利号|证件|职业|民族|性别|出生|案号|手机|微信|传真"
)
_ANCHOR = re.compile(
    r"(?P<strong>住所地|住所|住址|现住址?|家住|居住于|居住在|居住地|经常居住地|户籍所在地|户籍地址?|户籍|户口所在地|联系地址|通讯地址|通信地址|"
    r"送达地址|送达地点|送达处所|收货地点?|发货地址|退货地址|寄件地址|邮寄地址|收货地址|收件地址|家庭地址|家庭住址|营业场所|经营场所|注册地址|地址|住在|住于|暂住地|暂住|租住|借住|寄住|户籍住址|籍贯)(?:均|同|为|在|于|是|系|地|[:：|])*"
    r"|(?P<weak>(?<![居入禾安原租暂小])住(?![宅房院建户处手校户持民友]))(?:[:：]|于|在)?"
)
_HEADINGS = frozenset(
    {"住址", "家庭住址", "户籍地址", "户籍地", "联系地址", "收货地址", "收件地址", "现住址"}
)
_LONGEST = 70


@dataclass(frozen=True, slots=True)
class Address:
    """Where an address stands in the original, where its part below the district begins, whose it is (as in profiles:
    person, sole_trader, entity), and whether words before it say that it is one.
    """

    start: int
    detail: int
    end: int
    owner: str
    anchored: bool


def kept_address(address: str) -> str:
    """The address cut at district level: 天津市滨海新区. Empty if it names no district."""
    text = address.strip()
    return text[: _admin_end(text, 0)]


def _admin_end(text: str, at: int) -> int:
    """Where the chain of administrative units that begins here ends; `at` itself if there is none."""
    if abroad := _ABROAD.match(text, at):
        return abroad.end()
    place = at
    for level, behind in ((_PROVINCE, None), (_CITY, _CITY_BEHIND), (_COUNTY, _COUNTY_BEHIND)):
        if level is _CITY and _MUNICIPALITY.search(text, at, place):
            continue  # 天津市|南市街
        hit = level.match(text, place) or (behind and place > at and behind.match(text, place))
        if hit and not _NO_PLACE.search(hit[0]):
            place = hit.end()
    return place


def _detail_end(text: str, at: int, stop: int) -> tuple[int, bool, bool]:
    """(end, has a number, has a street) of the run of streets, houses and rooms that begins here."""
    place, numbered, street = at, False, False
    while place < stop:
        if hit := _NUMBERED.match(text, place, stop):
            numbered, place = True, hit.end()
        elif street and (hit := _BARE.match(text, place, stop)):
            numbered, place = True, hit.end()
        elif (hit := _STREET.match(text, place, stop)) and not _END.search(hit[0]):
            street, place = True, hit.end()
        elif (numbered or street) and (hit := _LINK.match(text, place, stop)):
            place = hit.end()
        elif (
            (numbered or street)
            and text[place] in "-、,，"
            and (hit := _NUMBERED.match(text, place + 1, stop) or _BARE.match(text, place + 1, stop))
        ):
            place = hit.end()
        else:
            break
    while place > at and text[place - 1] in "与和、,，-内":
        place -= 1
    return place, numbered, street


def addresses(sight: Sight) -> Iterator[Address]:
    """Every address below the district in the text, the anchored ones first."""
    view = sight.close
    text, taken = view.text, bytearray(len(view.text))
    for start, detail, end, anchored in [*_anchored(sight), *_shaped(text), *_nameless(text)]:
        if end - detail < 2 or any(taken[detail:end]):
            continue
        taken[detail:end] = b"\x01" * (end - detail)
        a, b = view.span(start, end)
        owner = _owner(text, start, anchored) if anchored else _dweller(text, start, detail, end)
        yield Address(a, view.at[detail], b, owner, anchored)


_PERSONAL = re.compile(r"[,，][男女](?=[,，。;；])|[\u4e00-\u9fff]族(?=[,，])|出生|公民身份|身份证|\d生[,，]")
_ENTITY = re.compile(
    r"(?:公司|集团|厂|店|中心|大学|学院|学校|医院|银行|合作社|事务所|研究院|研究所|协会|学会|商会|委员会|[局部处]|工作室|经营部|商行|超市|馆|社|商城|市场|行)"
    r"(?:[(（][^()（）]{0,40}[)）])?(?=[,，。;；:：、(（]|$)"
)
_FOR_PEOPLE = re.compile(r"家住|家庭|户籍|户口|居住|现住|住址|住在|住于|身份证")
_OF_TRADE = re.compile(r"营业场所|经营场所|经营地址|注册地址|厂址|办公地址|工厂地址|店铺地址")
_ROOM = re.compile(
    r"里\d|\d-\d|室|单元|户(?![外籍])|\d门|门\d|宿舍|家属|小区|公寓|花园|[村屯庄].{0,8}(?:组|号|队)|家"
)


_SOMEBODY_LIVES = re.compile(rf"(?:^|[,，])[{_HAN}·]{{2,9}}住$")  # a company has a 住所, but does not 住


def _owner(text: str, start: int, anchored: bool) -> str:
    """Whose the address after such words is: the nearest person or organisation named before it in the same paragraph."""
    said = max(start - 12, 0)
    if _FOR_PEOPLE.search(text, said, start):
        return "person"
    if _OF_TRADE.search(text, said, start):
        return "entity"
    before = text[max(start - 160, 0) : start]
    sentence = re.split("[。;；]", before)[-1]
    if _SOMEBODY_LIVES.search(sentence) and not _ENTITY.search(sentence[:-1]):
        return "person"
    if len(sentence) > 8 or sentence.endswith(",住"):  # 某某公司。住所地: the sentence before says whose
        before = sentence
    people = [hit.end() for hit in _PERSONAL.finditer(before)]
    firms = [hit.end() for hit in _ENTITY.finditer(before)]
    if not firms or (people and people[-1] > firms[-1]):
        return "person"
    return "entity"


def _dweller(text: str, start: int, detail: int, end: int) -> str:
    """An address by its shape alone is somebody's dwelling only if it names a room, and no company stands around it."""
    around = text[max(start - 20, 0) : start]
    home = _ROOM.search(text, detail, end) or _HOME.search(text, max(start - 12, 0), start)
    firm = _ENTITY.search(around) or _FIRM_BEHIND.match(text, end)
    return "person" if home and not firm else "entity"


_FIRM_BEHIND = re.compile(
    rf"[{_HAN}0-9\-]{{0,10}}[,，]?(?:的|系|是)?[{_HAN}()（）]{{2,24}}?(?:公司|厂|集团|事务所)"
)
_HOME = re.compile(r"(?:来自|家在|老家在?|住[所址处]?|[都也]?是|系|籍|生于)[^,，。;；]{0,10}$")
_VILLAGE = re.compile(
    rf"(?:[{_HAN}]{{1,5}}?(?:镇|乡|街道|苏木))?[{_HAN}]{{1,8}}?(?:(?:村|屯|庄|嘎查|寨|庄园|家属院|小区)(?=的?[村农居]民|的?人|的?[,，。;；\"”])|附近|一带)"
)


def _nameless(text: str) -> Iterator[tuple[int, int, int, bool]]:
    """A village, an estate or what is near it, without a number, where somebody is said to come from: perhaps a home."""
    for hit in _AFTER_DISTRICT.finditer(text):
        at = hit.end()
        start = _unit_start(text, at)
        if text[at - 1] in "区县旗市" and _HOME.search(text, max(start - 14, 0), start):
            if place := _VILLAGE.match(text, at):
                yield start, at, place.end(), False


_UNIT = "号|栋|幢|楼|室|弄|门|单元|层|座|户|排|组|队|段"
# an address goes on so behind a line break or a bracket
_OPEN = re.compile(
    rf"[-#~]?[0-9a-z甲乙丙丁第之附]{{0,6}}(?:{_UNIT}|[-#~])|[0-9a-z]{{1,5}}(?=[,，。;；])"
    rf"|[{_HAN}]{{0,4}}?(?:路|街|道|巷|区|宿舍楼?|[一二三四五六七八九十]区)[{_HAN}]{{0,8}}?[0-9]{{1,5}}(?:{_UNIT})"
)
_CLOSED = re.compile(r"(?:号|室|楼|单元|层|栋|幢|组|户|门|村|屯|座|里|苑|园|小区|社区|公寓|大厦|[0-9a-z])$")


def _anchored(sight: Sight) -> Iterator[tuple[int, int, int, bool]]:
    """After 住址, 住所地, 户籍地, 住, or under such a heading: to the next mark, whatever stands there."""
    view = sight.close
    text = view.text
    places = [(hit.end(), bool(hit["weak"])) for hit in _ANCHOR.finditer(text)]
    places += [(start, False) for _heading, start in under(sight, _HEADINGS)]
    for row in cells(sight):
        places += [(start, True) for start, words in row if 0 < _admin_end(words, 0) < len(words)]
    for start, weak in places:
        stop = min(start + _LONGEST, len(text))
        end = _address_end(view, start, stop)
        detail = min(_admin_end(text[:end], start), end)
        _inner, numbered, street = _detail_end(text, detail, end)
        if weak and not (numbered or street) and detail == start:
            continue
        if not (numbered or street) and not re.search(
            r"[路街道镇乡村号室里园庄屯厦场院楼町巷组社队]|[0-9]-[0-9]", text[detail:end]
        ):
            continue
        if re.match(
            r"(?:同上|法院|人民法院|管辖|有管辖|不详|不明|未|无|变更|确认|是否|和|与|或|以外|所在)",
            text[detail:end],
        ):
            continue
        yield start, detail, end, True


def _address_end(view: View, start: int, stop: int) -> int:
    """Where what is written after 住址 ends: at a mark, or at a blank behind which something else begins."""
    text, place = view.text, start
    while place < stop:
        mark = _END.search(text, place, stop)
        end = mark.start() if mark else stop
        blank = next((n for n in range(max(place, start + 1), end) if n in view.gaps), None)
        if blank is not None and _CLOSED.search(text, start, blank) and not _OPEN.match(text, blank):
            return blank
        if blank is not None and blank < end:
            place = blank + 1
            continue
        if mark and mark[0] in "(（":  # 12号(某花园)3号楼
            close = re.compile(r"[)）]").search(text, end, min(end + 20, stop))
            if close and _OPEN.match(text, close.end()):
                place = close.end()
                continue
        if (
            mark
            and mark[0] in ",，、"
            and (_OPEN.match(text, end + 1) or _admin_end(text, start) == end > start)
        ):
            further, numbered, _street = _detail_end(text, end + 1, stop)
            if numbered:
                return further
        return end
    return stop


_AFTER_DISTRICT = re.compile(r"(?:区|县|旗|市|州(?![区市县城])|盟|镇|乡|街道)(?=[\u4e00-\u9fff0-9a-z])")
_HOUSE = re.compile(
    r"(?:大街|大道|路|街|道|巷|胡同|弄|里|村|庄|园|苑|小区|公寓|大厦|广场|城)(?=[0-9甲乙丙第]{1,6}[0-9\-]{0,8}(?:号|弄|栋|幢|室|楼|座|门))"
)
_BEFORE_STREET = re.compile(r"[于在至到往从住址为是即位处及和与、,，。;；:：\n(（\"“”」的]")


def _shaped(text: str) -> Iterator[tuple[int, int, int, bool]]:
    """By its shape alone: a district and a numbered house; or a street and its number."""
    reach = 0
    for hit in _AFTER_DISTRICT.finditer(text):
        if hit.end() <= reach or _NO_PLACE.search(text[max(hit.end() - 4, 0) : hit.end()]):
            continue
        at = _admin_end(text, hit.end())
        end, numbered, street = _detail_end(text, at, min(at + _LONGEST, len(text)))
        if numbered and street:
            reach = end
            yield _unit_start(text, at), at, end, False
    for hit in _HOUSE.finditer(text):
        if hit.start() < reach and hit.end() <= reach:
            continue
        begin = hit.start()
        while begin > 0 and hit.start() - begin < 8 and not _BEFORE_STREET.match(text[begin - 1]):
            begin -= 1
        last = [m.end() for m in re.finditer(r"[省市区县旗州盟]", text[begin : hit.start()])]
        detail = begin + (last[-1] if last else 0)
        end, numbered, street = _detail_end(text, detail, min(detail + _LONGEST, len(text)))
        if numbered and street and hit.start() - detail >= 1:
            yield begin, detail, end, False


def _unit_start(text: str, end: int) -> int:
    """Where the administrative units that end here begin."""
    begin = end
    while (
        begin > 0
        and end - begin < 24
        and "\u4e00" <= text[begin - 1] <= "\u9fff"
        and not _BEFORE_STREET.match(text[begin - 1])
    ):
        begin -= 1
    return begin
