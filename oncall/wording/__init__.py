"""Everything that people read and hear from us, in English, Persian and Arabic."""

from oncall.wording.answers import Choice, answer, link_failed, linked
from oncall.wording.bad_news import BadNews, bad_news_sms, bad_news_text
from oncall.wording.bundles import bundle_button, bundle_page
from oncall.wording.catalogue import local_time, reason_text
from oncall.wording.incidents import affected, incident_grew
from oncall.wording.notices import (
    answer_failed,
    customer_wrote_again,
    leave_unread,
    owner_has_it,
    paging_ill,
    reopened,
    trial_page,
)
from oncall.wording.pages import button_labels, page_edited, page_sms, page_text
from oncall.wording.reminders import (
    reminder_labels,
    reminder_sms,
    reminder_text,
    spoken_reminder,
)
from oncall.wording.segments import Encoding, Size, fits_one_segment, sms_units
from oncall.wording.shifts import ShiftNews, shift_changes, shift_notice
from oncall.wording.spoken import (
    aloud,
    spoken_bundle,
    spoken_page,
    unknown_key,
    unspeakable,
)

__all__ = [
    "BadNews",
    "Choice",
    "Encoding",
    "ShiftNews",
    "Size",
    "affected",
    "aloud",
    "answer",
    "answer_failed",
    "bad_news_sms",
    "bad_news_text",
    "bundle_button",
    "bundle_page",
    "button_labels",
    "customer_wrote_again",
    "fits_one_segment",
    "incident_grew",
    "leave_unread",
    "link_failed",
    "linked",
    "local_time",
    "owner_has_it",
    "page_edited",
    "page_sms",
    "page_text",
    "paging_ill",
    "reason_text",
    "reminder_labels",
    "reminder_sms",
    "reminder_text",
    "reopened",
    "shift_changes",
    "shift_notice",
    "sms_units",
    "spoken_bundle",
    "spoken_page",
    "spoken_reminder",
    "trial_page",
    "unknown_key",
    "unspeakable",
]
