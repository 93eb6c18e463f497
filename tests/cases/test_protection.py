"""Protection of values: the standards' own vectors, binding to place, rotation, blind index, masks."""

import re
from types import SimpleNamespace
from uuid import UUID, uuid4

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.test import override_settings

from cases import protection
from cases.names import masked_name
from cases.protection import (
    ProtectionError,
    Sealed,
    blind_index,
    hmac_sm3,
    is_current,
    keyed_digest,
    masked_id,
    masked_phone,
    open_text,
    reseal_text,
    seal_text,
    sm3,
)

OLD, NEW = bytes(range(16)), bytes(range(16, 32))
KEYS = override_settings(DATA_KEYS={"k2": NEW, "k1": OLD}, INDEX_KEY=b"i" * 32, RECORD_KEY=b"r" * 32)
CITIZEN = "11010519491231002X"


@pytest.fixture(autouse=True)
def keys():
    with KEYS:
        yield


class Row:
    """Stands for a model: Sealed asks only these."""

    _meta = SimpleNamespace(db_table="cases_party")
    id_number_sealed = ""
    id_number_index = ""
    address_sealed = ""
    phone_sealed = ""
    id_number = Sealed("id_number")
    address = Sealed("address")
    phone = Sealed("phone")

    def __init__(self, uid: UUID | None = None) -> None:
        self.uid = uid or uuid4()


class OtherTable(Row):
    _meta = SimpleNamespace(db_table="stations_person")


# --- known answers ---


def test_sm3_gives_the_vectors_of_the_standard():
    assert sm3(b"abc") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16) == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


def test_sm4_gives_the_vector_of_the_standard():
    block = bytes.fromhex("0123456789abcdeffedcba9876543210")
    cipher = Cipher(algorithms.SM4(block), modes.ECB()).encryptor()  # noqa: S305 - one block, as in the standard
    assert cipher.update(block).hex() == "681edf34d206965e86b3e94f536e4246"


def test_sm4_gcm_gives_the_vector_of_rfc_8998():
    key = bytes.fromhex("0123456789abcdeffedcba9876543210")
    nonce = bytes.fromhex("00001234567800000000abcd")
    aad = bytes.fromhex("feedfacedeadbeeffeedfacedeadbeefabaddad2")
    plain = bytes.fromhex(
        "aaaaaaaaaaaaaaaabbbbbbbbbbbbbbbbccccccccccccccccdddddddddddddddd"
        "eeeeeeeeeeeeeeeeffffffffffffffffeeeeeeeeeeeeeeeeaaaaaaaaaaaaaaaa"
    )
    cipher = Cipher(algorithms.SM4(key), modes.GCM(nonce)).encryptor()
    cipher.authenticate_additional_data(aad)
    assert (cipher.update(plain) + cipher.finalize()).hex() == (
        "17f399f08c67d5ee19d0dc9969c4bb7d5fd46fd3756489069157b282bb200735"
        "d82710ca5c22f0ccfa7cbf93d496ac15a56834cbcf98c397b4024a2691233b8d"
    )
    assert cipher.tag.hex() == "83de3541e4c2b58177e065a9bf7b62ec"


def test_hmac_sm3_is_hmac_over_sm3():
    """RFC 2104 written out by hand over the plain digest."""
    key, data = b"k" * 32, "知衡".encode()
    padded = key.ljust(64, b"\0")
    inner = bytes.fromhex(sm3(bytes(byte ^ 0x36 for byte in padded) + data))
    assert hmac_sm3(key, data) == sm3(bytes(byte ^ 0x5C for byte in padded) + inner)


# --- encryption ---


@pytest.mark.parametrize("text", [CITIZEN, "天津市滨海新区", "a", "x" * 10_000, "\U0001f512\n"])
def test_what_is_sealed_opens_again_and_cannot_be_read(text):
    token = seal_text(text, "t:1:c")
    assert open_text(token, "t:1:c") == text
    assert re.fullmatch(r"sm4gcm\.k2\.[A-Za-z0-9_=-]+", token)
    assert len(text) < 3 or text not in token


def test_blank_stays_blank():
    assert seal_text("", "a") == open_text("", "a") == keyed_digest("") == blind_index(" -\u200b") == ""


