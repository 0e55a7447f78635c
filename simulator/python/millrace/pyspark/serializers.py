"""`pyspark.serializers`, for programs that make bytes of objects. Rows of an RDD are objects of this process."""

import marshal
import pickle

from millrace.refused import refusing


class Serializer:
    def dumps(self, obj):
        raise NotImplementedError

    def loads(self, obj):
        raise NotImplementedError

    def __eq__(self, other):
        return isinstance(other, self.__class__) and vars(self) == vars(other)

    def __hash__(self):
        return hash(str(self))

    def __repr__(self):
        return f"{type(self).__name__}()"


class PickleSerializer(Serializer):
    def dumps(self, obj):
        return pickle.dumps(obj, pickle.HIGHEST_PROTOCOL)

    def loads(self, obj, encoding="bytes"):
        return pickle.loads(obj, encoding=encoding)


CPickleSerializer = PickleSerializer


class MarshalSerializer(Serializer):
    def dumps(self, obj):
        return marshal.dumps(obj)

    def loads(self, obj):
        return marshal.loads(obj)


_NO_STREAMS = "Rows go through no stream of bytes: use PickleSerializer, or leave it out."

__getattr__ = refusing(
    "pyspark.serializers",
    {
        "AutoBatchedSerializer": _NO_STREAMS,
        "AutoSerializer": _NO_STREAMS,
        "BatchedSerializer": _NO_STREAMS,
        "CartesianDeserializer": _NO_STREAMS,
        "ChunkedStream": _NO_STREAMS,
        "CloudPickleSerializer": "Use the package cloudpickle.",
        "CompressedSerializer": _NO_STREAMS,
        "FlattenedValuesSerializer": _NO_STREAMS,
        "FramedSerializer": _NO_STREAMS,
        "NoOpSerializer": _NO_STREAMS,
        "PairDeserializer": _NO_STREAMS,
        "UTF8Deserializer": _NO_STREAMS,
    },
)
