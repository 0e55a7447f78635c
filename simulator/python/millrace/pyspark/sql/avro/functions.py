"""Functions of messages of Avro: a program may import them, and each raises when it is called."""

from millrace.refused import refusing

_INSTEAD = "Messages of a timeline are text: give them as JSON, and use from_json and to_json."

__getattr__ = refusing("pyspark.sql.avro.functions", dict.fromkeys(("from_avro", "to_avro"), _INSTEAD))
