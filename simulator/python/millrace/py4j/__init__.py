"""`py4j`, as far as programs name it: the exceptions by which PySpark tells of failures in the JVM."""
