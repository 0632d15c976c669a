"""What happens in the demo: two customers, one Friday night."""

from datetime import UTC, datetime
from typing import Any

BEGIN = datetime(2026, 11, 20, 21, 12, tzinfo=UTC)
"""Friday 22:12 where the first customer is, half past midnight at the desk."""
FIRST_NUMBER = 128

SALMA: dict[str, Any] = {
    "source": "email",
    "customer": {
        "name": "سلمى الحداد",
        "email": "salma@example.org",
        "tier": "vip",
        "language": "ar",
    },
    "subject": "الخدمة متوقفة منذ ساعة",
    "text": (
        "نحن مؤسسة في أوروبا وخدمتكم متوقفة عندنا منذ ساعة. الليلة الجمعة ولا أحد"
        " يرد. نحتاج المساعدة فوراً."
    ),
}
BABAK: dict[str, Any] = {
    "source": "phone",
    "customer": {"name": "بابک نوری", "phone": "+989111234567", "language": "fa"},
    "subject": "جایزهٔ مسابقه واریز نشده",
    "text": (
        "سلام، من قبل از عید در مسابقهٔ شما برنده شدم. کپی کارت ملی را هم فرستادم"
        " ولی جایزه هنوز به حسابم نیامده. قرار بود همان هفته واریز شود."
    ),
}
YOURS: dict[str, Any] = {
    "source": "telegram",
    "customer": {"name": "Dana W.", "handle": "@danaw", "language": "en"},
    "subject": "Flowers never arrived",
    "text": "The flowers never came and your chat is closed. What now?",
}
REZA_ANSWERS = "۱۲۸ ۱"
