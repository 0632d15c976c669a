"""Letters are read in the charset they are in, whatever charset they name."""

import base64

import pytest

from support.letters import letter, read

AS_NAMED = [
    ("朱镕基：付款没有到账 €", "gb2312", "gb18030"),
    ("付款没有到账", "x-gbk", "gbk"),
    ("付款没有到账", "hz-gb-2312", "hz"),
    ("請求①番が未払い ～", "shift_jis", "cp932"),
    ("未払い", "x-sjis", "cp932"),
    ("未払いです", "euc-jp", "euc_jp"),
    ("料金が未払いです ｱｲｳ", "iso-2022-jp", "iso2022_jp_ext"),
    ("付款失敗 碁銹裏", "big5", "cp950"),
    ("결제가 두 번 됐습니다", "ks_c_5601-1987", "cp949"),
    ("안녕하세요", "iso-2022-kr", "iso2022_kr"),
    ("سلام جايزه پرداخت نشده پچگ", "windows-1256", "cp1256"),
    ("لم تصل الجائزة", "iso-8859-6", "iso8859_6"),
    ("לא קיבלתי", "iso-8859-8-i", "iso8859_8"),
    ("don’t pay €5", "iso-8859-1", "cp1252"),
    ("don’t pay €5", "us-ascii", "cp1252"),
    ("Şikâyet ğ", "iso-8859-9", "cp1254"),
    ("ไม่ได้รับเงิน", "tis-620", "cp874"),
    ("Деньги не пришли", "koi8-r", "koi8_r"),
    ("سلام", "utf-7", "utf_7"),
    ("سلام", "unicode-1-1-utf-7", "utf_7"),
    ("سلام جایزه", "utf-16", "utf_16"),
    ("سلام", "utf8mb4", "utf_8"),
    ("hello café", "ansi_x3.110-1983", "latin_1"),
]


@pytest.mark.parametrize(("words", "label", "codec"), AS_NAMED)
def test_a_label_means_what_mail_uses_it_for(words: str, label: str, codec: str):
    raw = words.encode(codec)
    subject = f"=?{label}?b?{base64.b64encode(raw).decode()}?="
    message = read(
        letter(raw, subject=subject, kind=f"text/plain; charset={label}".encode())
    )
    assert (message.text, message.subject) == (words, words)


@pytest.mark.parametrize(
    ("words", "codec", "label"),
    [
        ("سلام جايزه", "cp1256", "utf-8"),
        ("سلام", "cp1256", "utf-8"),
        ("پول من نرسيد، کمک کنيد", "cp1256", "us-ascii"),
        ("لم يصل المبلغ", "cp1256", "utf-8"),
        ("لم يصل المبلغ", "cp1256", "iso-8859-1"),
        ("جايزه پرداخت نشده، گزارش", "cp1256", "windows-1252"),
        ("Деньги не пришли", "cp1251", "utf-8"),
        ("付款没有到账", "gb18030", "utf-8"),
        ("déjà payé", "cp1252", "utf-8"),
        ("café", "cp1252", "utf-8"),
        ("سلام", "utf_8", "iso-8859-1"),
        ("déjà", "utf_8", "iso-8859-1"),
        ("付款没有到账", "utf_8", "gb2312"),
        ("付款没有到账", "utf_8", "no-such-charset"),
        ("سلام جايزه", "cp1256", ""),
    ],
)
def test_a_label_that_cannot_be_true_is_overruled(words: str, codec: str, label: str):
    kind = f"text/plain; charset={label}".encode()
    assert read(letter(words.encode(codec), kind=kind)).text == words


@pytest.mark.parametrize(
    ("words", "codec", "junk"),
    [
        ("未払いです。助けて", "euc_jp", b"\xff"),
        ("付款没有到账", "gbk", b"\xff"),
        ("جایزه پرداخت نشده", "utf-8", b"\xff"),
        ("جایزه پرداخت نشده", "utf-8", b"\xd8"),
        ("결제가 됐습니다", "euc-kr", b"\xff"),
    ],
)
def test_one_broken_byte_costs_one_letter(words: str, codec: str, junk: bytes):
    kind = f"text/plain; charset={codec.replace('_', '-')}".encode()
    raw = words.encode("cp949" if codec == "euc-kr" else codec)
    assert read(letter(raw + junk, kind=kind)).text == words + "\ufffd"
    text = read(letter(b"a " + junk + b" " + raw, kind=kind)).text or ""
    assert text.endswith(words)


@pytest.mark.parametrize(
    ("words", "codec", "label"),
    [
        ("جايزه پرداخت نشده", "utf-8", "utf-8"),
        ("جايزه پرداخت نشده", "cp1256", "windows-1256"),
        ("Деньги", "cp1251", "windows-1251"),
        ("付款没有到账", "gb18030", "gb18030"),
    ],
)
def test_headers_that_are_not_encoded_are_in_the_bodys_charset(
    words: str, codec: str, label: str
):
    raw = words.encode(codec)
    kind = f"text/plain; charset={label}".encode()
    message = read(
        letter(raw, subject=raw, sender=raw + b" <a@example.com>", kind=kind)
    )
    assert (message.subject, message.customer.name) == (words, words)


def test_a_letter_that_is_split_between_encoded_words_is_whole():
    split = b"=?utf-8?B?2KzYp9uM2LLZ?=\r\n =?utf-8?B?hyDZvtix2K/Yp9iu2Ko=?="
    assert read(letter(subject=split)).subject == "جایزه پرداخت"


@pytest.mark.parametrize(
    "label", ["punycode", "idna", "unicode_escape", "hex", "zip", "rot13", "undefined"]
)
def test_what_is_no_charset_of_letters_is_none(label: str):
    kind = f"text/plain; charset={label}".encode()
    assert read(letter(b"a-b \\x41 c", kind=kind)).text == "a-b \\x41 c"