def test_ten_thousand_seals_of_one_value_have_ten_thousand_nonces():
    nonces = {protection._parted(seal_text("same", "a"))[1][:12] for _ in range(10_000)}
    assert len(nonces) == 10_000


@pytest.mark.parametrize("place", [8, 20, -2])
def test_a_changed_token_does_not_open(place):
    token = seal_text(CITIZEN, "a")
    changed = (
        token[: place % len(token)] + ("A" if token[place] != "A" else "B") + token[place % len(token) + 1 :]
    )
    with pytest.raises(ProtectionError):
        open_text(changed, "a")


def test_a_token_bears_its_key_and_another_name_for_it_does_not_open():
    with override_settings(DATA_KEYS={"k1": NEW, "k2": NEW}):
        token = seal_text(CITIZEN, "a")
        assert token.split(".")[1] == "k1"
        with pytest.raises(ProtectionError) as refusal:
            open_text(token.replace(".k1.", ".k2."), "a")
    assert refusal.value.code == "broken"


@pytest.mark.parametrize(
    "token", ["plain text", "sm4gcm.k2", "sm4gcm.k2.!!!", "aes.k2.QUJD", "sm4gcm.k2.QUJD"]
)
def test_what_is_no_token_is_reported_as_broken(token):
    with pytest.raises(ProtectionError) as refusal:
        open_text(token, "a")
    assert refusal.value.code == "broken"


def test_a_missing_key_and_a_wrong_key_are_told_apart():
    token = seal_text(CITIZEN, "a")
    with override_settings(DATA_KEYS={"k1": OLD}), pytest.raises(ProtectionError) as missing:
        open_text(token, "a")
    with override_settings(DATA_KEYS={"k2": b"w" * 16}), pytest.raises(ProtectionError) as wrong:
        open_text(token, "a")
    assert (missing.value.code, wrong.value.code) == ("unknown_key", "broken")
    assert "k2" in str(missing.value)
    assert CITIZEN not in f"{missing.value}{wrong.value}"


@pytest.mark.parametrize(
    ("setting", "act"),
    [
        ({"DATA_KEYS": {}}, lambda: seal_text("x", "a")),
        ({"DATA_KEYS": {"k": b"short"}}, lambda: seal_text("x", "a")),
        ({"INDEX_KEY": b""}, lambda: blind_index("x")),
        ({"RECORD_KEY": None}, lambda: keyed_digest("x")),
    ],
)
def test_without_a_key_nothing_is_written(setting, act):
    with override_settings(**setting), pytest.raises(ProtectionError) as refusal:
        act()
    assert refusal.value.code == "no_key"
    assert "系统管理员" in str(refusal.value)


# --- on a row ---


def test_a_row_reads_what_was_written_and_keeps_only_ciphertext():
    row = Row()
    row.id_number = CITIZEN
    assert row.id_number == CITIZEN
    assert CITIZEN not in repr(vars(row))
    assert row.id_number_index == Row.id_number.index_of(CITIZEN)
    assert Row.id_number.present(row) and not Row.address.present(row)
    row.id_number = None
    assert (row.id_number, row.id_number_sealed, row.id_number_index) == ("", "", "")


def test_a_column_without_index_gets_none():
    row = Row()
    row.address = "天津市滨海新区"
    assert not hasattr(row, "address_index")
    assert Row.address.columns(row) == ["address_sealed"]
    assert Row.id_number.columns(row) == ["id_number_sealed", "id_number_index"]


def test_ciphertexts_cannot_be_moved_to_another_row_column_or_table():
    first, second = Row(), Row()
    first.id_number, second.id_number = CITIZEN, "110105194912310038"
    first.id_number_sealed, second.id_number_sealed = second.id_number_sealed, first.id_number_sealed
    for row in (first, second):
        with pytest.raises(ProtectionError):
            _ = row.id_number

    row = Row()
    row.address = "天津市"
    row.phone_sealed = row.address_sealed
    with pytest.raises(ProtectionError):
        _ = row.phone

    other = OtherTable(row.uid)
    other.address_sealed = row.address_sealed
    with pytest.raises(ProtectionError):
        _ = other.address
    same = Row(row.uid)
    same.address_sealed = row.address_sealed
    assert same.address == "天津市"


