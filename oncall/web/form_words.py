"""What the form for customers says, in each language, and which one a visitor reads."""

from collections.abc import Mapping
from dataclasses import dataclass

from oncall.model import Language

RIGHT_TO_LEFT = frozenset({Language.PERSIAN, Language.ARABIC})
_MOST_PREFERENCES = 20
"""Nobody lists more languages; a header may hold thousands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormWords:
    """One language. `numbered` has `{number}`, `missing` has `{fields}`."""

    title: str
    lead: str
    name: str
    contact: str
    subject: str
    text: str
    send: str
    leave_empty: str
    thanks: str
    numbered: str
    told: str
    again: str
    missing: str
    missing_name: str
    missing_contact: str
    missing_subject: str
    separator: str
    no_address: str
    too_fast: str
    too_often: str
    digits: str = "0123456789"

    def number(self, number: int) -> str:
        """Write a number in the language's own digits."""
        return str(number).translate(str.maketrans("0123456789", self.digits))


ENGLISH = FormWords(
    title="Write to us",
    lead="Write to us. Somebody reads it at any hour.",
    name="Your name",
    contact="How we reach you: e-mail or phone",
    subject="What it is about",
    text="Your message",
    send="Send",
    leave_empty="Leave this empty",
    thanks="Thank you. Your message has arrived.",
    numbered="Its number is #{number}.",
    told="Somebody is told of it now, at any hour.",
    again="Write another message",
    missing="Please tell us {fields}.",
    missing_name="your name",
    missing_contact="how we reach you",
    missing_subject="what it is about",
    separator=", ",
    no_address=(
        "We cannot reach you there. Please write an e-mail address, or a phone number"
        " with its country code, such as +98 912 123 45 67."
    ),
    too_fast="That was quick. Please look it over and send it once more.",
    too_often="Many messages came from here just now. Please try again in ten minutes.",
)
PERSIAN = FormWords(
    title="برای ما بنویسید",
    lead="برای ما بنویسید. در هر ساعتی کسی آن را می‌خواند.",
    name="نام شما",
    contact="راه تماس با شما: ایمیل یا تلفن",
    subject="موضوع",
    text="پیام شما",
    send="فرستادن",
    leave_empty="این را خالی بگذارید",
    thanks="سپاسگزاریم. پیام شما رسید.",
    numbered="شمارهٔ آن #{number} است.",
    told="همین حالا، در هر ساعتی، به کسی خبر داده می‌شود.",
    again="نوشتن پیامی دیگر",
    missing="لطفاً این‌ها را هم بنویسید: {fields}.",
    missing_name="نام شما",
    missing_contact="راه تماس با شما",
    missing_subject="موضوع",
    separator="، ",
    no_address=(
        "از این راه نمی‌توانیم با شما تماس بگیریم. لطفاً نشانی ایمیل، یا شمارهٔ تلفن را"
        " با کد کشور بنویسید، مانند \u2066+98 912 123 45 67\u2069."
    ),
    too_fast="خیلی سریع بود. لطفاً یک بار مرور کنید و دوباره بفرستید.",
    too_often="همین حالا پیام‌های زیادی از اینجا رسید. لطفاً ده دقیقهٔ دیگر دوباره بفرستید.",
    digits="۰۱۲۳۴۵۶۷۸۹",
)
ARABIC = FormWords(
    title="اكتب إلينا",
    lead="اكتب إلينا. هناك من يقرأ رسالتك في أي ساعة.",
    name="اسمك",
    contact="كيف نصل إليك: البريد الإلكتروني أو الهاتف",
    subject="الموضوع",
    text="رسالتك",
    send="إرسال",
    leave_empty="اترك هذا فارغًا",
    thanks="شكرًا لك. وصلت رسالتك.",
    numbered="رقمها #{number}.",
    told="يُبلَّغ بها أحد زملائنا الآن، في أي ساعة.",
    again="كتابة رسالة أخرى",
    missing="يرجى كتابة ما يلي أيضًا: {fields}.",
    missing_name="اسمك",
    missing_contact="كيف نصل إليك",
    missing_subject="الموضوع",
    separator="، ",
    no_address=(
        "لا يمكننا الوصول إليك بهذا العنوان. يرجى كتابة بريد إلكتروني، أو رقم هاتف مع"
        " رمز البلد، مثل \u2066+98 912 123 45 67\u2069."
    ),
    too_fast="كان ذلك سريعًا. يرجى مراجعة الرسالة وإرسالها مرة أخرى.",
    too_often="وصلت رسائل كثيرة من هنا للتو. يرجى المحاولة بعد عشر دقائق.",
    digits="٠١٢٣٤٥٦٧٨٩",
)
WORDS: Mapping[Language, FormWords] = {
    Language.ENGLISH: ENGLISH,
    Language.PERSIAN: PERSIAN,
    Language.ARABIC: ARABIC,
}


def preferred(accepted: str) -> Language | None:
    """Return the language that an Accept-Language header likes best of ours, if any.

    Regions do not matter (`fa-IR` is `fa`); one that has q=0 is not wanted. Whatever
    cannot be read is passed over (RFC 9110, section 12.5.4).
    """
    liked: list[tuple[float, int, Language]] = []
    for place, part in enumerate(accepted.split(",")[:_MOST_PREFERENCES]):
        tag, _, weight = part.partition(";")
        language = tag.strip().partition("-")[0].lower()
        if language in WORDS and (quality := _quality(weight)) > 0:
            liked.append((-quality, place, Language(language)))
    return min(liked)[2] if liked else None


def _quality(weight: str) -> float:
    name, _, value = weight.strip().partition("=")
    if not name:
        return 1.0
    try:
        quality = float(value) if name.strip().lower() == "q" else 0.0
    except ValueError:
        return 0.0
    return quality if 0 <= quality <= 1 else 0.0
