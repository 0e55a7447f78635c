"""Structured queries on the stage: sockets are sources in memory, which get their lines when the program waits."""

import functools
import sys

from replay import java_list, memory_stream, release
from trigger_clock import TriggerClock


class Queries:
    """The queries that a program has started, and the sources that it has asked for."""

    def __init__(self, world, local):
        self.world = world
        # Paths that the program names are within its folder.
        self.local = local
        self.sources = []
        self.started = []

    def advance(self, until):
        """Lets lines come, one instant after the other. A query without a clock has done its work before the next."""
        until = min(until, self.world.stop)
        entries = [entry for entry in self.world.entries if self.world.now < entry["at_ms"] <= until]
        self.settle(lambda trigger: trigger <= self.world.now)
        for instant in sorted({entry["at_ms"] for entry in entries}):
            self.settle(lambda trigger: trigger < instant)
            for source in self.sources:
                source.add([entry for entry in entries if entry["at_ms"] == instant])
            self.settle(lambda trigger: trigger < instant)
        self.settle(lambda trigger: trigger <= until)
        self.world.now = until

    def settle(self, has_come):
        sys.stdout.flush()
        for query, clock in self.started:
            if not query.isActive:
                continue
            if clock is None:
                query.processAllAvailable()
            else:
                clock.fire(query, has_come)
        for source in self.sources:
            source.spark._jvm.java.lang.System.out.flush()

    def stop(self):
        """Ends them all, as from outside."""
        for query, clock in self.started:
            if clock is not None:
                clock.release()
            query.stop()
        self.started.clear()


class Socket:
    """The lines that come to a host and port, in memory. It has something new before anything came: nothing."""

    def __init__(self, spark, name):
        self.spark = spark
        self.name = name
        self.memory = memory_stream(spark, spark.sparkContext.defaultParallelism)
        self.add([])

    def add(self, entries):
        mine = [entry for entry in entries if entry.get("stream") in (None, self.name)]
        if mine or not entries:
            lines = [line for entry in mine for line in entry["lines"]]
            jvm = self.spark._jvm
            to_seq = jvm.org.apache.spark.api.python.PythonUtils.toSeq
            self.memory.addData(to_seq(java_list(jvm, lines)))


def set_up(queries, replace):
    """Replaces the methods that read a socket, and those that start and await a query."""
    from pyspark.sql.streaming import DataStreamReader, DataStreamWriter, StreamingQuery, StreamingQueryManager

    replace(DataStreamReader, "format", remembers("format"))
    replace(DataStreamReader, "option", remembers_option)
    replace(DataStreamReader, "options", remembers_options)
    replace(DataStreamReader, "load", functools.partial(load, queries))
    replace(DataStreamWriter, "format", remembers("format"))
    replace(DataStreamWriter, "option", functools.partial(with_local_checkpoint, queries))
    replace(DataStreamWriter, "trigger", remembers_trigger)
    replace(DataStreamWriter, "start", functools.partial(start, queries))
    replace(StreamingQuery, "awaitTermination", functools.partial(await_termination, queries))
    replace(StreamingQueryManager, "awaitAnyTermination", functools.partial(await_termination, queries))


def given(owner):
    """The settings of a reader or a writer, which itself keeps them in the JVM alone."""
    return owner.__dict__.setdefault("_given", {})


def remembers(name):
    def wrap(original):
        def method(self, value):
            given(self)[name] = value
            return original(self, value)

        return method

    return wrap


def remembers_option(original):
    def option(self, key, value):
        given(self)[key.lower()] = value
        return original(self, key, value)

    return option


def remembers_options(original):
    def options(self, **options):
        given(self).update({key.lower(): value for key, value in options.items()})
        return original(self, **options)

    return options


def remembers_trigger(original):
    def trigger(self, **arguments):
        given(self).update(arguments)
        return original(self, **arguments)

    return trigger


def with_local_checkpoint(queries, original):
    def option(self, key, value):
        return original(self, key, queries.local(value) if key.lower() == "checkpointlocation" else value)

    return option


# Their rows come by the clock of the machine, or from another one.
NOT_PLAYED = ("rate", "rate-micro-batch", "kafka", "kinesis")


def load(queries, original):
    def load(self, path=None, format=None, schema=None, **options):
        from pyspark.sql import DataFrame

        settings = given(self) | {key.lower(): value for key, value in options.items()}
        name = format or settings.get("format")
        if name in NOT_PLAYED:
            raise NotImplementedError(f"a stream of the format `{name}` is not played: read a socket or files")
        if name != "socket":
            return original(self, path, format, schema, **options)
        if str(settings.get("includetimestamp", "false")).lower() == "true":
            raise NotImplementedError("the time of arrival of a line is not played: leave out includeTimestamp")
        source = Socket(self._spark, f"{settings['host']}:{settings['port']}")
        queries.world.asked_for.add(source.name)
        queries.sources.append(source)
        return DataFrame(source.memory.toDF(), self._spark)

    return load


def start(queries, original):
    def start(self, path=None, format=None, *arguments, **options):
        settings = given(self)
        clock = None
        if settings.get("processingTime"):
            if (format or settings.get("format")) != "console":
                raise NotImplementedError("a trigger of processing time is played with the sink `console` alone")
            clock = TriggerClock(queries.world.now)
            query = clock.start(self, self._spark, release())
        else:
            query = original(self, path, format, *arguments, **options)
        queries.started.append((query, clock))
        return query

    return start


def await_termination(queries, original):
    def await_termination(self, timeout=None):
        """At the end of the timeline all queries are stopped, as from outside."""
        world = queries.world
        queries.advance(world.stop if timeout is None else world.now + round(timeout * 1_000))
        if world.has_ended():
            queries.stop()
        return original(self, 0.001) if timeout is not None else None

    return await_termination
