"""Draws PySpark programs at random: chains of three to seven calls on streams and RDDs, with lines to play.

    python draw_programs.py --seed 13 --count 15
    python draw_programs.py --seed 14 --count 10 --stream-calls 0 1 --rdd-calls 3 6

Each program `programs/drawn_SEED_NUMBER.py`, with its timeline beside it, is fixed by the seed and its number. A
chain is followed by type, so that each call fits the one before: words, numbers, or pairs of a word and a number.
"""

import argparse
import pathlib
import random

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"

WORDS = "ant bee cat dog elk fox gnu hen ibis jay koala lynx mole Ärger 日本".split()

# Calls by the type that they take: each is the type that it gives, and its text. `{n}` is a small number.
STEPS = {
    "word": [
        ("word", "filter(lambda w: len(w) > {n})"),
        ("word", "map(lambda w: w[::-1])"),
        ("word", "flatMap(lambda w: [w, w.upper()])"),
        ("number", "map(len)"),
        ("pair", "map(lambda w: (w, {n}))"),
        ("pair", "map(lambda w: (w[0], len(w)))"),
        ("pair", "map(lambda w: (w, len(w) * {n}))"),
        ("word", "mapPartitions(lambda ws: sorted(ws))"),
        ("word", "repartition({n})"),
    ],
    "number": [
        ("number", "map(lambda n: n * {n} % 7)"),
        ("number", "filter(lambda n: n % {n} == 0)"),
        ("pair", "map(lambda n: (n % 3, n))"),
        ("pair", "map(lambda n: ('even' if n % 2 == 0 else 'odd', n))"),
        ("number", "mapPartitionsWithIndex(lambda i, ns: [i * 100 + n for n in ns])"),
        ("number", "repartition({n})"),
    ],
    "pair": [
        ("pair", "mapValues(lambda v: v + {n})"),
        ("pair", "flatMapValues(lambda v: range(v % 3 + 1))"),
        ("pair", "reduceByKey(lambda a, b: a + b)"),
        ("pair", "reduceByKey(max, {n})"),
        ("pair", "groupByKey().mapValues(sum)"),
        ("pair", "groupByKey({n}).mapValues(lambda vs: len(list(vs)))"),
        ("pair", "combineByKey(lambda v: v, lambda c, v: c * 2 + v, lambda a, b: a + b)"),
        ("pair", "partitionBy({n})"),
        ("pair", "map(lambda kv: (kv[1] % 4, kv[1]))"),
        ("pair", "filter(lambda kv: kv[1] % {n} != 1)"),
        ("number", "map(lambda kv: kv[1])"),
    ],
}

# Calls of a stream alone.
STREAM_STEPS = {
    "word": [
        ("word", "window({length}, {slide})"),
        ("pair", "countByValue()"),
        ("pair", "countByValueAndWindow({length}, {slide})"),
        ("word", "transform(lambda rdd: rdd.distinct())"),
        ("word", "transform(lambda rdd: rdd.sortBy(lambda w: (w[-1], w)))"),
    ],
    "number": [
        ("number", "window({length}, {slide})"),
        ("number", "reduce(lambda a, b: a + b)"),
        ("number", "count()"),
        ("number", "reduceByWindow(lambda a, b: a + b, lambda a, b: a - b, {length}, {slide})"),
        ("number", "countByWindow({length}, {slide})"),
        ("number", "transform(lambda rdd: rdd.sortBy(lambda n: -n, numPartitions={n}))"),
    ],
    "pair": [
        ("pair", "window({length}, {slide})"),
        ("pair", "updateStateByKey(lambda new, old: sum(new) + (old or 0))"),
        ("pair", "updateStateByKey(lambda new, old: sum(new) + (old or 0) if new else None, {n})"),
        ("pair", "reduceByKeyAndWindow(lambda a, b: a + b, None, {length}, {slide})"),
        ("pair", "reduceByKeyAndWindow(lambda a, b: a + b, lambda a, b: a - b, {length}, {slide}, {n})"),
        ("pair", "groupByKeyAndWindow({length}, {slide}).mapValues(lambda vs: sum(vs))"),
        ("pair", "transform(lambda rdd: rdd.sortByKey(ascending=False, keyfunc=str))"),
        ("pair", "transform(lambda rdd: rdd.distinct())"),
    ],
}

# Calls of an RDD alone. The RDD of the batch, before any of them, is `rdd`.
RDD_STEPS = {
    "word": [
        ("word", "distinct()"),
        ("word", "sortBy(lambda w: w, False)"),
        ("word", "coalesce({n})"),
        ("pair", "zipWithIndex()"),
        ("pair", "groupBy(lambda w: w[:1]).mapValues(lambda ws: len(list(ws)))"),
        ("word", "subtract(rdd.sample(False, 0.5, {n}).map(str))"),
        ("word", "union(rdd.map(str))"),
    ],
    "number": [
        ("number", "distinct({n})"),
        ("number", "sortBy(lambda n: n % 5)"),
        ("number", "coalesce({n}, True)"),
        ("pair", "keyBy(lambda n: n % {n})"),
        ("pair", "zipWithIndex()"),
        ("pair", "cartesian(rdd.context.parallelize([1, {n}]))"),
        ("number", "intersection(rdd.context.range(20))"),
    ],
    "pair": [
        ("pair", "join(rdd.context.parallelize([(k, k % {n}) for k in range(4)], 2)).mapValues(sum)"),
        ("pair", "leftOuterJoin(rdd.context.parallelize([('a', 1), (0, 2)])).mapValues(lambda v: v[0] + (v[1] or 0))"),
        ("pair", "cogroup(rdd.context.parallelize([(1, 1), ('m', 5)])).mapValues(lambda v: sum(v[0]) - sum(v[1]))"),
        ("pair", "subtractByKey(rdd.context.parallelize([(0, 0), ('e', 0), ('Ä', 0)]))"),
        ("pair", "repartitionAndSortWithinPartitions({n}, keyfunc=str)"),
        ("pair", "partitionBy({n}, lambda key: len(str(key)))"),
        ("pair", "sortBy(lambda kv: (kv[1], str(kv[0])))"),
        ("pair", "foldByKey({n}, lambda a, b: a + b)"),
        ("pair", "aggregateByKey(0, lambda acc, v: acc + v * {n}, lambda a, b: a - b)"),
        ("pair", "distinct()"),
    ],
}

