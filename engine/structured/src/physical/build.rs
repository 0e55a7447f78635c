//! From a plan with known types to operators.

use std::collections::BTreeMap;
use std::time::Duration;

use engine::{DataType, Value};
use engine_sql::plan::{self, Relation, TypedGenerate, TypedNode, TypedPlan, TypedSort};
use engine_sql::{AnalysisError, ExternalOperator, Typed, parse_duration};

use super::aggregate::{
    Aggregation, FiniteAggregate, SessionAggregate, StreamAggregate, StreamSettings,
};
use super::deduplicate::{Deduplicate, DeduplicateColumns, Forget};
use super::expand::Expand;
use super::explain::Explained;
use super::filter::Filter;
use super::generate::Generate;
use super::groups::{GroupInput, Groups};
use super::join::{stream_join, table_join};
use super::limit::{Limit, StreamLimit};
use super::map_rows::{MappedGroups, MappedPartitions};
use super::observe::Observed;
use super::operator::Operator;
use super::over::Over;
use super::plan::PhysicalPlan;
use super::project::Project;
use super::sample::Sample;
use super::scan::{Known, Listed, Scan};
use super::session_window::{Gap, SessionWindow};
use super::sort::Sort;
use super::spread::Spreading;
use super::table_part::TablePart;
use super::top::Top;
use super::tracker::WatermarkPolicy;
use super::transform::TransformGroups;
use super::union::Union;
use super::watermark::Watermark;
use super::windows::Windows;
use crate::groups::GroupsWithState;
use crate::map_rows::{MapGroups, MapPartitions};
use crate::observe::Observe;
use crate::repartition::Spread;
use crate::transform::Transformation;

/// The rows of a table that is finite, partition by partition.
pub(crate) type Partitioned = Vec<TablePart>;

/// The tables that are finite, by the numbers of their relations.
pub(crate) type Tables = BTreeMap<usize, Partitioned>;

/// Makes the operators of a plan (`org.apache.spark.sql.execution.SparkStrategies`).
#[derive(Debug)]
pub(crate) struct Builder<'a> {
    pub(crate) settings: StreamSettings,
    pub(crate) tables: &'a Tables,
    /// The relations that are read as streams, each at the place of its source.
    pub(crate) sources: Vec<usize>,
    /// A join is changed once its tables have been shuffled (`spark.sql.adaptive.enabled`), which no micro-batch does.
    pub(crate) is_adaptive: bool,
    explained: Explained,
}

