"""`pyspark.streaming.kafka`: topics as streams, as Spark 2 had them. Spark 3 and 4 have no such module.

A topic is a stream of the timeline by its name. Each line is the value of a message, whose key is `None`.
"""

from millrace.errors import missing
from millrace.pyspark.storagelevel import StorageLevel
from millrace.refused import refusing


def utf8_decoder(s):
    """The text of a message; `None` of none."""
    return None if s is None else s.decode("utf-8")


class KafkaUtils:
    @staticmethod
    def createStream(
        ssc,
        zkQuorum,
        groupId,
        topics,
        kafkaParams=None,
        storageLevel=StorageLevel.MEMORY_AND_DISK_2,
        keyDecoder=utf8_decoder,
        valueDecoder=utf8_decoder,
    ):
        if not isinstance(topics, dict):
            raise TypeError("topics should be dict")
        return _messages(ssc, list(topics), "receiver", keyDecoder, valueDecoder)

    @staticmethod
    def createDirectStream(
        ssc,
        topics,
        kafkaParams,
        fromOffsets=None,
        keyDecoder=utf8_decoder,
        valueDecoder=utf8_decoder,
        messageHandler=None,
    ):
        for name, value in (("fromOffsets", fromOffsets), ("messageHandler", messageHandler)):
            if value:
                raise missing(f"KafkaUtils.createDirectStream({name}=...)", "A topic begins with the timeline.")
        if not isinstance(topics, list):
            raise TypeError("topics should be list")
        if not isinstance(kafkaParams, dict):
            raise TypeError("kafkaParams should be dict")
        return _messages(ssc, topics, "direct", keyDecoder, valueDecoder)

    @staticmethod
    def createRDD(*args, **kwargs):
        raise missing("KafkaUtils.createRDD", "A topic is a stream of the timeline: use createDirectStream.")


def _messages(ssc, topics, kind, key_decoder, value_decoder):
    def message(line):
        return (key_decoder(None), value_decoder(line.encode("utf-8")))

    return ssc.union(*(ssc._named(topic, kind) for topic in topics)).map(message)


__getattr__ = refusing(
    "pyspark.streaming.kafka",
    dict.fromkeys(
        ("Broker", "KafkaDStream", "KafkaMessageAndMetadata", "KafkaRDD", "OffsetRange", "TopicAndPartition"),
        "A topic of the timeline has no offsets.",
    ),
)
