"""How mail programs announce old words, in the languages that they speak.

Data of `quotes`, in lower case. Labels are those that Outlook, Apple Mail, Thunderbird,
Gmail and their kin put above the letter that is answered or handed on.
"""

_FROM = """
from|von|de|de la|da|van|от|от кого|kimden|gönderen|发件人|寄件者|寄件人|差出人|送信者|送信元
보낸 사람|보낸사람|من|مرسل|المرسل|از|فرستنده|מאת|od|nadawca|från|fra|lähettäjä|feladó|від|від кого|από
expeditor|šalje|từ|người gửi|dari|pengirim|จาก|प्रेषक|saatja|kellelt|nuo|no|منجانب|absender|expéditeur
remitente|mittente|remetente|afzender|отправитель|odesílatel|avsändare|afsender|avsender|پیام از
"""
_DATE = """
sent|date|gesendet|datum|gesendet am|envoyé|envoyé le|date d'envoi|enviado|enviado el|fecha|enviada
enviada em|enviado em|data|inviato|inviata|data invio|verzonden|verzonden op|отправлено|дата|дата отправки
gönderildi|gönderme tarihi|gönderilme tarihi|gönderim tarihi|tarih|发送时间|发送日期|日期|寄件日期|傳送時間
傳送日期|送信日時|日時|日付|送信日|보낸 날짜|보낸날짜|날짜|تاريخ الإرسال|أُرسلت|أرسلت|تم الإرسال|الإرسال|التاريخ
مرسل في|مُرسل|ارسال شده|ارسال‌شده|تاریخ ارسال|فرستاده شده|تاریخ|زمان ارسال|נשלח|תאריך|wysłano|wysłane|data wysłania
odesláno|odoslané|dátum|skickat|skickades|sendt|dato|lähetetty|päivämäärä|päiväys|elküldve|надіслано|изпратено
στάλθηκε|αποστολή|ημερομηνία|trimis|dată|poslano|poslato|enviat|đã gửi|gửi|ngày|dikirim|terkirim|tanggal|ส่ง|วันที่
भेजा गया|दिनांक|saadetud|kuupäev|išsiųsta|nosūtīts|datums|بھیجا گیا|تاريخ
"""
_TO = """
to|an|à|a|para|aan|кому|kime|alıcı|收件人|收件者|宛先|받는 사람|받는사람|إلى|الى|به|گیرنده|אל|do|komu|till|til
vastaanottaja|címzett|προς|către|prima|za|per a|đến|tới|kepada|ke|ถึง|प्रति|adressaat|kellele|kam|بنام|empfänger
destinataire|destinatario|destinatário|получатель|до|pre
"""
_SUBJECT = """
subject|betreff|objet|sujet|asunto|oggetto|assunto|onderwerp|тема|konu|主题|主題|主旨|件名|제목|الموضوع|موضوع|נושא
temat|předmět|predmet|predmět|ämne|emne|aihe|tárgy|относно|θέμα|subiect|subiectul|tema|zadeva|assumpte|chủ đề
tiêu đề|subjek|perihal|judul|เรื่อง|หัวข้อ|विषय|teema|tēma
"""
_ORIGINAL = """
original|original message|original appointment|original email|original mail|original-nachricht|originalnachricht
ursprüngliche nachricht|ursprüngliche mail|message d'origine|message d’origine|message original|message initial
mensaje original|messaggio originale|messaggio originario|mensagem original|oorspronkelijk bericht
origineel bericht|исходное сообщение|исходное письмо|оригинальное сообщение|первоначальное сообщение
orijinal ileti|orijinal mesaj|özgün ileti|özgün mesaj|原始邮件|邮件原件|原始郵件|原始信件|原始訊息|元のメッセージ
원본 메시지|원본 메일|원본메시지|الرسالة الأصلية|رسالة أصلية|پیام اصلی|پیغام اصلی|نامه اصلی|הודעה מקורית|ההודעה המקורית
wiadomość oryginalna|oryginalna wiadomość|wiadomość pierwotna|původní zpráva|původní e-mail|pôvodná správa
ursprungligt meddelande|originalmeddelande|oprindelig meddelelse|original meddelelse|oprindelig besked
opprinnelig melding|original melding|alkuperäinen viesti|eredeti üzenet|mesaj original|mesajul original
вихідне повідомлення|оригінальне повідомлення|αρχικό μήνυμα|оригинално съобщение|izvorna poruka
originalna poruka|izvirno sporočilo|thư gốc|tin nhắn gốc|pesan asli|ข้อความต้นฉบับ|missatge original|reply message
"""
_FORWARDED = """
forwarded message|forwarded by|begin forwarded message|weitergeleitete nachricht|anfang der weitergeleiteten nachricht
anfang der weitergeleiteten e-mail|message transféré|début du message transféré|début du message réexpédié
message réexpédié|mensaje reenviado|inicio del mensaje reenviado|messaggio inoltrato|inizio messaggio inoltrato
mensagem encaminhada|mensagem reencaminhada|início da mensagem encaminhada|doorgestuurd bericht
begin doorgestuurd bericht|пересылаемое сообщение|пересланное сообщение|начало переадресованного сообщения
iletilmiş ileti|iletilen ileti|iletilen mesaj|iletilmiş mesaj|yönlendirilmiş ileti|转发的邮件|转发邮件|轉寄郵件|已轉寄的郵件
転送されたメッセージ|転送メッセージ|転送メール|전달된 메시지|전달된 메일|رسالة معاد توجيهها|الرسالة المعاد توجيهها
رسالة محولة|پیام هدایت‌شده|پیام هدایت شده|پیام بازارسال شده|پیام بازارسال‌شده|پیام فرستاده شده|پیام ارسال مجدد
הודעה שהועברה|przekazana wiadomość|wiadomość przekazana|přeposlaná zpráva|preposlaná správa|vidarebefordrat meddelande
vidarebefordrat brev|videresendt meddelelse|videresendt besked|videresendt melding|välitetty viesti
edelleenlähetetty viesti|továbbított üzenet|továbbított levél|mesaj redirecționat|переслане повідомлення
προωθημένο μήνυμα|препратено съобщение|proslijeđena poruka|posredovano sporočilo|thư đã chuyển tiếp
pesan terusan|ข้อความที่ส่งต่อ|missatge reenviat
"""
_WROTE = r"""
wrote|writes|schrieb|geschrieben|a écrit|escribió|ha scritto|escreveu|schreef|geschreven|пишет|написал|написала|написано
пише|написав|yazdı|写道|寫道|写了|のメール|書きました|작성|님이|نوشت|نوشته|كتب|كتبت|كتابة|כתב|כתבה|מאת|skrev|kirjoitti
írta|έγραψε|a scris|napsal|napsala|napisał|napisała|napisao|je napisao|je pisal|viết|đã viết|menulis|เขียน|escrigué
"""
_FORWARDS = """
fw|fwd|wg|tr|rv|enc|i|fs|vb|doorst|doorgest|pd|vl|továbbítás|ilt|转发|轉寄|転送|전달|إعادة توجيه|هدایت
بازارسال|ارجاع|הועבר|מועבר|пересл|προωθ|videresendt|vidarebefordrat
"""
_ANSWERS = """
re|aw|sv|antw|antwort|rép|ref|rif|r|res|odp|ynt|yanıt|cevap|vs|vá|回复|回覆|答复|答覆|返信|回信|답장|رد|پاسخ|جواب|השב|תשובה|на|отв|απ|σχετ|bls|atb|ats
"""


def _words(written: str) -> frozenset[str]:
    return frozenset(filter(None, written.strip().replace("\n", "|").split("|")))


LABELS = {
    "from": _words(_FROM),
    "date": _words(_DATE),
    "to": _words(_TO),
    "subject": _words(_SUBJECT),
}
"""What the lines above an old letter are labelled with, by what they say."""
ORIGINAL = _words(_ORIGINAL)
"""Between dashes, above the letter that is answered."""
FORWARDED = _words(_FORWARDED)
"""Between dashes or before a colon, above a letter that is handed on."""
WROTE = _words(_WROTE)
"""In the line above what is quoted: "On Thursday, Mina wrote:"."""
FORWARDS = _words(_FORWARDS)
"""Before the colon in the subject of a letter that is handed on."""
ANSWERS = _words(_ANSWERS)
"""Before the colon in the subject of an answer."""
