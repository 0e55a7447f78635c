"""The command line: `python -m millrace run JOB.py --timeline TIMELINE.toml [arguments]`."""

import argparse
import os
import sys
import traceback


def main():
    parser = argparse.ArgumentParser(prog="python -m millrace", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a program on a timeline")
    run.add_argument("program", help="the program's file")
    run.add_argument("--timeline", required=True, help="a scenario file: what arrives, and when")
    run.add_argument(
        "--strict", action="store_true", help="raise Py4JJavaError where a job fails, as PySpark does"
    )
    commands.add_parser("api", help="print the table of what there is of PySpark")
    options, arguments = parser.parse_known_args()
    if options.command == "api":
        from millrace import api

        print(api.table(), end="")
        return 0
    if os.environ.get("PYTHONHASHSEED") != "0":
        # As Spark starts its workers; a running interpreter cannot change it.
        os.environ["PYTHONHASHSEED"] = "0"
        os.execv(sys.executable, [sys.executable, "-m", "millrace", *sys.argv[1:]])
    return _run(options, arguments)


def _run(options, arguments):
    from millrace import program, timeline_file

    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    try:
        timeline = timeline_file.read(options.timeline)
        program.run(options.program, arguments, timeline, options.strict)
    except SystemExit as error:
        sys.stdout.flush()
        raise error
    except KeyboardInterrupt:
        traceback.print_exc()
        return 130
    except BaseException:
        sys.stdout.flush()
        traceback.print_exc()
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
