"""the form of each part of the store, and which of them a node knows"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('store_format',
    sa.Column('part', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('oldest', sa.Integer(), nullable=False),
    sa.Column('release', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.PrimaryKeyConstraint('part', name=op.f('pk_store_format'))
    )
    op.add_column('node', sa.Column('knows', sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column('node', 'knows')
    op.drop_table('store_format')
