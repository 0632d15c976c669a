"""who else has a handle, the oldest first"""

from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index('ix_handle_value', table_name='handle')
    op.create_index('ix_handle_value', 'handle', ['kind', 'value', 'customer'])


def downgrade() -> None:
    op.drop_index('ix_handle_value', table_name='handle')
    op.create_index('ix_handle_value', 'handle', ['kind', 'value'])
