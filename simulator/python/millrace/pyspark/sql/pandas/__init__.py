"""`pyspark.sql.pandas`: functions of frames and series of pandas, whose values come and go by way of Arrow."""
