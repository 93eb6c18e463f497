"""People no word of office announces: told by verbs and constructions, planted with names of every kind."""

import random

import pytest

from adjudication.redaction import detect, doubts, redact, suggest

SURNAMES = (
    "赵钱孙李周吴郑陈蒋沈韩杨朱秦许何吕施孔曹严魏陶姜谢邹苏潘葛彭鲁马苗袁柳唐薛雷贺倪汤罗毕郝邬蹇庹鄢隋迟芦"
)
COMPOUND = ("欧阳", "司马", "令狐", "诸葛", "富察", "慕容")
GIVEN = ("小峰", "大宝", "玉兰", "志鹏", "桂英", "俊杰", "淑芬", "春梅")
SOUNDS = ("米日古丽", "洛桑平措", "帕尔哈提", "次仁卓玛", "阿依古丽·买买提", "艾合买提·吐尔逊")
# {} stands for a name nothing else in the text announces; sure is what a machine check may insist on
SURE = (
    "证人{}证实，产品系其购买。", "上述货物由{}保管，{}表示不知情。", "原告的邻居{}在场见证。", "由其妻{}代收，{}拒绝签字。",
    "经{}介绍，双方相识。{}未到庭。", "模具系{}所有，被请求人只代工。", "其从{}处购得该产品。", "{}（甲方）与某某公司签订合同。",
    "{}当庭陈述，图纸是公司给的。", "以{}为被请求人提起请求。", "案外人{}出具收据。", "他叫{}，住在附近。",
)  # fmt: skip
PROSE = "本局认为，被控侵权产品具备全部技术特征。当事人双方对此均无异议，有公证书在案。"
NOBODY = (
    "由本局保管，经公证取得，从市场购买，向法院起诉，与本案无关，系合法来源，找人制造，通过网络销售。",
    "产品由车间生产，材料由供应商提供，图纸经审核后使用，货物经检验合格，费用由双方承担。",
    "安全标准、方法步骤、连接部件、温度控制、金属材料、石材加工，均为公知常识。",
    "应当承担责任，明确表示同意，经营规模较大，时间较短，全部停止，单独制造，共同完成，方便使用。",
    "左侧支架与右侧支架在底座上连接，水管接头的螺纹和轴承在壳体内转动，弹簧将把手支撑。",
)


def everybody() -> list[str]:
    rng = random.Random("names")
    plain = [rng.choice(SURNAMES) + given for given in GIVEN]
    return [*plain, *(one + GIVEN[n] for n, one in enumerate(COMPOUND)), *SOUNDS]


@pytest.mark.parametrize("frame", SURE)
def test_a_name_told_by_its_construction_is_found_in_all_its_places(frame):
    for name in everybody():
        text = PROSE + frame.format(name, name) + PROSE
        found = [text[one.start : one.end] for one in detect(text)]
        assert found == [name] * frame.count("{}"), (name, frame)


@pytest.mark.parametrize("text", NOBODY)
def test_prose_without_anybody_stays(text):
    assert [text[one.start : one.end] for one in detect(text)] == []


def test_who_stands_beside_somebody_known_is_found():
    text = "证人李小峰、王大宝、欧阳玉兰到庭。图纸由桑玉兰提供给李小峰、周桂英。"
    found = {text[one.start : one.end] for one in detect(text)}
    assert {"李小峰", "王大宝", "欧阳玉兰", "周桂英"} <= found


def test_the_panel_keeps_its_names_whatever_it_says():
    text = "合议组组长李小峰，成员王大宝。李小峰表示同意，王大宝称需要补充。书记员周玉兰。"
    assert detect(text) == []


def test_what_is_not_sure_waits_for_a_person_and_is_neither_masked_nor_dropped():
    data = {"facts": "产品由桑玉兰提供。其老家在天津市宝坻区林亭口镇小靳庄村的村民。"}
    asked = {data["facts"][one.start : one.end] for one in doubts([], data, [])}
    assert asked == {"桑玉兰", "林亭口镇小靳庄村"}
    assert redact(data, suggest([], data)) == data
