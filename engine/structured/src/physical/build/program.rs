//! Operations of the program, on partitions or groups of rows.

use engine_sql::plan::TypedPlan;
use engine_sql::{AnalysisError, ExternalOperator, Typed};

use super::{Builder, event_time, unsupported};
use crate::groups::GroupsWithState;
use crate::map_rows::{MapGroups, MapPartitions};
use crate::physical::groups::{GroupInput, Groups};
use crate::physical::map_rows::{MappedGroups, MappedPartitions};
use crate::physical::operator::Operator;
use crate::physical::spread::Spreading;
use crate::physical::transform::TransformGroups;
use crate::repartition::Spread;
use crate::transform::Transformation;

impl Builder<'_> {
    /// An operation of the program on partitions or groups of rows.
    pub(super) fn external(
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
        let code = match code.downcast::<Spread>() {
            Ok(spread) => {
                let fields = input.schema.fields().iter();
                let types = fields.map(|field| field.data_type.clone()).collect();
                let input = self.build(input)?;
                return Ok(Box::new(Spreading::new(input, types, keys, spread)));
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
        let event_time = event_time(fields).filter(|_| input.is_streaming());
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
}
