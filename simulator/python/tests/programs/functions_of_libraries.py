import random
from json import dumps, loads
from random import randint
from re import sub
from statistics import mean
from urllib.parse import urlparse

from pyspark import SparkContext

sc = SparkContext("local[2]", "functions_of_libraries")
seen = []


def parse(line):
    seen.append(line)
    return loads(line), len(seen)


lines = sc.parallelize(['{"url": "http://a.org/x", "n": [1, 2]}', '{"url": "http://b.org/y", "n": [3]}'], 2)
rows = lines.map(parse)
print(rows.collect(), seen)
print(rows.map(lambda row: (urlparse(row[0]["url"]).netloc, mean(row[0]["n"]), len(seen))).collect())
print(lines.map(lambda line: sub("[a-z]+", "w", line)).map(lambda line: (dumps(line), len(seen))).collect())
print(lines.map(loads).map(lambda row: row["n"]).collect())
random.seed(5)
print(sc.parallelize([1, 2, 3, 4], 2).map(lambda row: randint(row, 100)).collect(), randint(1, 100))
