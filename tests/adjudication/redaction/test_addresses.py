"""Addresses: where people live is cut at the district; where companies sit stays."""

import re

import pytest

from adjudication.redaction import detect, masked

# kept【hidden】
DWELLINGS = [
    "滨海新区【福州东路75号】", "个旧市【福州东路3号】", "蓟州区【海州街道8号楼2单元】", "滨海新区【中塘镇示例村三区11排6号】",
    "长沙市雨花区【五金机电市场A区附4栋117号】", "天津市和平区【南市街示例里6-101】", "天津市滨海新区【示例路1343弄5号2295室】",
    "内蒙古自治区锡林郭勒盟西乌珠穆沁旗【示例镇3号】", "浙江省金华市义乌市【稠城街道城店南路4栋23A】", "广东省东莞市【长安镇县前街8#395】",
    "江苏省苏州市【工业园区示例大道88号】", "江苏省镇江市丹徒区【示例路12号】", "浙江省台州市路桥区【示例路12号之2楼】",
    "四川省凉山彝族自治州西昌市【示例大道4段5栋607】", "海南省儋州市【那大镇州府大道5号】", "重庆市渝北区【龙溪街道区政府东路9号】",
    "北京市海淀区【中关村示例大街5号（示例家园）3号楼402室】", "天津市【南市街9号】",
]  # fmt: skip
FRAMES = [
    "原告：贾某，女，汉族，住{}。", "户籍所在地{}，", "证人暂住{}，", "| 住址 | {} |\n", "住址：{}\n案号：3号",
    "居住于{}，专利号ZL202020123456.7",
    "其经常居住地为{}。",
]  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES)
@pytest.mark.parametrize("written", DWELLINGS)
def test_a_dwelling_is_cut_at_its_district(frame, written):
    kept, detail = re.fullmatch(r"(.*)【(.*)】", written).groups()
    text = frame.format(kept + detail)
    found = [one for one in detect(text) if one.category == "address"]
    assert [text[one.start : one.end] for one in found] == [detail]
    assert masked(text, found) == frame.format(kept)


@pytest.mark.parametrize("written", DWELLINGS)
def test_a_broken_line_does_not_save_the_rest(written):
    kept, detail = re.fullmatch(r"(.*)【(.*)】", written).groups()
    for place in range(1, len(detail)):
        text = f"原告：贾某，女，汉族，住{kept}{detail[:place]}\n{detail[place:]}。本局认为"
        assert masked(text, detect(text)) == f"原告：贾某，女，汉族，住{kept}。本局认为"


@pytest.mark.parametrize(
    "text",
    [
        "被告：天津示例阀门有限公司，住所地天津市滨海新区示例大街5号。",
        "被告：滨海示例五金店，经营场所天津市滨海新区示例路9号。",
        "原告：示例大学，住所：北京市海淀区示例路1号。",
        "公证员来到位于天津市滨海新区示例路9号的店铺购买了产品。",
        "原告：贾某，男，住天津市滨海新区。",
        "被告住所地有管辖权，住所地不明，住址同上。",
    ],
)
def test_companies_shops_and_bare_districts_stay(text):
    assert detect(text) == []


def test_a_dwelling_without_a_district_is_gone_whole():
    text = "贾某，住示例里3号楼402室。"
    assert masked(text, detect(text)) == "贾某，住×××。"


def test_an_operator_s_dwelling_is_not_the_shop_s_place():
    text = (
        "被告：滨海示例五金店，经营场所天津市滨海新区示例路9号。经营者：甄有才，男，住天津市南开区示例里3号。"
    )
    assert (
        masked(text, detect(text))
        == "被告：滨海示例五金店，经营场所天津市滨海新区示例路9号。经营者：甄某，男，住天津市南开区。"
    )


def test_a_person_s_dwelling_is_no_company_s_because_one_stands_before():
    text = "被告：天津示例公司，住所地天津市滨海新区示例路3号。贾大山，住天津市南开区示例里3号。"
    assert masked(text, detect(text)) == text.replace("示例里3号", "")


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("住江苏省昆山市周市镇新塘河村16组33号。", "住江苏省昆山市。"),
        (
            "经某网店销售。李小军住天津市滨海新区寨上街朝阳里7栋3单元102。",
            "经某网店销售。李小军住天津市滨海新区。",
        ),
        ("住日本国神奈川县横滨市港北区篠原町2-14-5。", "住日本国。"),
        ("送达地点：重庆市渝北区龙溪街道红锦大道66号附3号12-5", "送达地点：重庆市渝北区"),
        ("原告，住新加坡武吉知马路12号05-11。", "原告，住新加坡。"),
    ],
)
def test_a_dwelling_is_cut_at_its_district_and_abroad_at_its_country(text, public):
    places = [one for one in detect(text) if one.category == "address"]
    assert masked(text, places) == public
