//! The schema that Spark writes into a file beside that of Parquet, as JSON (`org.apache.spark.sql.types.DataType.json`).

use engine::{DataType, StructField};
use engine_sql::parse_type;
use serde_json::{Value as Json, json};

/// The key under which a file has it.
pub(crate) const ROW_METADATA: &str = "org.apache.spark.sql.parquet.row.metadata";

/// The schema of these columns.
pub(crate) fn json_of(columns: &[StructField]) -> String {
    struct_of(columns).to_string()
}

/// The columns of a schema; `None` if it has a type that is not known here.
pub(crate) fn columns_of_json(text: &str) -> Option<Vec<StructField>> {
    match data_type(&serde_json::from_str(text).ok()?)? {
        DataType::Struct(columns) => Some(columns),
        _ => None,
    }
}

fn struct_of(fields: &[StructField]) -> Json {
    let fields = fields.iter().map(|field| {
        json!({
            "name": field.name.as_str(),
            "type": type_of(&field.data_type),
            "nullable": field.nullable,
            "metadata": {},
        })
    });
    json!({"type": "struct", "fields": fields.collect::<Vec<_>>()})
}

fn type_of(data_type: &DataType) -> Json {
    match data_type {
        DataType::Struct(fields) => struct_of(fields),
        DataType::Array { element, nullable } => {
            json!({"type": "array", "elementType": type_of(element), "containsNull": nullable})
        }
        DataType::Map {
            key,
            value,
            nullable,
        } => json!({
            "type": "map", "keyType": type_of(key), "valueType": type_of(value), "valueContainsNull": nullable,
        }),
        plain => plain_name(plain).into(),
    }
}

/// The name of a type without parts (`DataType.typeName`).
fn plain_name(data_type: &DataType) -> String {
    match data_type {
        DataType::Byte => "byte".to_owned(),
        DataType::Short => "short".to_owned(),
        DataType::Integer => "integer".to_owned(),
        DataType::Long => "long".to_owned(),
        other => other.to_string().to_lowercase(),
    }
}

fn data_type(json: &Json) -> Option<DataType> {
    if let Some(name) = json.as_str() {
        return parse_type(name).ok();
    }
    let part = |key: &str| data_type(&json[key]).map(Box::new);
    let flag = |key: &str| json[key].as_bool();
    match json["type"].as_str()? {
        "struct" => {
            let fields = json["fields"].as_array()?.iter().map(|field| {
                Some(StructField {
                    nullable: field["nullable"].as_bool()?,
                    ..StructField::new(field["name"].as_str()?, data_type(&field["type"])?)
                })
            });
            fields.collect::<Option<_>>().map(DataType::Struct)
        }
        "array" => Some(DataType::Array {
            element: part("elementType")?,
            nullable: flag("containsNull")?,
        }),
        "map" => Some(DataType::Map {
            key: part("keyType")?,
            value: part("valueType")?,
            nullable: flag("valueContainsNull")?,
        }),
        _ => None,
    }
}
