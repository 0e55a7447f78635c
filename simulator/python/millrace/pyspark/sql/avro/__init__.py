"""`pyspark.sql.avro`: messages of Avro, which are refused."""
