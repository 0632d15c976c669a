"""Those who write: each takes what waits, the urgent first, and commits it together."""

import queue
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from itertools import count

import structlog
from sqlalchemy import Engine, bindparam, func, select
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from oncall.store.due import Dues
from oncall.store.engines import LEFT_STANDING, concerns_all, sqlstate, unavailable
from oncall.store.job import Job, settle
from oncall.store.prepared import Prepared
from oncall.store.tx import Tx

log = structlog.get_logger()

CHANNEL = "oncall_due"
"""What nodes notify each other on after writing something due."""
URGENT, IN_TURN, LAST = range(3)
NOTIFY = Prepared(select(func.pg_notify(bindparam("channel"), bindparam("told"))))
LOST_RACES = {"40001", "40P01", "55P03", "23505", LEFT_STANDING}
"""PostgreSQL's codes: serialization failure, deadlock, a lock waited for too long,
unique violation, a transaction left standing. Nothing of the unit was kept."""
TRIES = 4
Tell = Callable[[Dues], str]


class Writer:
    """A few threads, each with a connection of its own: on SQLite it is one.

    What waits shares a commit, up to `together` units. If one of them fails all are run
    again, each under its own savepoint.
    `heard` is told of every commit what is due by it; `tell` writes it down for other
    nodes, where there are any.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        threads: int,
        together: int,
        heard: Callable[[Dues], None],
        tell: Tell | None = None,
    ) -> None:
        self.engine = engine
        self._together = together
        self._heard = heard
        self._tell = tell
        self._jobs: queue.PriorityQueue[tuple[int, int, Job | None]] = (
            queue.PriorityQueue()
        )
        self._order = count()
        self._threads = [
            threading.Thread(target=self._serve, name="write", daemon=True)
            for _ in range(threads)
        ]
        for thread in self._threads:
            thread.start()

    def put(self, job: Job) -> None:
        """Take a job."""
        rank = URGENT if job.urgent else IN_TURN
        self._jobs.put((rank, next(self._order), job))

    def close(self) -> None:
        """Finish what was taken."""
        self._jobs.put((LAST, next(self._order), None))
        for thread in self._threads:
            thread.join()

    def _serve(self) -> None:
        """Work until it is over. Nothing that raises ends it: all else would wait."""
        while batch := self._next_batch():
            try:
                self._work(batch)
            except Exception as error:
                log.exception("a writer has a mistake", action="write")
                for job in batch:
                    job.error = job.error or error
            settle(batch)

    def _next_batch(self) -> list[Job]:
        """Return what waits, as much as shares a commit; nothing when it is over."""
        batch: list[Job] = []
        with suppress(queue.Empty):
            while len(batch) < self._together:
                job = self._jobs.get(block=not batch)[2]
                if job is None:
                    self._jobs.put((LAST, next(self._order), None))
                    break
                batch.append(job)
        return batch

    def _work(self, batch: Sequence[Job]) -> None:
        """Run them in one transaction; those that lost a race are run again, alone."""
        left = batch
        for tries in reversed(range(TRIES)):
            attempt = _Attempt(left)
            try:
                dues = attempt.run(self.engine, self._tell)
            except Exception as error:  # noqa: BLE001 (all who wait must hear of it)
                if not (tries and attempt.may_be_repeated(error)):
                    attempt.fail(error)
                    return
                races = left
            else:
                self._wake(dues)
                races = [job for job in left if tries and lost_a_race(job.error)]
            if len(races) > 1:
                for job in races:
                    self._work([job])
                return
            if not races:
                return
            left = races

    def _wake(self, dues: Dues) -> None:
        """Say what is due by a commit. Who does not hear of it looks by itself soon."""
        try:
            self._heard(dues)
        except Exception:
            log.exception("nobody could be woken", action="wake")


class _Attempt:
    """One transaction for some jobs. `whole`: only its commit was left to do."""

    def __init__(self, jobs: Sequence[Job]) -> None:
        self.jobs = jobs
        self.whole = False

    def run(self, engine: Engine, tell: Tell | None) -> Dues:
        """Run and commit them; return what is due by them."""
        try:
            return self._committed(engine, tell, run_plainly)
        except Exception as error:
            if self.whole or concerns_all(error):
                raise
            if len(self.jobs) == 1:
                self.jobs[0].error = error
                return {}
        return self._committed(engine, tell, run_under_savepoint)

    def _committed(
        self, engine: Engine, tell: Tell | None, run: Callable[[Tx, Job], None]
    ) -> Dues:
        with engine.connect() as connection, connection.begin():
            tx = Tx(connection)
            if len(self.jobs) > 1:
                tx.be_impatient()
            for job in self.jobs:
                run(tx, job)
            tx.do_what_was_left()
            tx.must_be_whole()
            if tx.dues and tell is not None:
                tx.put(NOTIFY, channel=CHANNEL, told=tell(tx.dues))
            tx.flush()
            self.whole = True
        tx.is_kept()
        return tx.dues

    def may_be_repeated(self, error: Exception) -> bool:
        """Tell whether nothing was left behind, and it may go better now.

        It lost a race, or its connection was gone: the pool's others are made anew.
        """
        gone = isinstance(error, DBAPIError) and error.connection_invalidated
        return lost_a_race(error) or (gone and not self.whole)

    def fail(self, error: Exception) -> None:
        """Tell all of them that nothing of theirs was kept, as far as is known."""
        away = isinstance(error, OperationalError | PoolTimeout)
        for job in self.jobs:
            job.error = unavailable(error) if away else error


def run_plainly(tx: Tx, job: Job) -> None:
    """Run one of several jobs in a transaction; raise what leaves something behind."""
    job.error, tx.wrote = None, False
    try:
        job.result = job.work(tx)
    except DBAPIError:
        raise
    except Exception as error:
        tx.must_be_whole()
        if tx.wrote:
            raise
        job.error = error
    else:
        tx.must_be_whole()


def run_under_savepoint(tx: Tx, job: Job) -> None:
    """Run one of several jobs in a transaction; its failure leaves the others alone."""
    job.error = None
    try:
        with tx.attempt():
            job.result = job.work(tx)
            tx.must_be_whole()
    except Exception as error:
        tx.must_be_whole()
        if concerns_all(error):
            raise
        job.error = error


def lost_a_race(error: BaseException | None) -> bool:
    """Tell whether a unit failed because another was first."""
    return isinstance(error, DBAPIError) and sqlstate(error) in LOST_RACES
