//! The rules of Spark's console text, each of which can be switched off.

use std::cell::Cell;

/// Declares the rules, and lists them all.
macro_rules! rules {
    ($($(#[doc = $says:literal])+ $name:ident,)+) => {
        /// A rule of Spark's that an implementation could get wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Rule {
            $($(#[doc = $says])+ $name,)+
        }

        impl Rule {
            /// Every rule, in the order of this file.
            pub(crate) const ALL: &[Rule] = &[$(Rule::$name),+];
        }
    };
}

rules! {
    /// The first batch ends strictly after the start, also when that is on a boundary.
    FirstBatchEndsAfterStart,
    /// A batch without records prints its block.
    EmptyBatchPrints,
    /// An empty line follows each block of a DStream.
    BlockEndsWithEmptyLine,
    /// `...` stands for the rows that are not shown.
    DotsForMoreRows,
    /// Python shows the time of a batch on the clock of the local zone.
    TimeInLocalZone,
    /// Python adds six digits of a second, but only to a time that is no whole second.
    FractionOfSecond,
    /// The JVM shows the time of a batch as milliseconds.
    TimeInMilliseconds,

    /// `repr` takes double quotes for a text with single ones in it, and no double ones.
    ReprChoosesQuotes,
    /// `repr` escapes the quote only where the text has both kinds.
    ReprEscapesQuote,
    /// `repr` doubles a backslash.
    ReprDoublesBackslash,
    /// `repr` names tab, line feed and carriage return by a letter.
    ReprNamesLineEnds,
    /// `repr` escapes what is not printable, in as many digits as it needs.
    ReprEscapesNonprintable,
    /// `repr` keeps what is printable, though it is not ASCII.
    ReprKeepsPrintable,
    /// `Tuple2.toString` neither quotes nor escapes.
    TupleIsBare,

    /// Python's `split(" ")` keeps empty words.
    PythonKeepsEmptyWords,
    /// Java's `split(" ")` drops trailing empty words.
    JavaDropsTrailingEmptyWords,
    /// Java's `split(" ")` keeps the empty words before a word.
    JavaKeepsLeadingEmptyWords,
    /// Java makes one empty word of an empty line.
    JavaEmptyLineIsOneWord,
    /// SQL's `split` keeps empty words.
    SqlKeepsEmptyWords,
    /// A socket source ends a line at a carriage return too.
    SocketCutsAtCarriageReturn,

    /// Python hashes text by `SipHash` with one round for a word and three at the end.
    SipHashOneThree,
    /// Python hashes a text of Latin-1 characters as one byte each, not as UTF-8.
    LatinTextIsBytes,
    /// Python hashes a text of the basic plane as two bytes a character.
    BasicTextIsTwoBytes,
    /// Python hashes a text with a character beyond that as four bytes a character.
    AstralTextIsFourBytes,
    /// Python's hash of the empty text is 0.
    PythonEmptyTextIsZero,
    /// Python's partition is the remainder that is never negative.
    PythonRemainderIsFloor,
    /// Python keeps words in the order in which they first came.
    PythonFirstSeenOrder,
    /// A reduce task in Python reads the map tasks in the order of their partitions.
    PythonReadsTasksInOrder,
    /// The initial state of `updateStateByKey` keeps the order in which it was written.
    InitialOrderIsKept,
    /// Python's state keeps its keys before those that a batch brings.
    PythonOldKeysFirst,
    /// A key that was removed and comes back is last in Python's state.
    PythonReturningKeyIsLast,

    /// Java hashes UTF-16 units, not code points.
    JavaHashesUnits,
    /// Java's partition is the remainder that is never negative.
    JavaRemainderIsFloor,
    /// `AppendOnlyMap` hashes the hash code again to find a slot.
    SlotIsRehashed,
    /// `AppendOnlyMap` begins with 64 slots.
    SixtyFourSlots,
    /// `AppendOnlyMap` doubles when more than seven tenths of its slots are taken.
    GrowsAtSevenTenths,
    /// `AppendOnlyMap` inserts its entries into the doubled table in the order of their slots.
    GrowsInSlotOrder,
    /// `AppendOnlyMap` looks for a free slot 1, 2, 3, … further on.
    ProbesTriangular,
    /// The JVM hands words out in slot order, not as they came.
    SlotOrder,
    /// The JVM sorts what a task of `reduceByKey` sends by partition and hash code.
    MapSideIsSorted,
    /// That sort takes hash codes as signed.
    MapSideSortIsSigned,
    /// Words of one hash code leave a task in the slot order of `(partition, word)`.
    EqualHashesByTuple,
    /// In Spark 4 the hash of a tuple begins with that of the name of its class.
    TupleHashHasName,
    /// A reduce task on the JVM reads the map tasks in the order of their partitions.
    JvmReadsTasksInOrder,
    /// `updateStateByKey` of the JVM takes a batch before the old state.
    JvmBatchBeforeState,

    /// The update function is called for every key, also without new values.
    IdleKeysAreUpdated,
    /// A batch without records prints the whole state.
    EmptyBatchPrintsState,
    /// A key twice in the initial state of `updateStateByKey` has its first value.
    FirstInitialValueCounts,

    /// Windows are counted from the time one interval before the first batch.
    WindowsCountFromZeroTime,
    /// A window prints at the end of its slides only.
    WindowsPrintOnSlides,
    /// A window joins its batches oldest first.
    OldestBatchFirst,
    /// `PySpark` takes the inverse function only from five slides on.
    PythonInverseFromFiveSlides,
    /// A key whose count falls to zero by the inverse function stays.
    ZeroCountsStay,
    /// With the inverse function, the keys of the window before come first.
    PreviousWindowFirst,
    /// With the inverse function, a new key has all that came since the window before, also what came
    /// between the two.
    NewKeyCountsFromWindowBefore,

    /// `mapWithState` gives a row for each record, not for each key.
    RowForEachRecord,
    /// Each batch of `mapWithState` has a table of its own, read after those before.
    DeltaForEachBatch,
    /// A removed key takes a slot in the table of its batch.
    TombstonesTakeSlots,
    /// A removed key is gone from the tables of earlier batches.
    TombstonesHide,
    /// Keys time out in every tenth batch only.
    ScansEveryTenBatches,
    /// A key times out when it was idle for longer than the time-out, not as long.
    TimeoutIsStrict,
    /// Keys time out in the order of the tables.
    TimeoutsInTableOrder,
    /// The rows of keys that time out follow the records of their partition.
    TimeoutsAfterRecords,
    /// A chain of twenty tables is made one.
    ChainIsCompacted,
    /// The compacted table has room for every entry of every table, also overwritten ones.
    CompactionCountsEntries,
    /// It has room for removed keys too.
    CompactionCountsTombstones,
    /// It has room for the entries of the batch's own table too.
    CompactionCountsOwnTable,
    /// The table of the batch that compacts stays above the compacted one.
    CompactionSparesOwnTable,
    /// The compacted table has the keys too that the same batch removes.
    CompactionKeepsRemovedKeys,
    /// `print` reads partition 0 before the compaction of the same batch.
    PartitionZeroBeforeCompaction,
    /// Compaction keeps the time at which a key was last touched.
    CompactionKeepsTimes,
    /// Initial state is in a table below that of the first batch.
    InitialStateIsBelow,
    /// Initial state was touched at the time of the first batch, not when the program began.
    InitialStateIsTouched,
    /// A key twice in the initial state of `mapWithState` has its last value.
    LastInitialValueCounts,

    /// A query deals the lines of a micro-batch to its partitions in turn.
    LinesAreDealt,
    /// Lines without any record make no micro-batch.
    NoDataNoBatch,
    /// The socket source has an empty micro-batch 0, if nothing came before the first trigger.
    SocketBatchZeroIsEmpty,
    /// The fast map looks at two buckets.
    FastMapLooksTwice,
    /// Words that the fast map of a partial aggregation refuses come last.
    RefusedWordsComeLast,
    /// Rows are shuffled by Murmur3 of seed 42.
    MurmurSeedIs42,
    /// Murmur3 takes each byte left over as a word.
    MurmurTailIsWords,
    /// Murmur3 takes a byte left over as signed.
    MurmurTailIsSigned,
    /// A query's partition is the remainder that is never negative.
    SqlRemainderIsFloor,
    /// A query keeps words in the order in which they first came.
    SqlFirstSeenOrder,
    /// A reduce task of a query reads the map tasks in the order of their partitions.
    SqlReadsTasksInOrder,
    /// Update mode prints what a batch touched as it was merged, not as the state has it.
    UpdateModeInMergeOrder,

    /// The state map hashes a whole `UnsafeRow`, not the word alone.
    RowHashHasHeader,
    /// `ConcurrentHashMap` mixes the high half of a hash into the low half.
    HashIsSpread,
    /// `ConcurrentHashMap` begins with 16 bins.
    SixteenBins,
    /// `ConcurrentHashMap` doubles as soon as three quarters of its bins could be taken.
    DoublesAtThreeQuarters,
    /// Each micro-batch copies the state map.
    StateIsCopied,
    /// So it does in a partition without words.
    StateIsCopiedWithoutWords,
    /// The copy is given room at once.
    CopyIsPresized,
    /// The copy's room is doubled as long as it is above three quarters.
    PresizeDoubles,
    /// A new key is the last of a list.
    NewKeyIsLastOfList,
    /// The longest tail of a list that goes to one side keeps its order when the table doubles.
    TailKeepsOrder,
    /// The nodes before that tail are turned round.
    HeadIsTurned,
    /// A list of nine doubles a table of less than 64 bins.
    LongListDoublesSmallTable,
    /// A list of nine in a larger table becomes a tree, which takes new keys in front.
    LongListBecomesTree,
    /// A tree keeps its order when the table doubles, also the nodes before the tail.
    TreeKeepsOrder,
    /// A tree that has six nodes or less after that is a list again.
    SmallTreeBecomesList,

    /// Control characters in a cell are escaped.
    CellsAreEscaped,
    /// Cells are escaped before they are cut.
    EscapedBeforeCut,
    /// A cell of more than 20 UTF-16 units keeps 17 of them, and `...`.
    LongCellsAreCut,
    /// The limit counts UTF-16 units, not characters.
    CutCountsUnits,
    /// Half a surrogate pair is written as `?`.
    HalfPairIsQuestionMark,
    /// An East Asian full-width character takes two columns.
    FullWidthTakesTwo,
    /// Width counts UTF-16 units: an emoji takes two columns.
    WidthCountsUnits,
    /// Only the rows that are shown make a column wide.
    ShownRowsMakeWidth,
    /// Cells are padded on the left.
    PaddedOnTheLeft,
    /// Cells that are not cut are padded on the right.
    WholeCellsPaddedOnTheRight,
    /// A line says that there are more rows.
    SaysThatThereIsMore,
    /// It says `row` if one is shown.
    OneRowIsSingular,
    /// In Spark 4 no empty line follows that line.
    SaysSoWithoutEmptyLine,
}

/// The rules that are on: all, or all but one.
#[derive(Debug)]
pub(crate) struct Rules {
    off: Option<Rule>,
    /// A set of the rules that were asked for, a bit for each.
    asked: Cell<u128>,
}

impl Rules {
    /// All rules.
    pub(crate) fn all() -> Rules {
        Rules {
            off: None,
            asked: Cell::new(0),
        }
    }

    /// All rules but one.
    pub(crate) fn without(rule: Rule) -> Rules {
        Rules {
            off: Some(rule),
            ..Rules::all()
        }
    }

    /// Returns true if this rule is on, and records that it was asked for.
    pub(crate) fn hold(&self, rule: Rule) -> bool {
        self.asked.set(self.asked.get() | 1 << rule as u32);
        self.off != Some(rule)
    }

    /// Items that a rule keeps in order; without the rule, in reverse order.
    pub(crate) fn ordered<'t, T>(&self, rule: Rule, items: &'t [T]) -> Vec<&'t T> {
        let mut items: Vec<&T> = items.iter().collect();
        if !self.hold(rule) {
            items.reverse();
        }
        items
    }

    /// The partition of a hash: by the rule the remainder that is never negative.
    pub(crate) fn partition(&self, rule: Rule, hash: i64, partitions: usize) -> usize {
        let partitions = partitions as i64;
        if self.hold(rule) {
            hash.rem_euclid(partitions) as usize
        } else {
            (hash % partitions).unsigned_abs() as usize
        }
    }

    /// Returns true if this rule was asked for. A rule that was not makes no difference.
    pub(crate) fn were_asked_for(&self, rule: Rule) -> bool {
        self.asked.get() & 1 << rule as u32 != 0
    }
}
