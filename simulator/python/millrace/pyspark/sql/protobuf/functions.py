"""Functions of messages of Protobuf: a program may import them, and each raises when it is called."""

from millrace.refused import refusing

_INSTEAD = "Messages of a timeline are text: give them as JSON, and use from_json and to_json."

__getattr__ = refusing("pyspark.sql.protobuf.functions", dict.fromkeys(("from_protobuf", "to_protobuf"), _INSTEAD))
