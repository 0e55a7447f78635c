"""`pyspark.streaming.StreamingListener`: the events of a program's own batches."""


class StreamingListener:
    class Java:
        implements = ["org.apache.spark.streaming.api.java.PythonStreamingListener"]

    def __init__(self):
        pass

    def onStreamingStarted(self, streamingStarted):
        pass

    def onReceiverStarted(self, receiverStarted):
        pass

    def onReceiverError(self, receiverError):
        pass

    def onReceiverStopped(self, receiverStopped):
        pass

    def onBatchSubmitted(self, batchSubmitted):
        pass

    def onBatchStarted(self, batchSubmitted):
        pass

    def onBatchCompleted(self, batchCompleted):
        pass

    def onOutputOperationStarted(self, outputOperationStarted):
        pass

    def onOutputOperationCompleted(self, outputOperationCompleted):
        pass
