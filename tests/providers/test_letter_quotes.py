"""Old words are kept apart from new ones, as each mail program marks them."""

import pytest

from integrations.intake.quotes import said_in_html, said_in_plain
from support.letters import letter, read

OLD = "there was no data leak"
LABELS = [
    ("From: Care", "Sent: Friday", "To: Zo", "Subject: x"),
    ("From: Care", "Date: Friday", "To: Zo", "Subject: x"),
    ("*From:* Care", "*Sent:* Friday", "*To:* Zo", "*Subject:* x"),
    ("Von: Care", "Gesendet: Freitag", "An: Zo", "Cc: a@b", "Betreff: x"),
    ("De : Care", "Envoyé : vendredi", "À : Zo", "Objet : x"),
    ("De: Care", "Enviado el: viernes", "Para: Zo", "Asunto: x"),
    ("Da: Care", "Inviato: venerdì", "A: Zo", "Oggetto: x"),
    ("De: Care", "Enviada em: sexta", "Para: Zo", "Assunto: x"),
    ("Van: Care", "Verzonden: vrijdag", "Aan: Zo", "Onderwerp: x"),
    ("От: Care", "Отправлено: пятница", "Кому: Zo", "Тема: x"),
    ("Kimden: Care", "Gönderildi: Cuma", "Kime: Zo", "Konu: x"),
    ("发件人: Care", "发送时间: 2026年", "收件人: Zo", "主题: x"),
    ("寄件者： Care", "寄件日期： 2026年", "收件者： Zo", "主旨： x"),
    ("差出人: Care", "送信日時: 2026年", "宛先: Zo", "件名: x"),
    ("보낸 사람: Care", "보낸 날짜: 2026년", "받는 사람: Zo", "제목: x"),
    ("من: Care", "تم الإرسال: الجمعة", "إلى: Zo", "الموضوع: x"),
    ("از: Care", "ارسال شده: جمعه", "به: زو", "موضوع: x"),
    ("\u202bمאת: Care".replace("م", "מ"), "נשלח: יום ו", "אל: Zo", "נושא: x"),
    ("Od: Care", "Wysłano: piątek", "Do: Zo", "Temat: x"),
    ("Från: Care", "Skickat: fredag", "Till: Zo", "Ämne: x"),
    ("Fra: Care", "Sendt: fredag", "Til: Zo", "Emne: x"),
    ("Lähettäjä: Care", "Lähetetty: perjantai", "Vastaanottaja: Zo", "Aihe: x"),
    ("Od: Care", "Odesláno: pátek", "Komu: Zo", "Předmět: x"),
    ("Feladó: Care", "Elküldve: péntek", "Címzett: Zo", "Tárgy: x"),
]


@pytest.mark.parametrize("labels", LABELS, ids=" ".join)
@pytest.mark.parametrize("ruled", ["", "_" * 32 + "\n"])
def test_a_letter_below_its_labels_is_old(labels: tuple[str, ...], ruled: str):
    raw = f"thanks, all fine\n\n{ruled}" + "\n".join(labels) + f"\n\n{OLD}"
    message = read(letter(raw))
    assert message.text == "thanks, all fine"
    assert (message.quoted or "").endswith(OLD)


@pytest.mark.parametrize("labels", LABELS[:12], ids=" ".join)
def test_labels_in_html_are_read_too(labels: tuple[str, ...]):
    bold = "<br>".join(
        f"<b>{label.partition(':')[0]}:</b>{label.partition(':')[2]}"
        for label in labels
        if "*" not in label
    )
    page = f"<p class=MsoNormal>fine</p><div style='border-top:solid'><p>{bold}</p></div><p>{OLD}</p>"
    if bold:
        assert said_in_html(page).text == "fine"


@pytest.mark.parametrize(
    "separator",
    [
        "-----Original Message-----",
        "----- Original Message -----",
        "-------- Original message --------",
        "------------------ 原始邮件 ------------------",
        "-----Ursprüngliche Nachricht-----",
        "-----Message d'origine-----",
        "-----Mensaje original-----",
        "-----Messaggio originale-----",
        "-----Mensagem original-----",
        "-----Oorspronkelijk bericht-----",
        "-----Исходное сообщение-----",
        "-----Özgün İleti-----",
        "-----元のメッセージ-----",
        "-----الرسالة الأصلية-----",
        "-----پیام اصلی-----",
        "##- Please type your reply above this line -##",
        "---- Reply above this line ----",
        ">>> Care <care@example.com> 20/11/2026 10:00 >>>",
        "On Fri, 20 Nov 2026 at 10:00, Care <care@example.com> wrote:",
        "---- On Fri, 20 Nov 2026 10:00:00 +0330 Care <care@example.com> wrote ----",
    ],
)
def test_what_stands_below_a_separator_is_old(separator: str):
    said = said_in_plain(f"all fine\n\n{separator}\n\n{OLD}")
    assert (said.text, (said.quoted or "").endswith(OLD)) == ("all fine", True)


