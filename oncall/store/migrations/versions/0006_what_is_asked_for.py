"""what a delivery only points at, and suggestions that were dismissed"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('suggestion', sa.Column('dismissed_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column('intake_delivery', sa.Column('ask_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column('intake_delivery', sa.Column('asked', sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql'), nullable=True))
    op.create_index('ix_intake_delivery_ask', 'intake_delivery', ['ask_at'], unique=False, sqlite_where=sa.text('ask_at IS NOT NULL'), postgresql_where=sa.text('ask_at IS NOT NULL'))


def downgrade() -> None:
    op.drop_index('ix_intake_delivery_ask', table_name='intake_delivery')
    op.drop_column('intake_delivery', 'asked')
    op.drop_column('intake_delivery', 'ask_at')
    op.drop_column('suggestion', 'dismissed_at')
