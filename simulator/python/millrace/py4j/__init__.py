"""`py4j`, as far as programs name it: the exceptions that PySpark raises for failures in the JVM."""
