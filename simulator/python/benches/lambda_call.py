"""Times a lambda that is called for each row, beside CPython's own `for` loop.

    python benches/lambda_call.py

Both add one to two million numbers, in one process, in turns; each time is the median of fifteen turns, of process
time.

Target: at most 1.2 times the `for` loop, for a release build of the extension on a machine at rest.
"""

import millrace
import timing

ROWS = 2_000_000


def main():
    numbers = list(range(ROWS))

    def increment(x):
        return x + 1

    def loop():
        made = []
        for number in numbers:
            made.append(increment(number))
        return made[-1]

    with millrace.stage({}):
        from pyspark import SparkContext

        # Made before the time is taken: what is timed is a job over rows that are there.
        rows = SparkContext("local[1]", "lambda").parallelize(numbers, 1).cache()
        rows.count()

        def mapped():
            return rows.map(increment).mapPartitions(last).collect()[0]

        assert loop() == mapped() == ROWS
        timing.report({"for loop": loop, "map": mapped}, ROWS, turns=15, target=1.2)


def last(rows):
    """The last row alone, so that none is handed to the program."""
    for row in rows:
        pass
    return [row]


if __name__ == "__main__":
    main()
