"""Apache access logs: status codes, content sizes and busy hosts of each window."""
import re

from pyspark import SparkContext
from pyspark.streaming import StreamingContext

PATTERN = re.compile(r'^(\S+) (\S+) (\S+) \[([\w:/]+\s[+\-]\d{4})\] "(\S+) (\S+) (\S+)" (\d{3}) (\d+)')


def parse_apache_log_line(line):
    match = PATTERN.search(line)
    if match is None:
        return None
    return {
        "ip": match.group(1),
        "method": match.group(5),
        "endpoint": match.group(6),
        "code": int(match.group(8)),
        "size": int(match.group(9)),
    }


sc = SparkContext("local[2]", "Log Analyzer Streaming")
ssc = StreamingContext(sc, 10)

access_logs = ssc.socketTextStream("localhost", 9999).map(parse_apache_log_line).filter(lambda log: log is not None).cache()
window = access_logs.window(30, 10)


def analyze(time, logs):
    print("== window to", time)
    if logs.count() == 0:
        print("No access logs in this time interval")
        return
    sizes = logs.map(lambda log: log["size"]).cache()
    print("Content Size Avg: %i, Min: %i, Max: %s" % (sizes.reduce(lambda a, b: a + b) / sizes.count(), sizes.min(), sizes.max()))
    codes = logs.map(lambda log: (log["code"], 1)).reduceByKey(lambda a, b: a + b).take(100)
    print("Response Code Counts: %s" % codes)
    hosts = logs.map(lambda log: (log["ip"], 1)).reduceByKey(lambda a, b: a + b).filter(lambda s: s[1] > 1).map(lambda s: s[0]).take(10)
    print("IpAddresses that have accessed more than once: %s" % hosts)
    top = logs.map(lambda log: (log["endpoint"], 1)).reduceByKey(lambda a, b: a + b).takeOrdered(3, lambda s: -1 * s[1])
    print("Top Endpoints: %s" % top)


window.foreachRDD(analyze)
access_logs.map(lambda log: (log["method"], log["size"])).reduceByKey(max).pprint()

ssc.start()
ssc.awaitTermination()
