"""`millrace` for pytest.

    def test_job(millrace):
        run = millrace.run("job.py", {"1s": ["blue blue"]})
        assert run.batches("counts")[0].rows == [("blue", 2)]
        run.snapshot()

`--millrace-bless` accepts what `snapshot` is given.
"""

import contextlib
import os
import sys

import pytest

from millrace import seed, snapshots

_USED = "millrace_snapshots"
_STASH = pytest.StashKey()


def pytest_addoption(parser):
    group = parser.getgroup("millrace")
    group.addoption("--millrace-bless", action="store_true", help="accept what the programs print as their snapshots")


    parser.addini("millrace_pyspark", "import Millrace's pyspark at the top of test modules, too", type="bool")


def pytest_configure(config):
    if config.getini("millrace_pyspark"):
        _install_for_the_session(config)
    if config.getoption("--millrace-bless") and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise pytest.UsageError("--millrace-bless is refused where CI is set: snapshots are accepted by people")
    summary = config.stash[_STASH] = _Summary()
    config.pluginmanager.register(summary, "millrace-summary")


def _install_for_the_session(config):
    """From here on `import pyspark` finds Millrace's, on stage or not."""
    from millrace import finder

    if "pyspark" in sys.modules:
        raise pytest.UsageError(
            f"millrace_pyspark is set, but a pyspark is imported already, from {sys.modules['pyspark'].__file__}: "
            "another plugin or a conftest.py has imported it"
        )
    session = contextlib.ExitStack()
    session.enter_context(finder.installed())
    config.add_cleanup(session.close)


def pytest_report_header(config):
    if seed.is_zero():
        return "millrace: the hash seed is 0, as on Spark's workers"
    return f"millrace: the hash seed is not 0: text and numbers are placed as on Spark; for other keys {seed.ADVICE}"


@pytest.fixture
def millrace(request):
    """Runs PySpark programs on a virtual clock."""
    # Not at the top: each pytest loads this file, and few of its tests need the engine.
    from millrace.testing import Millrace

    return Millrace(request.node, request.config)


# Snapshots that were written, or are of no use


class _Summary:
    def __init__(self):
        self.unused = set()
        self.written = set()

    def pytest_runtest_logreport(self, report):
        for path, state in getattr(report, "millrace", None) or ():
            if state in ("unused", "written"):
                getattr(self, state).add(path)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    # Not all tests of a file are there if some are named.
    if config.getoption("lf", False) or any("::" in arg for arg in config.args):
        return
    expected = {}
    for item in items:
        expected.setdefault(item.path, []).append(snapshots.path_of(item.path, test_name(item)).stem)
    unused = config.stash[_STASH].unused
    for path, names in expected.items():
        for snapshot in snapshots.of_file(path):
            if not any(snapshot.stem == name or snapshot.stem.startswith(f"{name}.") for name in names):
                unused.add(str(snapshot))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call":
        # Travels with the report where another process has run the test.
        report.millrace = getattr(item, _USED, None)
        if report.passed:
            used = [path for path, _ in report.millrace or ()]
            mine = map(str, snapshots.of_test(item.path, test_name(item)))
            unused = [(path, "unused") for path in mine if path not in used]
            if unused:
                report.millrace = [*(report.millrace or ()), *unused]
    return report


def pytest_sessionfinish(session):
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["millrace_unused"] = sorted(session.config.stash[_STASH].unused)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    node.config.stash[_STASH].unused.update(getattr(node, "workeroutput", {}).get("millrace_unused", ()))


def pytest_terminal_summary(terminalreporter, config):
    summary = config.stash[_STASH]
    for title, paths in (("accepted", summary.written), ("no test takes", summary.unused)):
        for path in sorted(paths):
            terminalreporter.write_line(f"millrace: {title}: {os.path.relpath(path, config.rootpath)}")


def test_name(item):
    """The name of a test within its file."""
    return item.nodeid.partition("::")[2].replace("::", ".")
