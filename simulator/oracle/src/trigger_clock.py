"""The clock of a query's trigger, which moves only when it is set."""

import threading
import time

BATCH_SECONDS = 120


class TriggerClock:
    """Spark's trigger asks this clock for the time, and has it wait for the next tick of its interval."""

    class Java:
        implements = ["org.apache.spark.util.Clock"]

    def __init__(self, start_ms):
        self.now = start_ms
        # The time that the query waits for, once it has done all it does at this time.
        self.target = None
        self.is_released = False
        self.turn = threading.Condition()

    def getTimeMillis(self):
        return self.now

    def nanoTime(self):
        return self.now * 1_000_000

    def waitTillTime(self, target):
        with self.turn:
            self.target = target
            self.turn.notify_all()
            self.turn.wait_for(lambda: self.now >= target or self.is_released)
            return self.now

    def start(self, writer, spark, release):
        """Starts a query that prints to the console as `writer.start()` does, but by this clock. Its release of Spark
        says what the writer keeps, and what starts a query."""
        from pyspark.java_gateway import ensure_callback_server_started
        from pyspark.sql.streaming import StreamingQuery

        jvm = spark._jvm
        ensure_callback_server_started(spark.sparkContext._gateway)

        def given(name):
            field = writer._jwrite.getClass().getDeclaredField(name)
            field.setAccessible(True)
            return field.get(writer._jwrite)

        streaming = jvm.org.apache.spark.sql.execution.streaming
        console = getattr(getattr(streaming, "ConsoleTable$"), "MODULE$")
        name = checkpoint = catalog = table = jvm.scala.Option.empty()
        names = [name] if release < (4, 2) else [name, name]
        checkpoint_is_temporary = recovers = True
        query = spark._jsparkSession.sessionState().streamingQueryManager().startQuery(
            *names,
            checkpoint,
            given("df" if release < (4, 0) else "ds"),
            given("extraOptions"),
            console,
            given("outputMode"),
            checkpoint_is_temporary,
            recovers,
            given("trigger"),
            self,
            catalog,
            table,
        )
        return StreamingQuery(query)

    def fire(self, query, has_come):
        """Fires the triggers whose time has come, one after the other."""
        while has_come(self.await_query(query)):
            with self.turn:
                self.now, self.target = self.target, None
                self.turn.notify_all()

    def await_query(self, query):
        """The time that the query waits for, when it has ended its work of now."""
        deadline = time.monotonic() + BATCH_SECONDS
        while query.isActive and time.monotonic() < deadline:
            with self.turn:
                if self.turn.wait_for(lambda: self.target is not None, timeout=1):
                    return self.target
        raise query.exception() or TimeoutError(f"a trigger did not end in {BATCH_SECONDS} s")

    def release(self):
        """Lets the query go on, so that it can be stopped."""
        with self.turn:
            self.is_released = True
            self.turn.notify_all()