impl<'a> Builder<'a> {
    pub(crate) fn new(settings: StreamSettings, tables: &'a Tables) -> Builder<'a> {
        Builder {
            settings,
            tables,
            sources: Vec::new(),
            is_adaptive: false,
            explained: Explained::default(),
        }
    }

    /// The operators of a query.
    ///
    /// # Errors
    ///
    /// As [`build`](Builder::build).
    pub(crate) fn plan(
        &mut self,
        plan: TypedPlan,
        policy: WatermarkPolicy,
    ) -> Result<PhysicalPlan, AnalysisError> {
        let root = self.build(plan)?;
        let tree = std::mem::take(&mut self.explained).into_tree();
        Ok(PhysicalPlan::new(root, tree, policy))
    }

    fn relation(&mut self, relation: &Relation) -> Box<dyn Operator> {
        if relation.is_streaming {
            return Box::new(Scan {
                source: self.source(relation.id),
                width: relation.schema.fields().len(),
            });
        }
        Box::new(Known {
            partitions: self.tables.get(&relation.id).cloned().unwrap_or_default(),
        })
    }

    /// The operators of a plan.
    ///
    /// # Errors
    ///
    /// Something that Spark does and this engine does not.
    pub(crate) fn build(&mut self, plan: TypedPlan) -> Result<Box<dyn Operator>, AnalysisError> {
        let details = plan.details();
        self.explained.begin();
        let mut operator = self.operator(plan)?;
        self.explained.end(&mut *operator, &details);
        Ok(operator)
    }

    fn operator(&mut self, plan: TypedPlan) -> Result<Box<dyn Operator>, AnalysisError> {
        let TypedPlan { node, schema, .. } = plan;
        Ok(match node {
            TypedNode::Over { input, functions } => {
                let partitions = self.settings.shuffle_partitions;
                Box::new(Over::new(self.build(*input)?, functions, partitions))
            }
            TypedNode::Union(inputs) => {
                let inputs = inputs.into_iter().map(|input| self.build(input));
                Box::new(Union::new(inputs.collect::<Result<_, _>>()?))
            }
            TypedNode::Sort(TypedSort { input, order }) => {
                Box::new(Sort::new(self.build(*input)?, order))
            }
            TypedNode::Limit {
                input,
                offset,
                count,
            } => self.limit(*input, offset, count)?,
            TypedNode::Watermark {
                input,
                column,
                delay,
            } => Box::new(Watermark::new(self.build(*input)?, column, delay)),
            TypedNode::Aggregate { .. } | TypedNode::SessionWindow { .. } => {
                self.grouped(TypedPlan {
                    span: None,
                    node,
                    schema,
                })?
            }
            TypedNode::Join(join) if join.left.is_streaming() && join.right.is_streaming() => {
                stream_join(join, self)?
            }
            TypedNode::Join(join) => table_join(join, self)?,
            TypedNode::Deduplicate(deduplicate) => self.deduplicate(deduplicate)?,
            TypedNode::External {
                input,
                keys,
                operator,
            } => self.external(*input, keys, operator)?,
            node => self.row_by_row(TypedPlan {
                span: None,
                node,
                schema,
            })?,
        })
    }

    /// Rows as they come from somewhere, or are made of a row each.
    fn row_by_row(&mut self, plan: TypedPlan) -> Result<Box<dyn Operator>, AnalysisError> {
        Ok(match plan.node {
            TypedNode::Relation(relation) => self.relation(&relation),
            TypedNode::Rows(rows) => Box::new(Listed {
                rows,
                is_dealt: self.is_adaptive,
                partitions: 0,
            }),
            TypedNode::Project { input, columns } => self.project(*input, columns)?,
            TypedNode::Filter { input, condition } => {
                Box::new(Filter::new(self.build(*input)?, condition))
            }
            TypedNode::Generate(TypedGenerate {
                input,
                generator,
                outer,
            }) => Box::new(Generate {
                input: self.build(*input)?,
                generator,
                outer,
                keeps_input: true,
            }),
            TypedNode::Sample {
                input,
                fraction,
                seed,
            } => Box::new(Sample {
                input: self.build(*input)?,
                fraction,
                seed,
            }),
            TypedNode::Windows { input, window } => Box::new(Windows {
                input: self.build(*input)?,
                window,
            }),
            TypedNode::Expand { input, projections } => Box::new(Expand {
                input: self.build(*input)?,
                projections,
            }),
            _ => return Err(unsupported("this table")),
        })
    }

    /// Columns of a table. A generator below that no other column is read of makes nothing but its own.
    fn project(
        &mut self,
        input: TypedPlan,
        columns: Vec<Typed>,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let details = input.details();
        let TypedNode::Generate(generate) = input.node else {
            return Ok(Box::new(Project::new(self.build(input)?, columns)));
        };
        let width = generate.input.schema.fields().len();
        let keeps_input = !columns
            .iter()
            .all(|it| it.reads_only(|index| index >= width));
        self.explained.begin();
        let mut generate = Generate {
            input: self.build(*generate.input)?,
            generator: generate.generator,
            outer: generate.outer,
            keeps_input,
        };
        self.explained.end(&mut generate, &details);
        let columns = if keeps_input {
            columns
        } else {
            columns.into_iter().map(|it| it.shifted(width)).collect()
        };
        Ok(Box::new(Project::new(Box::new(generate), columns)))
    }

    /// Groups, and the session windows that they are made by.
    fn grouped(&mut self, plan: TypedPlan) -> Result<Box<dyn Operator>, AnalysisError> {
        let TypedPlan { node, schema, .. } = plan;
        Ok(match node {
            TypedNode::Aggregate {
                input,
                keys,
                session,
                aggregates,
            } => {
                let of_keys = &schema.fields()[..keys.len()];
                let event_time = of_keys.iter().position(|field| field.is_event_time);
                let aggregation = Aggregation::new(keys, aggregates, self.settings.key_order);
                self.aggregate(*input, aggregation, session, event_time)?
            }
            TypedNode::SessionWindow { time, .. } if time.data_type == DataType::TimestampNtz => {
                return Err(unsupported("a session window of the type TIMESTAMP_NTZ"));
            }
            TypedNode::SessionWindow { input, time, gap } => Box::new(SessionWindow {
                input: self.build(*input)?,
                gap: session_gap(gap)?,
                time,
            }),
            node => self.operator(TypedPlan {
                span: None,
                node,
                schema,
            })?,
        })
    }

    /// An operation of the program on partitions or groups of rows.
    fn external(
        &mut self,
        input: TypedPlan,
        keys: Vec<Typed>,
        operator: ExternalOperator,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let ExternalOperator { code, .. } = operator;
        let code = match code.downcast::<MapPartitions>() {
            Ok(map) => {
                let input = self.build(input)?;
                return Ok(Box::new(MappedPartitions { input, map }));
            }
            Err(code) => code,
        };
        let code = match code.downcast::<Observe>() {
            Ok(observe) => return Ok(Box::new(Observed::new(self.build(input)?, observe))),
            Err(code) => code,
        };
        let code = match code.downcast::<Spread>() {
            Ok(spread) => {
                let input = self.build(input)?;
                return Ok(Box::new(Spreading::new(input, keys, spread)));
            }
            Err(code) => code,
        };
        let code = match code.downcast::<MapGroups>() {
            Ok(map) => {
                let input = self.build(input)?;
                let partitions = if self.is_adaptive {
                    1
                } else {
                    self.settings.shuffle_partitions
                };
                return Ok(Box::new(MappedGroups::new(input, keys, map, partitions)));
            }
            Err(code) => code,
        };
        self.with_state(input, keys, ExternalOperator { code, ..operator })
    }

    /// An operation of the program on groups of rows with states.
    fn with_state(
        &mut self,
        input: TypedPlan,
        keys: Vec<Typed>,
        operator: ExternalOperator,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let fields = input.schema.fields();
        let event_time = fields.iter().position(|field| field.is_event_time);
        let event_time = event_time.filter(|_| input.is_streaming());
        let input = GroupInput {
            table: self.build(input)?,
            keys,
            event_time,
            initial: None,
        };
        let width = operator.columns.fields().len();
        let settings = self.settings;
        let code = match operator.code.downcast::<GroupsWithState>() {
            Ok(operation) => {
                let input = input.with_initial(operation.initial.as_ref())?;
                return Ok(Box::new(Groups::new(input, operation, width, settings)));
            }
            Err(code) => code,
        };
        let Ok(operation) = code.downcast::<Transformation>() else {
            return Err(unsupported(&operator.name));
        };
        let input = input.with_initial(operation.initial.as_ref())?;
        Ok(Box::new(TransformGroups::new(
            input, operation, width, settings,
        )))
    }

    /// The place of a source.
    fn source(&mut self, relation: usize) -> usize {
        let found = self.sources.iter().position(|it| *it == relation);
        found.unwrap_or_else(|| {
            self.sources.push(relation);
            self.sources.len() - 1
        })
    }

    fn aggregate(
        &mut self,
        input: TypedPlan,
        aggregation: Aggregation,
        session: Option<usize>,
        event_time: Option<usize>,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let is_streaming = input.is_streaming();
        let input = self.build(input)?;
        let settings = self.settings;
        Ok(match (session, is_streaming) {
            (None, true) => Box::new(StreamAggregate::new(
                input,
                aggregation,
                settings,
                event_time,
            )),
            (None, false) => Box::new(FiniteAggregate::new(
                input,
                aggregation,
                settings.shuffle_partitions,
            )),
            (Some(session), true) => {
                let is_event_time = event_time == Some(session);
                Box::new(SessionAggregate::new(
                    input,
                    aggregation,
                    session,
                    is_event_time,
                    settings,
                ))
            }
            (Some(_), false) => {
                return Err(unsupported("a session window of a table without streams"));
            }
        })
    }

    fn deduplicate(
        &mut self,
        deduplicate: plan::Deduplicate,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let plan::Deduplicate {
            input,
            keys,
            within_watermark,
        } = deduplicate;
        let fields = input.schema.fields();
        let types = fields.iter().map(|field| field.data_type.clone()).collect();
        let event_time = fields.iter().position(|field| field.is_event_time);
        let event_time = event_time.filter(|_| input.is_streaming());
        let of_key = keys.iter().position(|key| Some(*key) == event_time);
        let forget = match (within_watermark.then(|| delay(&input)), of_key) {
            (Some(delay), _) => Forget::After(i64::try_from(delay.as_micros()).unwrap_or(i64::MAX)),
            (None, Some(column)) => Forget::Key(column),
            (None, None) => Forget::Never,
        };
        let columns = DeduplicateColumns {
            types,
            keys,
            event_time,
        };
        let input = self.build(*input)?;
        Ok(Box::new(Deduplicate::new(
            input,
            columns,
            forget,
            self.settings,
        )))
    }

    /// The first rows: of an order, of all batches, or of the rows of a batch that are the whole result.
    fn limit(
        &mut self,
        input: TypedPlan,
        offset: usize,
        count: Option<usize>,
    ) -> Result<Box<dyn Operator>, AnalysisError> {
        let is_append = input.is_streaming() && self.settings.output_mode.heeds_watermark();
        let TypedPlan { node, schema, .. } = input;
        match (node, count) {
            (TypedNode::Sort(TypedSort { input, order }), Some(count)) if offset == 0 => {
                Ok(Box::new(Top::new(self.build(*input)?, order, count)))
            }
            (TypedNode::Project { input, columns }, Some(count))
                if offset == 0 && matches!(input.node, TypedNode::Sort(_)) =>
            {
                let input = self.limit(*input, offset, Some(count))?;
                Ok(Box::new(Project::new(input, columns)))
            }
            (node, Some(count)) if is_append && offset == 0 => {
                let input = self.build(TypedPlan {
                    span: None,
                    node,
                    schema,
                })?;
                Ok(Box::new(StreamLimit::new(input, count)))
            }
            (node, count) => {
                let input = self.build(TypedPlan {
                    span: None,
                    node,
                    schema,
                })?;
                Ok(Box::new(Limit::new(input, offset, count)))
            }
        }
    }
}

/// The gap of a session window, which is an interval or the text of one.
fn session_gap(gap: Typed) -> Result<Gap, AnalysisError> {
    match gap.as_literal() {
        Some(Value::DayTimeInterval { micros, .. }) => Ok(Gap::Micros(*micros)),
        Some(Value::String(text)) => {
            let micros = parse_duration(text).map_err(|reason| {
                AnalysisError::new(
                    "CANNOT_PARSE_INTERVAL",
                    format!("Unable to parse \"{text}\" as the gap of a session window: {reason}."),
                )
            })?;
            Ok(Gap::Micros(micros))
        }
        _ if matches!(
            gap.data_type,
            DataType::DayTimeInterval(_) | DataType::String
        ) =>
        {
            Ok(Gap::Interval(gap))
        }
        _ => Err(unsupported(
            "a session window with a gap that is no interval of days and seconds",
        )),
    }
}

/// The most that a row of a table may be late.
fn delay(plan: &TypedPlan) -> Duration {
    match &plan.node {
        TypedNode::Watermark { delay, .. } => *delay,
        _ => plan
            .inputs()
            .into_iter()
            .map(delay)
            .max()
            .unwrap_or_default(),
    }
}

pub(crate) fn unsupported(what: &str) -> AnalysisError {
    AnalysisError::unclassified(format!("{what} is not supported"))
}
