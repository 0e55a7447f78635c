//! Results as text: tables, charts and sentences.

use std::fmt::{self, Display};
use std::iter;

use crate::results::is_checkpoint;
use crate::table::TextTable;
use crate::{
    Axis, Crossover, Estimate, Interval, PointResults, Results, Subject, chart, median, quantity,
};

impl Display for Results {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", head(self))?;
        let middle = self.at(self.plan.middle());
        if let Some(middle) = middle {
            writeln!(f, "{}{}", middle_title(middle), middle_table(self, middle))?;
        }
        for axis in Axis::ALL {
            let along = self.along(axis);
            if along.len() > 1 {
                writeln!(f, "{}", axis_table(self, axis, &along))?;
                if axis != Axis::ActiveShare {
                    writeln!(f, "{}", chart(self, axis))?;
                }
            }
        }
        write!(f, "{}", crossovers(self))?;
        middle.map_or(Ok(()), |middle| write!(f, "{}", series(middle)))
    }
}

fn head(results: &Results) -> String {
    let plan = &results.plan;
    let drawn = if plan.skew == 0.0 {
        "all keys alike".to_owned()
    } else {
        format!("by Zipf's law with exponent {}", plan.skew)
    };
    let threads = match plan.workers {
        1 => "One thread".to_owned(),
        workers => format!("{workers} threads, and one for the plain loop"),
    };
    let partitions = if plan.cores == plan.workers {
        String::new()
    } else {
        format!("; partitions: {}", plan.cores)
    };
    format!(
        "Lines of ten words, drawn {drawn} (seed {}): split, counted, merged into the state, and\n\
         handed to a consumer. {threads}{partitions}. Each batch gave all contenders the same totals.\n\
         A time is the median of its rounds, ± the farther end of its 95 % interval. It grows as the size\n\
         to the power of its exponent, and from the second largest size to the largest as to that of `last`.\n",
        plan.seed
    )
}

fn middle_title(middle: &PointResults) -> String {
    format!(
        "{} keys, {} words a batch\n\n",
        quantity::count(middle.point.keys),
        quantity::count(middle.point.words)
    )
}

/// All results of one point.
fn middle_table(results: &Results, middle: &PointResults) -> TextTable {
    let columns = ["", "a batch", "every tenth", "words/s", "of the plain loop"];
    // Memory is measured at the largest state alone.
    let memory = results.memory.first().map(|memory| memory.keys as f64);
    let memory = memory.map(|keys| format!("bytes a key of {}", quantity::short_count(keys)));
    let mut table = TextTable::new(columns.into_iter().map(str::to_owned).chain(memory));
    for subject in Subject::ALL {
        let Some(seconds) = middle.seconds(subject) else {
            continue;
        };
        let tenth = median(&middle.of(subject).checkpoints).filter(|_| subject.has_checkpoints());
        let of_plain = middle.of_plain(subject).filter(|_| !subject.is_reference());
        let words_a_second = middle.point.words as f64 / seconds.median;
        let memory = results.memory(subject);
        let cells = [
            Some(quantity::estimated_seconds(seconds)),
            tenth.map(quantity::seconds),
            Some(quantity::short_count(words_a_second)),
            of_plain.map(quantity::with_interval),
            memory.map(|memory| quantity::figures(memory.bytes_a_key)),
        ];
        table.add(subject.name(), cells);
    }
    table
}

/// The medians along an axis, and their growth.
fn axis_table(results: &Results, axis: Axis, along: &[&PointResults]) -> String {
    let sizes = along.iter().map(|results| match axis {
        Axis::Keys => quantity::count(results.point.keys),
        Axis::Words => quantity::count(results.point.words),
        Axis::ActiveShare => quantity::share(results.touched_share),
    });
    let growth = ["exponent", "last"].map(str::to_owned);
    let mut table = TextTable::new(iter::once(String::new()).chain(sizes).chain(growth));
    for subject in Subject::ALL {
        let seconds = along.iter().map(|results| results.seconds(subject));
        let seconds = seconds.map(|seconds| seconds.map(quantity::estimated_seconds));
        let slope = results.slope(axis, subject);
        let growth = [
            slope.map(|slope| exponent(slope.exponent)),
            slope.map(|slope| format!("{:.2}", slope.last)),
        ];
        table.add(subject.name(), seconds.chain(growth));
    }
    format!("{}\n\n{table}", axis_title(results, axis))
}

fn axis_title(results: &Results, axis: Axis) -> String {
    let middle = results.plan.middle();
    let keys = quantity::count(middle.keys);
    let words = quantity::count(middle.words);
    match axis {
        Axis::Keys => format!("Over keys of the state, {words} words a batch"),
        Axis::Words => format!("Over words of a batch, {keys} keys"),
        Axis::ActiveShare => {
            format!("Over the share of {keys} keys that come in a batch, each once")
        }
    }
}

