"""`oncall serve`: the service, until it is told to stop."""

import asyncio
import gc
import os
import sys
from pathlib import Path

import structlog

from oncall import logs, metrics, zones
from oncall.cli import output
from oncall.cli.foreseen import told
from oncall.cli.listen import listen
from oncall.config.load import load
from oncall.config.values import Config
from oncall.errors import ConfigError, StoreUnavailable
from oncall.running import run
from oncall.wiring.service import Service, build, reload

ADDRESSES = """
  {name} is running; Ctrl-C ends it in good order.
    open        {url}
    API         {url}/docs"""
PHONES = "    phones      {url}/simulator    pages come here instead of to people"

log = structlog.get_logger()

LOOK_FOR_GARBAGE_AFTER = 20_000
"""Objects that were made and are still there; Python's own bound is 700."""
MOST_TOLD = 50
"""Lines; a rewritten ring changes every shift of a quarter."""


def serve(*, config: Path, host: str, port: int) -> None:
    """Serve until SIGTERM. Raises ConfigError and StoreUnavailable at the start."""
    tzdata = zones.use_pinned()
    logs.configure(json=not sys.stderr.isatty())
    read = load(config, environ=os.environ)
    for problem in read.warnings:
        log.warning(problem.message, action="configure", path=problem.path)
    # Before the database is opened: a second service on one machine must touch nothing.
    listeners = listen(host, port)
    service = build(read, tzdata=tzdata)
    _spare_the_collector()
    with asyncio.Runner(loop_factory=_loop) as runner:
        runner.run(
            run(
                service,
                listeners=listeners,
                reload=lambda: _reload(service, config),
                started=lambda url: _started(read, url),
            )
        )


def _started(config: Config, url: str) -> None:
    """Say where the service answers; on a terminal also what is there to open."""
    log.info("serving", action="serve", url=url)
    if sys.stderr.isatty():
        output.aside(ADDRESSES.format(name=config.service.name, url=url))
        if config.console:
            output.aside(PHONES.format(url=url))


def _spare_the_collector() -> None:
    """Begin to look for garbage, seldom, and never among what was loaded by now.

    In a storm a good part of the time went into looking through modules and rotas.
    """
    gc.freeze()
    gc.set_threshold(LOOK_FOR_GARBAGE_AFTER)
    gc.enable()


def _loop() -> asyncio.AbstractEventLoop:
    """Return uvloop's loop where there is one."""
    if sys.platform == "win32":
        return asyncio.new_event_loop()
    import uvloop

    return uvloop.new_event_loop()


def _reload(service: Service, path: Path) -> None:
    """Read the file anew; one with problems leaves the old one in force."""
    try:
        read = load(path, environ=os.environ)
    except ConfigError as error:
        faults = [problem for problem in error.problems if problem.level == "error"]
        for fault in faults:
            log.warning("the new configuration has a problem", problem=str(fault))
        _not_changed("the old one stays in force", problems=len(faults))
        return
    try:
        done = reload(service, read)
    except StoreUnavailable as error:
        _not_changed("the database is away", detail=error.detail)
        return
    for sentence in done.left[:MOST_TOLD]:
        log.warning(sentence, action="reload")
    for change in done.changes[:MOST_TOLD]:
        log.info(told(change), action="reload")
    log.info(
        "the configuration was reloaded",
        action="reload",
        waits_for_restart=list(done.waits),
        changed_shifts=len(done.changes),
    )


def _not_changed(why: str, **known: object) -> None:
    """Say so in the log and in what is watched: a signal has no answer."""
    event = f"the configuration was not changed: {why}"
    log.error(event, action="reload", **known)
    metrics.TROUBLE.labels("not_reloaded").inc()
