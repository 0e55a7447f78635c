//! Casts of arrays, maps and structs, part by part.

use engine::{DataType, Failure, Struct, Value, Values};

use super::Caster;

impl Caster<'_> {
    pub(super) fn to_nested(
        self,
        value: Value,
        from: &DataType,
        to: &DataType,
    ) -> Result<Value, Failure> {
        Ok(match (value, from, to) {
            (
                Value::Array(values),
                DataType::Array { element, .. },
                DataType::Array { element: to, .. },
            ) => {
                let cast = values
                    .into_vec()
                    .into_iter()
                    .map(|value| self.cast(value, element, to));
                Value::Array(Values::from(cast.collect::<Result<Vec<_>, _>>()?))
            }
            (
                Value::Map(entries),
                DataType::Map { key, value, .. },
                DataType::Map {
                    key: to_key,
                    value: to_value,
                    ..
                },
            ) => {
                let cast = entries.iter().map(|(one, other)| {
                    let key = self.cast(one.clone(), key, to_key)?;
                    Ok((key, self.cast(other.clone(), value, to_value)?))
                });
                Value::Map(cast.collect::<Result<Vec<_>, Failure>>()?.into())
            }
            (Value::Struct(values), DataType::Struct(from), DataType::Struct(to)) => {
                let fields = values.values().zip(from.iter().zip(to));
                let cast = fields.map(|(value, (from, to))| {
                    let value = self.cast(value.clone(), &from.data_type, &to.data_type)?;
                    Ok((to.name.clone(), value))
                });
                Value::Struct(Struct::from_iter(
                    cast.collect::<Result<Vec<_>, Failure>>()?,
                ))
            }
            _ => Value::Null,
        })
    }
}
