"""Persian."""

from escalation_policies.policy import Severity
from escalation_policies.reason import Reason
from oncall.model import Outcome, Verb
from oncall.wording.words import (
    BadNewsWords,
    BundleWords,
    Catalogue,
    IncidentWords,
    NoticeWords,
    ReminderWords,
    ShiftWords,
    SpokenWords,
)

PERSIAN = Catalogue(
    digits="۰۱۲۳۴۵۶۷۸۹",
    direction="\u200f",
    weekdays=("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
    date="{year:04}/{month:02}/{day:02}",
    separator="، ",
    severities={
        Severity.CRITICAL: "بحرانی",
        Severity.HIGH: "مهم",
        Severity.NORMAL: "عادی",
        Severity.LOW: "جزئی",
    },
    page="{severity} #{number}\n{customer}: {problem}",
    reply="پاسخ: {reply_number} ۱=قبول ۲=ارجاع ۵=حل ۹=مدیر",
    reply_short="{reply_number} ۱=قبول ۲=ارجاع ۹=مدیر",
    waiting="مشتری از {at} منتظر است",
    buttons={
        Verb.TAKE: "قبول می‌کنم",
        Verb.PASS: "ارجاع",
        Verb.RESOLVED: "حل شد",
        Verb.LEADERS: "خبر به مدیران",
    },
    edited={
        Verb.TAKE_ALL: "{owner} از {at} مسئول آن است",
        Verb.TAKE: "{owner} از {at} مسئول آن است",
        Verb.PASS: "{owner} آن را ارجاع داد ({at})",
        Verb.TOLD: "{owner} به مشتری گفته است ({at})",
        Verb.SNOOZE: "{owner} آن را تا {at} عقب انداخت",
        Verb.RESOLVED: "{owner} آن را حل کرد ({at})",
        Verb.HELP: "{owner} کمک می‌کند ({at})",
        Verb.LEADERS: "{owner} خواست مدیران باخبر شوند ({at})",
    },
    applied={
        Verb.TAKE_ALL: "مسئول همه‌شان شما هستید. لطفاً به مشتری‌ها پاسخ دهید.",
        Verb.TAKE: "مسئول #{number} شما هستید. لطفاً به مشتری پاسخ دهید.",
        Verb.PASS: "#{number} به سطح بعدی ارجاع شد.",
        Verb.TOLD: "#{number}: ثبت شد که به مشتری گفته‌اید.",
        Verb.SNOOZE: "#{number} تا {at} عقب افتاد.",
        Verb.RESOLVED: "#{number} حل شد. خسته نباشید.",
        Verb.HELP: "شما در #{number} به {owner} کمک می‌کنید.",
        Verb.LEADERS: "مدیران از #{number} باخبر می‌شوند.",
    },
    outcomes={
        Outcome.ALREADY: "#{number} را {owner} قبلاً قبول کرده است ({at}).",
        Outcome.CLOSED: "#{number} بسته شده است. کاری لازم نیست.",
        Outcome.UNKNOWN: "موردی با شماره #{number} نداریم.",
        Outcome.NOT_FOR_YOU: "#{number} برای شما فرستاده نشده است.",
        Outcome.CHOICES: "کدام؟ بفرستید:",
        Outcome.NOTHING_WAITING: (
            "موردی منتظر پاسخ شما نیست. برای مورد قدیمی، شماره را هم بفرستید."
        ),
        Outcome.NOT_UNDERSTOOD: (
            "متوجه نشدم. شماره و یک رقم بفرستید: ۱=قبول ۲=ارجاع ۵=حل ۹=مدیر"
        ),
    },
    stranger="این خط فقط برای همکاران پشتیبانی ماست.",
    linked="سلام {person}. از این پس پیام‌های کشیک شما اینجا می‌رسد.",
    link_failed="این کد دیگر معتبر نیست. لطفاً کد تازه بگیرید.",
    bad_news=BadNewsWords(
        opening="خبر بد",
        since="از",
        owner="مسئول",
        nobody="بدون مسئول",
        promised="قول داده‌ایم",
        needed="لازم است",
        why="چرا باخبر می‌شوید",
        take_it="کسی آن را بپذیرد؛ اگر خودتان می‌پذیرید، بفرستید {reply_number} ۱",
        support_owner="کنار {owner} باشید",
    ),
    reminder=ReminderWords(
        page="#{number} با شماست؛ {customer} {waited} منتظر پاسخ است. لطفاً پاسخ دهید: {problem}",
        page_short="#{number} با شماست؛ {customer} {waited} منتظر است",
        reply="پاسخ: {reply_number} ۱=پاسخ می‌دهم ۲=ارجاع ۳=گفتم ۵=حل ۹=مدیر",
        reply_short="{reply_number} ۱=قبول ۳=گفتم",
        minutes="{count} دقیقه",
        hours="{count} ساعت",
        button="پاسخ می‌دهم",
        spoken=(
            "مورد شماره {number} با شماست و مشتری {waited} منتظر پاسخ است. "
            "مشتری: {customer}. {problem}."
        ),
        spoken_keys=(
            "اگر پاسخ می‌دهید ۱، برای ارجاع ۲، اگر به مشتری گفته‌اید ۳، برای عقب انداختن ۴، "
            "اگر حل شده ۵، برای خبر به مدیران ۹ را بزنید."
        ),
    ),
    bundle=BundleWords(
        page="{count} مورد منتظر شماست، بدترین: {severity} #{number}\n{customer}: {problem}",
        reply="{zero}=قبول همه {reply_number} ۱=این یکی",
        button="همه را قبول می‌کنم",
    ),
    incident=IncidentWords(
        customers="{count} مشتری",
        more="رویداد {incident}، {title}: {more} مورد تازه، روی هم {count}",
    ),
    notices=NoticeWords(
        owner_has_it="{owner} از {at} مسئول #{number} است. کاری لازم نیست.",
        customer_wrote_again="{customer} دوباره نوشت، #{number}: {problem}",
        reopened="#{number} دوباره باز شد. {customer}: {problem}",
        answer_failed="پاسخ به {customer} نرسید، #{number}: {problem}",
        paging_ill="فراخوان مشکل دارد: {via} از {at} کار نمی‌کند. راه‌های دیگر به کار است.",
        trial_page="آزمایش برای {person}: پیام‌ها این‌طور می‌رسد. کاری لازم نیست.",
        leave_unread=("تقویم مرخصی: سطر {line} ({words}) خوانده نشد. لطفاً اصلاح کنید."),
        leave_unread_more=(
            "تقویم مرخصی: {count} مورد خوانده نشد. اولین: سطر {line} ({words})."
        ),
    ),
    shifts=ShiftWords(
        tomorrow="نوبت شما نزدیک است: {rotation}، {start} تا {end}.",
        soon="یک ساعت دیگر نوبت شماست: {rotation}، {start} تا {end}.",
        begins="از حالا تا {end} نوبت شماست: {rotation}.",
        appeared="نوبت تازه برای شما: {rotation}، {start} تا {end}.",
        moved="نوبت شما جابه‌جا شد: {rotation}، {start} تا {end}.",
        gone="دیگر نوبت شما نیست: {rotation}، {start} تا {end}.",
        changed="{count} نوبت شما تا {until} عوض شد. بعدی: {start}، {rotation}",
        all_gone="{count} نوبت شما تا {until} لغو شد. اولین: {start}، {rotation}",
    ),
    spoken=SpokenWords(
        page="{severity}، مورد شماره {number}. مشتری: {customer}. {problem}.",
        keys=(
            "برای قبول ۱ را بزنید، برای ارجاع ۲، اگر به مشتری گفته‌اید ۳، "
            "برای عقب انداختن ۴، اگر حل شده ۵، "
            "برای کمک به مسئول ۶، برای خبر به مدیران ۹."
        ),
        bundle="{count} مورد منتظر شماست. بدترین:",
        bundle_keys="برای قبول همه ۰ را بزنید.",
        unknown_key="این رقم اینجا معنایی ندارد.",
        unspeakable="پیامی دارید که خوانده نمی‌شود. لطفاً به سامانه پشتیبانی سر بزنید.",
    ),
    reasons={
        Reason.LEVEL_REACHED: "نوبت این سطح است",
        Reason.LEVEL_JOINED: "نوبت به ایشان رسید",
        Reason.LEVEL_LEFT: "نوبت ایشان نیست",
        Reason.PASSED: "ارجاع شد",
        Reason.NO_REPLY: "مشتری هنوز پاسخی نگرفته است",
        Reason.LAST_RESORT: "هیچ سطحی پاسخ نداده است",
        Reason.SEVERITY: "شدت بالا",
        Reason.TIMEOUT: "طول کشیده",
        Reason.ASKED: "درخواست همکار",
        Reason.PROMISE_MISSED: "قول عمل‌نشده",
        Reason.LEVEL_EMPTY: "در این سطح کسی کشیک نیست",
        Reason.LEVEL_UNREACHABLE: "در این سطح کسی در دسترس نیست",
        Reason.PERSON_UNREACHABLE: "این شخص در دسترس نیست",
        Reason.OWNER_UNREACHABLE: "مسئول در دسترس نیست",
        Reason.LEVELS_EXHAUSTED: "به همه‌ی سطح‌ها خبر داده شده است",
        Reason.NOBODY_TO_PAGE: "کسی نیست که خبر شود: نوبت‌ها را اصلاح کنید",
        Reason.NOBODY_TO_TELL: "مدیری نیست که باخبر شود: سیاست را اصلاح کنید",
        Reason.ACKNOWLEDGED: "کسی آن را قبول کرده است",
        Reason.SNOOZED: "عقب افتاده است",
        Reason.FINISHED: "تمام شده است",
    },
)
