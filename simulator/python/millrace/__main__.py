"""Runs PySpark streaming programs on a virtual clock, without Spark.

    python -m millrace run JOB.py --timeline TIMELINE.toml [arguments]
    python -m millrace api

Exit codes: that of the program; 1 after an exception, 130 after Ctrl-C; 2 if an option is mistaken, or the program's
file or the timeline cannot be read.
"""

import argparse
import functools
import os
import sys

from millrace import seed, texts

#: The options of `run` that take a value, and those that take none.
_WITH_VALUE = ("--timeline", "--seed")
_OPTIONS = (*_WITH_VALUE, "--strict", "--check-pickle", "--on-disk", "--events")


def main():
    texts.open_standard()
    if not seed.is_zero() and os.environ.get("PYTHONHASHSEED") != "0":
        # As Spark starts its workers; a running interpreter cannot change it.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    if not seed.is_zero():
        print("note: Python was told to pass over PYTHONHASHSEED, so sets may come in another order", file=sys.stderr)
    if not sys.flags.safe_path:
        # The current folder, by `python -m`. As Spark has it, a program finds the modules of its own folder alone.
        del sys.path[0]
    return command(sys.argv[1:])


def command(words):
    """Carries out a command line. Returns the exit code; the program's own `SystemExit` is the caller's."""
    options, arguments = _arguments(words)
    if options.command == "api":
        from millrace import api

        print(api.table(), end="")
        return 0
    return _run(options, arguments)


def _arguments(words):
    """The options that are ours, and what is left for the program: all that is unknown, and all behind `--`."""
    # A width of its own, as to ask for the terminal's takes longer than to parse.
    form = functools.partial(argparse.RawDescriptionHelpFormatter, width=100)
    parser = argparse.ArgumentParser(prog="python -m millrace", description=__doc__, formatter_class=form)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a program on a timeline", allow_abbrev=False, formatter_class=form)
    run.add_argument(
        "program", help="the program's file; what is no option of ours is the program's, and so is all behind --"
    )
    run.add_argument("--timeline", required=True, help="a scenario file: what arrives, and when")
    run.add_argument("--seed", type=_seed, default=0, metavar="N", help="the seed of what a timeline generates")
    run.add_argument(
        "--strict", action="store_true", help="raise Py4JJavaError where a job fails, as PySpark does"
    )
    run.add_argument(
        "--check-pickle", action="store_true", help="find what Spark could not pickle; needs cloudpickle"
    )
    run.add_argument(
        "--on-disk",
        action="store_true",
        help="write checkpoint folders to the disk, and go on from those that are there",
    )
    run.add_argument(
        "--events", action="store_true", help="write events as lines of JSON in the place of what is printed"
    )
    commands.add_parser("api", help="print the table of what there is of PySpark", formatter_class=form)
    end = words.index("--") if "--" in words else len(words)
    if words[:1] == ["run"]:
        _check_options(run, words[1:end])
    options, arguments = parser.parse_known_args(words[:end])
    if options.command == "api" and arguments:
        parser.error(f"api takes no arguments: {' '.join(arguments)}")
    return options, arguments + words[end + 1 :]


def _check_options(run, words):
    """Refuses an option before the program's name that is not ours, and says of one behind it that it may be mistaken.

    All that is behind the name and not ours is the program's.
    """
    words = iter(words)
    for word in words:
        if not word.startswith("-"):
            break
        name = word.partition("=")[0]
        if name not in (*_OPTIONS, "-h", "--help"):
            advice = f": did you mean {meant}?" if (meant := _meant(name)) else ""
            run.error(f"there is no option {name} before the program's name{advice}")
        if word in _WITH_VALUE:
            next(words, None)
    for word in words:
        name = word.partition("=")[0]
        if name not in _OPTIONS and (meant := _meant(name)):
            print(f"note: {name} is given to the program: did you mean {meant}?", file=sys.stderr)


def _meant(name):
    """The option of ours that is like this one; `None` if none is."""
    if not name.startswith("--"):
        return None
    import difflib  # Not at the top: few need it.

    return next(iter(difflib.get_close_matches(name, _OPTIONS, 1, 0.8)), None)


def _seed(text):
    seed = int(text)
    if not 0 <= seed < 2**64:
        raise ValueError(text)
    return seed


def _run(options, arguments):
    # What few programs need takes as long to import as all else.
    from millrace import process, program, timeline, trace
    from millrace.errors import LimitReached, UsageError

    checker = writer = None
    try:
        script = timeline.read(options.timeline, options.seed)
        if options.check_pickle:
            from millrace.picklable import Checker

            checker = Checker()
        if options.events:
            from millrace import events

            writer = events.open_writer(script.start_ms)
        saved = writer and events.Saved(writer)
        life = process.Process.of_process(script, writer, options.on_disk)
        program.run(options.program, arguments, script, options.strict, saved, checker, writer, life)
        status = 0
    except UsageError as error:
        print(error, file=sys.stderr)
        return 2
    except SystemExit as error:
        if writer is None:
            raise
        status = 0
        if error.code not in (None, 0):
            writer.failed(events.reason_of(error, options.program))
    except BaseException as error:
        # Flushed first, so that it stands before the trace where both go to one place.
        sys.stdout.flush()
        print(trace.text(error), end="", file=sys.stderr)
        if writer is not None:
            writer.failed(events.reason_of(error, options.program))
        status = 130 if isinstance(error, KeyboardInterrupt) and not isinstance(error, LimitReached) else 1
    if writer is not None:
        writer.close_events()
    return status


if __name__ == "__main__":
    sys.exit(main())
