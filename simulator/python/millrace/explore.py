"""Exploration of a program: crashes of its driver, and other arrangements of its input."""

import datetime
import json
import random
import zoneinfo

from millrace import timeline

#: The points of a batch at which a driver can die. The first two are before there is a checkpoint, in the first batch.
_POINTS = (
    "generation",
    "before checkpoint",
    "job",
    "output",
    "after checkpoint",
    "before completion checkpoint",
    "completed",
)

#: Batches behind the last one, in which a driver that was late catches up.
_CALM = 6

#: The most parts into which the lines of an entry are cut.
_PARTITIONS_MAX = 4

#: The most smaller timelines that are tried.
_TRIES_MAX = 200

_PURE = "A function is a pure function of its arguments: the same input gives the same result."
_KEPT = "A batch that runs again prints the same rows: no line is lost, and none counts twice."
_ENDS = "A program ends as it does without a fault."
_ASSOCIATIVE = (
    "Values are merged by an associative function, so that they can be computed in parallel: the result is the same, "
    "however records are spread over partitions."
)
_COMMUTATIVE = (
    "Values are merged by a commutative function, so that they can be computed in parallel: the result is the same, in "
    "which order ever the records of a batch come."
)
_ANY_CUT = "The result does not depend on the batches into which the input is cut."
_ALWAYS = "What is always so is so of each batch."
_EVENTUALLY = "What is eventually so is so when the run ends."


def explore(
    millrace,
    job,
    script,
    arguments=(),
    *,
    seeds=range(1, 101),
    always=(),
    eventually=(),
    before_each=None,
    any_cut=False,
    start=0,
    stop=None,
    zone="UTC",
    cores=None,
    **settings,
):
    """Plays a program under a schedule of each seed, and compares it with a run without faults.

    The timeline is a dictionary. Each callable of `always` is given each batch, each of `eventually` each run when it has
    ended; one that returns `False` or raises an `AssertionError` does not hold. `before_each` is called before each run,
    to empty what the program writes into. With `any_cut` the last rows are the same, however the input is cut into batches.
    A program that does not go on from a checkpoint, or whose receivers lose lines, is held to what it prints only where
    it does not die.
    """
    __tracebackhide__ = True
    of_timeline = {"start": start, "stop": stop, "zone": zone, "cores": cores}

    def run(entries, faults, stop):
        if before_each is not None:
            before_each()
        script = timeline.of_entries(entries, **{**of_timeline, "stop": stop}, faults=faults)
        return millrace.run(job, script, arguments, check=False, **settings)

    subject = _Subject(run, tuple(always), tuple(eventually), any_cut, of_timeline)
    entries = timeline.entries(script)
    if broken := subject.judge(entries, None):
        raise AssertionError(f"without a fault:\n{_shown(broken, entries, ())}")
    count = 0
    for count, seed in enumerate(seeds, start=1):
        if broken := subject.judge(entries, seed):
            entries, broken = subject.smallest(entries, seed, broken)
            raise AssertionError(f"{_shown(broken, broken.entries, broken.faults)}\n(seed {seed})")
    return count


class _Broken:
    """A promise that a run breaks, and the timeline of that run."""

    def __init__(self, promise, message, entries=(), faults=()):
        self.promise, self.message = promise, message
        self.entries, self.faults = entries, faults


class _Subject:
    """A program, and what it is held to."""

    def __init__(self, run, always, eventually, any_cut, settings):
        self._run = run
        self._always, self._eventually, self._any_cut = always, eventually, any_cut
        self._start = timeline._start(settings["start"], settings["zone"])
        self._zone, self._stop = zoneinfo.ZoneInfo(settings["zone"]), settings["stop"]

    def judge(self, entries, seed):
        """The promise that a schedule breaks, or `None`. Without a seed it is one without faults, played twice."""
        short = self._run(entries, (), self._stop)
        if short.exception is not None:
            raise short.exception
        times = sorted({self._offset_ms(batch.time) for batch in short.batches()})
        if not times:
            raise ValueError("the program prints no batch by pprint")
        interval = min([after - before for before, after in zip(times, times[1:])], default=times[0])
        stop = self._stop or f"{times[-1] + _CALM * interval}ms"
        whole = self._run(entries, (), stop)
        if seed is None:
            again = self._run(entries, (), stop)
            return self._different(whole, again, _PURE) or self._user(again)
        dice = random.Random(seed)
        kind = dice.randrange(4 if self._any_cut else 3)
        if kind == 0:
            faults = _crash(dice, times, interval, _times(entries))
            return _with(self._crashed(whole, self._run(entries, faults, stop)), entries, faults)
        promise, arrange = _ARRANGEMENTS[kind]
        entries, later_ms = arrange(dice, entries, interval)
        if later_ms and self._stop is None:
            stop = f"{times[-1] + later_ms + _CALM * interval}ms"
        other = self._run(entries, (), stop)
        if promise is _ANY_CUT:
            broken = _different_ends(whole, other)
        else:
            broken = self._different(whole, other, promise)
        return _with(broken or self._user(other), entries, ())

    def _crashed(self, whole, run):
        if run.exception is not None and whole.exception is None:
            return _Broken(_ENDS, f"it raised {run.exception!r}")
        goes_on = "-- driver recovered" in run.output and "; lost " not in run.output
        return (self._different(whole, run, _KEPT) if goes_on else None) or self._user(run)

    def _different(self, whole, run, promise):
        expected = _by_batch(whole)
        for key, rows in _all(run):
            if key in expected and "..." not in rows and _sorted(rows) != _sorted(expected[key]):
                return _Broken(promise, f"the batch at {key[1]} printed {_rows(rows)} where it had printed {_rows(expected[key])}")
        return None

    def _user(self, run):
        """The first of the caller's own callables that does not hold."""
        for promise, callables, subjects in (
            (_ALWAYS, self._always, run.batches()),
            (_EVENTUALLY, self._eventually, [run]),
        ):
            for subject in subjects:
                for holds in callables:
                    if (message := _unmet(holds, subject)) is not None:
                        return _Broken(promise, message)
        return None

    def _offset_ms(self, text):
        time = datetime.datetime.fromisoformat(text).replace(tzinfo=self._zone)
        return round(time.timestamp() * 1000) - self._start

    def smallest(self, entries, seed, broken):
        """The smallest timeline found by leaving entries, lines and words out, that breaks the same promise."""
        tries = 0
        smaller = True
        while smaller and tries < _TRIES_MAX:
            smaller = False
            for fewer in _smaller(entries):
                tries += 1
                try:
                    other = self.judge(fewer, seed)
                except Exception:
                    other = None
                if other is not None and other.promise == broken.promise:
                    entries, broken, smaller = fewer, other, True
                    break
                if tries >= _TRIES_MAX:
                    break
        return entries, broken


