"""indexes, so that no statement scans what is over

Four are replaced by longer ones that begin with the same column, one by its part in which
there is a value. That takes nothing away: an older release finds by them whatever it found
before.
"""

import sqlalchemy as sa
from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

UNFINISHED = "status IN ('open', 'acknowledged')"
# name, table, columns, condition
ADDED = (
    ('ix_announcement_at', 'announcement', ['at'], None),
    ('ix_customer_name', 'customer', ['name'], None),
    ('ix_delivery_received_at', 'delivery', ['received_at'], None),
    ('ix_feed_revoked_at', 'feed', ['revoked_at'], None),
    ('ix_handle_of_any_kind', 'handle', ['value', 'customer'], None),
    ('ix_idempotency_created_at', 'idempotency', ['created_at'], None),
    ('ix_incident_letter_customer', 'incident_letter', ['customer'], None),
    ('ix_incident_letter_issue', 'incident_letter', ['issue'], None),
    ('ix_incident_letter_message', 'incident_letter', ['message'], None),
    ('ix_incident_open', 'incident', ['id'], 'closed_at IS NULL'),
    ('ix_intake_delivery_repeats', 'intake_delivery', ['duplicate_of'], 'duplicate_of IS NOT NULL'),
    ('ix_intake_delivery_source', 'intake_delivery', ['source', 'id'], None),
    ('ix_intake_delivery_source_verdict', 'intake_delivery', ['source', 'verdict', 'id'], None),
    ('ix_intake_delivery_verdict', 'intake_delivery', ['verdict', 'id'], None),
    ('ix_issue_customer_number', 'issue', ['customer', 'number'], None),
    ('ix_issue_customer_updated', 'issue', ['customer', 'updated_at'], None),
    ('ix_issue_opened_at', 'issue', ['opened_at'], None),
    ('ix_issue_owner_number', 'issue', ['owner', 'number'], None),
    ('ix_issue_owner_severity', 'issue', ['owner', 'severity', 'number'], None),
    ('ix_issue_severity', 'issue', ['severity', 'number'], None),
    ('ix_issue_unfinished', 'issue', ['number'], UNFINISHED),
    ('ix_issue_unfinished_of', 'issue', ['customer', 'number'], UNFINISHED),
    ('ix_issue_unfinished_owner', 'issue', ['owner', 'number'], UNFINISHED),
    ('ix_issue_unwatched', 'issue', ['number'], "status = 'open' AND due_at IS NULL"),
    ('ix_page_issue_person', 'page', ['issue', 'person'], None),
    ('ix_page_person', 'page', ['person', 'created_at'], None),
    ('ix_slot_rotation_cancelled', 'slot', ['rotation', 'cancelled_at'], None),
    ('ix_slot_rotation_end', 'slot', ['rotation', 'end_at'], None),
    ('ix_suggestion_undismissed', 'suggestion', ['id'], 'dismissed_at IS NULL'),
    ('ix_swap_back_end_at', 'swap', ['back_end_at'], None),
)
REPLACED = (
    ('ix_intake_delivery_duplicate_of', 'intake_delivery', ['duplicate_of']),
    ('ix_issue_customer', 'issue', ['customer']),
    ('ix_issue_owner', 'issue', ['owner']),
    ('ix_page_issue', 'page', ['issue']),
    ('ix_slot_rotation', 'slot', ['rotation']),
)


def upgrade() -> None:
    for name, table, columns, condition in ADDED:
        where = None if condition is None else sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
    for name, table, _ in REPLACED:
        op.drop_index(name, table_name=table)


def downgrade() -> None:
    for name, table, columns in REPLACED:
        op.create_index(name, table, columns)
    for name, table, *_ in ADDED:
        op.drop_index(name, table_name=table)
