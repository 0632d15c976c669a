"""pages: until when a snooze holds one, whom bad news names, and what one changes"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('page', sa.Column('held_until', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True))
    op.add_column('page', sa.Column('owner', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('page', sa.Column('edits', sqlmodel.sql.sqltypes.AutoString(), nullable=True))


def downgrade() -> None:
    op.drop_column('page', 'edits')
    op.drop_column('page', 'owner')
    op.drop_column('page', 'held_until')
