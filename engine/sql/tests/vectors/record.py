"""Records what real Spark answers for the expressions of `<family>.sql`, in `<family>.jsonl`.

    record.py --spark 3.5=PYTHON --spark 4=PYTHON [FAMILY ...]

PYTHON is an interpreter that has PySpark of that version. README.md describes both formats.
"""

import argparse
import json
import logging
import os
import pathlib
import re
import subprocess
import sys
import tempfile

FOLDER = pathlib.Path(__file__).resolve().parent
ZONE = "UTC"


def cases(family):
    """The (zone, text) of each case of a family, in order."""
    zone = ZONE
    for line in (FOLDER / f"{family}.sql").read_text("utf-8").splitlines():
        section = re.fullmatch(r"-- zone: (\S+)", line)
        if section:
            zone = section[1]
        elif line.strip() and not line.startswith("--"):
            yield zone, line


class Session:
    """One session of Spark with one value of `spark.sql.ansi.enabled`."""

    def __init__(self, root, ansi):
        self.spark = root.newSession()
        self.spark.conf.set("spark.sql.ansi.enabled", ansi)
        self.jvm = root._jvm
        self.four = root.version.startswith("4")

    def answer(self, zone, text):
        """The columns and rows of `SELECT text`, or its error."""
        self.spark.conf.set("spark.sql.session.timeZone", zone)
        stage = "analysis"
        try:
            frame = self.spark.sql(f"SELECT {text}")
            columns = [
                {"name": f.name(), "type": f.dataType().sql(), "nullable": f.nullable()}
                for f in frame._jdf.schema().fields()
            ]
            stage = "run"
            return {"columns": columns, "rows": self.rows(frame)}
        except Exception as error:
            return {"error": {"stage": stage, **self.error(error)}}

    def rows(self, frame):
        """The rows of a frame, each cell as `show` prints it, a null as None.

        `Dataset.getRows` escapes control characters and prints a null as `NULL`, as it does the text 'NULL'.
        So this applies the same expression, ToPrettyString, to each column that is not null, and collects.
        """
        from pyspark.sql import DataFrame

        catalyst = self.jvm.org.apache.spark.sql.catalyst.expressions
        if self.four:
            column = self.jvm.org.apache.spark.sql.classic.ExpressionUtils.column
        else:
            column = self.jvm.org.apache.spark.sql.Column
        output = frame._jdf.queryExecution().analyzed().output()
        cells = []
        for i in range(output.size()):
            pretty = catalyst.ToPrettyString(output.apply(i), self.jvm.scala.Option.empty())
            present = column(output.apply(i)).isNotNull()
            cells.append(self.jvm.org.apache.spark.sql.functions.when(present, column(pretty)))
        selected = frame._jdf.select(self.jvm.org.apache.spark.api.python.PythonUtils.toSeq(cells))
        return [list(row) for row in DataFrame(selected, self.spark).collect()]

    def error(self, error):
        """The outermost cause that has an error class: Spark wraps what a task throws in one without a class."""
        thrown = getattr(error, "_origin", None) or getattr(error, "java_exception", None)
        if thrown is None:
            raise error
        causes = []
        while thrown is not None and len(causes) < 10:
            causes.append((self.error_class(thrown), thrown))
            thrown = thrown.getCause()
        wrapper = causes[0][1].getMessage() or ""
        plain = causes[-1] if wrapper.startswith("Job aborted") else causes[0]
        name, thrown = next((cause for cause in causes if cause[0]), plain)
        exception = thrown.getClass().getSimpleName().replace("ExtendedAnalysisException", "AnalysisException")
        return {"class": name, "exception": exception, "message": message(thrown.getMessage())}

    def error_class(self, thrown):
        if not self.jvm.Class.forName("org.apache.spark.SparkThrowable").isInstance(thrown):
            return None
        return thrown.getCondition() if self.four else thrown.getErrorClass()


def message(text):
    """The first line of a message without error class, SQLSTATE, position, and the ids of attributes."""
    lines = (text or "").strip().splitlines() or [""]
    first = re.sub(r"^\[[A-Z0-9_.]+\] ", "", lines[0])
    first = re.sub(r" SQLSTATE: \w{5}", "", first)
    first = re.sub(r"[;.]? ?\(?line \d+,? pos \d+\)?;?$", "", first)
    return re.sub(r"#\d+L?", "#N", first).strip()


def answer_all(version, families):
    """Runs in the PySpark of a version: prints a line [family, setting, answer] for each case."""
    from pyspark.sql import SparkSession

    logging.disable()  # PySpark 4 logs each error with its stack
    root = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.sql.warehouse.dir", tempfile.gettempdir())
        .config("spark.driver.extraJavaOptions", "-Duser.language=en -Duser.country=US -Dfile.encoding=UTF-8 "
            "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .getOrCreate()
    )
    root.sparkContext.setLogLevel("OFF")
    for ansi in ("false", "true"):
        session = Session(root, ansi)
        setting = version + (" ansi" if ansi == "true" else "")
        for family in families:
            for zone, text in cases(family):
                print(json.dumps([family, setting, session.answer(zone, text)]), flush=True)


def record(sparks, families):
    """Runs each version and merges the answers: equal ones stand once, with the settings that give them."""
    answers = {family: {} for family in families}
    for version, python in sparks:
        command = [python, __file__, "--answer", version, *families]
        environment = {**os.environ, "TZ": "UTC", "LC_ALL": "C.UTF-8"}
        run = subprocess.run(command, stdout=subprocess.PIPE, env=environment, check=True, text=True)
        for line in run.stdout.splitlines():
            family, setting, answer = json.loads(line)
            answers[family].setdefault(setting, []).append(answer)
    for family in families:
        with open(FOLDER / f"{family}.jsonl", "w", encoding="utf-8") as out:
            for i, (zone, text) in enumerate(cases(family)):
                case = {"sql": text, **({"zone": zone} if zone != ZONE else {})}
                merged = []
                for setting, given in answers[family].items():
                    same = next((m for m in merged if m[1] == given[i]), None)
                    same[0].append(setting) if same else merged.append(([setting], given[i]))
                case["answers"] = [{"of": of, **answer} for of, answer in merged]
                out.write(json.dumps(case, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--spark", action="append", default=[], metavar="VERSION=PYTHON")
    parser.add_argument("--answer", help=argparse.SUPPRESS)
    parser.add_argument("families", nargs="*", default=[])
    given = parser.parse_args()
    chosen = given.families or sorted(file.stem for file in FOLDER.glob("*.sql"))
    if given.answer:
        answer_all(given.answer, chosen)
    else:
        record([spark.split("=", 1) for spark in given.spark], chosen)
