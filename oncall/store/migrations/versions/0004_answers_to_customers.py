"""answers to customers"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

BEFORE = "'page', 'bad_news', 'notice', 'answer'"
AFTER = f"{BEFORE}, 'message'"


def upgrade() -> None:
    op.create_table('conversation',
    sa.Column('source', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('conversation', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('address', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('said_at', sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
    sa.PrimaryKeyConstraint('source', 'conversation', name=op.f('pk_conversation'))
    )
    op.create_table('sent_answer',
    sa.Column('message', sa.Integer(), nullable=False),
    sa.Column('page', sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    sa.Column('issue', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['issue'], ['issue.number'], name=op.f('fk_sent_answer_issue_issue')),
    sa.ForeignKeyConstraint(['message'], ['message.id'], name=op.f('fk_sent_answer_message_message')),
    sa.ForeignKeyConstraint(['page'], ['page.id'], name=op.f('fk_sent_answer_page_page')),
    sa.PrimaryKeyConstraint('message', name=op.f('pk_sent_answer')),
    sa.UniqueConstraint('page', name=op.f('uq_sent_answer_page'))
    )
    with op.batch_alter_table('sent_answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sent_answer_issue'), ['issue'], unique=False)
    _kinds(BEFORE, AFTER)


def downgrade() -> None:
    op.drop_table('sent_answer')
    op.drop_table('conversation')
    _kinds(AFTER, BEFORE)


def _kinds(before: str, after: str) -> None:
    if op.get_bind().dialect.name == 'postgresql':
        op.drop_constraint(op.f('ck_page_kind'), 'page', type_='check')
        op.create_check_constraint(op.f('ck_page_kind'), 'page', f"kind IN ({after})")
        return
    # A table that others point to cannot be made anew while its keys are held, and
    # nothing of it on disk changes: https://www.sqlite.org/lang_altertable.html#otheralter
    op.execute("PRAGMA writable_schema=ON")
    op.execute(
        sa.text("UPDATE sqlite_master SET sql = replace(sql, :before, :after) WHERE type = 'table' AND name = 'page'")
        .bindparams(before=before, after=after)
    )
    op.execute("PRAGMA writable_schema=RESET")
