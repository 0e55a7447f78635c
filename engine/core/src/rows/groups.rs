//! The partitions that `coalesce` puts together (`org.apache.spark.rdd.DefaultPartitionCoalescer`), on one host.

use crate::order::JavaRandom;

/// The seed of each choice of groups.
const SEED: u64 = 7_919;

/// Partitions in groups, of which each is one afterwards.
struct Coalescer {
    /// For each partition whether Spark prefers the host.
    is_placed: Vec<bool>,
    groups: Vec<Vec<usize>>,
    is_grouped: Vec<bool>,
    random: JavaRandom,
}

/// `count` groups of partitions, at most as many as there are: neighbours, if Spark prefers no host for any of them.
/// Else a group begins with a partition that has a host, drawn among these but for the first; and the others go one by
/// one into one of the least groups, or near it.
pub(super) fn groups(is_placed: Vec<bool>, count: usize) -> Vec<Vec<usize>> {
    let partitions = is_placed.len();
    let count = count.min(partitions);
    if !is_placed.contains(&true) {
        let start = |group: usize| group * partitions / count;
        return (0..count)
            .map(|group| (start(group)..start(group + 1)).collect())
            .collect();
    }
    let mut coalescer = Coalescer {
        groups: vec![Vec::new(); count],
        is_grouped: vec![false; partitions],
        random: JavaRandom::new(SEED),
        is_placed,
    };
    coalescer.draw_first();
    coalescer.fill_empty();
    coalescer.add_rest();
    coalescer.groups
}

impl Coalescer {
    /// The partitions that have a host, or those that have none.
    fn of_place(&self, is_placed: bool) -> Vec<usize> {
        let all = 0..self.is_placed.len();
        all.filter(|&partition| self.is_placed[partition] == is_placed)
            .collect()
    }

    /// Adds a partition to a group, unless it is in one.
    fn add(&mut self, group: usize, partition: usize) {
        if !std::mem::replace(&mut self.is_grouped[partition], true) {
            self.groups[group].push(partition);
        }
    }

    /// A number from 0 up to `bound`, without it.
    fn draw(&mut self, bound: usize) -> usize {
        let bound =
            u32::try_from(bound).expect("a batch has fewer partitions than a JVM has numbers");
        self.random.below(bound) as usize
    }

    /// The first partition of each group: the first one that has a host, and then drawn ones. One that is drawn again
    /// leaves its group empty.
    fn draw_first(&mut self) {
        let placed = self.of_place(true);
        self.add(0, placed[0]);
        for group in 1..self.groups.len() {
            let drawn = self.draw(placed.len());
            self.add(group, placed[drawn]);
        }
    }

    /// Gives each group that is empty the next partition that is in none, those with a host first.
    fn fill_empty(&mut self) {
        for is_placed in [true, false] {
            let mut partitions = self.of_place(is_placed).into_iter();
            for group in 0..self.groups.len() {
                while self.groups[group].is_empty()
                    && let Some(partition) = partitions.next()
                {
                    self.add(group, partition);
                }
            }
        }
    }

    /// Adds the partitions that are in no group. Two groups are drawn for each; one that has a host goes to the least
    /// group of all, unless the lesser one of the two is about as small.
    fn add_rest(&mut self) {
        let count = self.groups.len();
        let slack = self.is_placed.len() / 10;
        for partition in 0..self.is_placed.len() {
            if self.is_grouped[partition] {
                continue;
            }
            let first = self.draw(count);
            let second = self.draw(count);
            let size = |group: usize| self.groups[group].len();
            let drawn = if size(first) < size(second) {
                first
            } else {
                second
            };
            // Of groups of one size the first counts.
            let least = (0..count).min_by_key(|&group| size(group)).unwrap_or(drawn);
            let is_drawn = !self.is_placed[partition] || size(drawn) + slack <= size(least);
            self.add(if is_drawn { drawn } else { least }, partition);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Compares the groups of partitions, of which those marked `h` have a host, as recorded from Spark 3.5.9 in
    /// `coalesces.txt`, `coalesce_places.txt` and `rdd_partitions.txt` of the Python package.
    #[track_caller]
    fn check(places: &str, count: usize, expected: &[&[usize]]) {
        let is_placed = places.chars().map(|place| place == 'h').collect();
        assert_eq!(groups(is_placed, count), expected);
    }

    #[test]
    fn partitions_without_a_host_are_put_together_with_their_neighbours() {
        check("-----", 2, &[&[0, 1], &[2, 3, 4]]);
        check("-----", 3, &[&[0], &[1, 2], &[3, 4]]);
        check("---", 9, &[&[0], &[1], &[2]]);
        check("", 3, &[]);
    }

    #[test]
    fn partitions_on_the_host_are_drawn() {
        check("hhhhh", 1, &[&[0, 1, 2, 3, 4]]);
        check("hhhhh", 2, &[&[0, 2, 4], &[1, 3]]);
        check("hhhhh", 3, &[&[0, 3], &[1, 4], &[2]]);
        check("hhhh", 2, &[&[0, 2], &[1, 3]]);
        check("hhhh", 5, &[&[0], &[2], &[1], &[3]]);
    }

    #[test]
    fn partitions_on_the_host_come_before_those_that_are_not() {
        check("hhhhh---", 2, &[&[0, 2, 4, 6, 7], &[1, 3, 5]]);
        check("hhhhh---", 3, &[&[0, 3], &[1, 4, 6], &[2, 5, 7]]);
        check("hhh---", 9, &[&[0], &[2], &[3], &[1], &[4], &[5]]);
        let rest = format!("{}hhhhh", "-".repeat(12));
        let expected: [&[usize]; 5] = [
            &[12, 3, 6, 8, 10],
            &[13, 4, 7, 11],
            &[14, 1],
            &[15, 2, 9],
            &[16, 0, 5],
        ];
        check(&rest, 5, &expected);
    }
}
