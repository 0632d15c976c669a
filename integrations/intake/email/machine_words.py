"""What machines write into subjects, in the languages that they speak, in lower case.

Data of `automatic` and `bounce`. A phrase counts only where a subject begins with it.
"""

_AUTOMATIC = """
automatic reply|auto reply|auto-reply|autoreply|automatic response|auto response|auto-response|autoresponse
auto responder|auto-responder|autoresponder|automated reply|automated response|automatic answer|auto-generated reply
out of office autoreply|out of office reply|out of office notification
vacation reply|vacation response|vacation auto-reply
automatische antwort|automatische rückantwort|automatisch generierte antwort|autoantwort|auto-antwort
automatische abwesenheitsnotiz|abwesenheitsnotiz|abwesenheitsnachricht|abwesenheitsmeldung|abwesenheitsassistent
abwesenheitsagent|urlaubsmeldung
réponse automatique|reponse automatique|réponse auto|réponse d'absence|message d'absence
notification d'absence|avis d'absence
respuesta automática|respuesta automatica|respuesta automatizada|contestación automática|autorespuesta
aviso de ausencia
risposta automatica|risposta automatizzata
assenza dall'ufficio|avviso di assenza
resposta automática|resposta automatica
aviso de ausência
automatisch antwoord|automatische reactie|automatisch antwoordbericht|automatisch gegenereerd antwoord|afwezigheidsbericht
afwezigheidsmelding|afwezigheidsassistent
автоматический ответ|автоответ|автоответчик
otomatik yanıt|otomatik cevap
自动答复|自动回复|自動回覆|自動回复|自動答覆|自動回應
自動応答|自動返信|自動応答メール|不在通知|不在のお知らせ
자동 회신|자동 응답|자동회신|자동응답
رد تلقائي|الرد التلقائي|رد آلي|الرد الآلي|رد تلقائى|إجابة تلقائية
پاسخ خودکار|جواب خودکار|پاسخ اتوماتیک|پاسخگوی خودکار|پاسخ‌گوی خودکار
תשובה אוטומטית|מענה אוטומטי
automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź
automatická odpověď|automatická odpoveď
autosvar|automatiskt svar|automatiskt svarsmeddelande
automatisk svar|fraværsmeddelelse
automaattinen vastaus|poissaoloviesti|lomavastaaja
automatikus válasz|răspuns automat
автоматична відповідь|αυτόματη απάντηση|автоматичен отговор
automatski odgovor|samodejni odgovor|trả lời tự động|balasan otomatis|jawaban otomatis
ตอบกลับอัตโนมัติ|การตอบกลับอัตโนมัติ|resposta automàtica|automatinis atsakymas|automātiskā atbilde|automaatvastus
स्वचालित उत्तर|خودکار جواب
"""
_AWAY = """
out of office|out-of-office|out of office message|fuera de la oficina|fuera de oficina
ausencia de la oficina|fuori ufficio|fuori dall'ufficio|fora do escritório|ausente do escritório
вне офиса|ofis dışında|ofis dışındayım|ofis dışı|خارج المكتب|خارج از دفتر|خارج از محل کار
خارج از اداره|poza biurem|mimo kancelář|ej på kontoret|ikke på kontoret|ikke på kontor|házon kívül
irodán kívül|în afara biroului|поза офісом|εκτός γραφείου|извън офиса|izvan ureda|מחוץ למשרד
absent du bureau|absente du bureau|absent(e) du bureau|absence de bureau|ausência temporária
on vacation|away from my mail|away from the office|ooo|ooto|vacation message|i am out of the office
i'm out of the office|i am currently out of the office|out of the office|abwesend|abwesenheit
ausser haus|außer haus|nicht im büro|nicht im haus|automatische eingangsbestätigung
message automatique|en congé|je suis absent|je suis absente|mensaje automático|fuori sede
messaggio automatico|mensagem automática|fora da empresa|niet aanwezig|afwezig|niet op kantoor
buiten kantoor|автоматическое уведомление|нет на месте|отсутствую в офисе|меня нет на месте|в отпуске
otomatik ileti|dışarıda|外出|外出中|不在办公室|不在辦公室|自動送信|부재 중|부재중|رسالة تلقائية|پیام خودکار|در مرخصی
در مرخصی هستم|nieobecność|nieobecny|frånvarande|frånvaro|fraværende|fravær|ikke til stede|poissa
poissaolo|vắng mặt|absence du bureau
"""
_RETURNED = """
undeliverable|undelivered mail returned to sender|undelivered mail|undeliverable mail|undeliverable message
undelivered message|undelivered mail returned|returned mail|returned to sender|returned message
mail delivery failed|mail delivery failure|mail delivery problem|mail delivery error|mail delivery status
mail failure|mail error|failure notice|failure delivery|delivery failure|delivery failed|delivery error|delivery problem
delivery status notification|delivery notification|delivery report|delivery status report|delivery has failed
delivery to the following recipient|message undeliverable|message delivery failure|message delivery has failed
message could not be delivered|message not delivered|could not deliver|could not send message|unable to deliver
your message could not be delivered|nondeliverable mail|non-deliverable|non delivery|non-delivery|nondelivery
rejected mail|rejected message|message rejected|mail rejected|email rejected|mail system error|bounced message|bounce
failed delivery|failed mail|permanent delivery failure|user unknown|unknown address|address not found
warning: could not send message|warning: message|delivery delayed|delayed mail|delayed delivery|mail delayed
message delayed|delivery status notification (delay)|there was an error sending your mail|mail could not be delivered
report abuse|complaint about message|email feedback report|abuse report
unzustellbar|unzustellbare|nachricht unzustellbar|zustellung fehlgeschlagen|fehler bei der zustellung|zustellfehler
mail konnte nicht zugestellt werden|benachrichtigung zum übermittlungsstatus
non remis|non distribué|non délivré|message non remis|échec de la remise|échec de remise|notification d'échec
notification d'état de remise|remise impossible|impossible de remettre
no se puede entregar|no entregado|no se pudo entregar|no entregable|mensaje no entregado|error de entrega
notificación de estado de entrega|correo devuelto
non recapitabile|messaggio non recapitato|mancato recapito|mancata consegna|notifica dello stato del recapito
não é possível entregar|não foi possível entregar|não entregue|falha na entrega|mensagem não entregue
notificação de status de entrega
onbestelbaar|niet bezorgd|bezorging mislukt|niet te bezorgen|не удалось доставить|недоставленное сообщение
не доставлено|недоставлено|сообщение не доставлено|teslim edilemedi|iletilemedi|ulaştırılamadı
无法送达|未送达|退信|系统退信|無法傳遞|傳遞失敗|無法投遞|配信不能|配信エラー|メールエラー|メール送信エラー|配達不能|送信エラー|배달되지 않음|배달 못 함
لم يتم التسليم|تعذر التسليم|غير قابل للتسليم|فشل التسليم|تحویل داده نشد|ارسال نشد|تحویل ناموفق|غیرقابل تحویل
niedostarczone|nie można dostarczyć|nedoručitelné|nedoručiteľné|det går inte att leverera|olevererat|kunne ikke leveres
ikke levert|ei voi toimittaa|toimittaminen epäonnistui|kézbesíthetetlen|nelivrat|μη παραδόσιμο
"""
_DELAYED = """
delay|warning|still being retried|temporar|verzögert|verzögerung|retard|retrasado|demora|ritardo|atraso|vertraagd|задерж
gecik|延迟|延遲|遅延|지연|تأخر|تأخير|تأخیر|تاخیر
"""
_GOES_ON = """
will be retried|still being retried|will keep trying|will continue to try|will try again|will retry
not yet been delivered|has not been delivered yet|no action is required|do not need to resend|this is a warning message
wird weiter versucht|weitere zustellversuche|sera réessayée|se volverá a intentar|verrà riprovat|continuará tentando
"""


def _phrases(written: str) -> tuple[str, ...]:
    """Return the phrases, the longest first."""
    found = {each.strip() for each in written.strip().replace("\n", "|").split("|")}
    return tuple(sorted(found - {""}, key=len, reverse=True))


AUTOMATIC = _phrases(_AUTOMATIC)
"""How subjects of automatic replies begin, and no others."""
AWAY = _phrases(_AWAY)
"""How they begin as well; but a first letter of a person may begin so, too."""
RETURNED = _phrases(_RETURNED)
"""How subjects of bounces and of complaints begin."""
DELAYED = _phrases(_DELAYED)
"""What stands in the subject of a letter that tells of a mere delay."""
GOES_ON = _phrases(_GOES_ON)
"""What it says where the server goes on trying."""