OUTPUTS = {
    "word": ["collect()", "glom().collect()", "countByValue()", "take({n})", "zipWithIndex().collect()"],
    "number": ["collect()", "glom().collect()", "sum()", "takeOrdered({n})", "top({n})", "fold(0, lambda a, b: a + b)"],
    "pair": ["collect()", "glom().collect()", "keys().collect()", "countByKey()", "collectAsMap()", "values().sum()"],
}


class Drawn:
    """One program, as it is drawn."""

    def __init__(self, seed, number, stream_calls, rdd_calls):
        self.random = random.Random(f"{seed}-{number}")
        self.stream_calls, self.rdd_calls = stream_calls, rdd_calls
        self.slide = 1

    def text(self, call):
        length = self.slide * self.random.randint(1, 6)
        slide = self.slide * self.random.choice([1, 1, 2])
        names = {"n": self.random.randint(1, 4), "length": length, "slide": slide}
        if "{slide}" in call:
            self.slide = slide
        for name, value in names.items():
            call = call.replace("{" + name + "}", str(value))
        return call

    def chain(self, kind, tables, count):
        """The calls of a chain that starts from this type, and the type at its end."""
        calls = []
        for _ in range(count):
            kind, call = self.random.choice([step for table in tables for step in table[kind]])
            calls.append(self.text(call))
        return calls, kind

    def stream(self, name):
        """A stream made from the words, and how it is shown."""
        self.slide = 1
        calls, kind = self.chain("word", [STEPS, STREAM_STEPS], self.random.randint(*self.stream_calls))
        body = "\n".join(f"    .{call}" for call in calls)
        lines = [f"{name} = (\n    words\n{body}\n)" if calls else f"{name} = words"]
        if self.stream_calls > self.rdd_calls and self.random.random() < 0.5:
            lines.append(f"{name}.pprint({self.random.choice([5, 10, 20])})")
        else:
            lines += self.shown(name, kind)
        return "\n".join(lines)

    def shown(self, name, kind):
        """A function of each batch, which goes on from there."""
        calls, kind = self.chain(kind, [STEPS, RDD_STEPS], self.random.randint(*self.rdd_calls))
        output = self.text(self.random.choice(OUTPUTS[kind]))
        result = ["    result = (", "        rdd", *(f"        .{call}" for call in calls), "    )"]
        return [
            f"\n\ndef show_{name}(time, rdd):",
            "    if rdd.isEmpty():",
            f'        print(time.strftime("%H:%M:%S"), "{name}: nothing")',
            "        return",
            *result,
            f'    print(time.strftime("%H:%M:%S"), "{name}:", result.getNumPartitions(), result.{output})',
            f"\n\n{name}.foreachRDD(show_{name})",
        ]

    def program(self, title):
        cores = self.random.randint(1, 4)
        streams = [self.stream(name) for name in ("first", "second")[: self.random.randint(1, 2)]]
        return "\n".join([
            "from pyspark import SparkContext",
            "from pyspark.streaming import StreamingContext",
            "",
            f'sc = SparkContext("local[{cores}]", "{title}")',
            "ssc = StreamingContext(sc, 1)",
            'ssc.checkpoint("checkpoint")',
            "",
            'words = ssc.socketTextStream("localhost", 9999).flatMap(lambda line: line.split(" "))',
            "",
            *streams,
            "",
            "ssc.start()",
            "ssc.awaitTermination()",
            "",
        ])

    def line(self):
        return " ".join(self.random.choices(WORDS, k=self.random.randint(1, 7)))

    def timeline(self):
        entries, second = [], 0
        for _ in range(self.random.randint(2, 4)):
            second += self.random.choice([1, 1, 1, 2])
            lines = [self.line() for _ in range(self.random.randint(1, 4))]
            partitions = self.random.randint(1, min(3, len(lines)))
            texts = ", ".join(f'"{line}"' for line in lines)
            entries.append(f'  {{ at = "{second}s", lines = [{texts}], partitions = {partitions} }},')
        stop = second + self.random.randint(0, 3)
        return "\n".join(["timeline = [", *entries, "]", "", "[clock]", f'stop = "{stop}s"', ""])


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--stream-calls", type=int, nargs=2, default=[2, 5], metavar=("MIN", "MAX"))
    parser.add_argument("--rdd-calls", type=int, nargs=2, default=[1, 2], metavar=("MIN", "MAX"))
    arguments = parser.parse_args()
    for number in range(1, arguments.count + 1):
        name = f"drawn_{arguments.seed}_{number}"
        drawn = Drawn(arguments.seed, number, arguments.stream_calls, arguments.rdd_calls)
        (PROGRAMS / f"{name}.py").write_text(drawn.program(name), encoding="utf-8")
        (PROGRAMS / f"{name}.toml").write_text(drawn.timeline(), encoding="utf-8")


if __name__ == "__main__":
    main()