@pytest.mark.parametrize(
    "announced",
    [
        "On Thu, Mina wrote:",
        "On Fri, 20 Nov 2026 at 10:00, Care <\ncare@example.com> wrote:",
        "Am 20.11.2026 um 10:00 schrieb Care:",
        "Le ven. 20 nov. 2026 à 10:00, Care <c@x.y> a écrit :",
        "El vie, 20 nov 2026 a las 10:00, Care (<c@x.y>) escribió:",
        "Il giorno ven 20 nov 2026 Care <c@x.y> ha scritto:",
        "Em sex., 20 de nov. de 2026 às 10:00, Care <c@x.y> escreveu:",
        "Op vr 20 nov 2026 om 10:00 schreef Care <c@x.y>:",
        "пт, 20 нояб. 2026 г. в 10:00, Care <c@x.y>:",
        "Care <c@x.y>, 20 Kas 2026 Cum, 10:00 tarihinde şunu yazdı:",
        "2026年11月20日(金) 10:00 Care <c@x.y>:",
        "Care <c@x.y> 于2026年11月20日周五 10:00写道：",
        "در جمعه ۲۰ نوامبر ۲۰۲۶، Care نوشت:",
        "في الجمعة، 20 نوفمبر 2026 كتب Care <c@x.y>:",
    ],
)
@pytest.mark.parametrize("below", ["", "\n"])
def test_what_is_announced_and_quoted_is_old(announced: str, below: str):
    said = said_in_plain(f"{announced}\n{below}> {OLD}\n> more\n\nall is well")
    assert said.text == "all is well"
    assert OLD in (said.quoted or "")


def test_words_between_quoted_lines_are_new():
    raw = letter("> paid?\nyes\n> leak?\nno", head=b"In-Reply-To: <ours@x>\r\n")
    message = read(raw)
    assert message.text == "yes\nno"
    assert message.quoted == "> paid?\n> leak?"


@pytest.mark.parametrize(
    ("html", "new"),
    [
        (
            (
                'a<div class="gmail_quote"><div class="gmail_attr">On Thu, C wrote:</div>'
                '<blockquote class="gmail_quote">old</blockquote><div>new</div>'
                '<blockquote class="gmail_quote">older</blockquote></div>'
            ),
            "a\nnew",
        ),
        ('fine<blockquote type="cite">old</blockquote>', "fine"),
        ("On Thu, C wrote:<blockquote>old</blockquote>fine", "fine"),
        ('fine<div id="appendonsend"></div><hr><div>old</div>', "fine"),
        ('fine<div name="quote">old</div>', "fine"),
        ('fine<div class="yahoo_quoted">old</div>', "fine"),
        ("my list<blockquote>indented</blockquote>", "my list\nindented"),
    ],
)
def test_each_programs_marks_in_html_are_known(html: str, new: str):
    assert said_in_html(html).text == new


HANDED_ON = "From: Fred\nSent: Monday\nTo: Zo\nSubject: Login\n\nI cannot log in"


@pytest.mark.parametrize(
    "subject",
    [
        "FW: x",
        "Fwd: x",
        "WG: x",
        "TR: x",
        "RV: x",
        "İLT: x",
        "转发: x",
        "إعادة توجيه: x",
    ],
)
def test_what_is_handed_on_is_new(subject: str):
    raw = letter(f"please handle\n\n{HANDED_ON}", subject=subject)
    message = read(raw)
    assert "I cannot log in" in (message.text or "")
    assert message.quoted is None


@pytest.mark.parametrize(
    "mark",
    [
        "---------- Forwarded message ---------",
        "Begin forwarded message:",
        "-------- Weitergeleitete Nachricht --------",
        "---------- پیام هدایت‌شده ----------",
        "----- Forwarded by Fred Bloggs/Shop on 20/11/2026 10:00 -----",
    ],
)
def test_what_is_marked_as_handed_on_is_new_whatever_the_subject(mark: str):
    assert "I cannot log in" in (
        said_in_plain(f"see\n\n{mark}\n{HANDED_ON}").text or ""
    )


def test_what_gmail_hands_on_inside_its_quotes_is_new():
    page = (
        'fyi<div class="gmail_quote"><div class="gmail_attr">'
        "---------- Forwarded message ---------<br>From: Fred</div>I cannot log in</div>"
    )
    assert "I cannot log in" in (said_in_html(page).text or "")


@pytest.mark.parametrize(
    "words",
    [
        "my trip\nFrom: Berlin\nTo: Paris\nDate: 12 May 2026\nyou lost my bag",
        "error:\n> disk full\nplease help",
        "> only a quote",
        "what I need:\nmoney",
        "Your care@example.com wrote:\nwe will refund\nbut nothing came",
        "On Monday I wrote:\nplease refund me",
        "I sent the original message twice",
        "-----\nSara",
    ],
)
def test_a_first_letters_own_words_stay_new(words: str):
    assert said_in_plain(words).text == words


def test_an_answer_of_old_words_alone_says_nothing_new():
    raw = letter(f"> {OLD}", subject=b"Re: s", head=b"In-Reply-To: <ours@x>\r\n")
    message = read(raw)
    assert (message.text, message.quoted) == (None, f"> {OLD}")


def test_nested_replies_are_old_as_a_whole():
    raw = (
        "thanks\n\nOn Fri, Care <c@x.y> wrote:\n> ok\n>\n> On Thu, Zo wrote:\n>> help\n"
        f">> -----Original Message-----\n>> {OLD}\n"
    )
    assert said_in_plain(raw).text == "thanks"
