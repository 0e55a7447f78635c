"""The input streams of a batch, as a listener sees them, and its output operations."""
from pyspark import SparkContext
from pyspark.streaming import StreamingContext
from pyspark.streaming.listener import StreamingListener


class Inputs(StreamingListener):
    def onBatchCompleted(self, batchCompleted):
        info = batchCompleted.batchInfo()
        inputs = info.streamIdToInputInfo()
        for number in inputs:
            one = inputs[number]
            print(number, one.inputStreamId(), one.numRecords(), dict(one.metadata()), one.metadataDescription())
        operations = info.outputOperationInfos()
        for number in sorted(operations):
            print(operations[number].name(), operations[number].failureReason())
        print("of", info.numRecords(), "records")


sc = SparkContext("local[2]", "Listener")
ssc = StreamingContext(sc, 1)
ssc.addStreamingListener(Inputs())

queue = ssc.queueStream([[1, 2], [3]])
lines = ssc.socketTextStream("localhost", 9999)
queue.map(str).union(lines.map(str.upper)).pprint()

ssc.start()
ssc.awaitTermination()
