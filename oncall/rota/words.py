"""What a rota says, in each language."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from oncall.model import Language
from rotations.shift import Because

Seven = tuple[str, str, str, str, str, str, str]
Twelve = tuple[str, str, str, str, str, str, str, str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """One language. `digits` from zero, weekdays from Monday; braces are filled in.

    `jalali_first` when its readers live by the Jalali calendar. `because` has no word
    for a turn: that is what people expect.
    """

    direction: Literal["ltr", "rtl"]
    digits: str
    jalali_first: bool
    weekdays: Seven
    months: Twelve
    jalali_months: Twelve
    rota: str
    day: str
    gregorian: str
    jalali: str
    hours: str
    on_call: str
    notes: str
    nobody: str
    takes_over: str
    weekend: str
    weekend_from: str
    weekend_until: str
    day_off: str
    estimated: str
    clock_forward: str
    clock_back: str
    because: Mapping[Because, str]
    times: str
    made: str


_ENGLISH = Words(
    direction="ltr",
    digits="0123456789",
    jalali_first=False,
    weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
    months=(
        *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
        *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    ),
    jalali_months=(
        *("Farvardin", "Ordibehesht", "Khordad", "Tir", "Mordad", "Shahrivar"),
        *("Mehr", "Aban", "Azar", "Dey", "Bahman", "Esfand"),
    ),
    rota="On-call rota",
    day="Day",
    gregorian="Date",
    jalali="Jalali",
    hours="Hours",
    on_call="On call",
    notes="Notes",
    nobody="NOBODY ON CALL",
    takes_over="takes over",
    weekend="weekend",
    weekend_from="weekend from {at}",
    weekend_until="weekend until {at}",
    day_off="desk closed",
    estimated="estimated date",
    clock_forward="clocks go forward: {before} becomes {after}",
    clock_back="clocks go back: {before} becomes {after}",
    because={
        Because.OVERRIDE: "override",
        Because.SWAP: "swap",
        Because.ABSENCE: "covers an absence",
    },
    times="Times as clocks show them in {zone}",
    made="As known on {day} at {at}; a calendar link is always up to date",
)

_PERSIAN = Words(
    direction="rtl",
    digits="۰۱۲۳۴۵۶۷۸۹",
    jalali_first=True,
    weekdays=("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
    months=(
        *("ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن"),
        *("ژوئیه", "اوت", "سپتامبر", "اکتبر", "نوامبر", "دسامبر"),
    ),
    jalali_months=(
        *("فروردین", "اردیبهشت", "خرداد", "تیر", "مرداد", "شهریور"),
        *("مهر", "آبان", "آذر", "دی", "بهمن", "اسفند"),
    ),
    rota="برنامه کشیک",
    day="روز",
    gregorian="میلادی",
    jalali="شمسی",
    hours="ساعت",
    on_call="کشیک",
    notes="یادداشت",
    nobody="هیچ‌کس کشیک نیست",
    takes_over="تحویل می‌گیرد",
    weekend="آخر هفته",
    weekend_from="آخر هفته از {at}",
    weekend_until="آخر هفته تا {at}",
    day_off="تعطیل",
    estimated="تاریخ تخمینی",
    clock_forward="ساعت‌ها جلو می‌رود: {before} می‌شود {after}",
    clock_back="ساعت‌ها عقب می‌رود: {before} می‌شود {after}",
    because={
        Because.OVERRIDE: "تغییر برنامه",
        Because.SWAP: "جابه‌جایی",
        Because.ABSENCE: "به‌جای غایب",
    },
    times="ساعت‌ها به وقت {zone}",
    made="آن‌گونه که در {day} ساعت {at} بود؛ پیوند تقویم همیشه به‌روز است",
)

_ARABIC = Words(
    direction="rtl",
    digits="٠١٢٣٤٥٦٧٨٩",
    jalali_first=False,
    weekdays=(
        *("الاثنين", "الثلاثاء", "الأربعاء", "الخميس"),
        *("الجمعة", "السبت", "الأحد"),
    ),
    months=(
        *("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو"),
        *("يوليو", "أغسطس", "سبتمبر", "أكتوبر", "نوفمبر", "ديسمبر"),
    ),
    jalali_months=(
        *("فروردين", "أرديبهشت", "خرداد", "تير", "مرداد", "شهريور"),
        *("مهر", "آبان", "آذر", "دي", "بهمن", "إسفند"),
    ),
    rota="جدول المناوبة",
    day="اليوم",
    gregorian="الميلادي",
    jalali="الهجري الشمسي",
    hours="الساعات",
    on_call="المناوبة",
    notes="ملاحظات",
    nobody="لا أحد في المناوبة",
    takes_over="استلام المناوبة",
    weekend="نهاية الأسبوع",
    weekend_from="نهاية الأسبوع من {at}",
    weekend_until="نهاية الأسبوع حتى {at}",
    day_off="المكتب مغلق",
    estimated="تاريخ تقديري",
    clock_forward="تقديم الساعة: {before} تصبح {after}",
    clock_back="تأخير الساعة: {before} تصبح {after}",
    because={
        Because.OVERRIDE: "تعديل",
        Because.SWAP: "تبديل",
        Because.ABSENCE: "تغطية غياب",
    },
    times="الساعات بتوقيت {zone}",
    made="كما كان في {day} الساعة {at}؛ رابط التقويم محدّث دائمًا",
)

_WORDS = {
    Language.ENGLISH: _ENGLISH,
    Language.PERSIAN: _PERSIAN,
    Language.ARABIC: _ARABIC,
}


def words_of(language: Language) -> Words:
    """Return all that a rota says in this language."""
    return _WORDS[language]
