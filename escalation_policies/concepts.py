"""What customers of every trade complain of, in three languages: one word for each."""

from collections.abc import Mapping
from typing import Final

from escalation_policies.words import normalise

# A concept, and how English, Persian and Arabic say it. Only what means the same
# wherever it stands: a storm is then one storm, whatever its customers speak.
_SAID: Final[Mapping[str, str]] = {
    "payment": "pay paid payment payments checkout پرداخت پرداختی دفع الدفع دفعة",
    "card": "card cards کارت بطاقة البطاقة بطاقتي",
    "bank": "bank banks بانک بانکی بنك مصرف",
    "gateway": "gateway درگاه بوابة",
    "transfer": "transfer transfers wire انتقال حواله تحويل حوالة",
    "refund": "refund refunds refunded بازپرداخت استرداد",
    "withdrawal": "withdraw withdrawal withdrawals payout برداشت سحب",
    "deposit": "deposit deposits واریز واریزی إيداع",
    "wallet": "wallet wallets کیف‌پول محفظة",
    "charged": "charge charged charges debited کسر خصم",
    "twice": "twice double duplicate دوبار دوباره مکرر مرتين",
    "login": "login log logon signin log-in ورود لاگین دخول",
    "password": "password passwords رمز گذرواژه پسورد كلمة",
    "code": "code codes otp کد رمز",
    "message": "sms text-message پیامک رسالة رسائل",
    "error": "error errors خطا ارور خطأ",
    "fail": "fail fails failed failing failure declined rejected ناموفق شکست فشل رفض مرفوض",
    "down": "down outage offline unavailable unreachable قطع قطعی متوقف متوقفة معطل معطلة عطل",
    "slow": "slow slowly lag کند کندی بطيء بطء",
    "crash": "crash crashes crashed freezes کرش هنگ يتعطل",
    "delivery": (
        "deliver delivery delivered courier shipment shipping arrive arrived arrives came "
        "تحویل ارسال پیک نرسید نرسیده رسید رسیده توصيل شحن وصل تصل يصل وصلت"
    ),
    "late": "late delay delayed دیر تاخیر تأخیر تأخر تأخير متأخر متأخرة",
    "parcel": "parcel package box بسته مرسوله طرد",
    "flower": "flower flowers bouquet گل زهور ورد باقة",
    "prize": "prize award جایزه جائزة",
    "cancelled": "cancel cancelled canceled cancellation لغو کنسل إلغاء ملغى",
    "flight": "flight flights پرواز رحلة",
    "ticket": "ticket tickets بلیت بلیط تذكرة",
    "internet": "internet wifi اینترنت إنترنت",
    "connection": "connection connect اتصال",
    "server": "server servers سرور خادم سيرفر",
    "price": "price prices قیمت سعر أسعار",
    "discount": "discount voucher coupon تخفیف خصومات قسيمة",
    "invoice": "invoice invoices bill فاکتور صورتحساب فاتورة",
    "leak": "leak leaked breach نشت افشا تسريب تسرب",
    "blocked": "blocked locked suspended مسدود محظور محجوب",
    "wrong": "wrong incorrect اشتباه اشتباهی خاطئ",
}
# What almost everybody mentions: little is learned from sharing it.
_EVERYDAY_SAID: Final[Mapping[str, str]] = {
    "order": "order orders ordered سفارش سفارشم سفارشات طلب طلبي الطلب طلبية",
    "account": "account accounts حساب حسابم حسابي",
    "money": "money cash پول پولم مال مالي نقود",
    "app": "app application برنامه اپ اپلیکیشن تطبيق",
    "site": "site website page سایت وبسایت صفحه موقع",
    "buy": "buy bought purchase خرید خریدم شراء اشتريت",
    "customer": "customer client مشتری عميل زبون",
    "service": "service services خدمات سرویس خدمة خدمتكم",
    "number": "number شماره رقم",
    "product": "product item محصول کالا منتج",
}


def _read(said: Mapping[str, str]) -> dict[str, str]:
    return {
        normalise(word): concept
        for concept, words in said.items()
        for word in words.split()
    }


EVERYDAY: Final = frozenset(_EVERYDAY_SAID)
"""Concepts that say little."""
CONCEPTS: Final[Mapping[str, str]] = _read(_EVERYDAY_SAID) | _read(_SAID)
"""From a normalised word to what it is about."""

COURTESIES: Final = frozenset(
    normalise(
        """
        a about after again all already also am an and any anyone are as at be because
        been before but by can cannot cant could day days dear did didnt do does doesnt
        doing done dont for from get getting give go good got had has hasnt have havent
        he hello help her hi his hour hours how i if im in into is isnt it its ive just
        know last let like long made make many me minute minutes month more much must my
        need never new next no nobody not nothing now of off ok on once one only or our
        out over please problem problems question really regards reply right same say
        says see send she should since so some someone something still support sure team
        tell than thank thanks that the their them then there these they thing this those
        time times to today tomorrow too tried try trying two until up us use very via
        want was wasnt way we week weeks well went were what whats when where which while
        who why will with without wont work working works would yesterday yet you your
        سلام درود لطفا لطفاً ممنون متشکرم تشکر سپاس خواهش من ما شما او آن این اینکه که و
        یا تا با به از در بر برای را است بود نیست هست هستم هستید شد شده نشد نشده می نمی
        شود میشود نمیشود کرد کرده کردم کردن کنید کنم میکنم نمیکند میکند میخواهم خواهش
        بعد قبل هم هنوز هیچ هیچکس کسی چرا چه چی کی کجا چند یک دو سه خیلی فقط ولی اما اگر
        پس دیگر الان امروز دیروز فردا ساعت روز هفته ماه دقیقه مشکل مشکلی کمک پاسخ جواب
        پشتیبانی نمیتوانم نمیشه نداره ندارم دارم دارد داشتم بدهید بفرستید خود همه همین
        السلام عليكم مرحبا مرحباً شكرا شكراً رجاء من إلى الى عن على في مع هذا هذه ذلك التي
        الذي ما ماذا لماذا كيف متى أين هل لا لم لن ليس نعم أنا انا نحن أنت هو هي كان كانت
        يكون قد كل بعض أي أو و ثم حتى بعد قبل منذ عند عندي لدي لدينا يوم أيام ساعة ساعات
        دقيقة أسبوع شهر اليوم أمس غدا الآن مشكلة مساعدة المساعدة أرجو نرجو يرجى أريد نريد
        أحد يرد الرد فورا فوراً عندنا كم جدا جداً فقط لكن إذا اذا
        """
    ).split()
)
"""Words that stand in every letter and are about nothing."""
