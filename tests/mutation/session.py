"""A pytest session that has collected and runs its tests in forks only, so that nothing of one run is there in the next."""

from __future__ import annotations

import gc
import json
import os
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from attrs import frozen

__all__ = ["Forks", "Told", "collected"]

#: how many times its usual time of the processor a test may take under a mutant, and how many seconds besides
_TIMES, _BESIDES = 8, 2.0


@frozen
class Told:
    """What came of tests in a fork.

    Attributes:
        failed: the test that failed first.
        ended: the fork ended before its time: it crashed, or a test took too long.
        asked: how many tests were run.
        seconds: of the processor.
        more: what the fork was asked to tell besides.
    """

    failed: str | None
    ended: bool
    asked: int
    seconds: float
    more: Any = None


class Forks:
    """Runs tests in forks of the session that collected them."""

    def __init__(self, session: pytest.Session) -> None:
        self._session = session
        self.tests = {item.nodeid: item for item in session.items}
        gc.collect()
        gc.freeze()

    def run(
        self,
        tests: Sequence[str],
        usual: dict[str, float],
        budget: float,
        before: Callable[[], None] = lambda: None,
        after: Callable[[], Any] = lambda: None,
    ) -> Told:
        """Runs the tests up to the first that fails, or until `budget` seconds of the processor have gone."""
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            try:
                for told in self._tell(tests, usual, budget, before, after):
                    os.write(writing, (json.dumps(told) + "\n").encode())
            finally:
                os._exit(0)
        os.close(writing)
        with os.fdopen(reading, encoding="utf-8") as lines:
            told = [json.loads(line) for line in lines]
        _, status, used = os.wait4(child, 0)
        last = told[-1] if told else {}
        return Told(
            failed=last.get("failed"),
            ended=status != 0 or "more" not in last,
            asked=sum("asked" in each for each in told),
            seconds=used.ru_utime + used.ru_stime,
            more=last.get("more"),
        )

    def _tell(
        self,
        tests: Sequence[str],
        usual: dict[str, float],
        budget: float,
        before: Callable[[], None],
        after: Callable[[], Any],
    ) -> Iterator[dict[str, Any]]:
        """A line for each test when it begins, and a last one, which a fork that does not come to its end never writes."""
        session = self._session
        session.config.pluginmanager.unregister(name="terminalreporter")
        before()
        failed, start = None, time.process_time()
        for number, test in enumerate(tests):
            if time.process_time() - start > budget:
                break
            yield {"asked": test}
            signal.setitimer(signal.ITIMER_PROF, _BESIDES + _TIMES * usual.get(test, budget))
            following = self.tests[tests[number + 1]] if number + 1 < len(tests) else None
            session.config.hook.pytest_runtest_protocol(item=self.tests[test], nextitem=following)
            if session.testsfailed:
                failed = test
                break
        signal.setitimer(signal.ITIMER_PROF, 0)
        yield {"failed": failed, "more": after()}


class _InForks:
    def __init__(self, use: Callable[[Forks], None]) -> None:
        self._use = use

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Of the doors only the one into the engine for one measurement is asked: others take their time to begin."""
        items[:] = [item for item in items if "tests/doors/" not in item.nodeid or "[rate-" in item.nodeid]

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._use(Forks(session))
        return True


def collected(paths: Sequence[str], use: Callable[[Forks], None]) -> None:
    """Collects tests once and hands them to `use`."""
    # a limit of the clock would be cancelled by ours; failures of random inputs need not be made small
    os.environ["HYPOTHESIS_PROFILE"] = "mutation"
    without = [option for name in ("cacheprovider", "randomly", "xdist") for option in ("-p", f"no:{name}")]
    options = ["-q", "--no-header", "--tb=no", *without, "-o", "addopts=--import-mode=importlib", "-o", "timeout=0"]
    pytest.main([*options, *paths], plugins=[_InForks(use)])
