"""`pyspark.sql.protobuf`: messages of Protobuf, which are refused."""
