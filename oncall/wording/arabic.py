"""Arabic, worded so that it addresses women and men alike."""

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

ARABIC = Catalogue(
    digits="٠١٢٣٤٥٦٧٨٩",
    direction="\u200f",
    weekdays=(
        *("الاثنين", "الثلاثاء", "الأربعاء", "الخميس"),
        *("الجمعة", "السبت", "الأحد"),
    ),
    date="{year:04}/{month:02}/{day:02}",
    separator="، ",
    severities={
        Severity.CRITICAL: "حرجة",
        Severity.HIGH: "عاجلة",
        Severity.NORMAL: "عادية",
        Severity.LOW: "بسيطة",
    },
    page="{severity} #{number}\n{customer}: {problem}",
    reply="للرد: {reply_number} ١=استلام ٢=إحالة ٥=حل ٩=المدير",
    reply_short="{reply_number} ١=استلام ٢=إحالة ٩=المدير",
    waiting="العميل ينتظر منذ {at}",
    buttons={
        Verb.TAKE: "استلام",
        Verb.PASS: "إحالة",
        Verb.RESOLVED: "تم الحل",
        Verb.LEADERS: "إبلاغ الإدارة",
    },
    edited={
        Verb.TAKE_ALL: "في عهدة {owner} منذ {at}",
        Verb.TAKE: "في عهدة {owner} منذ {at}",
        Verb.PASS: "تمت الإحالة من {owner} ({at})",
        Verb.TOLD: "تم إبلاغ العميل من {owner} ({at})",
        Verb.SNOOZE: "تم التأجيل من {owner} حتى {at}",
        Verb.RESOLVED: "تم الحل من {owner} ({at})",
        Verb.HELP: "مساعدة من {owner} ({at})",
        Verb.LEADERS: "طلب إبلاغ الإدارة من {owner} ({at})",
    },
    applied={
        Verb.TAKE_ALL: "كلها في عهدتك الآن. يرجى الرد على العملاء.",
        Verb.TAKE: "#{number} في عهدتك الآن. يرجى الرد على العميل.",
        Verb.PASS: "تمت إحالة #{number} إلى المستوى التالي.",
        Verb.TOLD: "#{number}: سُجّل أن العميل تم إبلاغه.",
        Verb.SNOOZE: "تم تأجيل #{number} حتى {at}.",
        Verb.RESOLVED: "تم حل #{number}. شكراً على جهدك.",
        Verb.HELP: "انضممت إلى {owner} للمساعدة في #{number}.",
        Verb.LEADERS: "يجري إبلاغ الإدارة بشأن #{number}.",
    },
    outcomes={
        Outcome.ALREADY: "#{number} في عهدة {owner} من قبل ({at}).",
        Outcome.CLOSED: "#{number} مغلقة. لا حاجة إلى أي إجراء.",
        Outcome.UNKNOWN: "لا توجد مشكلة برقم #{number}.",
        Outcome.NOT_FOR_YOU: "#{number} لم تُرسل إليك.",
        Outcome.CHOICES: "أي واحدة؟ يرجى إرسال:",
        Outcome.NOTHING_WAITING: "لا شيء ينتظر ردك. لمشكلة أقدم يرجى إرسال رقمها أيضاً.",
        Outcome.NOT_UNDERSTOOD: (
            "الرد غير مفهوم. المطلوب الرقم ثم: ١=استلام ٢=إحالة ٥=حل ٩=المدير"
        ),
    },
    stranger="هذا الخط مخصص لفريق الدعم لدينا فقط.",
    linked="مرحباً {person}. ستصلك نداءات المناوبة هنا.",
    link_failed="هذا الرمز لم يعد صالحاً. يرجى طلب رمز جديد.",
    bad_news=BadNewsWords(
        opening="خبر سيئ",
        since="منذ",
        owner="المسؤول",
        nobody="بلا مسؤول",
        promised="وعدنا بـ",
        needed="المطلوب",
        why="سبب إبلاغك",
        take_it="أن يستلمها أحد؛ للاستلام بنفسك: {reply_number} ١",
        support_owner="مساندة {owner}",
    ),
    reminder=ReminderWords(
        page="#{number} في عهدتك؛ {customer} بانتظار الرد منذ {waited}. يرجى الرد: {problem}",
        page_short="#{number} لديك؛ {customer} ينتظر {waited}",
        reply="للرد: {reply_number} ١=سأرد ٢=إحالة ٣=أبلغت ٥=حل ٩=المدير",
        reply_short="{reply_number} ١=سأرد ٣=أبلغت",
        minutes="{count} دقيقة",
        hours="{count} ساعة",
        button="سأرد الآن",
        spoken=(
            "المشكلة رقم {number} في عهدتك، والعميل بانتظار الرد منذ {waited}. "
            "العميل: {customer}. {problem}."
        ),
        spoken_keys=(
            "للرد الآن الرقم ١، للإحالة ٢، إذا أُبلغ العميل ٣، للتأجيل ٤، إذا تم الحل ٥، لإبلاغ الإدارة ٩."
        ),
    ),
    bundle=BundleWords(
        page="{count} مشكلات بانتظارك، أسوؤها: {severity} #{number}\n{customer}: {problem}",
        reply="{zero}=استلام الكل {reply_number} ١=هذه",
        button="أستلمها كلها",
    ),
    incident=IncidentWords(
        customers="{count} من العملاء",
        more="الحدث {incident}، {title}: {more} مشكلات جديدة، المجموع {count}",
    ),
    notices=NoticeWords(
        owner_has_it="#{number} في عهدة {owner} منذ {at}. لا حاجة إلى إجراء.",
        customer_wrote_again="رسالة جديدة من {customer}، #{number}: {problem}",
        reopened="أُعيد فتح #{number}. {customer}: {problem}",
        answer_failed="لم يصل الرد إلى {customer}، #{number}: {problem}",
        paging_ill="خلل في النداء: {via} متعطل منذ {at}. تُستخدم طرق أخرى.",
        trial_page="تجربة إلى {person}: هكذا تصلك النداءات. لا حاجة إلى إجراء.",
        leave_unread=(
            "تقويم إجازاتك: تعذرت قراءة السطر {line} ({words}). يرجى إصلاحه."
        ),
        leave_unread_more=(
            "تقويم إجازاتك: مواعيد تعذرت قراءتها: {count}، أولها في السطر {line} ({words})."
        ),
    ),
    shifts=ShiftWords(
        tomorrow="اقترب دورك: {rotation}، من {start} إلى {end}.",
        soon="دورك بعد ساعة: {rotation}، من {start} إلى {end}.",
        begins="أنت المناوب الآن حتى {end}: {rotation}.",
        appeared="مناوبة جديدة لك: {rotation}، من {start} إلى {end}.",
        moved="نُقلت مناوبتك: {rotation}، من {start} إلى {end}.",
        gone="أُلغيت مناوبتك: {rotation}، من {start} إلى {end}.",
        changed="مناوبات تغيرت حتى {until}: {count}. التالية: {start}، {rotation}.",
        all_gone="مناوبات أُلغيت حتى {until}: {count}. أولها: {start}، {rotation}.",
    ),
    spoken=SpokenWords(
        page="{severity}، مشكلة رقم {number}. العميل: {customer}. {problem}.",
        keys=(
            "للاستلام الرقم ١، للإحالة ٢، إن تم إبلاغ العميل ٣، للتأجيل ٤، إن تم الحل ٥، "
            "لمساعدة المسؤول ٦، لإبلاغ الإدارة ٩."
        ),
        bundle="مشكلات بانتظارك: {count}. أسوؤها:",
        bundle_keys="لاستلامها كلها الرقم ٠.",
        unknown_key="هذا الرقم لا معنى له هنا.",
        unspeakable="توجد رسالة تتعذر قراءتها صوتياً. يرجى الاطلاع على نظام الدعم.",
    ),
    reasons={
        Reason.LEVEL_REACHED: "جاء دور هذا المستوى",
        Reason.LEVEL_JOINED: "بدأت المناوبة",
        Reason.LEVEL_LEFT: "انتهت المناوبة",
        Reason.PASSED: "تمت الإحالة",
        Reason.NO_REPLY: "لم يتلق العميل رداً بعد",
        Reason.LAST_RESORT: "لم يرد أي مستوى",
        Reason.SEVERITY: "شدة عالية",
        Reason.TIMEOUT: "طال الوقت",
        Reason.ASKED: "طلب زميل",
        Reason.PROMISE_MISSED: "وعد لم ينفذ",
        Reason.LEVEL_EMPTY: "لا مناوب في هذا المستوى",
        Reason.LEVEL_UNREACHABLE: "تعذر الوصول إلى هذا المستوى",
        Reason.PERSON_UNREACHABLE: "تعذر الوصول إلى هذا الشخص",
        Reason.OWNER_UNREACHABLE: "تعذر الوصول إلى المسؤول",
        Reason.LEVELS_EXHAUSTED: "تم تنبيه كل المستويات",
        Reason.NOBODY_TO_PAGE: "لا أحد لتنبيهه: يجب تصحيح المناوبات",
        Reason.NOBODY_TO_TELL: "لا إدارة لإبلاغها: يجب تصحيح السياسة",
        Reason.ACKNOWLEDGED: "في عهدة أحدهم",
        Reason.SNOOZED: "مؤجلة",
        Reason.FINISHED: "انتهت",
    },
)
