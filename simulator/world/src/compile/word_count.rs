//! The word count of the book, as DStream programs.

use std::time::Duration;

use engine::{
    DStream, Failure, Key, Saved, State, StateSpec, Text, UpdateSpec, WindowSpec, java_split,
};
use scenario::{Emit, MappedTotals, Profile, Reducer, Update, Window};

use super::arithmetic::{Operation, associative_up_to, in_step, operations, reduction};

/// The settings of a scenario that its operators need.
#[derive(Clone, Copy)]
pub(super) struct Settings {
    pub(super) profile: Profile,
    /// How often states are saved, if the scenario says.
    pub(super) checkpoint_interval: Option<Duration>,
}

impl Settings {
    /// The same stream, whose states are saved as often as the scenario says.
    fn save(self, states: Pairs) -> Pairs {
        match self.checkpoint_interval {
            Some(interval) => states.checkpoint(interval),
            None => states,
        }
    }
}

/// A stream of words with numbers.
pub(super) type Pairs = DStream<(Text, i64)>;

/// The words of the lines, cut as the profile's language cuts them.
pub(super) fn words(lines: &DStream<Text>, profile: Profile) -> DStream<Text> {
    if profile.is_jvm() {
        lines.flat_map(|line| java_split(&line))
    } else {
        lines.flat_map(|line| line.split(" "))
    }
}

/// Each word with a one.
pub(super) fn pairs(lines: &DStream<Text>, profile: Profile) -> Pairs {
    words(lines, profile).map(|word| (word, 1))
}

/// Each batch counted by itself, or each window.
pub(super) fn stateless(pairs: &Pairs, window: Option<Window>, settings: Settings) -> Pairs {
    let sum = operations(settings.profile).sum;
    match window {
        None => pairs.try_reduce_by_key(in_step("reduce_by_key", sum)),
        Some(window) => windowed(pairs, Reducer::Sum, window, settings),
    }
}

/// Each window reduced by itself, or from the window before: then the function is a sum.
pub(super) fn windowed(
    pairs: &Pairs,
    reducer: Reducer,
    window: Window,
    settings: Settings,
) -> Pairs {
    let spec = window_spec(reducer, window, settings.profile);
    settings.save(pairs.reduce_by_key_and_window_with(spec))
}

/// A window with the functions that reduce it.
pub(super) fn window_spec<K: Key + Saved>(
    reducer: Reducer,
    window: Window,
    profile: Profile,
) -> WindowSpec<K, i64> {
    let function = reduction(reducer, profile);
    let limit = associative_up_to(reducer, profile, window.length);
    let spec = WindowSpec::try_function(function, window.length, window.slide)
        .associative_on(move |number| number.unsigned_abs() <= limit);
    if window.inverse {
        spec.try_inverse(operations(profile).difference).saved()
    } else {
        spec
    }
}

/// Running totals.
pub(super) fn update_state(
    pairs: &Pairs,
    update: Update,
    initial: &[(String, i64)],
    settings: Settings,
) -> Pairs {
    let plus = operations(settings.profile).sum;
    let spec = UpdateSpec::try_function_at(move |_, _: &Text, new_values: &[i64], last_sum| {
        updated(update, plus, new_values, last_sum)
    });
    let spec = spec.initial_state(texts(initial)).saved();
    settings.save(pairs.update_state_by_key_with(spec))
}

/// Running totals of the words that came, or of all words.
pub(super) fn map_with_state(pairs: &Pairs, totals: &MappedTotals, settings: Settings) -> Pairs {
    let drop_at = totals.drop_at;
    let plus = operations(settings.profile).sum;
    let running_total = move |_, word: &Text, number: Option<i64>, state: &mut State<'_, i64>| {
        let last_total = state.get_option().unwrap_or(&0);
        let total = plus(*last_total, number.unwrap_or(0))?;
        if state.is_timing_out() {
            return Ok(Some((word.clone(), total)));
        }
        if drop_at.is_none_or(|limit| total < limit) {
            state.update(total);
        } else if state.exists() {
            state.remove();
        }
        Ok(Some((word.clone(), total)))
    };
    let mut spec = StateSpec::try_function_at(running_total).initial_state(texts(&totals.initial));
    if let Some(timeout) = totals.timeout {
        spec = spec.timeout(timeout);
    }
    if totals.has_exact_timeouts() {
        spec = spec.exact_timeouts();
    }
    let states = pairs.map_with_state(spec.saved());
    let states = match settings.checkpoint_interval {
        Some(interval) => states.checkpoint(interval),
        None => states,
    };
    match totals.emit {
        Emit::Mapped => states.clone(),
        Emit::Snapshots => states.state_snapshots(),
    }
}

fn texts(totals: &[(String, i64)]) -> Vec<(Text, i64)> {
    let pair = |(word, total): &(String, i64)| (Text::from(word.as_str()), *total);
    totals.iter().map(pair).collect()
}

/// The book's update function, and its variants that let keys go.
fn updated(
    update: Update,
    plus: Operation,
    new_values: &[i64],
    last_sum: Option<i64>,
) -> Result<Option<i64>, Failure> {
    let sum = new_values
        .iter()
        .try_fold(last_sum.unwrap_or(0), |sum, value| plus(sum, *value))?;
    let is_kept = match update {
        Update::Sum => true,
        Update::DropIdle => !new_values.is_empty(),
        Update::DropAt(limit) => sum < limit,
    };
    Ok(is_kept.then_some(sum))
}
