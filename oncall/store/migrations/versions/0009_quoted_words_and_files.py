"""quoted words and files of messages, and who else wrote on an issue"""

import sqlalchemy as sa
import sqlmodel
from alembic import op
from sqlalchemy.dialects import postgresql

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

LIST = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), 'postgresql')


def upgrade() -> None:
    op.add_column('message', sa.Column('quoted', sqlmodel.sql.sqltypes.AutoString(), nullable=True))
    op.add_column('message', sa.Column('attachments', LIST, nullable=True))
    op.add_column('issue', sa.Column('unconfirmed', LIST, nullable=True))


def downgrade() -> None:
    op.drop_column('issue', 'unconfirmed')
    op.drop_column('message', 'attachments')
    op.drop_column('message', 'quoted')
