"""Names of people: those the case knows, and those a text announces; every occurrence, and never inside other words."""

import re

import pytest

from adjudication.redaction import Subject, detect, masked, profile

# 【】 holds what must be hidden; nothing else may be. All people are invented.
ANNOUNCED = [
    "原告：【甄有才】，男，汉族，住天津市滨海新区。",
    "法定代表人：【甄有才】，该公司总经理。",
    "法定代表人【甄有才】到庭参加诉讼。【甄有才】辩称，其不知情。",
    "请求人法定代表人：【甄\n有才】，总经理。【甄有才】到场。",
    "被请求人：\n【方圆】\n    【方圆】（住天津市）",
    "经营者姓名：【钱进来】，男",
    "该单位负责人：【赵得柱】（公民身份号码不详）",
    "委托代理人为其子【尹千】，【尹千】陈述了意见。",
    "原告之父【贾大山】与母亲【余小溪】到庭。",
    "证人【铁中堂】证明：产品系其购买。",
    "证人【李来福】、【王来喜】和【赵来顺】出庭作证。",
    "被调查人【孙立冬】称：阀门由【孙立冬】加工。",
    "到场人【袁大江】，收件人【冯小溪】，联系人【姜小河】。",
    "摊主【郭大路】收取货款，从【燕七郎】处购得，协议由【林小平】起草，【金小升】作为见证人签字。",
    "【陆小风】的雇员【花小楼】签收。",
    "【李大牛】的法定代理人【李二牛】系其母亲。",
    "雇佣【查小猛】(已判决)，【朱小藻】(另案处理)。",
    "本局受理【许小多】诉天津示例阀门有限公司一案。",
    "委托代理人楚某、【谭小皓】，示例公司员工。",
    "上诉人（原审被告）：【欧阳小峰】，女。【欧阳小峰】未到庭。",
    "被告【巴图那顺】。被告【永梅】。【巴图那顺】、【永梅】均无异议。",
    "法定代表人：【热合曼江·艾山】，总经理。【热合曼江·艾山】到场。",
    "证人【约翰·史密森】（【John Smithson】）出庭，【John Smithson】签字。",
    "法定代表人【ScottAndrewPrine】。",
    "原告【甄有才】（曾用名【甄有财】），男。【甄有财】即【甄有才】。",
    "| 姓名 | 性别 |\n| 【于大是】 | 男 |\n| 【孙小果实】 | 女 |",
    "| 证人 | 【李来东】 |\n| 请求人 | 【钱多多】 |",
    "原告【徐晓为】向本局提出请求。被告【徐晓为】，【徐晓为】称。",
    "被请求人的员工【周小强】、【吴小勇】在现场检查笔录上签字。",
]
PLAIN = [
    "原告主张三项权利，对方明确表示，被告应当承担，被告陈述，证人证明，代理人陈述意见，经营者应当证明，负责人员签字。",
    "请求人法定代表人及委托代理人到庭，被请求人经合法通知未到庭，第三人于庭后提交意见，当事人双方均可申请。",
    "被请求人于2024年3月许诺销售，请求人方称，原告经公证从被告处购买，原告向国家知识产权局申请，原审法院认定。",
    "设计人员、销售人员和技术人员共同完成，司机将货物运至，工人安装，用户使用，股东会决议，会计账簿，村民小组。",
    "被告：连云港示例市城乡建设局，负责人身份证明书。被告天津示例有限公司、上诉人示例公司因与被上诉人另一公司纠纷一案。",
    "委托诉讼代理人：黄小波，天津示例律师事务所律师。委托代理人黄小波到庭。委托代理人：白小云北京市示例律师事务所律师。",
    "委托代理人：丁甲子、戊小己，示例专利代理事务所专利代理师。",
    "审　判　长　　陈　中\n人民陪审员　　王小丽\n书　记　员　　赵　敏\n合议组组长李大龙，合议组成员张大忌、周大若。公证员张小明。",
    "原告刘某，男，被告刘某甲、张某1、欧阳某，法定代表人陈某某，证人×××、A.。",
]