def test_an_inherited_column_is_bound_to_the_table_it_stands_in():
    class Child(Row):
        _meta = SimpleNamespace(
            db_table="child",
            get_field=lambda name: SimpleNamespace(
                model=SimpleNamespace(_meta=SimpleNamespace(db_table="cases_party"))
            ),
        )

    parent = Row()
    parent.address = "天津市"
    child = Child(parent.uid)
    child.address_sealed = parent.address_sealed
    assert child.address == "天津市"


def test_the_index_is_the_same_for_every_spelling_and_no_plain_hash():
    spellings = [CITIZEN, CITIZEN.lower(), "１１０１０５１９４９１２３１００２Ｘ", "110105 19491231-002x"]
    assert len({blind_index(text) for text in spellings}) == 1
    index = blind_index(CITIZEN)
    assert index != sm3(CITIZEN.encode())
    assert index != blind_index(CITIZEN, "phone")
    assert index != blind_index("110105194912310038")
    with override_settings(INDEX_KEY=b"j" * 32):
        assert blind_index(CITIZEN) != index
    with override_settings(DATA_KEYS={"k9": b"9" * 16}, RECORD_KEY=b"s" * 32):
        assert blind_index(CITIZEN) == index
    assert OtherTable.id_number.index_of(CITIZEN) == Row.id_number.index_of(CITIZEN)


def test_looking_for_a_blank_value_is_refused():
    assert Row.id_number.matching(CITIZEN) == {"id_number_index": blind_index(CITIZEN)}
    with pytest.raises(ValueError, match="blank"):
        Row.id_number.matching(" ")


def test_rotation_brings_a_row_under_the_new_key_once():
    row = Row()
    with override_settings(DATA_KEYS={"k1": OLD}):
        row.id_number = CITIZEN
        index = row.id_number_index
    assert not is_current(row.id_number_sealed)
    assert row.id_number == CITIZEN
    assert Row.id_number.reseal(row) is True
    assert Row.id_number.reseal(row) is False
    assert is_current(row.id_number_sealed)
    assert row.id_number_index == index
    with override_settings(DATA_KEYS={"k2": NEW}):
        assert row.id_number == CITIZEN
    assert reseal_text("", "a") == ""


def test_a_keyed_digest_shows_equality_only():
    digest = keyed_digest(CITIZEN)
    assert digest == keyed_digest(CITIZEN) != keyed_digest(CITIZEN.lower())
    assert digest not in (sm3(CITIZEN.encode()), hmac_sm3(b"r" * 32, CITIZEN.encode()))


# --- masks ---


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("110105194912310011", "1101***********011"),
        (CITIZEN.lower(), "1101***********02X"),
        ("110105491231002", "1101********002"),
        ("E12345678", "E1*****78"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masked_numbers(value, shown):
    assert masked_id(value) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("13800138000", "138****8000"),
        ("+86 138 0013 8000", "138****8000"),
        ("022-65305678", "022-****5678"),
        ("022-65305678转801", "022-****5678"),
        ("+852 9123 4567", "*******4567"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masked_telephones(value, shown):
    assert masked_phone(value) == shown


@pytest.mark.parametrize(
    ("name", "kind", "shown"),
    [
        ("张三", "", "张某"),
        ("张三丰", "person", "张某"),
        ("欧阳锋", "", "欧阳某"),
        ("爱新觉罗溥仪", "", "爱新觉罗某"),
        ("欧阳", "", "欧某"),
        ("阿依古丽·买买提", "", "阿某"),
        ("司马·约翰", "", "司某"),
        ("John Smith", "", "J."),
        ("天津某某科技有限公司", "", "天津某某科技有限公司"),
        ("北京大成律师事务所", "", "北京大成律师事务所"),
        ("Apple Inc.", "", "Apple Inc."),
        ("滨海新区张三食品店", "sole_trader", "滨海新区张三食品店"),
        ("张三", "sole_trader", "张某"),
        ("王店", "", "王某"),
        ("某某联合体", "unincorporated", "某某联合体"),
        ("李公司", "person", "李某"),
        ("", "", ""),
    ],
)
def test_masked_names(name, kind, shown):
    assert masked_name(name, kind) == shown
