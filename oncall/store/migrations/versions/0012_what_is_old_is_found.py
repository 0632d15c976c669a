"""indexes that find what is older than it is kept"""

import sqlalchemy as sa
from alembic import op

revision = '0012'
down_revision = '0011'
branch_labels = None
depends_on = None

ADDED = (
    ('ix_issue_finished', 'issue', ['updated_at'], "status IN ('resolved', 'closed')"),
    ('ix_page_of_no_issue', 'page', ['created_at'], 'issue IS NULL'),
)


def upgrade() -> None:
    for name, table, columns, condition in ADDED:
        where = sa.text(condition)
        op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, *_ in ADDED:
        op.drop_index(name, table_name=table)