fn exponent(exponent: Estimate) -> String {
    let text = format!("{:.2}", exponent.median);
    match exponent.interval {
        Some(Interval { low, high }) => format!("{text} ({low:.2} to {high:.2})"),
        None => text,
    }
}

/// The time of `update_state_by_key` in proportion to that of `map_with_state`, share by share, and the share
/// of active keys from which on it is the faster one.
fn crossovers(results: &Results) -> String {
    let along = results.along(Axis::ActiveShare);
    if along.is_empty() {
        return String::new();
    }
    let shares = along
        .iter()
        .map(|results| quantity::share(results.touched_share));
    let mut table = TextTable::new(iter::once(String::new()).chain(shares));
    let mut sentences = String::new();
    for subject in Subject::MAP_WITH_STATE {
        let advantages = along.iter().map(|results| results.advantage(subject));
        let advantages = advantages.map(|advantage| advantage.map(quantity::with_interval));
        table.add(subject.name(), advantages);
        let crossover = results.crossover(subject);
        sentences.extend(crossover.map(|crossover| crossover_sentence(subject, crossover)));
    }
    let keys = quantity::count(results.plan.middle().keys);
    format!(
        "With {keys} keys, every tenth batch included, update_state_by_key takes so many times as long as\n\n\
         {table}\n{sentences}\n"
    )
}

fn crossover_sentence(subject: Subject, crossover: Crossover) -> String {
    let name = subject.name();
    match crossover {
        Crossover::Before => format!("{name} never beats update_state_by_key at these shares\n"),
        Crossover::Beyond => format!("{name} beats update_state_by_key at all these shares\n"),
        Crossover::Unsure { from } => format!(
            "{name} beats update_state_by_key until {} of the keys come in a batch; beyond it is too close to call\n",
            quantity::share(from)
        ),
        Crossover::At { size, interval } => format!(
            "{name} beats update_state_by_key until {} of the keys come in a batch ({} to {})\n",
            quantity::share(size),
            quantity::share(interval.low),
            quantity::share(interval.high)
        ),
    }
}

/// The first batches as a line of bars, with every tenth one marked.
fn series(middle: &PointResults) -> String {
    let mut text = format!(
        "Batch after batch at {} keys, {} words; ^ is every tenth: Spark checkpoints, and keys time out\n\n",
        quantity::count(middle.point.keys),
        quantity::count(middle.point.words)
    );
    for subject in Subject::ALL
        .into_iter()
        .filter(|subject| subject.has_checkpoints())
    {
        let batches = &middle.of(subject).batches;
        let seconds: Vec<f64> = batches.iter().map(|batch| batch.seconds).collect();
        let mark = |is_checkpoint| if is_checkpoint { '^' } else { ' ' };
        let marks: String = batches
            .iter()
            .map(|batch| mark(is_checkpoint(batch.number)))
            .collect();
        let series = format!(
            "{:<24}{}\n{:<24}{marks}",
            subject.name(),
            bars(&seconds),
            ""
        );
        text.push_str(series.trim_end());
        text.push('\n');
    }
    text
}

/// A bar for each number: the smallest has the lowest bar, and twice as much is two steps more.
fn bars(numbers: &[f64]) -> String {
    const BARS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let smallest = numbers.iter().copied().fold(f64::INFINITY, f64::min);
    let bars = numbers.iter().map(|number| {
        let step = ((number / smallest).log2() * 2.0).round() as usize;
        BARS[step.min(BARS.len() - 1)]
    });
    bars.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{lawful_results, small_plan};

    #[test]
    fn the_text_is_as_in_the_snapshot() {
        insta::assert_snapshot!("text", lawful_results());
    }

    #[test]
    fn one_point_is_a_single_table() {
        let mut results = lawful_results();
        results.plan.keys = vec![100_000];
        results.plan.words = vec![1_000];
        results.plan.active_shares.clear();
        let text = results.to_string();
        assert!(text.contains("100,000 keys, 1,000 words a batch\n"));
        assert!(!text.contains("\nOver ") && !text.contains("beats"));
    }

    #[test]
    fn without_results_there_is_a_head_alone() {
        let results = Results {
            plan: small_plan(),
            points: Vec::new(),
            memory: Vec::new(),
        };
        assert_eq!(results.to_string().trim_end().lines().count(), 4);
    }

    #[test]
    fn bars_are_by_proportion() {
        assert_eq!(bars(&[1.0, 1.1, 2.0, 4.0, 1_000.0]), "▁▁▃▅█");
        assert_eq!(bars(&[]), "");
    }
}
