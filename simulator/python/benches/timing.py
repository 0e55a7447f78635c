"""Subjects that are timed in turns, so that what else the machine does meets all of them alike."""

import os
import statistics
import time


def report(subjects, items, turns, target):
    """Prints the median time an item of each subject, and its ratio to the first one's."""
    times = {name: [] for name in subjects}
    for _ in range(turns):
        for name, subject in subjects.items():
            began = time.process_time()
            subject()
            times[name].append(time.process_time() - began)
    medians = {name: statistics.median(seconds) for name, seconds in times.items()}
    first = next(iter(medians.values()))
    print(f"  load {os.getloadavg()[0]:.1f}")
    for name, seconds in medians.items():
        print(f"  {name:12} {seconds / items * 1e9:7.1f} ns  {seconds / first:5.2f}")
    print(f"  target       {target:.2f} of the first")
