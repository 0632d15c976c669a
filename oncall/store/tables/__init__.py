"""The tables. SQLModel declares them; statements use Core over `table(...)`.

Every datetime is UTC on both databases. Enumerations are stored as their values.
"""

from oncall.store.tables.columns import (
    FINISHED,
    LASTING,
    OPEN_WITH_SOURCE,
    OPENED_BY_RULE,
    PLANNED,
    SENDING,
    UNFINISHED,
    UNWATCHED,
    table,
)
from oncall.store.tables.customers import (
    CustomerRow,
    HandleRow,
    SuggestionRow,
)
from oncall.store.tables.incidents import (
    IncidentIssueRow,
    IncidentLetterRow,
    IncidentRow,
    IncidentSuggestionRow,
    IncidentUpdateRow,
    LookedAtRow,
)
from oncall.store.tables.intake import (
    ConversationRow,
    DeliveryRow,
    IdempotencyRow,
    IntakeDeliveryRow,
    IntakeMessageRow,
    MailboxRow,
)
from oncall.store.tables.issues import (
    IssueRow,
    MessageRow,
    PromiseRow,
    TimelineRow,
)
from oncall.store.tables.outbox import (
    LinkCodeRow,
    MethodRow,
    PageChangeRow,
    PageRow,
    SentAnswerRow,
    TelegramAccountRow,
)
from oncall.store.tables.rosters import (
    AbsenceCalendarRow,
    AbsenceRow,
    AnnouncementRow,
    DepartureRow,
    FeedRow,
    OverrideRow,
    RevisionRow,
    SlotRow,
    SwapRow,
)
from oncall.store.tables.running import (
    FormatRow,
    NodeRow,
    VersionRow,
)

__all__ = [
    "FINISHED",
    "LASTING",
    "OPENED_BY_RULE",
    "OPEN_WITH_SOURCE",
    "PLANNED",
    "SENDING",
    "UNFINISHED",
    "UNWATCHED",
    "AbsenceCalendarRow",
    "AbsenceRow",
    "AnnouncementRow",
    "ConversationRow",
    "CustomerRow",
    "DeliveryRow",
    "DepartureRow",
    "FeedRow",
    "FormatRow",
    "HandleRow",
    "IdempotencyRow",
    "IncidentIssueRow",
    "IncidentLetterRow",
    "IncidentRow",
    "IncidentSuggestionRow",
    "IncidentUpdateRow",
    "IntakeDeliveryRow",
    "IntakeMessageRow",
    "IssueRow",
    "LinkCodeRow",
    "LookedAtRow",
    "MailboxRow",
    "MessageRow",
    "MethodRow",
    "NodeRow",
    "OverrideRow",
    "PageChangeRow",
    "PageRow",
    "PromiseRow",
    "RevisionRow",
    "SentAnswerRow",
    "SlotRow",
    "SuggestionRow",
    "SwapRow",
    "TelegramAccountRow",
    "TimelineRow",
    "VersionRow",
    "table",
]
