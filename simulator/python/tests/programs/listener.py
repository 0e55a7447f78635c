"""A StreamingListener that reports each batch that is complete."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
from pyspark.streaming.listener import StreamingListener


class Report(StreamingListener):
    def __init__(self):
        super().__init__()
        self.batches = 0
        self.records = 0

    def onBatchCompleted(self, batchCompleted):
        info = batchCompleted.batchInfo()
        self.batches += 1
        self.records += info.numRecords()
        print("completed:", info.batchTime().milliseconds(), "records", info.numRecords())
        print("operations:", info.outputOperationInfos().size())


sc = SparkContext("local[2]", "Listener")
ssc = StreamingContext(sc, 1)
report = Report()
ssc.addStreamingListener(report)

lines = ssc.socketTextStream("localhost", 9999)
lines.map(str.upper).pprint()
lines.window(4, 2).count().pprint()

ssc.start()
ssc.awaitTermination()
print(report.batches, "batches", report.records, "records")
