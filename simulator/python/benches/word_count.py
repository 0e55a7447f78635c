"""Times a million words that the book's word count counts in one batch, beside a plain loop with the same lambdas.

    python benches/word_count.py

Both are timed in one process, in turns; each time is the median of seven turns, of process time.

Target: at most the time of the plain loop, for a release build of the extension on a machine at rest.
"""

import ast
import contextlib
import io
import random

import millrace
import timing

WORDS = 1_000_000


def words_of(line):
    return line.split(" ")


def pair_of(word):
    return (word, 1)


def add(x, y):
    return x + y


def plain(lines):
    counts = {}
    for line in lines:
        for word in words_of(line):
            key, value = pair_of(word)
            counts[key] = add(counts[key], value) if key in counts else value
    return counts


def book(lines):
    """The book's `streaming_word_count.py`, with named functions, on one batch of these lines: what it prints."""
    output = io.StringIO()
    with millrace.stage({"1s": lines}), contextlib.redirect_stdout(output):
        from pyspark import SparkContext
        from pyspark.streaming import StreamingContext

        ssc = StreamingContext(SparkContext("local[2]", "NetworkWordCount"), 1)
        counts = ssc.socketTextStream("localhost", 9999).flatMap(words_of).map(pair_of).reduceByKey(add)
        counts.pprint()
        ssc.start()
        ssc.awaitTermination()
    return output.getvalue()


def main():
    for keys in (1_000, 100_000):
        drawn = random.Random(1)
        words = [f"word{drawn.randrange(keys)}" for _ in range(WORDS)]
        lines = [" ".join(words[start : start + 10]) for start in range(0, WORDS, 10)]
        rows = [ast.literal_eval(row) for row in book(lines).splitlines() if row.startswith("(")]
        assert len(rows) == 10 and rows == [(word, plain(lines)[word]) for word, _ in rows]
        print(f"{keys} different words")
        timing.report({"plain loop": lambda: plain(lines), "book": lambda: book(lines)}, WORDS, turns=7, target=1.0)


if __name__ == "__main__":
    main()
