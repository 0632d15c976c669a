"""which events of a calendar of absences could not be read"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

KEPT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), 'postgresql'
)


def upgrade() -> None:
    op.add_column('absence_calendar', sa.Column('unread', KEPT, nullable=True))


def downgrade() -> None:
    op.drop_column('absence_calendar', 'unread')
