//! Results as text: tables, charts and sentences, for a person.

use std::fmt::{self, Display};

use crate::{
    Axis, Contender, Crossover, Memory, PointResults, Results, Slope, Table, chart, quantity,
};

/// How many batches of the series are shown.
const SHOWN_BATCHES: usize = 30;

impl Display for Results {
    /// Everything there is to say, in the order of interest.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", head(self))?;
        if let Some(middle) = self.at(self.plan.middle()) {
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
        write!(f, "{}", series(self))
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

/// All that is known of one point.
fn middle_table(results: &Results, middle: &PointResults) -> Table {
    let mut head = vec!["", "a batch", "every tenth", "words/s", "of the plain loop"];
    let bytes_a_key = results.memory.first().map(bytes_a_key);
    head.extend(bytes_a_key.as_deref());
    let mut table = Table::new(head);
    for contender in Contender::ALL {
        let Some(seconds) = middle.seconds(contender) else {
            continue;
        };
        let timings = middle.of(contender);
        let tenth = crate::median(&timings.checkpoints).filter(|_| contender.has_checkpoints());
        let of_plain = middle
            .of_plain(contender)
            .filter(|_| contender.plain() != contender);
        let memory = results.memory(contender);
        table.add([
            contender.name().to_owned(),
            quantity::estimated_seconds(&seconds),
            tenth.map(quantity::seconds).unwrap_or_default(),
            quantity::short_count(middle.point.words as f64 / seconds.median),
            of_plain.as_ref().map(quantity::between).unwrap_or_default(),
            memory
                .map(|memory| quantity::figures(memory.bytes_a_key))
                .unwrap_or_default(),
        ]);
    }
    table
}

/// Memory is measured at the largest state alone.
fn bytes_a_key(memory: &Memory) -> String {
    format!(
        "bytes a key of {}",
        quantity::short_count(memory.keys as f64)
    )
}

/// The medians along an axis, and how they grow.
fn axis_table(results: &Results, axis: Axis, along: &[&PointResults]) -> String {
    let sizes = along.iter().map(|results| match axis {
        Axis::Keys => quantity::count(results.point.keys),
        Axis::Words => quantity::count(results.point.words),
        Axis::ActiveShare => quantity::share(results.touched_share),
    });
    let mut head = vec![String::new()];
    head.extend(sizes);
    head.push("exponent".to_owned());
    head.push("last".to_owned());
    let mut table = Table::new(head);
    for contender in Contender::ALL {
        let cells = along.iter().map(|results| {
            let seconds = results.seconds(contender);
            seconds
                .map(|seconds| quantity::estimated_seconds(&seconds))
                .unwrap_or_default()
        });
        let mut row = vec![contender.name().to_owned()];
        row.extend(cells);
        let slope = results.slope(axis, contender);
        row.push(slope.map(|slope| exponent(&slope)).unwrap_or_default());
        row.push(
            slope
                .map(|slope| format!("{:.2}", slope.last))
                .unwrap_or_default(),
        );
        table.add(row);
    }
    format!("{}\n\n{table}", axis_title(results, axis))
}

fn axis_title(results: &Results, axis: Axis) -> String {
    let middle = results.plan.middle();
    let (keys, words) = (quantity::count(middle.keys), quantity::count(middle.words));
    match axis {
        Axis::Keys => format!("Over keys of the state, {words} words a batch"),
        Axis::Words => format!("Over words of a batch, {keys} keys"),
        Axis::ActiveShare => {
            format!("Over the share of {keys} keys that come in a batch, each once")
        }
    }
}

fn exponent(slope: &Slope) -> String {
    match slope.interval {
        Some(interval) => format!(
            "{:.2} ({:.2} to {:.2})",
            slope.exponent, interval.low, interval.high
        ),
        None => format!("{:.2}", slope.exponent),
    }
}

/// How many times as long `update_state_by_key` takes, share by share, and from which share of active keys
/// on it is the better one.
fn crossovers(results: &Results) -> String {
    let along = results.along(Axis::ActiveShare);
    if along.is_empty() {
        return String::new();
    }
    let shares = along
        .iter()
        .map(|results| quantity::share(results.touched_share));
    let mut table = Table::new(std::iter::once(String::new()).chain(shares));
    let mut sentences = String::new();
    for contender in [Contender::MapWithState, Contender::MapWithStateTimeout] {
        let advantages = along.iter().map(|results| results.advantage(contender));
        let cells = advantages.map(|advantage| {
            advantage
                .as_ref()
                .map(quantity::between)
                .unwrap_or_default()
        });
        table.add(std::iter::once(contender.name().to_owned()).chain(cells));
        if let Some(crossover) = results.crossover(contender) {
            sentences.push_str(&crossover_sentence(contender, crossover));
        }
    }
    let keys = quantity::count(results.plan.middle().keys);
    format!(
        "With {keys} keys, every tenth batch included, update_state_by_key takes so many times as long as\n\n\
         {table}\n{sentences}\n"
    )
}

fn crossover_sentence(contender: Contender, crossover: Crossover) -> String {
    let name = contender.name();
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

/// Batch after batch of the middle point as a line of bars, with every tenth one marked.
fn series(results: &Results) -> String {
    let Some(middle) = results.at(results.plan.middle()) else {
        return String::new();
    };
    let contenders = Contender::ALL.into_iter();
    let lines = contenders
        .filter(|contender| contender.has_checkpoints())
        .map(|contender| {
            let batches = &middle.of(contender).batches;
            let batches = &batches[..batches.len().min(SHOWN_BATCHES)];
            let marks = batches
                .iter()
                .map(|batch| if batch.is_checkpoint() { '^' } else { ' ' });
            let seconds: Vec<f64> = batches.iter().map(|batch| batch.seconds).collect();
            let marks: String = marks.collect();
            format!(
                "{:<24}{}\n{:<24}{}\n",
                contender.name(),
                bars(&seconds),
                "",
                marks.trim_end()
            )
        });
    let lines: String = lines
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect();
    format!(
        "Batch after batch at {} keys, {} words; ^ is every tenth: Spark checkpoints, and keys time out\n\n{lines}",
        quantity::count(middle.point.keys),
        quantity::count(middle.point.words)
    )
}

/// Each number as a bar; the smallest is the lowest, and twice as much is two steps more.
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
    fn everything_is_said_in_the_order_of_interest() {
        insta::assert_snapshot!("text", lawful_results());
    }

    #[test]
    fn one_point_is_a_table_and_no_more() {
        let mut results = lawful_results();
        results.plan.keys = vec![100_000];
        results.plan.words = vec![1_000];
        results.plan.active_shares.clear();
        let text = results.to_string();
        assert!(text.contains("100,000 keys, 1,000 words a batch\n"));
        assert!(!text.contains("\nOver ") && !text.contains("beats"));
    }

    #[test]
    fn nothing_measured_says_so_little() {
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