@pytest.mark.parametrize("written", ANNOUNCED)
def test_announced_names_are_found_everywhere(written):
    text, wanted = re.sub("[【】]", "", written), re.findall(r"【(.*?)】", written, re.DOTALL)
    found = [text[one.start : one.end] for one in detect(text)]
    assert found == wanted


@pytest.mark.parametrize("text", PLAIN)
def test_what_only_looks_like_a_name_stays(text):
    assert [text[one.start : one.end] for one in detect(text)] == []


def hidden(text, *subjects):
    return masked(text, detect(text, subjects))


def person(name, **more):
    return Subject("请求人", "person", name, **more)


@pytest.mark.parametrize(
    "written", ["甄有才", "甄 有 才", "甄\u200b有\u200b才", "甄\n有才", "甄　有才", "甄\ufe00有才"]
)
def test_a_registered_name_is_found_however_it_is_written(written):
    assert hidden(f"后来{written}走了。", person("甄有才")) == "后来甄某走了。"


def test_a_short_name_inside_other_words_is_none():
    text = "张三主张三项权利，和平区的和平称，方正形的方正到庭，江山牌。"
    people = [person(name) for name in ("张三", "和平", "方正", "江山")]
    assert hidden(text, *people) == "张某主张三项权利，和平区的和某称，方正形的方某到庭，江山牌。"


def test_forms_of_address_lead_to_the_same_person():
    text = "甄有才，人称老甄，甄总、甄先生均系其人；甄某某未到；李律师、李先生另有其人。"
    public = hidden(text, person("甄有才"))
    assert public == "甄某甲，人称甄某甲，甄某甲、甄某甲均系其人；甄某某未到；李律师、李先生另有其人。"


def test_equal_forms_are_told_apart_by_appearance_and_aliases_are_one_person():
    text = "刘乙木与刘甲木均到场，刘乙木又名刘丙木。刘某未到。"
    public = hidden(text, person("刘甲木"), person("刘乙木", aliases=("刘丙木",)))
    assert public == "刘某甲与刘某乙均到场，刘某甲又名刘某甲。刘某未到。"
    assert hidden("欧阳小峰、爱新觉罗小仪、阿依古·买买", *map(person, ("欧阳小峰", "爱新觉罗小仪", "阿依古·买买"))) == (
        "欧阳某、爱新觉罗某、阿某"
    )  # fmt: skip


def test_two_texts_share_nothing_but_their_rules():
    assert hidden("刘甲木到场。", person("刘甲木")) == hidden("刘乙木到场。", person("刘乙木"))


def test_companies_keep_names_that_people_bear_and_shops_wait_for_a_person():
    text = "被告：甄有才食品有限公司，法定代表人：甄有才。甄有才食品有限公司未答辩，甄有才到庭。"
    public = hidden(text)
    assert public == text.replace("人：甄有才", "人：甄某").replace("，甄有才到", "，甄某到")
    shop = "被告：滨海甄有才五金店，经营者：甄有才，男。"
    assert [one.certain for one in detect(shop)] == [False, True]


def test_a_party_may_be_a_person_a_company_or_a_shop():
    text = "甄有才与天津示例阀门有限公司、滨海示例五金店订立合同。"
    subjects = [Subject("当事人", "", name) for name in ("甄有才", "天津示例阀门有限公司", "滨海示例五金店")]
    assert hidden(text, *subjects) == "甄某与天津示例阀门有限公司、滨海示例五金店订立合同。"


def test_the_panel_and_lawyers_keep_a_name_a_party_bears():
    text = "原告：张大伟，男。审判长张大伟。张大伟诉称。"
    assert hidden(text) == "原告：张某，男。审判长张大伟。张某诉称。"


def test_the_court_s_profile_keeps_parties_and_birth_and_hides_wards_with_their_guardians():
    text = "原告：甄小宝，男，2015年3月4日出生。法定代理人：甄有才，系其父。被告：贾大山，男，住天津市滨海新区示例里3号楼402室。"
    public = masked(text, detect(text, profile=profile("court_2016")))
    assert (
        public
        == "原告：甄某甲，男，2015年3月4日出生。法定代理人：甄某乙，系其父。被告：贾大山，男，住天津市滨海新区。"
    )