def _with(broken, entries, faults):
    if broken is not None:
        broken.entries, broken.faults = entries, faults
    return broken


def _unmet(holds, subject):
    name = getattr(holds, "__name__", repr(holds))
    try:
        if holds(subject) is not False:
            return None
    except AssertionError as error:
        return f"{name}: {error}" if str(error) else name
    return f"{name} is false of {subject!r}" if isinstance(subject, tuple) else f"{name} is false"


# Schedules


def _crash(dice, times, interval, arrivals):
    """A crash at a point of a batch. Nothing arrives while the driver is down: receivers would lose it."""
    batch = dice.choice(times)
    point = dice.choice(_POINTS if batch != times[0] else _POINTS[2:])
    restart = batch + dice.choice((0, 2)) * interval + 1
    if any(batch < at <= restart for at in arrivals):
        restart = batch + 1
    return [
        {"at": f"{batch}ms", "crash": "driver", "point": point},
        {"at": f"{restart}ms", "restart": "driver"},
    ]


def _regrouped(dice, entries, interval):
    cut = []
    for at, stream, lines in entries:
        parts = dice.randint(1, _PARTITIONS_MAX)
        ends = [len(lines) * part // parts for part in range(parts + 1)]
        cut += [(at, stream, lines[begin:end]) for begin, end in zip(ends, ends[1:]) if begin < end]
    return cut, 0


def _permuted(dice, entries, interval):
    return [(at, stream, dice.sample(lines, len(lines))) for at, stream, lines in entries], 0


def _cut(dice, entries, interval):
    """All lines in the batch of the first, or each in one of its own."""
    if dice.randrange(2):
        return [(entries[0][0], stream, lines) for _, stream, lines in entries], 0
    spread, next_ms = [], 0
    for (_, stream, lines), at in zip(entries, _times(entries)):
        for line in lines:
            next_ms = max(at, next_ms)
            spread.append((f"{next_ms}ms", stream, [line]))
            next_ms += interval
    return spread, next_ms


#: The promise that each arrangement of the input is about.
_ARRANGEMENTS = {1: (_ASSOCIATIVE, _regrouped), 2: (_COMMUTATIVE, _permuted), 3: (_ANY_CUT, _cut)}

_UNITS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000}


def _times(entries):
    """The offsets of entries, in milliseconds."""
    return [_millis(at) for at, _, _ in entries]


def _millis(at):
    if not isinstance(at, str):
        return round(at * 1000)
    number = at.rstrip("msh")
    return round(float(number) * _UNITS[at[len(number) :].strip()])


# Rows


def _all(run):
    return [((number, batch.time), batch.rows) for number, batch in run._record.batches]


def _by_batch(run):
    return dict(_all(run))


def _different_ends(whole, run):
    [expected, ends] = [{number: rows for (number, _), rows in _all(it)} for it in (whole, run)]
    for number, rows in ends.items():
        if _sorted(rows) != _sorted(expected.get(number, [])):
            return _Broken(_ANY_CUT, f"the last rows were {_rows(rows)} where they had been {_rows(expected.get(number, []))}")
    return None


def _sorted(rows):
    return sorted(map(repr, rows))


def _rows(rows):
    return " ".join(map(repr, rows)) or "no rows"


# Smaller timelines


def _smaller(entries):
    for index, (at, stream, lines) in enumerate(entries):
        others = entries[:index], entries[index + 1 :]
        if len(entries) > 1:
            yield others[0] + others[1]
        for number, line in enumerate(lines):
            words = line.split(" ")
            fewer = [lines[:number] + lines[number + 1 :]] if len(lines) > 1 else []
            if len(words) > 1:
                without = (" ".join(words[:word] + words[word + 1 :]) for word in range(len(words)))
                fewer += [[*lines[:number], line, *lines[number + 1 :]] for line in without]
            for left in fewer:
                yield others[0] + [(at, stream, left)] + others[1]


def _shown(broken, entries, faults):
    shown = []
    for at, stream, lines in entries:
        named = {} if stream is None else {"stream": stream}
        shown.append((_millis(at), {"at": at, **named, "lines": lines}))
    shown += [(_millis(fault["at"]), fault) for fault in faults]
    timeline = "".join(f"\n  {json.dumps(entry)}" for _, entry in sorted(shown, key=lambda it: it[0]))
    return f"{broken.promise}\n  {broken.message}\nthe smallest timeline found:{timeline}"
